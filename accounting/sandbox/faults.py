"""What shall go wrong on purpose: which requests, at which moment, and how.

A plan is a list of faults in the order in which they are tried. Every fault counts the requests
that match it and fires on the n-th, on every n-th, or with a probability drawn from its own seed,
so that the same plan over the same requests does the same thing again.

    {"action": "drop", "phase": "after", "method": "POST", "path": "/customerinvoicedrafts$", "nth": 1}

| phase  | the stand-in has                | actions |
|--------|---------------------------------|---------|
| before | not seen the request            | delay drop reset status body html hold query late |
| after  | carried it out, sent nothing    | delay drop reset status body html hold headers |
| during | carried it out, sent a part     | drop reset truncate trickle |

`drop` closes the connection, `reset` resets it, `truncate` promises the whole body and sends `bytes` of
it, `trickle` sends `bytes` at a time with `seconds` between, `hold` waits until `POST /control/release` (or
`seconds`), `query` takes parameters out of or puts them into the query string, `late` hangs up at once and
carries the request out `seconds` later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from random import Random
from threading import Lock
from typing import Any

PHASES = {
    "before": {"delay", "drop", "reset", "status", "body", "html", "hold", "query", "late"},
    "after": {"delay", "drop", "reset", "status", "body", "html", "hold", "headers"},
    "during": {"drop", "reset", "truncate", "trickle"},
}


class BadPlan(ValueError):
    """The fault plan says something that no fault can do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that goes wrong. Without `nth`, `every` and `probability` every match fires; `times` 0 is for ever."""

    action: str
    phase: str = "before"
    provider: str = ""
    method: str = ""
    path: str = ""
    nth: int = 0
    every: int = 0
    probability: float = 0
    seed: int = 0
    times: int = 0
    seconds: float = 0
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    bytes: int = 0
    query: Mapping[str, str | None] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        if self.phase not in PHASES:
            raise BadPlan(f"There is no phase {self.phase!r}; there are {', '.join(PHASES)}.")
        if self.action not in PHASES[self.phase]:
            able = ", ".join(sorted(PHASES[self.phase]))
            raise BadPlan(f"{self.action!r} cannot happen {self.phase}; what can is {able}.")
        try:
            re.compile(self.path)
        except re.error as error:
            raise BadPlan(f"{self.path!r} is no pattern: {error}.") from None

    def matches(self, provider: str, method: str, path: str) -> bool:
        return (
            (not self.provider or self.provider == provider)
            and (not self.method or self.method.upper() == method)
            and re.search(self.path, path, re.IGNORECASE) is not None
        )


class Armed:
    """A fault with its counters."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.fired = 0
        self._random = Random(fault.seed)

    def fires(self) -> bool:
        """Whether it strikes this match, which is thereby counted."""
        fault = self.fault
        self.seen += 1
        if fault.times and self.fired >= fault.times:
            return False
        strikes = (
            (self.seen == fault.nth if fault.nth else True)
            and (self.seen % fault.every == 0 if fault.every else True)
            and (self._random.random() < fault.probability if fault.probability else True)
        )
        self.fired += strikes
        return strikes


class FaultPlan:
    """The faults in force."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._armed: list[Armed] = []

    def replace(self, faults: Sequence[Fault]) -> None:
        """These and no others."""
        with self._lock:
            self._armed = [Armed(fault) for fault in faults]

    def add(self, *faults: Fault) -> None:
        """These too, after those in force."""
        with self._lock:
            self._armed += [Armed(fault) for fault in faults]

    def strike(self, provider: str, method: str, path: str) -> list[Fault]:
        """The faults that hit this request, in the plan's order."""
        if not self._armed:
            return []
        with self._lock:
            matching = [armed for armed in self._armed if armed.fault.matches(provider, method, path)]
            return [armed.fault for armed in matching if armed.fires()]

    def state(self) -> list[dict[str, Any]]:
        """Every fault with how often it matched and struck."""
        with self._lock:
            return [{**describe(armed.fault), "seen": armed.seen, "fired": armed.fired} for armed in self._armed]


def describe(fault: Fault) -> dict[str, Any]:
    """What was said about the fault, defaults left out."""
    said = {each.name: getattr(fault, each.name) for each in fields(fault)}
    return {name: value for name, value in said.items() if value or name in ("action", "phase")}


def read_plan(plan: object) -> list[Fault]:
    """The faults of a JSON plan: one object or a list of them. Raises BadPlan with a sentence."""
    known = {each.name for each in fields(Fault)}
    faults = []
    for item in plan if isinstance(plan, list) else [plan]:
        if not isinstance(item, dict):
            raise BadPlan("A plan is a list of objects.")
        # A nested `match` and `parameters` read well in long plans; they mean the same.
        flat = {**item, **item.get("match", {}), **item.get("parameters", {})}
        flat.pop("match", None)
        flat.pop("parameters", None)
        unknown = sorted(flat.keys() - known)
        if unknown or "action" not in flat:
            raise BadPlan(f"A fault has an action and knows {', '.join(sorted(known))}; not {', '.join(unknown)}.")
        faults.append(Fault(**flat))
    return faults
