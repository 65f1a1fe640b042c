"""Runs on pages: counts, progress while they run, and an end to the asking."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from integrations.models import Connection, Run
from integrations.presenting.progress import progress_of

pytestmark = pytest.mark.django_db

POLLING = "hx-trigger"


@pytest.fixture
def run(connection) -> Run:
    Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=15))
    return Run.objects.create(connection=connection, stream="customers", read=412, total=3200, created=3)


def finish(run: Run, **changes: object) -> None:
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, finished_at=timezone.now(), **changes)


def address(run: Run) -> str:
    return reverse("integrations:run", args=[run.pk])


def test_a_run_that_goes_on_says_how_far_and_renews_itself(browser, run):
    page = browser.get(address(run)).content.decode()

    assert "412 of 3200 read" in page
    assert 'value="12"' in page
    assert POLLING in page


def test_a_run_that_is_over_is_asked_for_no_more(browser, run):
    finish(run, read=3200)

    assert POLLING not in browser.get(address(run)).content.decode()
    assert POLLING not in browser.get("/books/runs/").content.decode()


def test_htmx_gets_just_the_part_that_changes(browser, run):
    part = browser.get(address(run), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="run"' in part


def test_time_left_follows_from_the_pace_so_far(run):
    with time_machine.travel(run.started_at + timedelta(seconds=10), tick=False):
        assert progress_of(run).seconds_left == round(10 / 412 * (3200 - 412))


def test_what_a_run_waited_for_the_books_is_not_its_pace(run):
    run.seconds = Decimal(2)

    with time_machine.travel(run.started_at + timedelta(hours=1), tick=False):
        assert progress_of(run).pace == "206 records per second"
        assert progress_of(run).time_left == "about 14 s left"


def test_a_slow_run_is_told_in_minutes(browser, run):
    Run.objects.update(seconds=Decimal(824))

    page = browser.get(address(run)).content.decode()

    assert "30 records per minute, about 93 min left" in page


def test_a_run_that_waits_has_no_pace(browser, run):
    Run.objects.update(state=Run.State.WAITING, problem="Too many requests.")

    page = browser.get(address(run)).content.decode()

    assert "Too many requests." in page
    assert "left" not in page.split('id="run"')[1].split("Left out")[0]


def test_a_run_that_left_something_out_is_done_with_warnings(browser, run):
    finish(run, read=3200, rejected=2)

    page = browser.get(address(run)).content.decode()

    assert "2 records could not be taken as they are" in page
    assert reverse("integrations:inbox") in page.split('id="run"')[1]


def test_a_run_without_a_known_end_tells_its_pace_alone(browser, run):
    Run.objects.update(total=None, seconds=Decimal(4))

    page = browser.get(address(run)).content.decode()

    assert "103 records per second" in page
    assert " left<" not in page


@pytest.mark.parametrize(("total", "percent"), [(None, None), (0, None), (100, 100)])
def test_progress_without_a_known_end_is_no_number(run, total, percent):
    run.total = total

    assert progress_of(run).percent == percent


def test_the_list_shows_counts_and_what_needs_somebody(browser, run):
    finish(run, rejected=2)

    page = browser.get("/books/runs/").content.decode()

    assert "Customers" in page
    assert "Done with warnings, 2 need you" in page


def test_a_sync_that_was_asked_for_is_waited_for(browser, connection):
    Connection.objects.update(next_due_at=timezone.now())

    page = browser.get("/books/runs/").content.decode()

    assert "begins within seconds" in page
    assert POLLING in page


def test_a_sync_that_no_worker_takes_is_not_waited_for_for_ever(browser, connection):
    Connection.objects.update(next_due_at=timezone.now() - timedelta(minutes=10))

    assert POLLING not in browser.get("/books/runs/").content.decode()


def test_runs_are_the_owners(coordinator, performer, client, run):
    for page in ("/books/runs/", address(run)):
        assert coordinator.get(page).status_code == 403
        assert performer.get(page).status_code == 403
        assert client.get(page).status_code == 302


def test_another_firms_runs_are_not_there(stranger, run):
    assert stranger.get(address(run)).status_code == 404
    assert "412" not in stranger.get("/books/runs/").content.decode()
