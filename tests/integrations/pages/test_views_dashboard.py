"""The dashboard: what it counts for whom, and the first steps of a new firm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.models import Connection, Operation
from integrations.presenting.dashboard import dashboard_for
from integrations.receivers import exclude
from integrations.sending.queueing import completed_not_sent
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.exporting import copies_of

pytestmark = pytest.mark.django_db


def done(operation: Operation) -> None:
    Operation.objects.filter(pk=operation.pk).update(
        state=Operation.State.DONE, remote_id="r1", remote_number="1042", stage="draft"
    )


def test_the_office_sees_how_the_day_stands(browser, connection, work_order):
    connection.last_success_at = timezone.now() - timedelta(minutes=7)
    connection.save()

    page = browser.get("/").content.decode()

    assert "Open work orders" in page
    assert "7 minutes ago" in page


def test_a_performer_counts_only_their_own_work(performer, work_order):
    page = performer.get("/")

    assert page.context["board"].open_work_orders == 0
    assert "Next sync" not in page.content.decode()


def test_another_firms_numbers_stay_there(stranger, connection, work_order, owner):
    complete_work_order(work_order, by=owner)

    board = stranger.get("/").context["board"]

    assert (board.open_work_orders, board.not_sent, board.case_count, board.connection) == (0, 0, 0, None)


def test_completed_work_waits_until_it_is_in_the_books(connection, work_order, owner):
    organization = connection.organization
    complete_work_order(work_order, by=owner)
    waiting = list(completed_not_sent(organization, connection))

    done(Operation.objects.get())

    assert waiting == [work_order]
    assert not completed_not_sent(organization, connection).exists()


def test_a_new_revision_waits_again(connection, work_order, owner):
    complete_work_order(work_order, by=owner)
    done(Operation.objects.get())
    reopen_work_order(work_order)
    complete_work_order(work_order, by=owner)

    assert list(completed_not_sent(connection.organization, connection)) == [work_order]


def test_what_is_excluded_or_before_the_cut_off_date_is_not_waited_for(connection, work_order, owner):
    complete_work_order(work_order, by=owner)
    exclude(work_order, by=owner, reason="Warranty")
    excluded = completed_not_sent(connection.organization, connection).count()

    Operation.objects.all().delete()
    connection.settings.cut_off_date = timezone.localdate() + timedelta(days=1)

    assert excluded == 0
    assert completed_not_sent(connection.organization, connection).count() == 0


def test_what_needs_somebody_is_listed_with_its_reason(browser, connection):
    subject = Subject(kind="article", id="a-1", label="Pipe 22 mm")
    open_cases(connection, [(subject, Finding(code="c", sentence="%(name)s has no unit.", values={"name": "Pipe"}))])

    page = browser.get("/").content.decode()

    assert "Pipe has no unit." in page
    assert "Inbox" in page


def test_many_of_one_kind_are_one_line_that_leads_to_all_of_them(browser, connection, django_assert_max_num_queries):
    def stands(*labels: str, code: str = "no_unit", sentence: str = "It has no unit.") -> None:
        subjects = [Subject(kind="remote_article", id=f"{code}-{each}", label=each) for each in labels]
        open_cases(connection, [(subject, Finding(code=code, sentence=sentence)) for subject in subjects])

    stands("Pipe 22 mm", "Pipe 28 mm", "Pipe 35 mm", code="postcode_missing")
    stands("Tap", sentence="The tap has no unit.")

    answer = browser.get("/")

    page, board = answer.content.decode(), answer.context["board"]
    assert "3 × Postcode missing" in page
    assert "/inbox/?kind=postcode_missing" in page
    assert "The tap has no unit." in page
    assert "Pipe 28 mm" not in page
    assert (board.case_count, len(board.needs)) == (4, 2)


def test_a_performer_finds_the_next_jobs_there_the_planned_ones_first(performer, connection, work_order):
    person = User.objects.get(username__endswith="performer")
    later, unplanned = copies_of(work_order, ["1188", "1189"])
    WorkOrder.objects.update(assigned_to=person)
    WorkOrder.objects.filter(pk=work_order.pk).update(planned_on=timezone.localdate())
    WorkOrder.objects.filter(pk=later.pk).update(planned_on=timezone.localdate() + timedelta(days=1))

    answer = performer.get("/")

    assert [each.number for each in answer.context["board"].jobs] == ["1187", "1188", "1189"]
    assert "1188 Leaking radiator" in answer.content.decode()
    WorkOrder.objects.update(assigned_to=None)
    assert "None are at the moment." in performer.get("/").content.decode()


def test_a_new_firm_is_shown_the_first_steps(browser, organization):
    steps = browser.get("/").context["board"].steps

    assert [step.done for step in steps] == [False, False, False, False]
    assert "Connect your books" in browser.get("/").content.decode()


def test_steps_that_are_taken_are_ticked_off(browser, connection, owner, organization):
    membership = owner.memberships.get()
    after_connecting = [step.done for step in dashboard_for(membership).steps]

    connection.settings.saved_at = None
    connection.settings.save()

    assert after_connecting[:2] == [True, True]
    assert [step.done for step in dashboard_for(membership).steps][:2] == [True, False]


def test_the_first_steps_leave_once_something_was_sent(browser, connection, work_order, owner):
    complete_work_order(work_order, by=owner)
    done(Operation.objects.get())

    board = browser.get("/").context["board"]

    assert board.steps == ()
    assert [each.operation.local_id for each in board.recent] == [work_order.pk]
    assert board.recent[0].address == reverse("fieldwork:work_order_detail", args=[work_order.pk])


def test_the_dashboard_costs_the_same_for_many_records(browser, connection, work_order, django_assert_max_num_queries):
    organization, status = work_order.organization, work_order.status
    WorkOrder.objects.bulk_create(
        WorkOrder(organization=organization, number=f"N{n}", title="x", status=status) for n in range(50)
    )

    with django_assert_max_num_queries(20):
        browser.get("/")


def test_the_process_says_that_it_lives_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_connection_that_was_given_up_is_not_the_firms_any_more(browser, connection):
    Connection.objects.update(state=Connection.State.DISCONNECTED)

    assert browser.get("/").context["board"].connection is None
