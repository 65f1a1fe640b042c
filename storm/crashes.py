"""A worker is killed at each crash point, and another one goes on: nothing lost, nothing doubled.

One small firm: its books are read page by page, and two jobs for a new customer with a new material are sent, each with
its PDF where the books take files. On
the way the customer's answer is lost and the first document's request is never carried out, so that the searches
in doubt are crashed into as well.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from accounting.sandbox import Fault, Options
from accounting.types import AttachmentDocument
from integrations.models import Case, Connection, ConnectionSettings, Link, Run
from storm.crew import Killed, crew
from storm.firms import (
    Firm,
    expire_login,
    found_firm,
    new_customers,
    new_materials,
    new_work_orders,
    sign_in_again,
)
from storm.settling import settle
from storm.verdict import Verdict, judge
from storm.world import World

SMALL = Options(customers=8, articles=8, projects=1, orders=1)
PAGE = 8
LONG_ENOUGH = timedelta(hours=4)
# Counts arrivals and kills nobody.
COUNTING = "nowhere:1"
# Between these a rotated login is in the killed worker's memory alone; without grace a person signs in again.
LOGIN_AT_RISK = ("refresh.answered",)


@dataclass(frozen=True, kw_only=True)
class Crash:
    """What came of one kill. `links` is what was read of the books, by kind."""

    place: str
    arrival: int
    killed: bool
    signed_in_again: bool
    verdict: Verdict
    links: Counter[str]

    @property
    def holds(self) -> bool:
        return self.killed and self.verdict.holds


def places() -> list[str]:
    """The crash points that the product has, in the order of its files."""
    folder = Path(settings.BASE_DIR) / "integrations"
    found = (re.findall(r'\breach\("([a-z_.]+)"\)', path.read_text()) for path in sorted(folder.rglob("*.py")))
    return [place for each in found for place in each]


def places_in(world: World) -> list[str]:
    """Those that a worker comes by at these books."""
    missing = [
        beginning
        for beginning, is_met in (
            ("refresh.", world.renews_logins),
            ("change.", AttachmentDocument in world.provider.writes),
        )
        if not is_met
    ]
    return [each for each in places() if not each.startswith(tuple(missing))]


def calm(world: World) -> tuple[Crash, dict[str, int]]:
    """The same without a kill, and how often each place is reached by then."""
    firm, orders = prepare(world, grace=True)
    with crew(world, crash_point=COUNTING) as workers:
        workers.do("complete", orders)
        settle(workers, within=LONG_ENOUGH)
        [arrivals] = workers.do("arrivals")
    return result(world, firm, COUNTING, killed=False, signed_in_again=False), arrivals


def crash(world: World, place: str, arrival: int = 1, *, grace: bool = True, then: str = "") -> Crash:
    """The outcome after a kill at the n-th arrival there, and the work of another worker.

    `grace`: the login server gives the tokens of a lost answer once more, as some do for a minute. `then` names
    the place where the second worker is killed as well, if it comes by.
    """
    firm, orders = prepare(world, grace=grace)
    killed = dies(world, orders, f"{place}:{arrival}")
    if then:
        dies(world, orders, f"{then}:1")
    with crew(world) as workers:
        workers.do("complete", orders)
        settle(workers, within=LONG_ENOUGH)
        signed_in_again = sign_in_if_asked(world, firm)
        if signed_in_again:
            settle(workers, within=LONG_ENOUGH)
    return result(world, firm, f"{place}:{arrival}", killed=killed, signed_in_again=signed_in_again)


def dies(world: World, orders: list[object], armed: str) -> bool:
    """Whether a worker was killed at its work; else it has done all of it."""
    with crew(world, crash_point=armed) as workers:
        try:
            workers.do("complete", orders)
            settle(workers, within=LONG_ENOUGH)
        except Killed:
            return True
    return False


def prepare(world: World, *, grace: bool) -> tuple[Firm, list[object]]:
    """The firm, and its two open jobs."""
    world.begin_anew()
    world.switch(page_cap=PAGE)
    world.rotate_refresh_tokens(grace=600 if grace else 0)
    firm = found_firm(world)
    ConnectionSettings.objects.update(interval_minutes=LONG_ENOUGH // timedelta(minutes=1))
    orders = new_work_orders(firm, 2, customers=new_customers(firm, 1), materials=new_materials(firm, 1), hours=None)
    world.storm(
        Fault(action="drop", phase="after", method="POST", path=world.api, nth=1),
        Fault(action="drop", phase="before", method="POST", path=world.api, nth=3),
    )
    expire_login(firm.connection)
    return firm, [order.pk for order in orders]


def sign_in_if_asked(world: World, firm: Firm) -> bool:
    """Whether the login was lost with the killed worker, which the inbox must say, and was renewed by its owner."""
    if not Connection.objects.filter(pk=firm.connection.pk, state=Connection.State.RECONNECT).exists():
        return False
    assert Case.objects.filter(code="reconnect_needed", state=Case.State.OPEN).exists()
    sign_in_again(world, firm)
    return True


def result(world: World, firm: Firm, armed: str, *, killed: bool, signed_in_again: bool) -> Crash:
    place, _, arrival = armed.partition(":")
    assert not Run.objects.exclude(state=Run.State.DONE).exists(), list(
        Run.objects.values("stream", "state", "problem")
    )
    return Crash(
        place=place,
        arrival=int(arrival),
        killed=killed,
        signed_in_again=signed_in_again,
        verdict=judge(world),
        links=Counter(Link.objects.filter(books=firm.connection.books_id).values_list("kind", flat=True)),
    )
