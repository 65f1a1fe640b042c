"""What fails again and again, or what its workers die of, waits by itself, and everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import TryLater, Unclear
from accounting.types import CustomerRecord, ProjectRecord
from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from integrations.models import Case, Connection, Lease, LeaseLost, Operation, Run
from integrations.models.lease import LEASE
from integrations.receivers import retry
from integrations.sync import Reader
from integrations.tasks import tick, work
from integrations.trouble.patience import rest_after
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Killed(BaseException):
    """What happens to a worker that is killed: nothing of its own runs any more."""


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def later(clock: Any) -> Callable[..., None]:
    return lambda **span: clock.move_to(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


@pytest.fixture
def ten(work_order: WorkOrder) -> list[WorkOrder]:
    """Ten completed work orders."""
    orders = [work_order, *copies_of(work_order, [str(number) for number in range(1188, 1197)])]
    for order in orders:
        complete(order)
    return orders


def states(*orders: WorkOrder) -> list[str]:
    return [operation_of(order).state for order in orders]


@pytest.mark.usefixtures("in_books")
class TestFailures:
    """The poison is one reference: whatever is looked for or sent with it fails, and nothing else.

    It is the first or the last to be taken up alone: the first one opens the breaker for all others.
    """

    @pytest.fixture(params=[-1, 1], ids=["first", "last"])
    def poison(
        self,
        ten: list[WorkOrder],
        acme: FakeCompany,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
    ) -> Operation:
        from accounting.providers.acme_books.ledger import FakeLedger

        Operation.objects.update(due_at=NOON, created_at=NOON)
        Operation.objects.filter(local_id=ten[3].pk).update(
            due_at=NOON + timedelta(seconds=request.param), created_at=NOON + timedelta(seconds=request.param)
        )
        bad = operation_of(ten[3])
        ask = FakeLedger.find

        def find(ledger: Any, documents: Any, **more: Any) -> Any:
            if any(each.reference == bad.reference for each in documents):
                acme.requests.append(("find", "poisoned"))
                raise TryLater("HTTP 500", status=500)
            return ask(ledger, documents, **more)

        monkeypatch.setattr(FakeLedger, "find", find)
        return bad

    def test_one_bad_record_does_not_hold_the_others_of_its_batch(
        self, worker: Worker, ten: list[WorkOrder], poison: Operation, later: Callable[..., None]
    ) -> None:
        for _minute in range(15):
            worker.turn()
            later(minutes=1)

        assert sorted(states(*ten)) == [State.DONE] * 9 + [State.QUEUED]
        assert operation_of(ten[3]).state == State.QUEUED

    def test_it_waits_longer_and_longer_and_is_told(
        self,
        worker: Worker,
        acme: FakeCompany,
        ten: list[WorkOrder],
        poison: Operation,
        later: Callable[..., None],
    ) -> None:
        for _minute in range(15):
            worker.turn()
            later(minutes=1)
        case = Case.objects.get(state=Case.State.OPEN)
        assert (case.code, case.operation, case.detail) == ("keeps_failing", poison, "HTTP 500")
        acme.requests.clear()

        for _half_hour in range(24 * 2):
            worker.turn()
            later(minutes=30)

        assert 6 < acme.count("find", "poisoned") < 12
        assert open_codes() == ["keeps_failing"]

    def test_when_it_succeeds_the_case_is_closed(
        self,
        worker: Worker,
        ten: list[WorkOrder],
        poison: Operation,
        later: Callable[..., None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for _minute in range(15):
            worker.turn()
            later(minutes=1)
        monkeypatch.undo()
        retry(poison, by=None)
        worker.turn()

        assert operation_of(ten[3]).state == State.DONE
        assert open_codes() == []

    def test_another_reason_counts_anew(self, worker: Worker, acme: FakeCompany, work_order: WorkOrder) -> None:
        operation = complete(work_order)
        Operation.objects.update(failure="TryLater 500", failures=4)
        acme.fail("find", TryLater("HTTP 502", status=502))

        worker.turn()

        operation.refresh_from_db()
        assert (operation.failure, operation.failures) == ("TryLater 502", 1)

    def test_a_wait_that_was_asked_for_is_no_failure(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        operation = complete(work_order)
        acme.fail("find", TryLater("busy", after=timedelta(minutes=1), status=429))

        worker.turn()

        operation.refresh_from_db()
        assert operation.failures == 0

    def test_what_is_sent_in_vain_again_and_again_waits_too(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, later: Callable[..., None]
    ) -> None:
        """Each time it is looked for until it cannot come any more, and sent again; from the fifth on more rarely."""
        complete(work_order)
        acme.fail("create", Unclear("HTTP 500", status=500), times=1000)
        for _half_hour in range(24 * 2):
            worker.turn()
            later(minutes=30)

        assert acme.writes["create"] < 14
        assert open_codes() == ["keeps_failing"]

    def test_a_look_for_what_is_in_doubt_fails_for_one_and_not_for_the_others(
        self, worker: Worker, ten: list[WorkOrder], poison: Operation, acme: FakeCompany, later: Callable[..., None]
    ) -> None:
        now = timezone.now()
        Operation.objects.update(
            state=State.IN_DOUBT, sent_at=now, doubt_since=now, due_at=now, payload={}, reference="x"
        )
        for number, each in enumerate(Operation.objects.all()):
            Operation.objects.filter(pk=each.pk).update(reference=f"{number}")
        Operation.objects.filter(pk=poison.pk).update(reference=poison.reference)

        for _time in range(8):
            worker.turn()
            later(minutes=8)

        assert sorted(states(*ten)) == [State.DONE] * 9 + [State.IN_DOUBT]

    def test_the_rest_grows_up_to_four_hours(self) -> None:
        hours = [rest_after(failures) for failures in (4, 5, 6, 7, 8, 9, 99)]

        assert hours == [None, *(timedelta(minutes=each) for each in (15, 30, 60, 120, 240, 240))]


def kill_at(acme: FakeCompany, verb: str, kind: str = "", *, when: Callable[[], bool] = lambda: True) -> None:
    """Whoever asks this of the books is killed at it."""

    def witness(asked: str, about: str) -> None:
        if asked == verb and kind in ("", about) and when():
            raise Killed

    acme.witness = witness


@pytest.fixture
def turns(connection: Connection, later: Callable[..., None]) -> Callable[[int], list[str]]:
    """`turns(5)`: as often as a worker takes over after the one before has died."""

    def take(count: int) -> list[str]:
        outcomes = []
        for _ in range(count):
            outcomes.append(die_or_work(connection))
            later(minutes=18)
        return outcomes

    return take


def die_or_work(connection: Connection) -> str:
    """One turn. A worker that is killed gives nothing back."""
    release = Lease.release
    try:
        Lease.release = lambda lease: None  # type: ignore[method-assign]
        outcome = work(connection.pk)
    except Killed:
        return "killed"
    finally:
        Lease.release = release  # type: ignore[method-assign]
    Lease.objects.get().release()
    return outcome


@pytest.mark.usefixtures("in_books")
class TestDeaths:
    def test_what_kills_the_worker_while_it_is_sent_is_given_up(
        self, acme: FakeCompany, connection: Connection, ten: list[WorkOrder], turns: Callable[[int], list[str]]
    ) -> None:
        kill_at(acme, "create", when=lambda: is_being_sent(ten[3]))

        outcomes = turns(40)

        assert outcomes.count("killed") == 3
        assert sorted(states(*ten)) == [State.BLOCKED] + [State.DONE] * 9
        assert operation_of(ten[3]).problem_code == "worker_died"
        case = Case.objects.get(state=Case.State.OPEN, code="worker_died")
        assert case.operation == operation_of(ten[3])
        assert case.values["deaths"] == "3"

    def test_what_kills_the_worker_while_it_is_looked_for_is_given_up(
        self, acme: FakeCompany, ten: list[WorkOrder], turns: Callable[[int], list[str]]
    ) -> None:
        bad = operation_of(ten[3])
        kill_at(acme, "find", when=lambda: is_looked_for(bad))

        outcomes = turns(10)

        assert outcomes.count("killed") == 3
        assert sorted(states(*ten)) == [State.BLOCKED] + [State.DONE] * 9

    def test_what_kills_the_worker_before_anything_is_asked_is_given_up(
        self,
        acme: FakeCompany,
        connection: Connection,
        ten: list[WorkOrder],
        turns: Callable[[int], list[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        bad = operation_of(ten[3])

        def rule(document: Any, company: Any) -> list[object]:
            if document.reference == bad.reference and is_claimed(bad):
                raise Killed
            return []

        monkeypatch.setitem(vars(connection.ledger_provider), "rules", (rule,))

        outcomes = turns(10)

        assert outcomes.count("killed") == 3
        assert sorted(states(*ten)) == [State.BLOCKED] + [State.DONE] * 9

    def test_a_person_tries_it_again(
        self,
        acme: FakeCompany,
        worker: Worker,
        work_order: WorkOrder,
        turns: Callable[[int], list[str]],
        owner: User,
    ) -> None:
        complete(work_order)
        kill_at(acme, "find")
        turns(4)
        acme.witness = lambda verb, kind: None
        assert states(work_order) == [State.BLOCKED]

        retry(operation_of(work_order), by=owner)
        worker.run()

        assert states(work_order) == [State.DONE]
        assert open_codes() == []

    def test_a_death_that_was_an_accident_is_forgotten(
        self, acme: FakeCompany, worker: Worker, work_order: WorkOrder, turns: Callable[[int], list[str]]
    ) -> None:
        complete(work_order)
        kill_at(acme, "find")
        turns(2)
        acme.witness = lambda verb, kind: None
        acme.fail("find", TryLater("down"))
        turns(1)

        assert operation_of(work_order).deaths == 0


def is_being_sent(order: WorkOrder) -> bool:
    return operation_of(order).state == State.SENDING


def is_looked_for(operation: Operation) -> bool:
    return operation.attempts.filter(ended_at=None).exists()


def is_claimed(operation: Operation) -> bool:
    operation.refresh_from_db()
    return operation.state == State.CLAIMED


class TestStreams:
    @pytest.fixture(autouse=True)
    def over_there(self, acme: FakeCompany) -> None:
        acme.page_size = 2
        acme.put(
            *[CustomerRecord(remote_id=f"c{n}", number=f"9{n}", name=f"N{n}", is_company=True) for n in range(5)],
            ProjectRecord(remote_id="p1", number="1", name="Project"),
        )

    def test_a_page_that_kills_its_worker_is_given_up_and_the_others_go_on(
        self, acme: FakeCompany, turns: Callable[[int], list[str]]
    ) -> None:
        kill_at(acme, "read", "CustomerRecord", when=lambda: acme.count("read", "CustomerRecord") > 1)

        outcomes = turns(6)

        assert outcomes[:4] == ["killed", "killed", "killed", "done"]
        assert outcomes[4:] == ["done", "done"]
        run = Run.objects.filter(stream="customers").get()
        assert (run.state, run.read) == ("failed", 2)
        assert Run.objects.filter(stream="projects", state="done").exists()
        case = Case.objects.get(code="stream_given_up")
        assert (case.subject_kind, case.subject_id, case.state) == ("stream", "customers", "open")

    def test_it_is_read_again_when_somebody_asks(
        self, acme: FakeCompany, connection: Connection, turns: Callable[[int], list[str]], owner: User
    ) -> None:
        kill_at(acme, "read", "CustomerRecord", when=lambda: acme.count("read", "CustomerRecord") > 1)
        turns(4)
        acme.witness = lambda verb, kind: None
        Connection.objects.update(next_due_at=timezone.now())

        assert work(connection.pk, owner.pk) == "done"
        assert Run.objects.filter(stream="customers", state="done").get().read == 5
        assert open_codes() == []

    def test_progress_between_two_deaths_counts(self, acme: FakeCompany, turns: Callable[[int], list[str]]) -> None:
        """A machine that is always switched off too early: twice at each of three pages."""
        kill_at(acme, "read", "CustomerRecord", when=lambda: acme.count("read", "CustomerRecord") in {1, 2, 4, 5, 7, 8})

        outcomes = turns(7)

        assert outcomes.count("killed") == 6
        assert Run.objects.get(stream="customers").state == "done"
        assert open_codes() == []

    def test_a_pause_is_no_death(self, acme: FakeCompany, turns: Callable[[int], list[str]]) -> None:
        acme.fail("read", TryLater("busy", after=timedelta(minutes=1)), kind="CustomerRecord", nth=2, times=4)

        turns(5)

        assert Run.objects.get(stream="customers").state == "done"


class TestTheLease:
    def test_the_dead_are_counted_before_the_work(self, connection: Connection, later: Callable[..., None]) -> None:
        counted = []
        for _ in range(3):
            lease = Lease.take(connection, owner=f"{_}")
            assert lease is not None
            counted.append(lease.deaths)
            later(minutes=3)

        assert counted == [0, 1, 2]

    def test_whoever_gives_it_back_begins_anew(self, connection: Connection, later: Callable[..., None]) -> None:
        Lease.take(connection, owner="dead")
        later(minutes=3)
        lease = Lease.take(connection, owner="alive")
        assert lease is not None
        lease.release()

        assert Lease.objects.get().deaths == 0

    def test_after_three_it_is_taken_over_more_rarely(self, connection: Connection, later: Callable[..., None]) -> None:
        for each in range(4):
            assert Lease.take(connection, owner=f"{each}") is not None
            later(seconds=LEASE.total_seconds() + 1)

        assert Lease.take(connection, owner="fifth") is None
        later(minutes=14)
        assert Lease.take(connection, owner="fifth") is None
        later(minutes=1)
        assert Lease.take(connection, owner="fifth") is not None

    def test_a_living_owner_keeps_it(self, connection: Connection, reader: Reader) -> None:
        Lease.objects.update(deaths=3)

        assert Lease.take(connection, owner="another") is None
        reader.lease.renew()

    def test_who_lost_it_gives_nothing_back(self, connection: Connection, later: Callable[..., None]) -> None:
        slow = Lease.take(connection, owner="slow")
        assert slow is not None
        later(minutes=3)
        Lease.take(connection, owner="fast")
        slow.release()

        assert Lease.objects.get().owner == "fast"
        with pytest.raises(LeaseLost):
            slow.renew()

    def test_what_a_dead_worker_left_is_due_at_once(
        self, acme: FakeCompany, connection: Connection, later: Callable[..., None]
    ) -> None:
        Connection.objects.update(next_due_at=timezone.now() + timedelta(hours=5))
        assert tick() == 0
        Lease.take(connection, owner="dead")
        assert tick() == 0
        later(seconds=LEASE.total_seconds() + 1)

        assert tick() == 1
        assert work(connection.pk) == "done"
        assert tick() == 0
