"""Each cause of a standstill is a fact in time, and nothing is said when all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from django_q.models import OrmQ

from fieldwork.models import WorkOrder
from integrations.models import (
    Connection,
    ConnectionSettings,
    Credential,
    Heartbeat,
    Lease,
    Licence,
    Notice,
    Operation,
    Run,
    StreamSetting,
)
from integrations.trouble.cases import Finding, Subject, open_cases
from integrations.watching.facts import THRESHOLDS, Level
from integrations.watching.health import health
from tests.integrations.exporting import complete, operation_of
from tests.integrations.watching.conftest import NOON, Pass, alarms, levels, the

KeepAlive = Callable[[], None]


def test_all_is_well(well: Connection) -> None:
    facts = health()

    assert {fact.code for fact in facts if not fact.is_well} == set()
    assert {fact.code for fact in facts} == set(THRESHOLDS)
    assert all(fact.sentence for fact in facts)


def test_a_day_of_ordinary_work_raises_nothing(well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
    said = set()
    for _quarter in range(24 * 4):
        later(minutes=15)
        keep_alive()
        said |= set(levels())

    assert said == set()


def test_one_connection_can_be_asked_alone(well: Connection) -> None:
    assert {fact.connection_id for fact in health(well)} == {well.pk}


def test_a_fresh_installation_misses_no_queue(db: None) -> None:
    assert levels() == {}


class TestTheQueue:
    def test_that_stands_still(self, well: Connection, later: Pass) -> None:
        later(minutes=2, seconds=59)
        assert "tick" not in levels()
        later(seconds=1)
        assert levels()["tick"] == "warning"
        later(minutes=7)

        fact = the("tick")
        assert fact.level is Level.ALARM
        assert fact.since == NOON
        assert "qcluster" in fact.sentence

    def test_what_follows_from_it_is_not_told_as_well(self, well: Connection, later: Pass) -> None:
        later(hours=5)

        assert alarms() == {"tick"}

    def test_that_never_ran(self, well: Connection, later: Pass) -> None:
        Heartbeat.objects.all().delete()

        assert alarms() == {"tick"}
        assert "never" in the("tick").sentence

    def test_the_number_waiting_is_told(self, well: Connection, work_order: WorkOrder, later: Pass) -> None:
        complete(work_order)
        later(minutes=10)

        assert "Writes that wait: 1." in the("tick").sentence

    def test_a_clock_that_was_set_back(self, well: Connection, clock: Any) -> None:
        clock.move_to(NOON - timedelta(minutes=6), tick=False)

        assert "clock" in the("tick").sentence
        assert "tick" in alarms()

    def test_tasks_that_nobody_takes(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        OrmQ.objects.create(key="fieldledger", payload="x", lock=timezone.now())
        later(minutes=10)
        keep_alive()

        assert alarms() == {"queue"}
        OrmQ.objects.update(lock=timezone.now() + timedelta(minutes=30))
        assert alarms() == set()

    def test_a_watchdog_that_stopped(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        Heartbeat.beat(Heartbeat.WATCHDOG)
        later(minutes=29)
        keep_alive()
        assert levels() == {}
        later(minutes=91)
        keep_alive()

        assert alarms() == {"watchdog"}

    def test_keys_that_no_longer_fit(self, well: Connection, settings: Any) -> None:
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

        assert alarms() == {"encryption"}

    def test_a_key_that_was_put_in_front_of_the_old_one(self, well: Connection, settings: Any) -> None:
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]

        assert levels() == {}


class TestTheConnection:
    def test_whose_login_is_refused(self, well: Connection) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        fact = the("login")
        assert alarms() == {"login"}
        assert fact.remedy is not None
        assert fact.remedy.address == "/books/acme_books/connect/"

    def test_that_is_not_read(self, well: Connection, later: Pass) -> None:
        later(minutes=25)
        Heartbeat.beat(Heartbeat.TICK)
        assert levels()["reading"] == "warning"
        later(minutes=20)
        Heartbeat.beat(Heartbeat.TICK)

        assert alarms() == {"reading"}
        assert the("reading").since == NOON

    def test_one_stream_is_enough(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        later(hours=2)
        keep_alive()
        StreamSetting.objects.filter(stream="projects").update(last_success_at=NOON)

        assert the("reading").values["stream"] == "Projects"
        assert alarms() == {"reading"}

    @pytest.mark.parametrize("reason", ["switched off", "stopped with a case"])
    def test_what_is_not_to_be_read_is_not_late(
        self, well: Connection, keep_alive: KeepAlive, later: Pass, reason: str
    ) -> None:
        later(hours=2)
        keep_alive()
        projects = StreamSetting.objects.filter(stream="projects")
        projects.update(last_success_at=NOON)
        if reason == "switched off":
            projects.update(enabled=False)
        else:
            subject = Subject(kind="stream", id="projects", label="Projects")
            open_cases(well, [(subject, Finding(code="stream_not_allowed", sentence="No."))])

        assert "reading" not in levels()

    def test_a_long_import_is_not_late(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        StreamSetting.objects.update(last_success_at=None)
        Run.objects.create(connection=well, stream="customers")
        later(hours=3)
        Heartbeat.beat(Heartbeat.TICK)
        Run.objects.update(heartbeat_at=timezone.now())

        assert "reading" not in levels()

    def test_a_connection_that_is_resumed_is_not_late_at_once(self, well: Connection, later: Pass) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)
        later(days=5)
        Heartbeat.beat(Heartbeat.TICK)
        Connection.objects.update(state=Connection.State.ACTIVE, next_due_at=timezone.now())

        assert levels() == {}

    def test_that_is_limited_for_long(self, well: Connection, later: Pass, keep_alive: KeepAlive) -> None:
        Connection.objects.update(limited_since=timezone.now())
        later(minutes=5)
        Heartbeat.beat(Heartbeat.TICK)
        assert levels() == {"limited": "warning"}
        later(minutes=5)
        Heartbeat.beat(Heartbeat.TICK)

        assert alarms() == {"limited"}

    def test_whose_worker_vanished(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        Lease.take(well, owner="gone")
        later(minutes=12)
        keep_alive()

        assert alarms() == {"worker"}

    def test_whose_workers_die(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        for _death in range(4):
            assert Lease.take(well, owner=f"worker {_death}")
            later(minutes=3)
            keep_alive()

        assert alarms() == {"worker"}
        assert "3 workers in a row" in the("worker").sentence

    def test_whose_token_is_not_renewed(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        Credential.objects.update(expires_at=timezone.now())
        later(minutes=75)
        keep_alive()

        assert alarms() == {"token"}

    def test_whose_licence_ends(self, well: Connection, keep_alive: KeepAlive) -> None:
        Licence.objects.update(ends_on=timezone.localdate() + timedelta(days=11))
        assert levels() == {}
        Licence.objects.update(ends_on=timezone.localdate() + timedelta(days=10))
        assert levels() == {"licence": "warning"}
        Licence.objects.update(ends_on=timezone.localdate() + timedelta(days=3))
        assert alarms() == {"licence"}
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        assert "no licence" in the("licence").sentence

    def test_without_a_licence_nothing_is_late(self, well: Connection, later: Pass) -> None:
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        later(hours=5)
        Heartbeat.beat(Heartbeat.TICK)

        assert alarms() == {"licence"}

    def test_a_second_licence_that_lasts_longer_counts(self, well: Connection) -> None:
        Licence.objects.update(ends_on=timezone.localdate())
        Licence.objects.create(
            organization=well.organization, provider=well.provider, starts_on=timezone.localdate(), ends_on=None
        )

        assert levels() == {}


class TestTheOutbox:
    def test_what_is_due_and_not_sent(
        self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, later: Pass
    ) -> None:
        complete(work_order)
        later(minutes=5)
        keep_alive()
        assert levels() == {"sending": "warning"}
        later(minutes=5)
        keep_alive()

        assert alarms() == {"sending"}
        assert "1187" in the("sending").sentence

    def test_a_worker_that_is_at_it_is_not_late(
        self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, later: Pass
    ) -> None:
        complete(work_order)
        later(minutes=20)
        keep_alive()
        Lease.take(well, owner="busy")

        assert alarms() == set()

    def test_what_is_in_doubt_for_long(
        self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, later: Pass
    ) -> None:
        complete(work_order)
        now = timezone.now()
        Operation.objects.update(state=Operation.State.IN_DOUBT, sent_at=now, doubt_since=now, due_at=now)
        later(minutes=39)
        keep_alive()
        assert levels() == {}
        later(minutes=21)
        keep_alive()

        fact = the("in_doubt")
        assert alarms() == {"in_doubt"}
        assert operation_of(work_order).reference in fact.sentence

    def test_cases_that_nobody_looks_at(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        subject = Subject(kind="customer", id="1", label="Bygg & Rör")
        open_cases(well, [(subject, Finding(code="refused", sentence="No."))])
        assert levels() == {"cases": "warning"}
        later(hours=1)
        keep_alive()

        assert alarms() == {"cases"}
        assert "Bygg & Rör" in the("cases").sentence

    def test_mails_that_do_not_leave(self, well: Connection, keep_alive: KeepAlive, later: Pass) -> None:
        from integrations.watching.alarms import begin

        Connection.objects.update(state=Connection.State.RECONNECT)
        begin(the("login"), timezone.now())
        Connection.objects.update(state=Connection.State.ACTIVE)
        later(hours=1)
        keep_alive()
        assert "messages" not in levels()
        Notice.objects.update(tries=3)

        assert alarms() == {"messages"}
        Notice.objects.update(sent_at=timezone.now())
        assert alarms() == set()


class TestWhatDidNotHappen:
    """The alarm on absence: work is done, nothing arrives, and no error has occurred."""

    @pytest.fixture
    def finished(self, well: Connection, work_order: WorkOrder, clock: Any) -> WorkOrder:
        """Finished on Thursday afternoon."""
        clock.move_to(NOON - timedelta(days=1), tick=False)
        complete(work_order)
        # Whatever it was that lost it.
        Operation.objects.all().delete()
        return work_order

    def look_at(self, clock: Any, keep_alive: KeepAlive, **span: float) -> dict[str, str]:
        clock.move_to(NOON + timedelta(**span), tick=False)
        keep_alive()
        return levels()

    def test_nothing_sent_for_a_whole_working_day(self, finished: WorkOrder, keep_alive: KeepAlive, clock: Any) -> None:
        assert self.look_at(clock, keep_alive, hours=4, minutes=59) == {"unsent": "warning"}
        assert self.look_at(clock, keep_alive, hours=6)["exports"] == "alarm"
        assert "2026-11-20" in the("exports").sentence

    def test_it_stays_so_over_the_weekend(self, finished: WorkOrder, keep_alive: KeepAlive, clock: Any) -> None:
        assert self.look_at(clock, keep_alive, days=2)["exports"] == "alarm"
        assert "2026-11-20" in the("exports").sentence

    def test_what_was_finished_that_day_has_time_until_the_next(
        self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, clock: Any
    ) -> None:
        complete(work_order)
        Operation.objects.all().delete()

        assert "exports" not in self.look_at(clock, keep_alive, days=2, hours=23)
        assert self.look_at(clock, keep_alive, days=3, hours=6)["exports"] == "alarm"

    def test_also_while_paused(self, finished: WorkOrder, keep_alive: KeepAlive, clock: Any) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)

        assert self.look_at(clock, keep_alive, hours=7) == {"exports": "alarm"}

    def test_also_when_no_work_order_reaches_the_status_that_triggers(
        self, finished: WorkOrder, statuses: dict[str, Any], keep_alive: KeepAlive, clock: Any
    ) -> None:
        WorkOrder.objects.update(status=statuses["invoiced"])

        assert self.look_at(clock, keep_alive, hours=7) == {"exports": "alarm"}

    def test_nothing_is_missed_when_one_was_sent(
        self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, clock: Any
    ) -> None:
        complete(work_order)
        Operation.objects.update(state=Operation.State.DONE, remote_id="7", done_at=timezone.now())

        assert self.look_at(clock, keep_alive, hours=7) == {}

    @pytest.mark.parametrize("reason", ["sending is off", "connected today", "told in the inbox", "nothing is done"])
    def test_nothing_is_missed(
        self, finished: WorkOrder, keep_alive: KeepAlive, clock: Any, reason: str, well: Connection
    ) -> None:
        if reason == "sending is off":
            ConnectionSettings.objects.update(export_work_orders=False)
        elif reason == "connected today":
            Connection.objects.update(connected_at=NOON)
        elif reason == "told in the inbox":
            operation = complete_again(finished, well)
            Operation.objects.filter(pk=operation.pk).update(state=Operation.State.BLOCKED)
        else:
            WorkOrder.objects.update(completed_at=None)

        assert "exports" not in self.look_at(clock, keep_alive, hours=7)

    def test_fewer_than_usual(self, well: Connection, work_order: WorkOrder, keep_alive: KeepAlive, clock: Any) -> None:
        """Eight on each of the last ten working days, one on Friday, and four more are finished."""
        complete(work_order)
        made = operation_of(work_order)
        for day in range(1, 15):
            done_on(made, NOON - timedelta(days=day), count=8)
        done_on(made, NOON, count=1)
        Operation.objects.filter(pk=made.pk).delete()
        others = [copy_finished(work_order, number) for number in ("1", "2", "3")]
        Operation.objects.filter(local_id__in=[each.pk for each in others]).delete()

        assert self.look_at(clock, keep_alive, hours=7)["exports"] == "warning"
        assert the("exports").values["usual"] == 8
        WorkOrder.objects.filter(pk=others[0].pk).update(completed_at=None)
        assert "exports" not in levels()


def complete_again(work_order: WorkOrder, connection: Connection) -> Operation:
    from integrations.sending.queueing import queue_work_orders

    queue_work_orders(connection, [work_order])
    return operation_of(work_order)


def done_on(like: Operation, moment: Any, *, count: int) -> None:
    """Documents of other work orders that reached the books then."""
    Operation.objects.bulk_create(
        Operation(
            organization=like.organization,
            books=like.books,
            kind=like.kind,
            business_key=f"{moment}:{number}",
            reference=f"{number}",
            local_model=like.local_model,
            local_id=like.pk,
            due_at=moment,
            state=Operation.State.DONE,
            remote_id="1",
            done_at=moment,
        )
        for number in range(count)
    )


def copy_finished(work_order: WorkOrder, number: str) -> WorkOrder:
    from tests.integrations.exporting import copies_of

    [copy] = copies_of(work_order, [number])
    complete(copy)
    return copy
