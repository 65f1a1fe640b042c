"""How bad it gets over there: a plan in which nearly a third of all requests meet a fault."""

from __future__ import annotations

from accounting.sandbox import Fault

# The client's patience during a storm, and how long the stand-in keeps it waiting: too long.
TIME_LIMIT_S = 0.25
TOO_LONG_S = 0.4


def rough(path: str, *, seed: int = 1) -> list[Fault]:
    """A little over 30 % of the requests below that path meet a fault.

    Refused for their number, broken before or after they are carried out, answered too late, in part, with
    something else, or not at all.

    Two faults with one seed strike the same requests: first the delay, then the end of the connection.
    """
    return [
        Fault(action="status", status=429, probability=0.07, seed=seed, path=path),
        Fault(action="status", status=503, probability=0.06, seed=seed + 1, path=path),
        Fault(action="status", phase="after", status=502, probability=0.05, seed=seed + 2, path=path),
        Fault(action="delay", seconds=TOO_LONG_S, probability=0.04, seed=seed + 3, path=path),
        Fault(action="drop", probability=0.04, seed=seed + 3, path=path),
        Fault(action="delay", phase="after", seconds=TOO_LONG_S, probability=0.05, seed=seed + 4, path=path),
        Fault(action="truncate", phase="during", probability=0.03, seed=seed + 5, path=path),
        Fault(action="html", phase="after", probability=0.03, seed=seed + 6, path=path),
        Fault(action="reset", phase="before", probability=0.02, seed=seed + 7, path=path),
        Fault(action="reset", phase="after", probability=0.02, seed=seed + 8, path=path),
    ]


def down(path: str) -> list[Fault]:
    """Nothing answers."""
    return [Fault(action="reset", path=path)]
