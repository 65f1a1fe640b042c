"""Each guard alone, over real HTTP. Without the guard its test fails: test_sabotage.py sees to that."""

from __future__ import annotations

import os
from datetime import timedelta

from accounting.sandbox import Fault
from storm import presses
from storm.crew import crew
from storm.faults import orders_of
from storm.firms import found_firm
from storm.settling import settle
from storm.verdict import judge
from storm.weather import TIME_LIMIT_S
from storm.world import World

SABOTAGED = os.environ.get("SABOTAGE", "")


def test_a_write_whose_answer_was_lost_is_made_once(tiny_world: World) -> None:
    tiny_world.begin_anew()
    orders = orders_of(found_firm(tiny_world), 2)
    tiny_world.storm(Fault(action="reset", phase="after", method="POST", path=tiny_world.api, every=2))

    with crew(tiny_world, time_limit_s=TIME_LIMIT_S, sabotaged=SABOTAGED) as workers:
        workers.do("complete", orders)
        settle(workers, within=timedelta(hours=4))

    verdict = judge(tiny_world)
    assert verdict.holds, verdict
    assert verdict.documents == verdict.done


def test_one_worker_at_a_time_is_at_one_company(tiny_world: World) -> None:
    outcome = presses.press_together(tiny_world, processes=4, presses=4, sabotaged=SABOTAGED)

    assert outcome.holds, outcome
