"""The world of a storm: a stand-in behind a real port, a clock, and firms whose books are connected to it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection as database
from django.db import transaction

from accounting.auth import AuthorizationCode, ClientCredentials, GrantToken
from accounting.protocol import Provider
from accounting.registry import provider_for
from accounting.sandbox import Fault, Options, Stage, StandIn, find_stand_ins, serve
from storm.clock import Clock

KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(kw_only=True)
class World:
    """`stand_in` and `stage` are the accounting system, `provider` is our side of it."""

    provider: Provider
    stand_in: StandIn
    stage: Stage
    environment: dict[str, str]
    clock: Clock = field(default_factory=Clock)

    @property
    def companies(self) -> list[dict[str, str]]:
        """The companies over there."""
        found: list[dict[str, str]] = self.stand_in.describe()["companies"]
        return found

    @property
    def api(self) -> str:
        """The paths below which the APIs are, as a pattern for faults: everything but the login."""
        of_logins = {name for auth in self.provider.logins for name in auth.variables}
        others = (value for name, value in self.environment.items() if name not in of_logins)
        paths = sorted({urlsplit(value).path for value in others if value.startswith("http")})
        return f"^({'|'.join(map(re.escape, paths))})/"

    @property
    def token_requests(self) -> int:
        """How often the login server was asked for tokens."""
        auth = self.provider.logins[0]
        assert isinstance(auth, AuthorizationCode | ClientCredentials)
        return sum(entry.path.endswith(auth.token_path) for entry in self.stage.journal.entries())

    @property
    def renews_logins(self) -> bool:
        """Whether a login is over some day and is then renewed."""
        return not isinstance(self.provider.logins[0], GrantToken)

    def rotate_refresh_tokens(self, *, grace: int) -> None:
        """A refresh token works once, and for `grace` seconds once more. Where logins have any."""
        if isinstance(self.provider.logins[0], AuthorizationCode):
            self.switch(refresh_tokens="rotating", refresh_grace=grace)

    def switch(self, **switches: object) -> None:
        """Flips those of the switches that this stand-in has."""
        known = self.stand_in.describe()["switches"]
        self.stand_in.switch({"switches": {name: value for name, value in switches.items() if name in known}})

    def storm(self, *faults: Fault) -> None:
        """These faults and no others, from now on."""
        self.stage.faults.replace(faults)

    def come_to_rest(self) -> None:
        """Waits until nothing is under way over there, whether or not anybody waits for its answer."""
        while any(is_under_way(entry) for entry in self.stage.journal.entries()[-20:]):
            time.sleep(0.01)

    def begin_anew(self) -> None:
        """Both sides empty: the stand-in as seeded, and our database without a row."""
        self.stage.reset()
        empty_database()


def is_under_way(entry: object) -> bool:
    """Not answered, or hung up on by a fault that carries it out later."""
    seconds, handled, faults = (getattr(entry, name) for name in ("seconds", "handled", "faults"))
    return seconds == 0 or ("before late" in faults and handled is None)


def empty_database() -> None:
    """No rows but those that migrations made. Row by row: emptying whole tables takes PostgreSQL much longer."""
    tables = set(database.introspection.django_table_names(only_existing=True)) - KEPT_TABLES
    with transaction.atomic(), database.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {database.ops.quote_name(table)}")  # noqa: S608  (our own names)


def choose(stand_ins: Sequence[StandIn], system: str) -> StandIn:
    if system:
        return next(each for each in stand_ins if each.key == system)
    return next(each for each in stand_ins if isinstance(provider_for(each.key).logins[0], AuthorizationCode))


@contextmanager
def open_world(options: Options, system: str = "") -> Iterator[World]:
    """A world as long as the block lasts: the stand-in of that key, or the first with a login page, on a free port."""
    stand_in = choose(find_stand_ins(options), system)
    provider = provider_for(stand_in.key)
    stage = Stage(stand_in)
    with serve(stage) as base:
        environment = stand_in.environment(base)
        former, settings.PROVIDER_ENVIRONMENT = settings.PROVIDER_ENVIRONMENT, environment
        world = World(provider=provider, stand_in=stand_in, stage=stage, environment=environment)
        try:
            with world.clock.running():
                yield world
        finally:
            settings.PROVIDER_ENVIRONMENT = former
