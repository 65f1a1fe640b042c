"""Who looks from outside the queue: exit status, the ring, the ping; and the command that only looks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from integrations.models import Connection, Heartbeat
from integrations.tasks import tick
from integrations.watching.facts import THRESHOLDS
from tests.integrations.watching.conftest import Pass

Commit = Callable[..., Any]


def run(name: str, *arguments: str) -> tuple[int, str]:
    """The command's exit status and what it printed."""
    printed, failed = StringIO(), StringIO()
    try:
        call_command(name, *arguments, stdout=printed, stderr=failed)
    except SystemExit as end:
        return int(str(end.code)), printed.getvalue() + failed.getvalue()
    return 0, printed.getvalue()


class TestHealthCommand:
    def test_well(self, well: Connection) -> None:
        code, printed = run("health")

        assert code == 0
        assert len(printed.splitlines()) == len(THRESHOLDS)
        assert all(line.startswith("ok ") for line in printed.splitlines())

    def test_not_well(self, well: Connection) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        code, printed = run("health")

        [bad] = [line for line in printed.splitlines() if not line.startswith("ok ")]
        assert code == 1
        assert bad.startswith("alarm    login")
        assert "Acme Books no longer accepts the login" in bad

    def test_a_warning_is_not_well(self, well: Connection, later: Pass) -> None:
        later(minutes=5)

        assert run("health")[0] == 1

    def test_for_programs(self, well: Connection) -> None:
        code, printed = run("health", "--json")

        facts = json.loads(printed)
        assert code == 0
        assert {fact["level"] for fact in facts} == {"ok"}
        assert facts[0].keys() == {"code", "level", "subject", "sentence", "since", "organization", "connection"}
        assert {fact["connection"] for fact in facts} == {None, str(well.pk)}


class TestWatchdog:
    def test_is_silent_when_all_is_well(self, well: Connection) -> None:
        assert run("watchdog") == (0, "")
        assert mail.outbox == []
        assert Heartbeat.last(Heartbeat.WATCHDOG) == timezone.now()

    def test_tells_whom_it_concerns(self, well: Connection) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        code, printed = run("watchdog")

        assert code == 1
        assert "login" in printed
        assert [message.to for message in mail.outbox] == [["owner@ror.example"]]

    def test_a_warning_is_no_alarm(self, well: Connection, later: Pass) -> None:
        Connection.objects.update(limited_since=timezone.now())
        later(minutes=5)
        Heartbeat.beat(Heartbeat.TICK)

        code, printed = run("watchdog")

        assert code == 0
        assert printed.startswith("warning")

    def test_says_so_when_the_database_does_not_answer(self, well: Connection) -> None:
        def refuse(*_: Any) -> Any:
            raise OperationalError("the disk is full")

        with database.execute_wrapper(refuse):
            code, printed = run("watchdog")

        assert code == 2
        assert "the disk is full" in printed


class TestTheRing:
    @pytest.fixture
    def rings(self, django_capture_on_commit_callbacks: Commit) -> Callable[[], int]:
        """`rings()`: the watchdog comes, and so many ticks are put into the queue."""

        def watch() -> int:
            before = OrmQ.objects.count()
            with django_capture_on_commit_callbacks(execute=True):
                run("watchdog")
            return OrmQ.objects.count() - before

        return watch

    def test_not_while_the_queue_ticks(self, well: Connection, rings: Callable[[], int]) -> None:
        assert rings() == 0

    def test_when_the_tick_is_overdue(self, well: Connection, rings: Callable[[], int], later: Pass) -> None:
        later(minutes=4)

        assert rings() == 1
        assert OrmQ.objects.get().task["func"] == "integrations.tasks.tick"

    def test_a_queue_that_does_not_answer_is_not_filled(
        self, well: Connection, rings: Callable[[], int], later: Pass
    ) -> None:
        rung = []
        for _time in range(24):
            later(minutes=5)
            rung.append(rings())

        assert sum(rung) == 2

    def test_workers_whose_schedule_is_broken_go_on(
        self, well: Connection, rings: Callable[[], int], later: Pass
    ) -> None:
        """One malformed row stops every schedule of the queue; its workers live."""
        Schedule.objects.create(name="poison", func="os.getcwd", args="foo(")
        for _time in range(6):
            later(minutes=5)
            assert rings() == 1
            tick()


def test_a_mail_server_that_is_set_up_wrongly_keeps_nothing_else_from_being_done(
    well: Connection, settings: Any, later: Pass
) -> None:
    settings.ADMINS = [("", "root@host.example")]
    settings.EMAIL_BACKEND = "no.such.backend.EmailBackend"
    later(minutes=10)

    with pytest.raises(ImportError):
        run("watchdog")

    assert Heartbeat.last(Heartbeat.RING) == timezone.now()


@pytest.mark.django_db(transaction=True)
class TestThePing:
    @pytest.fixture(autouse=True)
    def outside(self, settings: Any) -> Iterator[list[str]]:
        """The paths that were asked for."""
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Silent."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        settings.DEADMAN_URL = f"http://127.0.0.1:{server.server_port}/ping/5f3a"
        Thread(target=server.serve_forever, daemon=True).start()
        yield asked
        server.shutdown()
        server.server_close()

    def test_says_that_we_live(self, well: Connection, outside: list[str]) -> None:
        run("watchdog")

        assert outside == ["/ping/5f3a"]

    def test_goes_on_when_one_firm_is_in_trouble(self, well: Connection, outside: list[str]) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        run("watchdog")

        assert outside == ["/ping/5f3a"]

    def test_falls_silent_when_the_queue_stands_still(self, well: Connection, outside: list[str], later: Pass) -> None:
        later(minutes=10)
        run("watchdog")

        assert outside == []

    def test_falls_silent_when_the_database_does_not_answer(self, well: Connection, outside: list[str]) -> None:
        def refuse(*_: Any) -> Any:
            raise OperationalError("gone")

        with database.execute_wrapper(refuse):
            run("watchdog")

        assert outside == []

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://elsewhere.example/", "no address"])
    def test_that_fails_stops_nothing(self, well: Connection, settings: Any, address: str) -> None:
        settings.DEADMAN_URL = address

        assert run("watchdog")[0] == 0


def test_the_tick_leaves_its_sign_and_the_watchdog_does_not(well: Connection, later: Pass) -> None:
    seen = Heartbeat.last(Heartbeat.TICK)
    later(minutes=1)
    run("watchdog")
    assert Heartbeat.last(Heartbeat.TICK) == seen
    tick()
    assert Heartbeat.last(Heartbeat.TICK) == seen + timedelta(minutes=1)
