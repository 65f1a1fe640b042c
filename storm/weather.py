"""How bad it gets over there: a plan in which nearly a third of all requests meet a fault."""

from __future__ import annotations

from typing import Any

from accounting.sandbox import Fault

# The client's patience during a storm, and how long the stand-in keeps it waiting: too long.
TIME_LIMIT_S = 0.4
TOO_LONG_S = 0.6


def rough(path: str, *, seed: int = 1) -> list[Fault]:
    """30 % of the requests below that path meet a fault.

    6 % are refused for their number, 5 % fail before and 4 % after they are carried out, 4 % are never and 4 %
    too late answered, 2 % reset, 2 % answered with a page, 4 % in part. One seed for all: each strikes what
    those before it in the list left, up to its own share of the whole.
    """

    def strike(action: str, up_to: float, *, phase: str = "before", **more: Any) -> Fault:
        return Fault(action=action, phase=phase, probability=up_to, seed=seed, path=path, **more)

    return [
        strike("status", 0.06, status=429),
        strike("status", 0.11, status=503),
        strike("reset", 0.13),
        strike("delay", 0.17, seconds=TOO_LONG_S),
        strike("drop", 0.17),
        strike("status", 0.21, phase="after", status=502),
        strike("html", 0.23, phase="after"),
        strike("delay", 0.27, phase="after", seconds=TOO_LONG_S),
        Fault(action="truncate", phase="during", probability=0.04, seed=seed + 1, path=path),
    ]


def down(path: str) -> list[Fault]:
    """Nothing answers."""
    return [Fault(action="reset", path=path)]
