"""Every week, at night, everything is read again: so that is noticed which the books have lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounting.errors import TryLater, UnexpectedAnswer
from accounting.types import CustomerRecord
from fieldwork.models import Customer
from integrations.models import Connection, ConnectionSettings, Lease, Run, StreamSetting
from integrations.reading.anew import NIGHT, last_due
from integrations.sync import Reader
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2041, 3, 1, 12, tzinfo=STOCKHOLM)
HOUR = timedelta(hours=1)
At = Callable[[datetime], None]


class Killed(BaseException):
    """The process ends here, as with kill -9."""


@pytest.fixture
def at(time_machine: Any, reader: Reader, acme: FakeCompany) -> At:
    """`at(moment)`: it is that moment, here and over there, and the worker holds the connection."""

    def move(moment: datetime) -> None:
        time_machine.move_to(moment.astimezone(UTC), tick=False)
        acme.clock = timezone.now
        lease = Lease.take(reader.connection, owner="test")
        assert lease is not None
        reader.lease = lease

    return move


@pytest.fixture
def turn(connection: Connection, acme: FakeCompany, read: Read, at: At) -> datetime:
    """Fifty customers were read yesterday; the moment of the stream's next turn within a week."""
    at(NOON)
    acme.page_size = 10
    acme.put(*(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"No. {n}", is_company=True) for n in range(50)))
    read("customers")
    connection.last_success_at = NOON
    connection.save(update_fields=["last_success_at"])
    return next_turn(connection, NOON)


def next_turn(connection: Connection, after: datetime) -> datetime:
    minutes = (after + timedelta(minutes=n) for n in range(8 * 24 * 60))
    return next(each for each in minutes if last_due(connection, "customers", each, days=7) == each)


def gone() -> int:
    return Customer.objects.filter(active=False).count()


def test_what_vanished_is_noticed_within_a_week_without_anybody_asking(acme, read, at, turn):
    acme.take_away(CustomerRecord, "c7")
    at(turn - timedelta(minutes=1))
    assert not read("customers").full
    assert gone() == 0

    at(turn + timedelta(minutes=9))
    run = read("customers")

    assert (run.full, run.archived, gone()) == (True, 1, 1)
    assert not read("customers").full
    at(turn + timedelta(days=1))
    assert not read("customers").full
    at(turn + timedelta(days=7))
    assert read("customers").full


def test_never_by_day(read, at, turn):
    for hours in range(24):
        moment = turn.replace(hour=0, minute=0) + hours * HOUR
        if hours * 60 >= NIGHT:
            at(moment)
            assert not read("customers").full


def test_a_night_that_was_missed_is_made_up_for_in_the_next(read, at, turn):
    at(turn + timedelta(days=2))

    assert read("customers").full


@pytest.mark.parametrize(("days", "after", "full"), [(0, 30, False), (1, 1, True), (30, 45, True)])
def test_the_interval_is_a_setting_and_nothing_is_never(connection, read, at, turn, days, after, full):
    ConnectionSettings.objects.update(full_read_days=days)
    connection.settings.refresh_from_db()

    at(turn + timedelta(days=after))

    assert read("customers").full == full


def test_a_month_is_not_a_week(connection, read, at, turn):
    ConnectionSettings.objects.update(full_read_days=30)
    connection.settings.refresh_from_db()
    nights = []
    for day in range(62):
        at(turn + timedelta(days=day))
        if read("customers").full:
            nights.append(day)

    # The first may make up for a night that was missed before.
    assert nights[-1] - nights[-2] == 30
    assert len(nights) <= 4


def test_not_before_the_first_sync_has_come_to_its_end(connection, read, at, turn):
    connection.last_success_at = None
    connection.save(update_fields=["last_success_at"])

    at(turn)

    assert not read("customers").full


def test_the_night_is_the_firm_s(connection, read, at, turn):
    connection.organization.time_zone = "Pacific/Auckland"

    at(turn)

    assert not read("customers").full


def test_a_read_that_a_crash_cut_off_archives_nothing_and_is_begun_again(acme, read, at, turn):
    acme.take_away(CustomerRecord, "c7")
    at(turn)
    acme.fail("read", Killed(), nth=3)
    with pytest.raises(Killed):
        read("customers")

    cut_off, again = read("customers"), read("customers")

    assert (cut_off.full, cut_off.archived) == (True, 0)
    assert (again.full, again.archived, gone()) == (True, 1, 1)
    assert not read("customers").full


def test_a_read_that_had_to_wait_goes_on_where_it_was_even_by_day(acme, read, at, turn):
    acme.take_away(CustomerRecord, "c7")
    at(turn)
    acme.fail("read", TryLater("busy"), nth=3)
    waiting = read("customers")
    at(turn.replace(hour=9, minute=0))

    run = read("customers")

    assert (waiting.state, run.pk, run.state, run.archived) == ("waiting", waiting.pk, "done", 1)


def test_a_run_that_is_open_ends_first(acme, read, at, turn):
    acme.put(*(CustomerRecord(remote_id=f"c{n}", number=str(n), name="New", is_company=True) for n in range(30)))
    at(turn - timedelta(minutes=1))
    acme.fail("read", TryLater("busy"), nth=2)
    waiting = read("customers")
    at(turn)

    run = read("customers")

    assert (run.pk, run.full) == (waiting.pk, False)
    assert read("customers").full


def test_one_that_failed_is_not_tried_again_in_the_same_night(acme, read, at, turn):
    at(turn)
    acme.fail("read", UnexpectedAnswer("<html>"), nth=3)
    failed = read("customers")

    assert (failed.full, failed.state) == (True, "failed")
    assert not read("customers").full
    at(turn + timedelta(days=1))
    assert read("customers").full


def test_an_empty_answer_is_not_believed_at_night_either(acme, read, at, turn):
    acme.take_away(CustomerRecord, *(f"c{n}" for n in range(50)))
    at(turn)

    run = read("customers")

    assert (run.full, run.archived, gone()) == (True, 0, 0)


def test_any_other_turn_costs_what_it_did(connection, acme, read, at, turn):
    def cost() -> tuple[int, int]:
        asked = acme.count("read")
        with CaptureQueriesContext(database) as seen:
            read("customers")
        return len(seen), acme.count("read") - asked

    at(turn - timedelta(minutes=1))
    StreamSetting.objects.update(watermark=timezone.now())
    before = cost()
    ConnectionSettings.objects.update(full_read_days=0)
    connection.settings.refresh_from_db()
    StreamSetting.objects.update(watermark=timezone.now())

    assert before == cost()
    assert before[1] == 1


def test_not_all_read_everything_in_the_same_hour():
    sunday = datetime(2041, 3, 3, 4, 59, tzinfo=STOCKHOLM)
    turns = [last_due(Connection(id=uuid4()), "customers", sunday, days=7) for _ in range(700)]

    hours = Counter((each.date(), each.hour) for each in turns if each)

    assert len({day for day, _hour in hours}) == 7
    assert max(hours.values()) < 700 / 7 / 5 * 2.5


def test_the_streams_of_one_connection_have_turns_of_their_own(connection):
    sunday = datetime(2041, 3, 3, 4, 59, tzinfo=STOCKHOLM)

    turns = {last_due(connection, stream, sunday, days=7) for stream in ("customers", "articles", "projects")}

    assert len(turns) == 3
    assert Run.objects.count() == 0
