"""What every stand-in for an accounting system offers, and how the stand-ins are found."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from accounting.sandbox.clock import Clock
from accounting.sandbox.journal import Deed

Json = dict[str, Any]


class BadOrder(ValueError):
    """A control request asks for what this stand-in cannot do; the text says what it can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How large and how strict: what `manage.py sandbox` takes. None is the hand-written core alone.

    `companies` beyond the stand-in's own ones are small firms, so that many can work at once.
    """

    seed: int = 1
    customers: int | None = None
    articles: int | None = None
    projects: int | None = None
    orders: int | None = None
    rate_limit: int | None = None
    companies: int = 0


class StandIn(Protocol):
    """A WSGI application that speaks one accounting system's wire format, below `/<key>`.

    For the request log it may fill `environ["sandbox.entry"]` (a journal.Entry): client, company, route, remarks.
    """

    key: str
    label: str
    clock: Clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]: ...

    def deeds(self) -> Sequence[Deed]:
        """Everything that a client created, in order, in all companies."""
        ...

    def refusal(self, status: int) -> tuple[str, bytes]:
        """Content type and body with which that accounting system answers `status` out of the blue."""
        ...

    def environment(self, base: str) -> dict[str, str]:
        """The variables with which a client on this machine uses the stand-in served at `base`."""
        ...

    def describe(self) -> Json:
        """Addresses, clients, users, companies and switches, for a person."""
        ...

    def switch(self, order: Json) -> Json:
        """Flips switches: `{"company": …, "switches": {…}}`; gives those now in force. Raises BadOrder."""
        ...

    def change_records(self, order: Json) -> Json:
        """What somebody over there did: `{"company", "resource", "action", "where", "values"}`. Raises BadOrder."""
        ...

    def sign_in(self, order: Json) -> Json:
        """`{"location": …}`: where the browser comes back after a person granted `{"url", "user", "company"}`."""
        ...

    def reset(self) -> None:
        """Everything as it was at the start."""
        ...


def find_stand_ins(options: Options) -> list[StandIn]:
    """One stand-in per provider that has one: each package's `sandbox.stand_in(options)`."""
    # Loaded by name: the stand-ins build on this package, so it must not build on theirs.
    providers = import_module("accounting.providers")
    found = []
    for module in pkgutil.iter_modules(providers.__path__):
        name = f"{providers.__name__}.{module.name}.sandbox"
        if module.ispkg and find_spec(name) is not None:
            make: Callable[[Options], StandIn] = import_module(name).stand_in
            found.append(make(options))
    return found
