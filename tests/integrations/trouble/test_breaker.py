"""Books that fail again and again are left alone, longer each time, until a read finds them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import AccountingError, ReconnectNeeded, Refused, TryLater, Unclear, UnexpectedAnswer
from accounting.models import Books
from fieldwork.models import Customer, HourType, Material, Organization, User, WorkOrder
from integrations.connecting.disconnecting import pause, resume
from integrations.export import create_now
from integrations.models import Connection, ConnectionSettings, Operation
from integrations.presenting.pills import connection_pill
from integrations.tasks import work
from integrations.trouble.breaker import NotYet, leave_alone, pause_after
from tests.integrations.exporting import complete, copies_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOR_EVER = 10_000


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def work_until(clock: Any, connection: Connection) -> Callable[..., list[str]]:
    """`work_until(minutes=20)`: a worker takes a turn every two minutes, as the tick asks for it."""

    def go_on(**span: float) -> list[str]:
        end = timezone.now() + timedelta(**span)
        outcomes = []
        while timezone.now() < end:
            outcomes.append(work(connection.pk))
            clock.move_to(timezone.now() + timedelta(minutes=2), tick=False)
        connection.refresh_from_db()
        return outcomes

    return go_on


WorkUntil = Callable[..., list[str]]


def down(acme: FakeCompany) -> None:
    for verb in ("read", "find", "create", "company", "fetch"):
        acme.fail(verb, TryLater("HTTP 503", status=503), times=FOR_EVER)


class TestOpening:
    def test_four_failures_in_a_row_do_not(self, connection: Connection) -> None:
        assert [leave_alone(connection, TryLater("down")) for _ in range(4)] == [False] * 4
        assert connection.wait_until is None

    def test_the_fifth_does(self, connection: Connection) -> None:
        stopped = [leave_alone(connection, TryLater("down")) for _ in range(5)]

        connection.refresh_from_db()
        assert stopped == [False, False, False, False, True]
        assert connection.limited_since == NOON
        assert timedelta(minutes=1) < connection.wait_until - NOON < timedelta(minutes=3)

    def test_each_further_one_waits_longer(self) -> None:
        for failures, minutes in [(5, 2), (6, 4), (7, 8), (8, 15), (50, 15)]:
            pauses = [pause_after(failures) for _ in range(200)]
            assert all(timedelta(minutes=minutes * 0.8) <= each <= timedelta(minutes=minutes * 1.2) for each in pauses)
            assert len(set(pauses)) > 1

    @pytest.mark.parametrize("error", [TryLater("503"), Unclear("504"), Unclear("time-out")])
    def test_what_counts(self, connection: Connection, error: AccountingError) -> None:
        assert [leave_alone(connection, error) for _ in range(5)][-1]

    @pytest.mark.parametrize(
        "error",
        [Refused("No."), ReconnectNeeded("out"), NotYet("not read"), UnexpectedAnswer("?"), ZeroDivisionError()],
    )
    def test_what_does_not(self, connection: Connection, error: Exception) -> None:
        assert not any(leave_alone(connection, error) for _ in range(9))
        connection.refresh_from_db()
        assert (connection.failures, connection.wait_until, connection.limited_since) == (0, None, None)

    def test_an_answer_in_between_begins_the_row_anew(self, connection: Connection) -> None:
        for _ in range(4):
            leave_alone(connection, TryLater("down"))
        leave_alone(connection, Refused("They answer."))

        assert not any(leave_alone(connection, TryLater("down")) for _ in range(4))

    def test_a_read_that_succeeds_begins_the_row_anew(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil
    ) -> None:
        acme.fail("read", TryLater("down"), times=4)

        work_until(minutes=12)

        assert (connection.failures, connection.limited_since) == (0, None)
        assert acme.count("company") == 0

    def test_a_write_that_succeeds_begins_the_row_anew(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder
    ) -> None:
        put_in_books(connection, work_order.customer, *Material.objects.all(), *HourType.objects.all())
        for order in [work_order, *copies_of(work_order, [str(number) for number in range(9)])]:
            complete(order)
        acme.fail("create", Unclear("HTTP 500", status=500), nth=1, times=4)
        acme.fail("create", Unclear("HTTP 500", status=500), nth=6, times=4)

        work(connection.pk)

        connection.refresh_from_db()
        assert acme.writes == {"create": 10}
        assert connection.failures == 0

    def test_a_look_that_succeeds_begins_the_row_anew(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder
    ) -> None:
        put_in_books(connection, work_order.customer, *Material.objects.all(), *HourType.objects.all())
        complete(work_order)
        Connection.objects.update(failures=4, limited_since=NOON, next_due_at=NOON + timedelta(hours=1))
        acme.fail("create", Unclear("HTTP 500", status=500))

        work(connection.pk)

        connection.refresh_from_db()
        assert connection.failures == 1

    def test_a_row_of_failed_writes_opens_it_too(
        self,
        acme: FakeCompany,
        connection: Connection,
        work_order: WorkOrder,
        customer: Customer,
        material: Material,
        hour_type: HourType,
    ) -> None:
        """A look is a read and succeeds; what is created breaks, one after the other."""
        put_in_books(connection, customer, material, hour_type)
        for order in [work_order, *copies_of(work_order, [str(number) for number in range(20)])]:
            complete(order)
        acme.fail("create", Unclear("HTTP 500", status=500), times=FOR_EVER)

        work(connection.pk)

        assert acme.writes == {"create": 5}
        assert Operation.objects.filter(state="queued").count() == 16


class TestOpen:
    def test_the_pauses_grow_and_only_a_read_tries(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil, work_order: WorkOrder
    ) -> None:
        complete(work_order)
        down(acme)

        work_until(hours=3)

        asked = [verb for verb, _ in acme.requests]
        assert "company" not in asked[:5]
        assert set(asked[5:]) == {"company"}
        assert 10 <= len(asked[5:]) <= 16
        assert Operation.objects.get(local_id=work_order.pk).state == "queued"

    def test_twelve_hours_down_and_then_everything_once_without_a_person(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil, work_order: WorkOrder
    ) -> None:
        put_in_books(connection, work_order.customer, *Material.objects.all(), *HourType.objects.all())
        down(acme)
        work_until(hours=6)
        complete(work_order)
        work_until(hours=6)
        acme.faults.clear()
        work_until(minutes=30)

        assert acme.writes == {"create": 1}
        assert Operation.objects.get().state == "done"
        assert (connection.failures, connection.limited_since) == (0, None)

    def test_it_is_seen(self, connection: Connection) -> None:
        for _ in range(5):
            leave_alone(connection, TryLater("down"))
        connection.refresh_from_db()

        pill = connection_pill(connection)
        local = timezone.localtime(connection.wait_until)
        assert pill.words in (f"Limited until {local:%H:%M}", f"Limited until {local:%-I:%M} p.m.")
        assert pill.colour == "amber"

    def test_nobody_writes_past_it_with_a_button(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User, clock: Any
    ) -> None:
        for _ in range(5):
            leave_alone(connection, TryLater("down"))
        clock.move_to(NOON + timedelta(hours=1), tick=False)

        operation = create_now(connection, customer, by=owner)

        assert operation.state == "queued"
        assert acme.requests == []

    def test_a_maintenance_page_is_not_back(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil
    ) -> None:
        down(acme)
        work_until(minutes=15)
        acme.faults.clear()
        acme.fail("company", UnexpectedAnswer("HTML"), times=FOR_EVER)
        read = acme.count("read")

        work_until(hours=1)

        assert acme.count("read") == read

    def test_a_refused_login_is_an_answer(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil
    ) -> None:
        down(acme)
        work_until(minutes=15)
        acme.faults.clear()
        acme.fail("company", ReconnectNeeded("out"))
        acme.fail("read", ReconnectNeeded("out"))

        work_until(minutes=30)

        assert connection.state == "reconnect"
        assert connection.limited_since is None

    def test_resuming_gives_a_fresh_start(self, connection: Connection, owner: User) -> None:
        for _ in range(5):
            leave_alone(connection, TryLater("down"))
        pause(connection, by=owner)
        resume(connection, by=owner)

        assert (connection.failures, connection.limited_since) == (0, None)


class TestLimits:
    @pytest.fixture
    def neighbour(self, connection: Connection) -> Connection:
        """Another firm at the same accounting system."""
        other = Organization.objects.create(name="El AB", slug="el")
        books = Books.objects.create(
            provider="acme_books",
            environment="https://api.acme.example",
            remote_id="acme-company-2",
            name="El AB",
            country="SE",
            currency="SEK",
            read_at=timezone.now(),
        )
        made = Connection.objects.create(
            organization=other, provider="acme_books", books=books, state=Connection.State.ACTIVE
        )
        ConnectionSettings.objects.create(connection=made, saved_at=timezone.now())
        return made

    @pytest.fixture
    def shared(self, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        """Acme Books counts all companies of one client together."""
        monkeypatch.setitem(vars(connection.ledger_provider), "limit_is_shared", True)

    def test_a_wait_that_was_asked_for_fails_nothing(
        self, acme: FakeCompany, connection: Connection, work_until: WorkUntil, work_order: WorkOrder
    ) -> None:
        complete(work_order)
        acme.fail("read", TryLater("busy", after=timedelta(minutes=7), status=429), times=100)

        work_until(minutes=80)

        assert connection.failures == 0
        assert Operation.objects.get().state == "queued"
        assert Operation.objects.get().attempts_made == 0
        assert acme.count("read", "CustomerRecord") == 0

    def test_everybody_waits_where_the_limit_is_everybodys(
        self, connection: Connection, neighbour: Connection, shared: None
    ) -> None:
        leave_alone(connection, TryLater("busy", after=timedelta(minutes=1), status=429))

        assert set(Connection.objects.values_list("wait_until", flat=True)) == {NOON + timedelta(minutes=1)}

    @pytest.mark.parametrize(
        ("error", "is_shared"),
        [
            (TryLater("busy", after=timedelta(minutes=1), status=429), False),
            (TryLater("down", after=timedelta(minutes=1), status=503), True),
        ],
    )
    def test_a_neighbour_does_not_wait(
        self,
        connection: Connection,
        neighbour: Connection,
        monkeypatch: pytest.MonkeyPatch,
        error: TryLater,
        is_shared: bool,
    ) -> None:
        monkeypatch.setitem(vars(connection.ledger_provider), "limit_is_shared", is_shared)
        leave_alone(connection, error)

        neighbour.refresh_from_db()
        connection.refresh_from_db()
        assert neighbour.wait_until is None
        assert connection.wait_until == NOON + timedelta(minutes=1)

    def test_who_waits_longer_goes_on_waiting(
        self, connection: Connection, neighbour: Connection, shared: None
    ) -> None:
        Connection.objects.filter(pk=neighbour.pk).update(wait_until=NOON + timedelta(hours=1))
        leave_alone(connection, TryLater("busy", after=timedelta(minutes=1), status=429))

        neighbour.refresh_from_db()
        assert neighbour.wait_until == NOON + timedelta(hours=1)
