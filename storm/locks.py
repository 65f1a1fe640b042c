"""The task queue and people on the pages share one SQLite file: nobody is told that it is locked."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError

from django.conf import settings
from django.db import connection as database

from fieldwork.models import WorkOrder
from integrations.management.demo.browser import Browser, PageProblem
from integrations.models import Run
from storm.crew import crew
from storm.faults import options, orders_of
from storm.firms import Firm, found_firm
from storm.settling import settle
from storm.verdict import Verdict, judge
from storm.world import World

LOCKED = "database is locked"
START_S = 30
AFTERWARDS = timedelta(hours=2)
PAGES = ("/", "/work-orders/", "/customers/", "/materials/", "/books/runs/", "/inbox/", "/books/")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`failed` are pages that did not come, `locked` the times that the database said so anywhere."""

    verdict: Verdict
    seconds: float
    workers: int
    users: int
    pages: int
    presses: int
    completed: int
    runs: int
    slowest_s: float
    failed: list[str]
    locked: int

    @property
    def holds(self) -> bool:
        return self.verdict.holds and not self.failed and not self.locked and self.pages > 0 and self.runs > 0


def share_one_file(world: World, *, workers: int, users: int, seconds: float, orders: int = 400) -> Outcome:
    """The real task queue and the real pages, each in a process of its own, and people who click."""
    world.begin_anew()
    firms = [found_firm(world, company) for company in range(len(world.companies))]
    for firm in firms:
        orders_of(firm, orders // len(firms))
    with tempfile.TemporaryDirectory() as folder:
        queue, pages, port = Path(folder, "queue.log"), Path(folder, "pages.log"), free_port()
        served = ("waitress", f"--listen=127.0.0.1:{port}", "config.wsgi:application")
        with started(world, queue, workers, "django", "qcluster"), started(world, pages, workers, *served):
            people = click_around(f"http://127.0.0.1:{port}", firms, users, seconds=seconds)
            runs = Run.objects.filter(state=Run.State.DONE).count()
        logs = queue.read_text() + pages.read_text()
    with crew(world) as left:
        settle(left, within=AFTERWARDS)
    return outcome_of(world, people, logs, seconds=seconds, workers=workers, runs=runs)


@contextmanager
def started(world: World, log: Path, workers: int, module: str, *arguments: str) -> Iterator[None]:
    """A program of the product on our database, writing to that log."""
    told = {
        "DJANGO_SETTINGS_MODULE": "storm.settings",
        "DATABASE_URL": f"sqlite:///{database.settings_dict['NAME']}",
        "SECRET_KEY": settings.SECRET_KEY,
        "INSTALLATION_ID": str(settings.INSTALLATION_ID),
        "QUEUE_WORKERS": str(workers),
        "LOG_LEVEL": "WARNING",
    }
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | world.environment | told,
            stdout=file,
            stderr=file,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outcome_of(world: World, people: list[Person], logs: str, *, seconds: float, workers: int, runs: int) -> Outcome:
    did = sum((person.did for person in people), Counter())
    failed = [failure for person in people for failure in person.failed]
    return Outcome(
        verdict=judge(world),
        seconds=seconds,
        workers=workers,
        users=len(people),
        pages=did["page"],
        presses=did["sync"],
        completed=did["complete"],
        runs=runs,
        slowest_s=round(max(person.slowest_s for person in people), 2),
        failed=failed,
        locked=logs.count(LOCKED) + sum(failure.count(LOCKED) for failure in failed),
    )


# --- people ---------------------------------------------------------------------


def click_around(site: str, firms: list[Firm], users: int, *, seconds: float) -> list[Person]:
    wait_for(site)
    until = time.monotonic() + seconds
    people = [Person(site, firms[place % len(firms)], seed=place) for place in range(users)]
    with ThreadPoolExecutor(users) as threads:
        list(threads.map(lambda person: person.work(until), people))
    return people


def wait_for(site: str) -> None:
    """Until the pages are served."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            Browser().open(f"{site}/login/")
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


class Person:
    """An owner who reads pages, finishes jobs and presses "Sync now", without a rest."""

    def __init__(self, site: str, firm: Firm, *, seed: int) -> None:
        self.site = site
        self.did: Counter[str] = Counter()
        self.failed: list[str] = []
        self.slowest_s = 0.0
        self._user = firm.owner.username
        self._sync = f"/books/{firm.connection.pk}/sync/"
        self._random = random.Random(seed)  # noqa: S311
        self._browser = Browser()
        open_orders = WorkOrder.objects.filter(organization=firm.organization, completed_at=None)
        self._orders = [str(pk) for pk in open_orders.order_by("number").values_list("pk", flat=True)]

    def work(self, until: float) -> None:
        self._do(self._sign_in)
        while time.monotonic() < until:
            chance = self._random.random()
            self._do(self._complete if chance < 0.1 else self._press_sync if chance < 0.2 else self._read)

    def _do(self, action: object) -> None:
        started = time.monotonic()
        try:
            assert callable(action)
            action()
        except (PageProblem, OSError) as problem:
            self.failed.append(f"{getattr(action, '__name__', action)}: {problem}"[:400])
        self.slowest_s = max(self.slowest_s, time.monotonic() - started)

    def _sign_in(self) -> None:
        page = self._browser.open(f"{self.site}/login/")
        self._browser.submit(page.form("username", "password"), {"username": self._user, "password": "storm"})  # noqa: S106

    def _read(self) -> None:
        self._browser.open(self.site + self._random.choice(PAGES))
        self.did["page"] += 1

    def _press_sync(self) -> None:
        page = self._browser.open(f"{self.site}/books/")
        self._browser.submit(page.form_to(self._sync))
        self.did["sync"] += 1

    def _complete(self) -> None:
        """A job that is still open; several people of one firm may be at the same."""
        if not self._orders:
            return
        order = self._orders.pop(self._random.randrange(len(self._orders)))
        page = self._browser.open(f"{self.site}/work-orders/{order}/")
        forms = [form for form in page.forms if form.action.endswith("/complete/")]
        if forms:
            self._browser.submit(forms[0])
            self.did["complete"] += 1


__all__ = ["Outcome", "options", "share_one_file"]
