"""How the installation and its connections are doing, computed from the database and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from fieldwork.models import Organization
from integrations.models import Connection
from integrations.watching.connection_facts import connection_facts
from integrations.watching.facts import FOLLOW_FROM_QUEUE, Fact, Level
from integrations.watching.firm_facts import UNLICENSED, firm_facts
from integrations.watching.installation_facts import installation_facts, installation_seen_by
from integrations.watching.observing import observe
from integrations.watching.sighting import Sighting
from integrations.watching.signs import FirmSigns, signs, signs_for


def health(connection: Connection | None = None) -> list[Fact]:
    """Every fact, well or not: of the installation and all live connections, or of one connection only.

    No network. The number of statements does not depend on that of the connections.
    """
    if connection is not None:
        return FirmHealth(connection.organization).of(connection)
    now = timezone.now()
    live = Connection.objects.filter(state__in=Connection.LIVE).order_by("organization__name", "provider")
    return causes_only([*installation_facts(signs(), now), *facts_of(observe(live, now))])


class FirmHealth:
    """How one firm's connections are doing: those to its books of record first. Each part is asked for once."""

    def __init__(self, firm: Organization) -> None:
        self.firm = firm
        self.now = timezone.now()

    @cached_property
    def signs(self) -> FirmSigns:
        return signs_for(self.firm)

    @cached_property
    def connections(self) -> list[Sighting]:
        live = Connection.objects.filter(organization=self.firm, state__in=Connection.LIVE)
        return observe(live.order_by("-is_books_of_record", "provider"), self.now)

    @cached_property
    def facts(self) -> list[Fact]:
        """Of every connection, and what of the installation concerns the firm."""
        around = installation_seen_by(self.firm, self.signs, self.now)
        return causes_only([*around, *facts_of(self.connections)])

    def of(self, connection: Connection) -> list[Fact]:
        return [fact for fact in self.facts if fact.connection_id == connection.pk]


def firm_health(request: HttpRequest, firm: Organization) -> FirmHealth:
    """The same for a page and for the frame around it, so that both together ask once."""
    known: FirmHealth | None = getattr(request, "firm_health", None)
    if known is None:
        known = FirmHealth(firm)
        request.firm_health = known  # type: ignore[attr-defined]
    return known


def facts_of(connections: Iterable[Sighting]) -> Iterator[Fact]:
    for seen in connections:
        yield from connection_facts(seen)
        if seen.is_started:
            yield from firm_facts(seen)


def causes_only(facts: list[Fact]) -> list[Fact]:
    """Without what merely follows from a queue that stands still, or from a licence that has ended."""
    if any(fact.code == "tick" and fact.level is Level.ALARM for fact in facts):
        return [fact for fact in facts if fact.code not in FOLLOW_FROM_QUEUE]
    unlicensed = {fact.connection_id for fact in facts if fact.text == UNLICENSED}
    return [fact for fact in facts if fact.connection_id not in unlicensed or fact.code not in FOLLOW_FROM_QUEUE]


def troubles(facts: list[Fact]) -> list[Fact]:
    """Those that are not well, the worst first."""
    return sorted((fact for fact in facts if not fact.is_well), key=lambda fact: -fact.level)
