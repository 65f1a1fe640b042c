"""An accounting system that answers on this machine: its stand-in behind a real port, and people who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from accounting.auth import AuthorizationCode
from accounting.protocol import Provider
from accounting.registry import provider_for
from accounting.sandbox import Options, Stage, StandIn, find_stand_ins, serve


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a test holds in its hand: the provider, its stand-in, and where both are."""

    provider: Provider
    auth: AuthorizationCode
    stand_in: StandIn
    stage: Stage
    environment: dict[str, str]

    @property
    def companies(self) -> list[dict[str, str]]:
        return self.stand_in.describe()["companies"]

    def sign_in(self, address: str, *, company: int = 0, deny: bool = False) -> str:
        """Where the browser comes back to after the office has signed in and granted (or not)."""
        user = self.stand_in.describe()["users"][0]["email"]
        order = {"url": address, "user": user, "company": self.companies[company]["id"], "deny": deny}
        return self.stand_in.sign_in(order)["location"]

    def requests(self, path: str) -> int:
        """How many requests this path has had."""
        return sum(1 for entry in self.stage.journal.entries() if entry.path.endswith(path))

    @property
    def exchanges(self) -> int:
        return self.requests(self.auth.token_path)


@contextmanager
def standing_in() -> Iterator[Service]:
    """The first provider that has a stand-in and a login page of its own."""
    for stand_in in find_stand_ins(Options()):
        provider = provider_for(stand_in.key)
        if isinstance(provider.logins[0], AuthorizationCode):
            break
    stage = Stage(stand_in)
    with serve(stage) as base:
        about = stand_in.describe()
        client = about["clients"][0]
        auth = provider.logins[0]
        environment = {
            auth.identity_variable: base + about["identity"],
            auth.client_id_variable: client["id"],
            auth.client_secret_variable: client["secret"],
            next(name for name in provider.environment if name.endswith("_API_URL")): base + about["api"],
        }
        yield Service(provider=provider, auth=auth, stand_in=stand_in, stage=stage, environment=environment)
