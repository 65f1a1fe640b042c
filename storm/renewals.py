"""Many processes meet an ended login at the same moment, again and again: one of them renews it."""

from __future__ import annotations

from dataclasses import dataclass

from accounting.sandbox import Options
from integrations.models import Connection
from storm.crew import crew
from storm.firms import expire_login, found_firm
from storm.world import World

SMALLEST = Options(customers=1, articles=1, projects=0, orders=0)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    processes: int
    expiries: int
    token_requests: int
    refused: int
    disagreements: int
    still_connected: bool

    @property
    def holds(self) -> bool:
        return (
            self.token_requests == self.expiries
            and self.still_connected
            and not self.refused
            and not self.disagreements
        )


def renew_again_and_again(world: World, *, processes: int, expiries: int) -> Outcome:
    """Each refresh token works once and there is no grace: a second request would end the connection."""
    world.begin_anew()
    world.rotate_refresh_tokens(grace=0)
    connection = found_firm(world).connection
    before = world.token_requests
    disagreements = 0
    with crew(world, processes) as workers:
        for _ in range(expiries):
            expire_login(connection)
            disagreements += len(set(workers.do("token", connection.pk))) != 1
    connection.refresh_from_db()
    return Outcome(
        processes=processes,
        expiries=expiries,
        token_requests=world.token_requests - before,
        refused=world.stand_in.describe()["refused_grants"],
        disagreements=disagreements,
        still_connected=connection.state == Connection.State.ACTIVE,
    )
