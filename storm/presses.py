""" "Sync now" is pressed again and again in several processes at once: the books are read once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounting.sandbox import Entry
from integrations.models import Run
from storm.crew import crew
from storm.firms import found_firm
from storm.world import World

# Slow enough that two who work at the same time are seen to.
LATENCY_MS = 80


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`runs` is the most that any stream had, `unfinished` those that are not done. `overlaps` counts requests that
    one company had at the same time.
    """

    presses: int
    processes: int
    runs: int
    unfinished: int
    outcomes: dict[str, int]
    overlaps: int

    @property
    def holds(self) -> bool:
        return self.runs == 1 and not self.unfinished and not self.overlaps


def press_together(world: World, *, processes: int, presses: int, sabotaged: str = "") -> Outcome:
    """Each process presses its share; then each works off as many tasks as were rung for, all at once."""
    world.begin_anew()
    connection = found_firm(world).connection
    share = presses // processes
    world.stage.latency_ms = LATENCY_MS
    outcomes: Counter[str] = Counter()
    with crew(world, processes, sabotaged=sabotaged) as workers:
        workers.do("press", connection.pk, share)
        began = len(world.stage.journal.entries())
        for ended in workers.do("work", connection.pk, share):
            outcomes.update(ended)
    world.come_to_rest()
    world.stage.latency_ms = 0
    runs = Counter(Run.objects.values_list("stream", flat=True))
    return Outcome(
        presses=share * processes,
        processes=processes,
        runs=max(runs.values(), default=0),
        unfinished=Run.objects.exclude(state=Run.State.DONE).count(),
        outcomes=dict(outcomes),
        overlaps=overlaps(world.stage.journal.entries()[began:]),
    )


def overlaps(entries: Iterable[Entry]) -> int:
    """How often two workers were at the same company at once, by the stand-in's own clock."""
    by_company: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry in entries:
        start = entry.at.timestamp()
        by_company[entry.company].append((start, start + entry.seconds))
    found = 0
    for company, times in by_company.items():
        in_order = sorted(times)
        found += sum(
            bool(company) and later < end for (_, end), (later, _) in zip(in_order, in_order[1:], strict=False)
        )
    return found
