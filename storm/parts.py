"""The parts of a storm, what each promises, and what was measured."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from django.db import connection as database

from storm import crashes, faults, locks, outage, presses, renewals
from storm.world import open_world


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much of everything, against which accounting system. The defaults are what is promised."""

    system: str = ""
    times: int = 10
    orders: int = 500
    firms: int = 4
    workers: int = 3
    requests: int = 10_000
    processes: int = 8
    expiries: int = 100
    presses: int = 20
    hours: int = 12
    users: int = 10
    seconds: int = 120
    seed: int = 1


@dataclass(kw_only=True)
class Measured:
    """What one part came to on one database. `figures` are for the table, `details` for the record."""

    part: str
    database: str
    holds: bool
    figures: Mapping[str, Any]
    details: Any = field(default_factory=dict)
    seconds: float = 0


Say = Callable[[str], None]


def measure(part: str, sizes: Sizes, say: Say) -> Measured:
    started = time.monotonic()
    measured = PARTS[part](sizes, say)
    measured.seconds = round(time.monotonic() - started, 1)
    return measured


def suits(part: str) -> bool:
    """Whether the part says anything about this database."""
    return part != "locks" or database.vendor == "sqlite"


def figures_of(outcome: Any, *names: str) -> dict[str, Any]:
    """These figures of the outcome, after those of its verdict."""
    verdict = outcome.verdict.as_row() if hasattr(outcome, "verdict") else {}
    return verdict | {name: getattr(outcome, name) for name in names}


def measured(part: str, outcome: Any, *names: str) -> Measured:
    return Measured(
        part=part,
        database=database.vendor,
        holds=outcome.holds,
        figures=figures_of(outcome, *names),
        details=asdict(outcome),
    )


def every(nth: int, say: Say) -> Say:
    """Says every n-th line."""
    lines = count(1)

    def pass_on(line: str) -> None:
        if next(lines) % nth == 0:
            say(line)

    return pass_on


# --- the parts ------------------------------------------------------------------


def run_crashes(sizes: Sizes, say: Say) -> Measured:
    """Each crash point, so many times, at a later arrival each time. Every other time the login server has no grace
    period, every third time the next worker is killed as well, anywhere."""
    outcomes = []
    chance = random.Random(sizes.seed)  # noqa: S311
    with open_world(crashes.SMALL, sizes.system) as world:
        calm, arrivals = crashes.calm(world)
        places = crashes.places_in(world)
        for place in places:
            of_place = [
                crashes.crash(
                    world,
                    place,
                    1 + turn % arrivals.get(place, 1),
                    grace=turn % 2 == 0,
                    then=chance.choice(places) if turn % 3 == 2 else "",
                )
                for turn in range(sizes.times)
            ]
            outcomes += of_place
            broken = [each for each in of_place if not each.holds or each.links != calm.links]
            say(f"{place}: {sum(each.killed for each in of_place)} kills, {len(broken)} promises broken")
    verdicts = Counter[str]()
    for each in outcomes:
        verdicts.update(each.verdict.as_row())
    broken = [each for each in outcomes if not each.holds or each.links != calm.links]
    figures = {
        "places": len(places),
        "kills": sum(each.killed for each in outcomes),
        **{
            name: verdicts[name] for name in ("accepted", "done", "in_inbox", "still_open", "lost", "doubled", "silent")
        },
        "imports_that_differ": sum(each.links != calm.links for each in outcomes),
        "logins_renewed_by_a_person": sum(each.signed_in_again for each in outcomes),
    }
    details = [{**asdict(each), "links": dict(each.links)} for each in broken]
    return Measured(part="crashes", database=database.vendor, holds=not broken, figures=figures, details=details)


def run_faults(sizes: Sizes, say: Say) -> Measured:
    size = faults.Size(orders=sizes.orders, firms=sizes.firms, workers=sizes.workers, requests=sizes.requests)
    with open_world(faults.options(sizes.firms), sizes.system) as world:
        outcome = faults.weather_the_storm(world, size, seed=sizes.seed, report=every(50, say))
    return measured(
        "faults", outcome, "jobs", "requests", "struck", "per_document", "per_job", "busiest", "simulated_hours"
    )


def run_renewals(sizes: Sizes, say: Say) -> Measured:
    with open_world(renewals.SMALLEST, sizes.system) as world:
        outcome = renewals.renew_again_and_again(world, processes=sizes.processes, expiries=sizes.expiries)
    return measured("renewals", outcome, "processes", "expiries", "token_requests", "refused", "disagreements")


def run_presses(sizes: Sizes, say: Say) -> Measured:
    with open_world(renewals.SMALLEST, sizes.system) as world:
        outcome = presses.press_together(world, processes=4, presses=sizes.presses)
    return measured("presses", outcome, "presses", "processes", "runs", "unfinished", "overlaps")


def run_outage(sizes: Sizes, say: Say) -> Measured:
    with open_world(outage.FIRMS, sizes.system) as world:
        outcome = outage.go_down_and_come_back(world, orders=30, hours=sizes.hours)
    return measured("outage", outcome, "hours_down", "knocks_per_hour", "back_after_s", "writes")


def run_locks(sizes: Sizes, say: Say) -> Measured:
    with open_world(faults.options(sizes.firms), sizes.system) as world:
        outcome = locks.share_one_file(world, workers=sizes.workers, users=sizes.users, seconds=sizes.seconds)
    figures = ("seconds", "workers", "users", "pages", "presses", "completed", "runs", "slowest_s", "locked")
    result = measured("locks", outcome, *figures)
    return Measured(**{**vars(result), "figures": {**result.figures, "failed": len(outcome.failed)}})


PARTS: Mapping[str, Callable[[Sizes, Say], Measured]] = {
    "crashes": run_crashes,
    "faults": run_faults,
    "renewals": run_renewals,
    "presses": run_presses,
    "outage": run_outage,
    "locks": run_locks,
}
PROMISES: Mapping[str, str] = {
    "crashes": "kill -9 at each crash point: nothing lost, nothing doubled, every import complete",
    "faults": "30 % faults: all done or in the inbox, nothing lost or doubled, 6 requests a document, the rate kept",
    "renewals": "one token request per expiry, none refused",
    "presses": "“Sync now” pressed at once in several processes: one run",
    "outage": "the books down for hours: everything sent once, without a person",
    "locks": "task queue and pages on one SQLite file: never locked",
}
