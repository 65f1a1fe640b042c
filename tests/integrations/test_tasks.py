"""Workers take turns: one at a time per connection, when something is due, and never twice for one wish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from accounting.errors import NotAllowed, ReconnectNeeded, TryLater
from accounting.types import CustomerRecord, TermsRecord, UnitRecord
from fieldwork.models import Customer, Organization, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations import schedules
from integrations.models import Case, Connection, ConnectionSettings, Lease, Licence, Operation, Run, StreamSetting
from integrations.pipelines import PIPELINES, ensure_streams
from integrations.tasks import request_sync, take_turn, tick, work

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

Commit = Callable[..., Any]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Commit:
    """`with commit():` what is inside is committed, and the doorbell rings."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rung() -> list[tuple[str, tuple[Any, ...]]]:
    """The tasks that wait in the queue: name and ids."""
    return [(task["func"].rpartition(".")[2], task["args"]) for task in (row.task for row in OrmQ.objects.all())]


def customers(count: int) -> list[CustomerRecord]:
    return [CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(count)]


class TestWork:
    def test_reads_every_stream_once(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        acme.put(UnitRecord(remote_id="u1", name="Styck", abbreviation="st"), *customers(3))

        outcomes = [work(connection.pk, owner.pk), work(connection.pk, owner.pk)]

        assert outcomes == ["done", "not due"]
        assert list(Run.objects.order_by("started_at").values_list("stream", flat=True)) == list(PIPELINES)
        assert set(Run.objects.values_list("state", "asked_by")) == {("done", owner.pk)}
        assert Customer.objects.count() == 3
        connection.refresh_from_db()
        assert connection.last_success_at is not None
        assert connection.next_due_at is not None
        assert timedelta(minutes=14) < connection.next_due_at - timezone.now() <= timedelta(minutes=15)
        assert Lease.objects.get().owner == ""

    def test_sends_what_was_completed(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        acme.put(
            UnitRecord(remote_id="u1", name="Timme", abbreviation="tim"),
            UnitRecord(remote_id="u2", name="Meter", abbreviation="m"),
        )
        complete_work_order(work_order, by=owner)

        outcomes = [work(connection.pk), work(connection.pk)]

        assert outcomes[0] == "done"
        assert Operation.objects.filter(kind="invoice_draft").get().state == "done"
        assert len(acme.created("invoice_draft")) == 1

    def test_only_streams_that_are_switched_on(self, acme: FakeCompany, connection: Connection) -> None:
        StreamSetting.objects.filter(connection=connection).exclude(stream="terms").update(enabled=False)
        acme.put(TermsRecord(remote_id="t1", name="30 dagar"))

        work(connection.pk)

        assert Run.objects.get().stream == "terms"

    def test_streams_that_a_new_version_brings_are_read(self, acme: FakeCompany, connection: Connection) -> None:
        StreamSetting.objects.filter(connection=connection).delete()

        work(connection.pk)

        assert set(StreamSetting.objects.values_list("stream", flat=True)) == set(PIPELINES)
        ensure_streams(connection)
        assert StreamSetting.objects.count() == len(PIPELINES)

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "paused"},
            {"state": "reconnect"},
            {"state": "disconnected"},
            {"wait_until": timezone.now() + timedelta(days=1)},
            {"next_due_at": timezone.now() + timedelta(days=1)},
        ],
    )
    def test_not_when_it_may_not(self, acme: FakeCompany, connection: Connection, change: dict[str, Any]) -> None:
        Connection.objects.filter(pk=connection.pk).update(**change)

        assert [work(connection.pk), tick()] == ["not due", 0]
        assert acme.requests == []

    def test_not_without_a_licence(self, acme: FakeCompany, connection: Connection) -> None:
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))

        assert [work(connection.pk), tick()] == ["not due", 0]
        assert acme.requests == []

    def test_not_when_the_connection_is_gone(self, organization: Organization) -> None:
        assert work(organization.pk) == "not due"

    def test_a_long_import_goes_on_in_further_turns(
        self, acme: FakeCompany, connection: Connection, commit: Commit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("integrations.tasks.TURN_S", -1)
        acme.page_size = 2
        acme.put(*customers(5))

        outcomes = []
        for _turn in range(4):
            with commit():
                outcomes.append(work(connection.pk))

        assert outcomes == ["unfinished", "unfinished", "done", "not due"]
        assert [name for name, _ in rung()] == ["work", "work"]
        assert Run.objects.get(stream="customers").created == 5
        assert acme.count("read", "CustomerRecord") == 3

    def test_nothing_is_sent_before_the_reading_is_finished(
        self,
        acme: FakeCompany,
        connection: Connection,
        work_order: WorkOrder,
        owner: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("integrations.tasks.TURN_S", -1)
        acme.page_size = 2
        acme.put(*customers(3))
        complete_work_order(work_order, by=owner)

        assert work(connection.pk) == "unfinished"
        assert acme.writes == {}

    def test_after_a_fault_of_ours_the_next_turn_comes_at_the_usual_time(
        self, acme: FakeCompany, connection: Connection
    ) -> None:
        acme.put(*customers(1))
        acme.fail("read", ZeroDivisionError("a bug"), kind="CustomerRecord")

        with pytest.raises(ZeroDivisionError):
            work(connection.pk)

        assert Lease.objects.get().owner == ""
        assert work(connection.pk) == "not due"
        Connection.objects.update(next_due_at=timezone.now())
        assert work(connection.pk) == "done"
        assert Customer.objects.count() == 1


class TestTrouble:
    def test_books_that_are_busy(self, acme: FakeCompany, connection: Connection) -> None:
        acme.fail("read", TryLater("busy", after=timedelta(minutes=7)), kind="CustomerRecord")

        outcomes = [work(connection.pk), work(connection.pk)]

        assert outcomes == ["waiting", "not due"]
        connection.refresh_from_db()
        assert connection.next_due_at == connection.wait_until
        assert acme.count("read", "ArticleRecord") == 0
        Connection.objects.update(wait_until=timezone.now(), next_due_at=timezone.now())
        assert work(connection.pk) == "done"

    def test_books_that_do_not_say_how_long(self, acme: FakeCompany, connection: Connection) -> None:
        acme.fail("read", TryLater("down"))

        assert work(connection.pk) == "waiting"
        connection.refresh_from_db()
        assert connection.next_due_at is not None
        assert connection.next_due_at - timezone.now() < timedelta(minutes=3)

    def test_a_refused_login(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        complete_work_order(work_order, by=owner)
        acme.fail("read", ReconnectNeeded("out"))

        outcomes = [work(connection.pk), work(connection.pk)]

        assert outcomes == ["reconnect", "not due"]
        assert acme.writes == {}

    def test_a_stream_that_is_not_allowed_stops_only_itself(self, acme: FakeCompany, connection: Connection) -> None:
        acme.put(*customers(1))
        acme.fail("read", NotAllowed("No projects"), kind="ProjectRecord")

        assert work(connection.pk) == "done"
        assert Run.objects.get(stream="projects").state == "failed"
        assert Run.objects.get(stream="sales_orders").state == "done"

    def test_another_environment_is_not_touched(self, acme: FakeCompany, connection: Connection) -> None:
        connection.pinned_books.__class__.objects.update(environment="https://elsewhere.example")

        outcomes = [work(connection.pk), work(connection.pk)]

        assert outcomes == ["not allowed", "not due"]
        assert Case.objects.get().code == "not_allowed"
        assert acme.requests == []
        assert Lease.objects.get().owner == ""


class TestAsking:
    def test_three_times_is_one_run(
        self, acme: FakeCompany, connection: Connection, owner: User, commit: Commit
    ) -> None:
        for _press in range(3):
            with commit():
                request_sync(connection, asked_by=owner)

        tasks = rung()
        outcomes = [work(*ids) for _, ids in tasks]

        assert tasks == [("work", (str(connection.pk), str(owner.pk)))] * 3
        assert outcomes == ["done", "not due", "not due"]
        assert Run.objects.filter(stream="customers").count() == 1

    def test_while_a_turn_is_under_way_another_follows(
        self, acme: FakeCompany, connection: Connection, owner: User
    ) -> None:
        lease = Lease.take(connection, owner="somebody")
        assert lease is not None
        request_sync(connection, asked_by=owner)

        assert work(connection.pk) == "busy"
        lease.release()
        assert work(connection.pk) == "done"

    def test_a_wish_during_the_turn_is_kept(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        wished = []

        def wish(run: Run) -> None:
            if not wished:
                request_sync(connection, asked_by=owner)
            wished.append(run.stream)

        take_turn(connection, streams=list(PIPELINES), report=wish)

        assert work(connection.pk) == "done"
        assert Run.objects.filter(stream="units").count() == 2

    def test_nothing_rings_when_the_transaction_fails(self, connection: Connection, owner: User) -> None:
        request_sync(connection, asked_by=owner)

        assert rung() == []


class TestTick:
    def test_rings_for_what_is_due(self, connection: Connection, commit: Commit) -> None:
        with commit():
            assert tick() == 1

        assert rung() == [("work", (str(connection.pk),))]

    def test_not_before_the_owner_has_seen_the_settings(self, connection: Connection) -> None:
        ConnectionSettings.objects.update(saved_at=None)

        assert tick() == 0

    def test_rings_for_a_completed_work_order(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=10))
        assert tick() == 0
        complete_work_order(work_order, by=owner)

        assert tick() == 1
        assert work(connection.pk) == "done"
        assert not Run.objects.exists()

    def test_rings_for_what_is_in_doubt(self, connection: Connection, work_order: WorkOrder) -> None:
        now = timezone.now()
        Connection.objects.update(next_due_at=now + timedelta(minutes=10))
        Operation.objects.create(
            organization=connection.organization,
            books=connection.pinned_books,
            kind="invoice_draft",
            business_key="work_order:1",
            reference="1187-K7Q2M9",
            local_model="fieldwork.WorkOrder",
            local_id=work_order.pk,
            state=Operation.State.IN_DOUBT,
            sent_at=now,
            doubt_since=now,
            due_at=now,
        )

        assert tick() == 1


class TestSchedules:
    def test_migrating_makes_them_and_makes_them_once(self, db: None) -> None:
        Schedule.objects.all().delete()

        schedules.ensure_schedules()
        schedules.ensure_schedules()

        names = [(each.name, each.func, each.minutes) for each in Schedule.objects.order_by("name")]
        assert names == sorted((each.name, each.task, each.minutes) for each in schedules.SCHEDULES)

    def test_they_are_what_the_code_says(self, db: None) -> None:
        Schedule.objects.filter(name="tick").update(func="os.system", minutes=99)
        Schedule.objects.create(name="tick", func="os.system")
        Schedule.objects.create(name="mine", func="os.system")

        schedules.ensure_schedules()

        assert not Schedule.objects.filter(func="os.system").exists()
        assert Schedule.objects.get(name="tick").minutes == 1

    def test_every_one_names_a_function(self) -> None:
        from django.utils.module_loading import import_string

        assert all(callable(import_string(each.task)) for each in schedules.SCHEDULES)
