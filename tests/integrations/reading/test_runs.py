"""A run keeps its place, reads just what changed, and stops in a way that the next one can go on from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounting.errors import NotAllowed, NotFound, ReconnectNeeded, TryLater, UnexpectedAnswer
from accounting.types import CustomerRecord
from fieldwork.models import Customer
from integrations.models import Case, Connection, Lease, LeaseLost, Link, Run, StreamSetting
from integrations.sync import OVERLAP, Reader
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def people(*numbers: int, name: str = "Customer", **more: Any) -> list[CustomerRecord]:
    return [
        CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"{name} {n}", is_company=True, **more) for n in numbers
    ]


def every_row() -> dict[str, list[Any]]:
    """All rows of all tables but the runs, in full."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for app in ("fieldwork", "accounting", "integrations")
        for model in apps.get_app_config(app).get_models()
        if model is not Run and model is not StreamSetting
    }


class TestTheSameAgain:
    def test_nothing_is_written_when_nothing_changed(self, acme: FakeCompany, read: Read) -> None:
        acme.page_size = 3
        acme.put(*people(*range(7)))
        read("customers")
        before = every_row()

        run = read("customers", full=True)

        assert (run.unchanged, run.created, run.updated) == (7, 0, 0)
        assert every_row() == before

    def test_without_changes_it_is_one_request(self, acme: FakeCompany, read: Read) -> None:
        acme.clock = lambda: NOON
        acme.put(*people(1, 2))
        read("customers")
        acme.clock = lambda: NOON + timedelta(hours=1)
        read("customers")
        asked = acme.count("read")

        run = read("customers")

        assert acme.count("read") - asked == run.requests == 1
        assert (run.read, run.full, run.since) == (0, False, NOON + timedelta(hours=1) - OVERLAP)

    def test_only_what_changed_is_read(self, acme: FakeCompany, read: Read) -> None:
        acme.clock = lambda: NOON
        acme.put(*people(*range(200)))
        acme.clock = lambda: NOON + timedelta(hours=1)
        read("customers")
        acme.clock = lambda: NOON + timedelta(hours=2)
        acme.put(*people(7, name="Renamed"))

        run = read("customers")

        assert (run.read, run.updated, run.requests) == (1, 1, 1)
        assert Customer.objects.get(number="7").name == "Renamed 7"

    def test_the_mark_is_the_books_time_at_the_first_page(
        self, acme: FakeCompany, read: Read, connection: Connection
    ) -> None:
        ticks = iter(range(100))
        acme.put(*people(*range(4)))
        acme.page_size = 1
        acme.clock = lambda: NOON + timedelta(minutes=next(ticks))

        read("customers")

        assert connection.streams.get(stream="customers").watermark == NOON - OVERLAP

    def test_what_was_stamped_just_before_and_shown_just_after_is_not_missed(
        self, acme: FakeCompany, read: Read
    ) -> None:
        acme.clock = lambda: NOON
        read("customers")
        acme.put(*people(1, changed_at=NOON - timedelta(minutes=4)))
        acme.clock = lambda: NOON + timedelta(hours=1)

        assert read("customers").created == 1

    def test_books_without_a_clock_are_read_as_a_whole(
        self, acme: FakeCompany, read: Read, connection: Connection
    ) -> None:
        acme.put(*people(1))
        acme.clock = lambda: None  # type: ignore[assignment,return-value]

        runs = [read("customers"), read("customers")]

        assert [run.full for run in runs] == [True, True]

    def test_a_record_that_comes_twice_is_one(self, acme: FakeCompany, read: Read) -> None:
        acme.page_size = 2
        acme.put(*people(1, 2, 3))
        shifted = acme.entries[CustomerRecord]
        acme.entries[CustomerRecord] = shifted | {"again": shifted["c1"]}

        run = read("customers")

        assert (run.state, run.read, run.created, run.unchanged) == ("done", 4, 3, 1)

    def test_twice_on_one_page_the_last_one_counts(self, acme: FakeCompany, read: Read) -> None:
        acme.put(*people(1, 2))
        old = acme.entries[CustomerRecord]["c1"]
        acme.put(*people(1, name="Newer"))
        acme.entries[CustomerRecord] = {"first": old} | acme.entries[CustomerRecord]

        run = read("customers")

        assert (run.state, run.created, run.unchanged) == ("done", 2, 0)
        assert Customer.objects.get(number="1").name == "Newer 1"


class Killed(BaseException):
    """The worker is gone: nothing of ours runs any more."""


class TestGoingOn:
    @pytest.fixture(autouse=True)
    def five_pages(self, acme: FakeCompany) -> None:
        acme.page_size = 2
        acme.put(*people(*range(10)))

    @pytest.mark.parametrize("page", [2, 3, 5])
    def test_a_killed_run_goes_on_at_the_page_that_was_not_written(
        self, acme: FakeCompany, read: Read, page: int
    ) -> None:
        acme.fail("read", Killed(), nth=page)
        with pytest.raises(Killed):
            read("customers")
        stopped = Run.objects.get()
        assert (stopped.state, stopped.pages, stopped.created) == ("running", page - 1, 2 * (page - 1))
        asked = acme.count("read")

        run = read("customers")

        assert (run.pk, run.state, run.created, run.pages) == (stopped.pk, "done", 10, 5)
        assert acme.count("read") - asked == 6 - page
        assert Customer.objects.count() == Link.objects.count() == 10

    def test_books_that_are_busy_are_asked_again_later(
        self, acme: FakeCompany, read: Read, connection: Connection
    ) -> None:
        acme.fail("read", TryLater("Too many requests", after=timedelta(minutes=3)), nth=3)

        waiting = read("customers")

        assert (waiting.state, waiting.created) == ("waiting", 4)
        assert "Too many requests" in waiting.problem
        connection.refresh_from_db()
        assert connection.wait_until is not None
        assert timedelta(minutes=2) < connection.wait_until - timezone.now() <= timedelta(minutes=3)
        run = read("customers")
        assert (run.pk, run.state, run.created, run.problem) == (waiting.pk, "done", 10, "")

    def test_a_reader_whose_time_is_over_stops_after_a_page(
        self, acme: FakeCompany, reader: Reader, read: Read
    ) -> None:
        reader.deadline = 0

        runs = [read("customers") for _ in range(5)]

        assert {run.pk for run in runs} == {runs[0].pk}
        assert [run.state for run in runs] == ["running"] * 4 + ["done"]
        assert acme.count("read") == 5

    def test_the_mark_does_not_move_before_the_last_page(
        self, acme: FakeCompany, read: Read, connection: Connection
    ) -> None:
        acme.fail("read", TryLater("busy"), nth=4)

        read("customers")

        assert connection.streams.get(stream="customers").watermark is None

    def test_changed_rules_start_again(self, acme: FakeCompany, read: Read, connection: Connection) -> None:
        acme.fail("read", TryLater("busy"), nth=4)
        waiting = read("customers")
        StreamSetting.objects.filter(connection=connection, stream="customers").update(overwrite=False)

        run = read("customers")

        assert run.pk != waiting.pk
        assert (run.state, run.full, run.created, run.unchanged) == ("done", True, 4, 6)
        assert Run.objects.get(pk=waiting.pk).state == "failed"

    def test_an_interrupted_read_of_everything_archives_nothing(self, acme: FakeCompany, read: Read) -> None:
        read("customers")
        acme.take_away(CustomerRecord, "c9")
        acme.fail("read", Killed(), nth=3)
        with pytest.raises(Killed):
            read("customers", full=True)

        resumed, whole = read("customers", full=True), read("customers", full=True)

        assert (resumed.archived, whole.archived) == (0, 1)

    def test_a_paused_read_of_everything_still_knows_what_it_met(self, acme: FakeCompany, read: Read) -> None:
        read("customers")
        acme.take_away(CustomerRecord, "c0")
        acme.fail("read", TryLater("busy"), nth=3)

        runs = [read("customers", full=True), read("customers", full=True)]

        assert [(run.state, run.archived) for run in runs] == [("waiting", 0), ("done", 1)]
        assert Customer.objects.get(active=False).number == "0"


class TestStopped:
    def test_a_refused_login_waits_for_a_person(self, acme: FakeCompany, read: Read, connection: Connection) -> None:
        acme.put(*people(1))
        acme.fail("read", ReconnectNeeded("Signed out"), times=2)

        runs = [read("customers"), read("customers")]

        assert [run.state for run in runs] == ["waiting", "waiting"]
        connection.refresh_from_db()
        assert (connection.state, connection.problem) == ("reconnect", "Signed out")
        case = Case.objects.get()
        assert (case.code, case.subject_kind, case.times) == ("reconnect_needed", "connection", 2)

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (NotAllowed("No orders in your plan"), "stream_not_allowed"),
            (UnexpectedAnswer("<html>"), "stream_stopped"),
            (NotFound("404"), "stream_stopped"),
        ],
    )
    def test_a_stream_that_cannot_be_read_is_one_case(
        self, acme: FakeCompany, read: Read, connection: Connection, error: Exception, code: str
    ) -> None:
        acme.put(*people(1))
        acme.fail("read", error, times=2)

        runs = [read("customers"), read("customers")]

        assert [run.state for run in runs] == ["failed", "failed"]
        case = Case.objects.get()
        assert (case.code, case.subject_kind, case.subject_id, case.times) == (code, "stream", "customers", 2)
        assert case.sentence % case.values
        connection.refresh_from_db()
        assert connection.state == "active"
        assert read("customers").state == "done"
        assert not Case.objects.filter(state="open").exists()

    def test_books_that_go_round_in_circles(self, acme: FakeCompany, read: Read) -> None:
        acme.put(*people(1, 2))
        acme.stuck = True

        run = read("customers")

        assert (run.state, run.pages) == ("failed", 1)
        assert acme.count("read") == 2

    def test_another_worker_s_lease_undoes_the_page(
        self, acme: FakeCompany, read: Read, reader: Reader, connection: Connection
    ) -> None:
        acme.page_size = 1
        acme.put(*people(1, 2))

        def take_over(run: Run) -> None:
            Lease.objects.filter(connection=connection).update(owner="other", fence=99)

        reader.report = take_over

        with pytest.raises(LeaseLost):
            read("customers")

        assert Customer.objects.count() == 1
        run = Run.objects.get()
        assert (run.pages, run.position, run.created) == (1, "1", 1)


class TestVanished:
    @pytest.fixture(autouse=True)
    def hundred(self, acme: FakeCompany, read: Read) -> None:
        acme.put(*people(*range(100)))
        read("customers")

    def test_it_is_archived_and_kept(self, acme: FakeCompany, read: Read) -> None:
        acme.take_away(CustomerRecord, "c3", "c50")

        runs = [read("customers", full=True), read("customers", full=True)]

        assert [run.archived for run in runs] == [2, 0]
        assert set(Customer.objects.filter(active=False).values_list("number", flat=True)) == {"3", "50"}
        assert Link.objects.exclude(gone_at=None).count() == 2
        assert Customer.objects.count() == 100

    def test_an_incremental_read_archives_nothing(self, acme: FakeCompany, read: Read) -> None:
        acme.take_away(CustomerRecord, "c3")

        run = read("customers")

        assert (run.archived, run.full) == (0, False)

    def test_an_empty_answer_is_not_believed(self, acme: FakeCompany, read: Read) -> None:
        acme.take_away(CustomerRecord, *(f"c{n}" for n in range(100)))

        runs = [read("customers", full=True), read("customers", full=True)]

        assert [run.archived for run in runs] == [0, 0]
        assert Customer.objects.filter(active=True).count() == 100
        case = Case.objects.get()
        assert (case.code, case.times) == ("many_records_missing", 2)

    def test_an_empty_answer_is_not_believed_of_few_either(self, acme: FakeCompany, read: Read) -> None:
        Link.objects.exclude(remote_id__in=["c1", "c2"]).delete()
        acme.take_away(CustomerRecord, *(f"c{n}" for n in range(100)))

        assert read("customers", full=True).archived == 0

    @pytest.mark.parametrize(("missing", "archived"), [(20, 20), (21, 0), (50, 0)])
    def test_a_fifth_may_vanish_and_no_more(self, acme: FakeCompany, read: Read, missing: int, archived: int) -> None:
        acme.take_away(CustomerRecord, *(f"c{n}" for n in range(missing)))

        run = read("customers", full=True)

        assert run.archived == archived
        assert Case.objects.exists() == (not archived)

    def test_records_that_moved_while_we_read_are_not_gone(self, acme: FakeCompany, read: Read) -> None:
        acme.page_size = 10
        acme.take_away(CustomerRecord, "c99")
        acme.promise = 100

        run = read("customers", full=True)

        assert (run.read, run.archived) == (99, 0)
        acme.promise = None
        assert read("customers", full=True).archived == 1

    def test_the_case_closes_when_they_are_back(self, acme: FakeCompany, read: Read) -> None:
        kept = dict(acme.entries[CustomerRecord])
        acme.entries[CustomerRecord] = {}
        read("customers", full=True)
        acme.entries[CustomerRecord] = kept

        read("customers", full=True)

        assert not Case.objects.filter(state="open").exists()

    def test_a_record_that_comes_back_is_the_same(self, acme: FakeCompany, read: Read) -> None:
        gone = acme.entries[CustomerRecord]["c3"]
        before = Customer.objects.get(number="3")
        acme.take_away(CustomerRecord, "c3")
        read("customers", full=True)
        acme.entries[CustomerRecord]["c3"] = gone

        run = read("customers", full=True)

        assert (run.created, run.updated) == (0, 1)
        back = Customer.objects.get(number="3")
        assert (back.pk, back.active) == (before.pk, True)
        assert Link.objects.get(remote_id="c3").gone_at is None
