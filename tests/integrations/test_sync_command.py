"""`manage.py sync`: what it prints, what it ends with, and that a rehearsal leaves no trace."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounting.errors import NotAllowed, ReconnectNeeded, TryLater
from accounting.types import (
    ArticleRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    UnitRecord,
)
from fieldwork.models import Customer, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations.management.progress_bar import ProgressBar
from integrations.models import Connection, ConnectionSettings, Lease, Run

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


def sync(*options: str) -> tuple[int, str]:
    """What the command ended with, and what it printed."""
    out = io.StringIO()
    try:
        call_command("sync", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def every_row() -> dict[str, list[Any]]:
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in apps.get_models()}


def small_books(acme: FakeCompany) -> None:
    acme.put(
        UnitRecord(remote_id="u1", name="Timme", abbreviation="tim"),
        UnitRecord(remote_id="u2", name="Meter", abbreviation="m"),
        *(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(3)),
        ArticleRecord(remote_id="a1", number="A1", name="Work", unit_remote_id="u1"),
        ArticleRecord(remote_id="a2", number="A2", name="Pipe", unit_remote_id="u2"),
        ProjectRecord(remote_id="p1", number="P1", name="Kitchen", customer_remote_id="c1"),
        SalesOrderRecord(
            remote_id="o1",
            number="1042",
            state=OrderState.CONFIRMED,
            customer_remote_id="c1",
            lines=(OrderLineRecord(article_remote_id="a2", quantity=Decimal(1)),),
        ),
    )


def test_a_first_sync_in_json(acme: FakeCompany, connection: Connection) -> None:
    small_books(acme)

    code, printed = sync("--json")

    told = json.loads(printed)
    assert code == 0
    assert set(told) == {"runs", "operations"}
    assert list(told["runs"][0]) == [
        "connection",
        "stream",
        "state",
        "read",
        "created",
        "updated",
        "unchanged",
        "archived",
        "rejected",
        "requests",
        "seconds",
    ]
    created = {run["stream"]: run["created"] for run in told["runs"]}
    assert created == {
        "units": 2,
        "codings": 0,
        "terms": 0,
        "customers": 3,
        "articles": 2,
        "projects": 1,
        "sales_orders": 1,
        "contacts": 0,
        "work_sites": 0,
    }
    assert {run["connection"] for run in told["runs"]} == {str(connection.pk)}
    assert {run["state"] for run in told["runs"]} == {"done"}


def test_what_was_sent_in_json(acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User) -> None:
    small_books(acme)
    complete_work_order(work_order, by=owner)

    code, printed = sync("--json")

    sent = [each for each in json.loads(printed)["operations"] if each["kind"] == "invoice_draft"]
    assert code == 0
    assert list(sent[0]) == ["id", "kind", "state", "reference", "remote_id", "remote_number", "problem"]
    assert (sent[0]["state"], sent[0]["remote_id"]) == ("done", acme.created("invoice_draft")[0].receipt.remote_id)


def test_for_people(acme: FakeCompany, connection: Connection) -> None:
    small_books(acme)

    code, printed = sync("--only", "customers", "--only", "units")

    assert code == 0
    assert printed.splitlines() == [
        "Rör & Värme AB: Acme Books: Rör & Värme AB (556016-0680): done",
        "  units: done: 2 read, 2 created, 1 requests",
        "  customers: done: 3 read, 3 created, 1 requests",
    ]


def test_full_reads_everything(acme: FakeCompany, connection: Connection) -> None:
    small_books(acme)
    sync()

    sync("--full", "--only", "customers")

    assert Run.objects.filter(stream="customers").order_by("-started_at")[0].read == 3


class TestEndsWith:
    def test_one_when_records_need_attention(self, acme: FakeCompany, connection: Connection) -> None:
        acme.put_bad(CustomerRecord, "c1")

        assert sync()[0] == 1

    def test_one_when_a_stream_stopped(self, acme: FakeCompany, connection: Connection) -> None:
        acme.fail("read", NotAllowed("No"), kind="ProjectRecord")

        assert sync()[0] == 1

    def test_one_when_a_work_order_is_held(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        small_books(acme)
        connection.answers.all().delete()
        complete_work_order(work_order, by=owner)

        assert sync()[0] == 1

    def test_three_when_somebody_must_sign_in(self, acme: FakeCompany, connection: Connection) -> None:
        acme.fail("read", ReconnectNeeded("out"))

        assert [sync()[0], sync()[0]] == [3, 3]
        assert acme.count("read") == 1

    def test_75_when_the_books_are_busy(self, acme: FakeCompany, connection: Connection) -> None:
        acme.fail("read", TryLater("busy", after=timedelta(minutes=5)))

        assert [sync()[0], sync()[0]] == [75, 75]
        assert acme.count("read") == 1

    def test_75_while_another_worker_is_at_it(self, acme: FakeCompany, connection: Connection) -> None:
        Lease.take(connection, owner="somebody")

        assert sync()[0] == 75
        assert acme.requests == []

    @pytest.mark.parametrize("options", [["--organization", "nobody"], ["--only", "secrets"]])
    def test_an_error_when_there_is_nothing_like_it(self, connection: Connection, options: list[str]) -> None:
        with pytest.raises(CommandError):
            call_command("sync", *options)

    def test_an_error_when_it_is_paused(self, connection: Connection) -> None:
        Connection.objects.update(state="paused")

        with pytest.raises(CommandError):
            call_command("sync", "--connection", str(connection.pk))


class TestRehearsal:
    def test_no_row_changes_and_nothing_is_sent(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        small_books(acme)
        acme.put_bad(CustomerRecord, "c9")
        complete_work_order(work_order, by=owner)
        ConnectionSettings.objects.update(export_new_customers=True, export_new_materials=True)
        before = every_row()

        code, printed = sync("--dry-run", "--json")

        assert every_row() == before
        assert acme.writes == {}
        told = json.loads(printed)
        assert code == 1  # the unreadable customer
        assert [each["kind"] for each in told["operations"]] == ["customer", "article", "article", "invoice_draft"]
        assert {run["state"] for run in told["runs"]} == {"planned"}

    def test_it_tells_what_the_sync_then_does(self, acme: FakeCompany, connection: Connection) -> None:
        acme.page_size = 2
        small_books(acme)
        planned = json.loads(sync("--dry-run", "--json")[1])["runs"]

        done = json.loads(sync("--json")[1])["runs"]

        figures = ("stream", "read", "created", "updated", "unchanged", "rejected", "requests")
        assert [[run[name] for name in figures] for run in planned] == [[run[name] for name in figures] for run in done]
        again = json.loads(sync("--dry-run", "--json", "--full")[1])["runs"]
        assert sum(run["created"] + run["updated"] for run in again) == 0

    def test_it_tells_which_new_records_would_be_sent(
        self, acme: FakeCompany, connection: Connection, customer: Customer
    ) -> None:
        sync()
        ConnectionSettings.objects.update(export_new_customers=True)

        code, printed = sync("--dry-run")

        assert code == 0
        assert "customer 1001: would send" in printed

    def test_trouble_ends_it(self, acme: FakeCompany, connection: Connection) -> None:
        before = every_row()
        acme.fail("read", TryLater("busy"), nth=2)

        assert sync("--dry-run")[0] == 75
        acme.fail("read", ReconnectNeeded("out"))
        assert sync("--dry-run")[0] == 3
        assert every_row() == before


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    def test_on_a_terminal(self) -> None:
        screen = Terminal()
        bar = ProgressBar(screen)

        bar.show(Run(stream="customers", read=50, total=100))
        bar.show(Run(stream="customers", read=100, total=100))
        bar.show(Run(stream="units", read=3))
        bar.close()

        lines = screen.getvalue().split("\r\x1b[K")
        assert [line.split() for line in lines[1:]] == [
            ["customers", "█" * 15, "50", "of", "100"],
            ["customers", "█" * 30, "100", "of", "100"],
            ["units", "█" * 30, "3", "of", "3"],
            [],
        ]

    def test_nowhere_else(self) -> None:
        log = io.StringIO()
        bar = ProgressBar(log)

        bar.show(Run(stream="customers", read=50, total=100))
        bar.close()

        assert log.getvalue() == ""
