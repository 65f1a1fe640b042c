"""Questions without an answer, and answers that the books have lost, are named wherever they matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounting.errors import Refused, TryLater
from accounting.types import Choice
from fieldwork.models import WorkOrder
from integrations.connecting.answers import check_answers, open_questions
from integrations.connections import open_ledger
from integrations.models import Answer, Case, Connection
from integrations.sending.preflight import preflight
from integrations.tasks import take_turn
from integrations.watching.answers import check_all_answers, check_answers_of
from tests.integrations.exporting import Worker, complete, open_codes, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db
LAYOUT = "Layout of documents"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def lose(acme: FakeCompany) -> None:
    """The layout that was chosen is removed over there."""
    acme.choices["layout"] = [Choice(value="svc", label="Service")]


def check(connection: Connection) -> list[str]:
    return [each.question for each in check_answers(connection, open_ledger(connection))]


# --- no answer ------------------------------------------------------------------


def test_an_open_question_is_named(connection: Connection, acme: FakeCompany) -> None:
    assert not open_questions(connection)
    Answer.objects.all().delete()

    assert open_questions(connection).unanswered == [LAYOUT]


def test_a_question_about_what_is_not_sent_is_not_asked_for(connection: Connection, acme: FakeCompany) -> None:
    Answer.objects.all().delete()
    connection.settings.export_work_orders = False

    assert not open_questions(connection)


def test_it_is_named_on_the_card_the_settings_and_the_work_order(
    client, owner, connection: Connection, acme: FakeCompany, work_order: WorkOrder
) -> None:
    Answer.objects.all().delete()
    owner.language = "en"
    owner.save()
    client.force_login(owner)

    pages = [
        client.get(address).content.decode()
        for address in (
            "/books/",
            reverse("integrations:settings", args=[connection.pk]),
            reverse("fieldwork:work_order_detail", args=[work_order.pk]),
        )
    ]

    assert f"sent before this is answered: {LAYOUT}." in pages[0]
    assert f"sent before this is answered: {LAYOUT}." in pages[1]
    assert f"The question “{LAYOUT}” has no answer yet." in pages[2]


# --- an answer that is gone ----------------------------------------------------------


def test_a_lost_answer_opens_one_case_however_often_it_is_looked_for(connection: Connection, acme: FakeCompany) -> None:
    lose(acme)

    assert [check(connection), check(connection)] == [["layout"], ["layout"]]

    case = Case.objects.get()
    assert (case.code, case.subject_kind, case.field, case.times) == ("answer_gone", "connection", "layout", 2)
    assert case.values == {"question": LAYOUT, "answer": "Standard"}
    assert Answer.objects.get().gone_at is not None


def test_the_case_closes_when_the_answer_is_back(connection: Connection, acme: FakeCompany) -> None:
    kept = list(acme.choices["layout"])
    lose(acme)
    check(connection)
    acme.choices["layout"] = kept

    assert check(connection) == []

    assert open_codes() == []
    assert Answer.objects.get().gone_at is None


def test_books_that_offer_nothing_or_do_not_answer_are_not_believed(connection: Connection, acme: FakeCompany) -> None:
    acme.choices["layout"] = []
    assert check(connection) == []
    lose(acme)
    acme.fail("choices", TryLater("busy"))

    assert check(connection) == []
    assert open_codes() == []


def test_what_needs_it_is_not_sent_and_goes_on_by_itself(
    connection: Connection, acme: FakeCompany, worker: Worker, work_order: WorkOrder, customer, material, hour_type
) -> None:
    put_in_books(connection, customer, material, hour_type)
    lose(acme)
    check(connection)

    operation = complete(work_order)
    worker.run()
    operation.refresh_from_db()
    assert (operation.state, open_codes()) == ("blocked", ["answer_gone"])
    assert acme.created("invoice_draft") == []
    Answer.objects.update(value="svc", gone_at=None)
    worker.run()

    operation.refresh_from_db()
    assert (operation.state, open_codes()) == ("done", [])


def test_it_is_told_before_the_work_is_done(
    connection: Connection, acme: FakeCompany, work_order: WorkOrder, customer, material, hour_type
) -> None:
    put_in_books(connection, customer, material, hour_type)
    lose(acme)
    check(connection)

    [problem] = preflight(connection, work_order)

    assert (problem.code, problem.field) == ("answer_gone", "layout")
    assert str(problem) == f"“Standard” ({LAYOUT}) is no longer in the books, choose again in the settings."


def test_a_refusal_makes_us_look(
    connection: Connection, acme: FakeCompany, work_order: WorkOrder, customer, material, hour_type
) -> None:
    put_in_books(connection, customer, material, hour_type)
    complete(work_order)
    lose(acme)
    acme.fail("create", Refused("There is no such layout.", status=400), kind="invoice_draft")

    take_turn(connection, streams=[])

    assert "answer_gone" in open_codes()


def test_the_daily_check_asks_each_connection_in_its_own_task(
    connection: Connection, acme: FakeCompany, django_capture_on_commit_callbacks
) -> None:
    lose(acme)

    with django_capture_on_commit_callbacks():
        assert check_all_answers() == 1

    assert check_answers_of(connection.pk) == 1
    Connection.objects.update(state=Connection.State.PAUSED)
    assert check_all_answers() == 0
    assert check_answers_of(connection.pk) is None


def test_whoever_gives_another_answer_the_former_loss_is_forgotten(connection: Connection, acme: FakeCompany) -> None:
    lose(acme)
    check(connection)

    Answer.give(connection, "layout", value="std", label="Standard")
    assert Answer.objects.get().gone_at is not None
    Answer.give(connection, "layout", value="svc", label="Service")

    assert Answer.objects.get().gone_at is None


# --- choosing again ------------------------------------------------------------------


def test_the_settings_name_it_and_choosing_again_closes_the_case(
    client, owner, connection: Connection, acme: FakeCompany
) -> None:
    owner.language = "en"
    owner.save()
    client.force_login(owner)
    lose(acme)
    check(connection)
    address = reverse("integrations:settings", args=[connection.pk])

    page = client.get(address).content.decode()
    assert f"No longer in the books, choose again: “Standard” ({LAYOUT})." in page
    assert "Standard (no longer in the books)" in page
    form = {
        "send-document_kind": "invoice_draft",
        "shape-hour_rounding": "0",
        "shape-line_order": "as_entered",
        "send-cut_off_date": "2020-01-01",
        "send-export_work_orders": "on",
        "read-hour_units": "tim",
        "read-articles_without_unit": "ask",
        "read-interval_minutes": "15",
    }
    client.post(address, {**form, "ask-layout": "std"})
    assert (open_codes(), open_questions(connection).gone) == (["answer_gone"], [f"“Standard” ({LAYOUT})"])
    client.post(address, {**form, "ask-layout": "svc"})

    assert open_codes() == []
    assert not open_questions(connection)
