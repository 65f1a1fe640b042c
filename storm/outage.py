"""The books are down for half a day and come back: everything is sent once, and nobody has to do anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from accounting.sandbox import Options
from integrations.models import Connection
from storm.crew import crew
from storm.faults import orders_of
from storm.firms import found_firm
from storm.settling import settle, until_something_is_due, work
from storm.verdict import Verdict, judge
from storm.weather import TIME_LIMIT_S, down
from storm.world import World

FIRMS = Options(customers=6, articles=6, projects=0, orders=0)
AFTERWARDS = timedelta(hours=2)
# Fair to a service that is down: one knock in two minutes.
KNOCKS_PER_HOUR = 30


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`knocks_per_hour` are the requests made while everything was down, `back_after_s` how long the rest took then."""

    verdict: Verdict
    hours_down: float
    knocks_per_hour: float
    back_after_s: float
    writes: int
    state: str

    @property
    def holds(self) -> bool:
        return (
            self.verdict.holds
            and self.writes == self.verdict.documents
            and self.state == Connection.State.ACTIVE
            and self.knocks_per_hour <= KNOCKS_PER_HOUR
            and not self.verdict.in_inbox
        )


def go_down_and_come_back(world: World, *, orders: int, hours: int) -> Outcome:
    """A third of the jobs are finished before, the others while the books are down."""
    world.begin_anew()
    firm = found_firm(world)
    pending = orders_of(firm, orders)
    with crew(world, 2, time_limit_s=TIME_LIMIT_S) as workers:
        complete = workers.workers[0].call
        complete(world.clock.offset, "complete", pending[: orders // 3])
        settle(workers, within=AFTERWARDS)
        world.storm(*down(""))
        complete(world.clock.offset, "complete", pending[orders // 3 :])
        knocks = len(world.stage.journal.entries())
        start = world.clock.offset
        while world.clock.offset - start < timedelta(hours=hours):
            work(workers)
            world.clock.advance(until_something_is_due())
        down_for = world.clock.offset - start
        knocks = len(world.stage.journal.entries()) - knocks
        world.storm()
        back_after = settle(workers, within=AFTERWARDS)
    firm.connection.refresh_from_db()
    return Outcome(
        verdict=judge(world),
        hours_down=round(down_for / timedelta(hours=1), 1),
        knocks_per_hour=round(knocks / (down_for / timedelta(hours=1)), 1),
        back_after_s=back_after.total_seconds(),
        writes=successful_writes(world),
        state=firm.connection.state,
    )


def successful_writes(world: World) -> int:
    """The documents that requests have made, by the journal and not by what is there."""
    return sum(entry.method == "POST" and entry.handled == 201 for entry in world.stage.journal.entries())
