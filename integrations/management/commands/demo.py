"""`manage.py demo`: a firm for each accounting system, a real login, the first sync both ways, and then the pages.

Everything is made anew at each start and touches nothing but `demo.sqlite3`. The accounting systems are
stand-ins on this machine; what happens between them and us is what happens with the real ones.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection as database

from accounting.sandbox import Options, Stage, StandIn, find_stand_ins, serve
from fieldwork.demo import PASSWORD
from fieldwork.demo_data.firms import FIRMS
from fieldwork.demo_data.shapes import Firm
from fieldwork.models import Membership, Organization
from integrations.management.demo.scene import Scene
from integrations.management.demo.summary import Summary, read_ledger
from integrations.management.demo.website import serve_pages

PREPARED = "FIELDLEDGER_DEMO"
DATABASE = "demo.sqlite3"


class Command(BaseCommand):
    help = "Shows the whole product with a made-up firm and stand-ins for the accounting systems."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop after the summary")
        parser.add_argument("--port", type=int, default=8000, help="the pages (default 8000)")
        parser.add_argument("--sandbox-port", type=int, default=8765, help="the stand-ins (default 8765)")

    def handle(self, *, once: bool, port: int, sandbox_port: int, **options: Any) -> None:
        if os.environ.get(PREPARED) != "yes":
            start_again_with(demo_environment(port=free_port(port), sandbox_port=free_port(sandbox_port)))
        # However it is told to end, the task queue must end with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        started = time.monotonic()
        stage = Stage(*find_stand_ins(Options()))
        with serve(stage, port=int(os.environ["FIELDLEDGER_DEMO_SANDBOX_PORT"])) as books_url:
            self._say(f"Stand-ins for the accounting systems: {books_url}")
            for stand_in in stage.stand_ins.values():
                os.environ.update(stand_in.environment(books_url))
            self._prepare_database()
            with serve_pages() as pages_url:
                agrees = self._perform(stage, books_url, pages_url, started)
                if not agrees:
                    raise CommandError("The summary does not agree with the stand-ins' own ledger.")
                if not once:
                    self._stay_open(pages_url)

    def _prepare_database(self) -> None:
        for leftover in Path(settings.BASE_DIR).glob(f"{DATABASE}*"):
            leftover.unlink()
        call_command("migrate", verbosity=0)
        self._say(f"Database: {database.settings_dict['NAME']}")

    def _perform(self, stage: Stage, books_url: str, pages_url: str, started: float) -> bool:
        """Every firm's first day. True when every figure of the summaries agrees with the stand-ins' ledger."""
        agreed = []
        for firm, stand_in in firms_with_books(stage):
            scene = Scene(firm, pages_url, say=self._say)
            scene.found_firm()
            scene.connect(stand_in)
            scene.import_books()
            scene.finish_work_orders()
            scene.export_work_orders()
            summary = Summary(scene.firm.organization, read_ledger(books_url, stand_in.key))
            for line in summary.lines():
                self.stdout.write(line)
            agreed.append(summary.agrees)
        self._say(f"Done in {time.monotonic() - started:.0f} seconds.")
        return all(agreed)

    def _stay_open(self, pages_url: str) -> None:
        """The pages and the task queue until Ctrl-C."""
        command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "qcluster"]
        # A session of its own, so that Ctrl-C reaches the queue once, from us, and not twice.
        queue = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
        self.stdout.write("")
        self.stdout.write(f"  {pages_url}  (Ctrl-C ends it)")
        for firm in Organization.objects.order_by("created_at"):
            self.stdout.write(f"  {firm.name}")
            for each in Membership.objects.for_organization(firm).select_related("user").order_by("role", "user"):
                self.stdout.write(f"    {each.user.username:<10} {PASSWORD:<8} {each.get_role_display()}")
        try:
            queue.wait()
        except KeyboardInterrupt:
            self._say("Stopping.")
        finally:
            queue.terminate()
            queue.wait(30)

    def _say(self, sentence: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(sentence))


def firms_with_books(stage: Stage) -> list[tuple[Firm, StandIn]]:
    """Each made-up firm, and the accounting system that has its books. Raises CommandError for books of nobody."""
    owners = [(owner_of(stand_in), stand_in) for stand_in in stage.stand_ins.values()]
    return sorted(owners, key=lambda owner: FIRMS.index(owner[0]))


def owner_of(stand_in: StandIn) -> Firm:
    there = {company["name"] for company in stand_in.describe()["companies"]}
    firm = next((each for each in FIRMS if each.name in there), None)
    if firm is None:
        raise CommandError(f"None of the demo's firms has its books in {stand_in.label}.")
    return firm


def demo_environment(*, port: int, sandbox_port: int) -> dict[str, str]:
    """The settings of a demo: its own database, no .env, the pages on `port`."""
    return {
        PREPARED: "yes",
        "FIELDLEDGER_DEMO_SANDBOX_PORT": str(sandbox_port),
        "ENV_FILE": "",
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{Path(settings.BASE_DIR) / DATABASE}",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": "consolemail://",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def start_again_with(environment: dict[str, str]) -> None:
    """Replaces this process by one whose settings are the demo's."""
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **environment})  # noqa: S606


def free_port(wanted: int) -> int:
    """`wanted`, or the next port after it that nobody uses. Raises CommandError after twenty."""
    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise CommandError(f"The ports {wanted} to {wanted + 19} are all in use. Name another one.")
