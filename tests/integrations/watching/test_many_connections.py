"""Many connections are looked at together: in as many statements as one, and each is told its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounting.models import Books
from fieldwork.models import Organization, WorkOrder, WorkOrderStatus
from integrations.models import Case, Connection, ConnectionSettings, Licence, Operation
from integrations.pipelines import ensure_streams
from integrations.watching import observing
from integrations.watching.facts import Fact
from integrations.watching.health import health

THURSDAY = datetime(2026, 11, 19, 10, tzinfo=UTC)


def firm(name: str, *, zone: str = "Europe/Stockholm") -> Connection:
    """Connected and read as `well` is, with a work order that was finished on Thursday and is in the books."""
    organization = Organization.objects.create(name=name, slug=name, time_zone=zone)
    status = WorkOrderStatus.objects.create(
        organization=organization, name="done", phase="completed", triggers_export=True
    )
    books = Books.objects.create(provider="acme_books", environment="https://api.acme.example", remote_id=name)
    made = Connection.objects.create(
        organization=organization,
        provider="acme_books",
        books=books,
        state=Connection.State.ACTIVE,
        connected_at=timezone.now() - timedelta(days=60),
        next_due_at=timezone.now() + timedelta(minutes=15),
    )
    ConnectionSettings.objects.create(connection=made, saved_at=timezone.now(), cut_off_date=date(2020, 1, 1))
    Licence.objects.create(organization=organization, provider="acme_books", starts_on=date(2020, 1, 1))
    ensure_streams(made)
    made.streams.update(last_success_at=timezone.now())
    order = WorkOrder.objects.create(
        organization=organization, number="1", title="Byt kran", status=status, completed_at=THURSDAY
    )
    send(made, order)
    return made


def send(connection: Connection, order: WorkOrder) -> None:
    Operation.objects.create(
        organization=order.organization,
        books=connection.pinned_books,
        kind="invoice_draft",
        business_key=f"work_order:{order.pk}:r1",
        reference=f"1-{connection.organization.slug}",
        local_model=order._meta.label,
        local_id=order.pk,
        local_label=f"1 of {connection.organization}",
        state=Operation.State.DONE,
        due_at=THURSDAY,
        sent_at=THURSDAY,
        done_at=THURSDAY,
        remote_id="1",
    )


# --- what can be wrong with one -----------------------------------------------------------


def refuse_login(ill: Connection) -> None:
    Connection.objects.filter(pk=ill.pk).update(state=Connection.State.RECONNECT)


def stop_reading(ill: Connection) -> None:
    ill.streams.filter(stream="customers").update(last_success_at=THURSDAY)


def keep_unsent(ill: Connection) -> None:
    Operation.objects.filter(books=ill.books).update(state=Operation.State.QUEUED)


def keep_in_doubt(ill: Connection) -> None:
    Operation.objects.filter(books=ill.books).update(state=Operation.State.IN_DOUBT, doubt_since=THURSDAY)


def forget(ill: Connection) -> None:
    Operation.objects.filter(books=ill.books).delete()


def fill_inbox(ill: Connection) -> None:
    case = {"organization": ill.organization, "connection": ill, "subject_kind": "customer", "sentence": "No."}
    for number in range(2):
        Case.objects.create(**case, code="refused", subject_id=number, subject_label=f"{number} of {ill.organization}")
    Case.objects.filter(connection=ill, subject_id=0).update(first_seen_at=THURSDAY)


def end_licence(ill: Connection) -> None:
    Licence.objects.filter(organization=ill.organization).update(ends_on=date(2026, 11, 1))


ILLNESSES: dict[Callable[[Connection], None], set[str]] = {
    refuse_login: {"login"},
    stop_reading: {"reading"},
    keep_unsent: {"sending", "unsent"},
    keep_in_doubt: {"in_doubt"},
    forget: {"unsent"},
    fill_inbox: {"cases"},
    end_licence: {"licence"},
}


@pytest.fixture
def ill_firms(well: Connection) -> dict[Connection, set[str]]:
    """Two firms with each illness, and what is to be said of them."""
    ill = {}
    for spoil, codes in ILLNESSES.items():
        for prefix in ("", "also_"):
            connection = firm(f"{prefix}{spoil.__name__}")
            spoil(connection)
            ill[connection] = codes
    return ill


def test_each_is_told_its_own(well: Connection, ill_firms: dict[Connection, set[str]]) -> None:
    told = {connection: codes_of(connection, health()) for connection in [well, *ill_firms]}

    assert told == {well: set(), **ill_firms}


def test_one_alone_is_told_the_same(well: Connection, ill_firms: dict[Connection, set[str]]) -> None:
    for connection in [well, *ill_firms]:
        assert health(connection) == [fact for fact in health() if fact.connection_id == connection.pk]


@pytest.mark.parametrize("prefix", ["", "also_"])
def test_each_sentence_names_the_firms_own_record(ill_firms: dict[Connection, set[str]], prefix: str) -> None:
    names = {connection.pk: connection.organization.name for connection in ill_firms}
    said = {(names[fact.connection_id], fact.code): fact.values for fact in health() if fact.connection_id in names}

    assert said[f"{prefix}keep_unsent", "sending"]["record"] == f"1 of {prefix}keep_unsent"
    assert said[f"{prefix}keep_in_doubt", "in_doubt"]["record"] == f"1 of {prefix}keep_in_doubt"
    assert said[f"{prefix}keep_in_doubt", "in_doubt"]["reference"] == f"1-{prefix}keep_in_doubt"
    assert said[f"{prefix}fill_inbox", "cases"]["count"] == 2
    assert said[f"{prefix}fill_inbox", "cases"]["first"] == f"0 of {prefix}fill_inbox"


def test_more_than_go_into_one_statement(
    well: Connection, ill_firms: dict[Connection, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = health()
    monkeypatch.setattr(observing, "AT_ONCE", 3)

    assert health() == together


def test_thirty_take_as_many_statements_as_one(well: Connection) -> None:
    forget(firm("first"))
    one = statements()
    for number in range(29):
        forget(firm(f"further{number}"))

    assert statements() == one


def test_the_working_day_is_that_of_the_firms_own_time_zone(well: Connection) -> None:
    """When it is Friday noon in Stockholm, Friday is over in Auckland, and there it was Thursday's work."""
    here, there = firm("here"), firm("there", zone="Pacific/Auckland")
    forget(here)
    forget(there)

    assert codes_of(here, health()) == {"unsent"}
    assert codes_of(there, health()) == {"unsent", "exports"}


def codes_of(connection: Connection, facts: list[Fact]) -> set[str]:
    return {fact.code for fact in facts if fact.connection_id == connection.pk and not fact.is_well}


def statements() -> int:
    with CaptureQueriesContext(database) as captured:
        health()
    return len(captured)
