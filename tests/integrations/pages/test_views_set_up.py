"""The set-up step by step: what a step was told stays whatever happens, and nothing moves before the last one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import User
from integrations.models import Answer, Connection, ConnectionSettings, Licence, Operation, Plan, Run
from integrations.planning.making import make_plan
from integrations.tasks import request_sync, tick, work
from tests.integrations.exporting import complete
from tests.integrations.pages.conftest import sign_in
from tests.integrations.pages.test_views_books import card

pytestmark = pytest.mark.django_db
LICENCE = reverse("integrations:licence", args=["acme_books"])
WAYS = reverse("integrations:ways", args=["acme_books"])
Step = ConnectionSettings.Step


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def begun(connection: Connection) -> Connection:
    """Just connected: the company was confirmed, and nobody has chosen anything."""
    ConnectionSettings.objects.update(saved_at=None, next_step=Step.IMPORT)
    Connection.objects.update(next_due_at=None)
    Answer.objects.all().delete()
    return Connection.objects.select_related("settings").get()


def address(connection: Connection, step: str) -> str:
    return reverse(f"integrations:{step}", args=[connection.pk])


def take(browser: Client, connection: Connection, step: str, **changes: Any) -> Any:
    """Sends a step's page as a browser would, with some fields changed; None leaves one out."""
    page = browser.get(address(connection, step))
    sent: dict[str, Any] = {"go": "next"}
    for form in page.context.get("forms", ()):
        for field in form:
            value = field.value()
            if value is not False and value is not None:
                sent[field.html_name] = "on" if value is True else value
    sent.update(changes)
    return browser.post(address(connection, step), {name: each for name, each in sent.items() if each is not None})


def take_all(browser: Client, connection: Connection) -> None:
    for step in ("set_up_import", "set_up_export", "set_up_save"):
        take(browser, connection, step)


def step_of(connection: Connection) -> str:
    return ConnectionSettings.objects.get(pk=connection.pk).next_step


# --- licence --------------------------------------------------------------------


def test_a_newcomer_begins_with_a_trial_and_comes_to_the_ways_of_signing_in(browser, organization):
    assert LICENCE in card(browser)

    answer = browser.post(LICENCE, {"choice": "trial"})

    licence = Licence.objects.get()
    assert answer["Location"] == WAYS
    assert ((licence.ends_on - timezone.localdate()).days, licence.is_trial) == (14, True)
    assert WAYS in card(browser)


def test_pressed_twice_there_is_one_trial_and_no_complaint(browser, organization):
    browser.post(LICENCE, {"choice": "trial"})

    assert browser.post(LICENCE, {"choice": "trial"})["Location"] == WAYS
    assert Licence.objects.count() == 1


def test_a_licence_that_nobody_gave_is_refused_beside_the_choice(browser, organization):
    page = browser.post(LICENCE, {"choice": "licence"})

    assert "There is no licence for Acme Books today" in str(page.context["form"]["choice"].errors)
    assert 'value="licence" required id="id_choice_1" checked' in page.content.decode().replace(
        ' aria-invalid="true"', ""
    )
    assert not Licence.objects.exists()


def test_a_licence_that_there_is_leads_on(browser, organization):
    Licence.objects.create(
        organization=organization, provider="acme_books", starts_on=timezone.localdate(), price_note="99 kr a month"
    )

    page = browser.get(LICENCE).content.decode()

    assert "99 kr a month" in page
    assert f'href="{WAYS}"' in page


def test_there_is_one_trial_only(browser, organization):
    long_ago = timezone.localdate().replace(year=2020, day=1)
    Licence.objects.create(organization=organization, provider="acme_books", starts_on=long_ago, ends_on=long_ago)

    answer = browser.post(LICENCE, {"choice": "trial"}, follow=True).content.decode()

    assert "The licence has ended" in answer
    assert "has had a licence for Acme Books already" in answer
    assert Licence.objects.count() == 1


def test_before_one_is_sent_away_the_page_says_what_must_be_in_place(browser, organization):
    page = browser.get(WAYS).content.decode()

    assert "You are an administrator in Acme Books." in page
    assert "Read and write the books." in page
    assert marks_in(page) == [("Licence", "done"), ("Connect", "present")]


# --- the bar --------------------------------------------------------------------


def marks_in(page: str) -> list[tuple[str, str]]:
    """The steps of the bar that are done or present."""
    bar = re.search(r'<nav class="stepbar".*?</nav>', page, re.DOTALL)
    found = re.findall(r"<li([^>]*)>(?:<a[^>]*>|<span>)([^<]+)", bar[0]) if bar else []
    states = [(label, "present" if "aria-current" in how else "done" if "done" in how else "") for how, label in found]
    return [each for each in states if each[1]]


def test_done_steps_lead_back_and_the_present_one_is_marked(browser, begun):
    take(browser, begun, "set_up_import")

    page = browser.get(address(begun, "set_up_export")).content.decode()

    assert marks_in(page) == [
        ("Licence", "done"),
        ("Connect", "done"),
        ("What to import", "done"),
        ("What to send", "present"),
    ]
    assert f'href="{address(begun, "set_up_import")}"' in page
    assert f'href="{address(begun, "set_up_save")}"' not in page


def test_the_bar_is_gone_once_everything_runs(browser, connection):
    assert 'class="stepbar"' not in browser.get(address(connection, "settings")).content.decode()
    assert 'class="stepbar"' not in browser.get(address(connection, "plan")).content.decode()


# --- one step after the other -----------------------------------------------------


def test_the_steps_lead_to_the_plan_and_nothing_has_moved(browser, begun, acme):
    assert take(browser, begun, "set_up_import")["Location"] == address(begun, "set_up_export")
    assert take(browser, begun, "set_up_export")["Location"] == address(begun, "set_up_save")
    assert take(browser, begun, "set_up_save")["Location"] == address(begun, "plan")

    begun.refresh_from_db()
    begun.settings.refresh_from_db()
    assert Plan.objects.get().is_first
    assert (begun.settings.saved_at, begun.next_due_at) == (None, None)
    assert not Run.objects.exists()


def test_what_a_step_was_told_survives_signing_out(browser, begun, owner):
    take(browser, begun, "set_up_import", **{"stream-sales_orders-enabled": None, "read-hour_units": "tim akut"})

    expired = Client().post(address(begun, "set_up_export"), {"send-document_kind": "sales_order"})
    again = sign_in(owner)

    assert expired["Location"] == f"/login/?next={address(begun, 'set_up_export')}"
    assert again.get(address(begun, "set_up"))["Location"] == address(begun, "set_up_export")
    forms = again.get(address(begun, "set_up_import")).context["forms"]
    assert forms.reading["hour_units"].value() == "tim akut"
    assert {form.instance.stream: form["enabled"].value() for form in forms.streams}["sales_orders"] is False


def test_a_step_with_an_error_keeps_what_was_typed_and_stays(browser, begun):
    page = take(browser, begun, "set_up_import", **{"read-interval_minutes": "1", "read-hour_units": "tim"})

    assert page.context["failed"]
    assert 'value="1"' in page.content.decode()
    assert "Choose between 5 minutes" in page.content.decode()
    assert step_of(begun) == Step.IMPORT
    assert ConnectionSettings.objects.get().hour_units != "tim"


def test_back_keeps_what_was_typed_as_well(browser, begun):
    take(browser, begun, "set_up_import")

    answer = take(browser, begun, "set_up_export", go="back", **{"send-document_kind": "sales_order"})

    assert answer["Location"] == address(begun, "set_up_import")
    assert ConnectionSettings.objects.get().document_kind == "sales_order"


def test_whoever_continues_later_is_offered_it_on_the_card_and_the_dashboard(browser, begun):
    assert take(browser, begun, "set_up_import", go="later")["Location"] == "/books/"

    assert "Continue set-up" in card(browser)
    assert address(begun, "set_up") in card(browser)
    dashboard = browser.get("/").content.decode()
    assert "Next: What to send." in dashboard
    assert address(begun, "set_up_export") in dashboard


def test_a_company_that_waits_for_its_confirmation_is_offered_too(browser, begun):
    Connection.objects.update(state=Connection.State.CONFIRMING)

    assert address(begun, "confirm") in browser.get("/").content.decode()
    assert browser.get(address(begun, "set_up"))["Location"] == address(begun, "confirm")


def test_the_dashboard_says_nothing_once_it_runs(browser, connection):
    assert "Continue set-up" not in browser.get("/").content.decode()


@pytest.mark.parametrize("step", ["set_up_export", "set_up_save", "plan", "settings"])
def test_no_step_can_be_skipped(browser, begun, step):
    answer = browser.get(address(begun, step))

    assert answer["Location"] == address(begun, "set_up")
    assert browser.get(answer["Location"])["Location"] == address(begun, "set_up_import")


@pytest.mark.parametrize("step", ["set_up_import", "set_up_export", "set_up_save"])
def test_there_are_no_steps_once_it_runs(browser, connection, step):
    browser.post(address(connection, step), {"read-hour_units": "x"})

    assert browser.get(address(connection, step), follow=True).request["PATH_INFO"] == address(connection, "settings")
    assert ConnectionSettings.objects.get().hour_units != "x"


def test_a_double_click_saves_once_more_what_is_the_same(browser, begun):
    take_all(browser, begun)
    plan = Plan.objects.get()

    browser.post(address(begun, "set_up_save"))

    assert Plan.objects.get() == plan
    assert step_of(begun) == Step.START


# --- the summary ----------------------------------------------------------------


def test_the_summary_says_what_comes_what_goes_and_what_is_open(browser, begun):
    take(
        browser,
        begun,
        "set_up_import",
        **{"stream-projects-enabled": None, "stream-sales_orders-starts_on": "2026-11-01"},
    )
    take(browser, begun, "set_up_export", **{"send-document_kind": "sales_order", "ask-layout": ""})

    page = browser.get(address(begun, "set_up_save"))
    summary, shown = page.context["summary"], page.content.decode()

    imports = dict(summary.imports)
    assert imports["Projects"] == "Not imported"
    assert imports["Customers"] == "New ones and changes"
    assert "2026-11-01" in imports["Sales orders"]
    assert dict(summary.exports)["Send them as"] == "Sales order"
    assert dict(summary.answers)["Layout of documents"] == "Not chosen yet"
    assert page.context["open_questions"].unanswered == ["Layout of documents"]
    assert "Until these are answered nothing is sent" in shown


def test_answered_questions_are_shown_by_name(browser, begun):
    take(browser, begun, "set_up_import")
    take(browser, begun, "set_up_export", **{"ask-layout": "svc"})

    page = browser.get(address(begun, "set_up_save"))

    assert dict(page.context["summary"].answers)["Layout of documents"] == "Service"
    assert "No question is open." in page.content.decode()


def test_the_summary_asks_the_books_nothing(browser, begun, acme):
    take(browser, begun, "set_up_import")
    take(browser, begun, "set_up_export")
    cache.clear()
    before = acme.count("choices")

    browser.get(address(begun, "set_up_save"))

    assert acme.count("choices") == before


@pytest.mark.parametrize("step", ["set_up_import", "set_up_export", "set_up_save"])
def test_each_page_takes_few_statements(browser, begun, step, django_assert_max_num_queries):
    ConnectionSettings.objects.update(next_step=Step.START)
    browser.get(address(begun, step))

    with django_assert_max_num_queries(15):
        browser.get(address(begun, step))


# --- nothing acts on a draft --------------------------------------------------------


def test_a_draft_moves_nothing(browser, begun, work_order):
    take_all(browser, begun)
    complete(work_order)
    Connection.objects.update(next_due_at=timezone.now())

    assert tick() == 0
    assert work(begun.pk) == "not due"
    assert not Run.objects.exists()
    assert not Operation.objects.exists()


def test_neither_does_a_reconnect_nor_a_pause_that_ends(browser, begun, owner):
    request_sync(begun, asked_by=owner)

    assert work(begun.pk, owner.pk) == "not due"
    assert not Run.objects.exists()


def test_choosing_otherwise_forgets_the_plan_that_was_made_before(browser, begun, owner):
    take_all(browser, begun)
    make_plan(Plan.objects.get().pk)

    take(browser, begun, "set_up_import", **{"stream-customers-enabled": None})
    answer = browser.post(address(begun, "start"), follow=True)

    assert not Plan.objects.exists()
    assert answer.request["PATH_INFO"] == address(begun, "set_up_save")
    assert ConnectionSettings.objects.get().saved_at is None


def test_looking_back_without_a_change_keeps_the_plan(browser, begun):
    take_all(browser, begun)

    take(browser, begun, "set_up_import")

    assert Plan.objects.exists()
    assert step_of(begun) == Step.START


def test_a_plan_does_not_let_one_skip_the_settings(browser, begun, coordinator):
    Plan.objects.create(connection=begun, is_first=True, state=Plan.State.DONE, expires_at=timezone.now())

    browser.post(address(begun, "start"))
    said = coordinator.post(address(begun, "make_plan"), follow=True).content.decode()

    assert ConnectionSettings.objects.get().saved_at is None
    assert "The owner has not been through the settings yet" in said


def test_start_ends_the_set_up(browser, begun, owner: User):
    take_all(browser, begun)
    make_plan(Plan.objects.get().pk)

    browser.post(address(begun, "start"))

    assert ConnectionSettings.objects.get().saved_at is not None
    assert browser.get(address(begun, "set_up"))["Location"] == address(begun, "settings")
    assert "Continue set-up" not in card(browser)


def test_saving_a_step_does_not_take_back_a_start_of_the_same_moment(browser, begun):
    ConnectionSettings.objects.update(next_step=Step.START)
    stale = browser.get(address(begun, "set_up_import")).context["forms"]
    ConnectionSettings.objects.update(saved_at=timezone.now())

    for form in stale:
        form.save()

    assert ConnectionSettings.objects.get().saved_at is not None


# --- who ------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["set_up", "set_up_import", "set_up_export", "set_up_save"])
def test_the_set_up_is_the_owners(coordinator, performer, stranger, client, begun, step):
    assert coordinator.get(address(begun, step)).status_code == 403
    assert performer.get(address(begun, step)).status_code == 403
    assert stranger.get(address(begun, step)).status_code == 404
    assert client.get(address(begun, step)).status_code == 302
