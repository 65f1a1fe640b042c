"""Many jobs of several firms through a storm of faults, by several workers at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounting.sandbox import Entry, Options
from integrations.exports import SALES
from integrations.models import Connection, Operation
from storm.crew import Crew, crew
from storm.firms import Firm, found_firm, new_customers, new_hour_type, new_materials, new_work_orders
from storm.settling import settle, until_something_is_due, work
from storm.verdict import Verdict, judge
from storm.weather import TIME_LIMIT_S, rough
from storm.world import World

OPEN = Operation.OPEN
MINUTE = timedelta(minutes=1)
LONGEST_STORM = timedelta(days=30)
AFTER_THE_STORM = timedelta(hours=6)
ALLOWED_PER_MINUTE = 600
REQUESTS_PER_DOCUMENT = 6


def options(firms: int) -> Options:
    return Options(customers=20, articles=20, projects=2, orders=2, companies=firms)


@dataclass(frozen=True, kw_only=True)
class Size:
    orders: int = 500
    firms: int = 4
    workers: int = 3
    requests: int = 10_000
    wave: int = 40


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`jobs` were sent with the customers and articles that they brought along. `per_document` and `per_job` share out
    all requests that sending took, `sending` by endpoint. `struck` is the share of requests that met a fault;
    `busiest` the most that one endpoint had within a minute.
    """

    verdict: Verdict
    jobs: int
    requests: int
    struck: float
    statuses: dict[str, int]
    per_document: float
    per_job: float
    sending: dict[str, int]
    busiest: int
    waiting_logins: int
    simulated_hours: float
    turns: dict[str, int]

    @property
    def holds(self) -> bool:
        return (
            self.verdict.holds
            and self.per_document <= REQUESTS_PER_DOCUMENT
            and self.busiest <= ALLOWED_PER_MINUTE
            and not self.waiting_logins
        )


def nobody(line: str) -> None:
    """For those who need not know how far it has come."""


def weather_the_storm(world: World, size: Size, *, seed: int = 1, report: Callable[[str], None] = nobody) -> Outcome:
    """Jobs are finished wave by wave while everything goes wrong, until all are sent and enough requests were made."""
    world.begin_anew()
    world.rotate_refresh_tokens(grace=3600)
    firms = [found_firm(world, company) for company in range(size.firms)]
    waves = waves_of([orders_of(firm, size.orders // size.firms) for firm in firms], size.wave)
    start = world.clock.offset
    world.storm(*rough("", seed=seed))
    with crew(world, size.workers, time_limit_s=TIME_LIMIT_S) as workers:
        while waves or requests_of(world) < size.requests or Operation.objects.filter(state__in=OPEN).exists():
            if world.clock.offset - start > LONGEST_STORM:
                break
            if waves:
                workers.workers[0].call(world.clock.offset, "complete", waves.popleft())
            work(workers)
            report(f"{requests_of(world)} requests, {len(waves)} waves to come, {world.clock.offset - start} later")
            world.clock.advance(until_something_is_due())
        stormy = world.stage.journal.entries()
        world.storm()
        settle(workers, within=AFTER_THE_STORM)
        return outcome_of(world, workers, stormy, world.clock.offset - start)


def requests_of(world: World) -> int:
    return int(world.stage.journal.summary()["requests"])


def orders_of(firm: Firm, count: int) -> list[Any]:
    """Open jobs for new customers with new materials, by id."""
    customers, materials = new_customers(firm, max(1, count // 10)), new_materials(firm, max(1, count // 15))
    orders = new_work_orders(firm, count, customers=customers, materials=materials, hours=new_hour_type(firm))
    return [order.pk for order in orders]


def waves_of(orders: list[list[Any]], size: int) -> deque[list[Any]]:
    """The jobs of all firms in turn, so many at a time."""
    mixed = [pk for together in zip(*orders, strict=True) for pk in together]
    return deque(mixed[start : start + size] for start in range(0, len(mixed), size))


def outcome_of(world: World, workers: Crew, stormy: list[Entry], took: timedelta) -> Outcome:
    verdict = judge(world)
    entries = world.stage.journal.entries()
    jobs = Operation.objects.filter(kind__in=SALES, state=Operation.State.DONE).count()
    took_requests = workers.requests.total()
    return Outcome(
        verdict=verdict,
        jobs=jobs,
        requests=len(entries),
        struck=round(sum(bool(entry.faults) for entry in stormy) / max(len(stormy), 1), 3),
        statuses=dict(Counter(str(entry.status or "none") for entry in entries).most_common()),
        per_document=round(took_requests / max(verdict.documents, 1), 2),
        per_job=round(took_requests / max(jobs, 1), 2),
        sending=dict(workers.requests.most_common()),
        busiest=busiest_minute(entries),
        waiting_logins=Connection.objects.exclude(state=Connection.State.ACTIVE).count(),
        simulated_hours=round(took / timedelta(hours=1), 1),
        turns=dict(workers.outcomes),
    )


def busiest_minute(entries: list[Entry]) -> int:
    """The most requests of all firms together that one endpoint had within any sixty seconds, refused ones too."""
    by_endpoint: dict[str, list[datetime]] = defaultdict(list)
    for entry in entries:
        by_endpoint[f"{entry.method} {endpoint_of(entry.path)}"].append(entry.at)
    return max((busiest_of(sorted(moments)) for moments in by_endpoint.values()), default=0)


def endpoint_of(path: str) -> str:
    """The path without the ids in it."""
    return re.sub(r"[0-9a-f-]{36}", "{id}", path.lower())


def busiest_of(moments: list[datetime]) -> int:
    most, window = 0, deque[datetime]()
    for moment in moments:
        window.append(moment)
        while moment - window[0] >= MINUTE:
            window.popleft()
        most = max(most, len(window))
    return most
