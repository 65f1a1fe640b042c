"""What every page and every check asks of the installation, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Q, Subquery, TextField
from django.db.models.functions import Coalesce

from fieldwork.models import Organization
from integrations.installation import owner_of_database
from integrations.models import Alarm, Canary, Case, Connection, Heartbeat, Installation

# What a person must see wherever they are. The inbox has its own count, and the rest is on the card.
SHOWN = ("tick", "encryption", "licence", "reading", "sending", "token", "in_doubt", "worker", "exports")


@dataclass(frozen=True, kw_only=True)
class Signs:
    """`identity` is that of the installation which the database belongs to, `canary` as it is stored: encrypted."""

    identity: UUID
    tick_at: datetime | None
    watchdog_at: datetime | None
    canary: str | None

    @property
    def is_in_charge(self) -> bool:
        return self.identity == settings.INSTALLATION_ID


@dataclass(frozen=True, kw_only=True)
class FirmSigns(Signs):
    """And of a firm: whether it has a live connection, one whose login is refused, an open alarm that is `SHOWN`."""

    is_connected: bool
    is_refused: bool
    is_alarmed: bool
    open_cases: int


def signs() -> Signs:
    return Signs(**asked_together())


def signs_for(firm: Organization) -> FirmSigns:
    live = Connection.objects.filter(organization=firm, state__in=Connection.LIVE)
    concerning = Q(organization=firm) | Q(organization=None)
    cases = Case.objects.filter(organization=firm, state=Case.State.OPEN).order_by().values("organization")
    found = asked_together(
        is_connected=Exists(live),
        is_refused=Exists(live.filter(state=Connection.State.RECONNECT)),
        is_alarmed=Exists(Alarm.objects.filter(concerning, over_at=None, code__in=SHOWN)),
        open_cases=Coalesce(Subquery(cases.annotate(count=Count("pk")).values("count")), 0),
    )
    return FirmSigns(**found)


def asked_together(**more: Any) -> dict[str, Any]:
    beats = Heartbeat.objects.values("at")
    together = {
        "tick_at": Subquery(beats.filter(name=Heartbeat.TICK)),
        "watchdog_at": Subquery(beats.filter(name=Heartbeat.WATCHDOG)),
        # As plain text, because a wrong key must not keep pages from being shown.
        "canary": Subquery(Canary.objects.order_by("pk").values("secret")[:1], output_field=TextField()),
        **more,
    }
    newest = Installation.objects.annotate(**together).values("identity", *together)
    found = newest.first()
    if found is None:  # a database that belongs to nobody yet
        owner_of_database()
        found = newest.get()
    return found
