"""How the installation and its connections are doing, computed from the database and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from integrations.models import Connection
from integrations.watching.connection_facts import connection_facts
from integrations.watching.facts import FOLLOW_FROM_QUEUE, Fact, Level
from integrations.watching.firm_facts import UNLICENSED, firm_facts
from integrations.watching.installation_facts import installation_facts, installation_seen_by


def health(connection: Connection | None = None) -> list[Fact]:
    """Every fact, well or not: of the installation and all live connections, or of one connection only.

    No network.
    """
    if connection is not None:
        return [fact for fact in health_seen_from(connection) if fact.connection_id]
    facts = list(installation_facts(timezone.now()))
    for each in live_connections():
        facts += facts_of(each)
    return causes_only(facts)


def health_seen_from(connection: Connection) -> list[Fact]:
    """The facts of this connection, and those of the installation that concern its firm."""
    return causes_only([*installation_seen_by(connection.organization, timezone.now()), *facts_of(connection)])


def causes_only(facts: list[Fact]) -> list[Fact]:
    """Without what merely follows from a queue that stands still, or from a licence that has ended."""
    if any(fact.code == "tick" and fact.level is Level.ALARM for fact in facts):
        return [fact for fact in facts if fact.code not in FOLLOW_FROM_QUEUE]
    unlicensed = {fact.connection_id for fact in facts if fact.text == UNLICENSED}
    return [fact for fact in facts if fact.connection_id not in unlicensed or fact.code not in FOLLOW_FROM_QUEUE]


def facts_of(connection: Connection) -> Iterator[Fact]:
    now = timezone.now()
    yield from connection_facts(connection, now)
    if connection.settings.saved_at is not None:
        yield from firm_facts(connection, now)


def live_connections() -> list[Connection]:
    live = Connection.objects.filter(state__in=Connection.LIVE)
    return list(live.select_related("organization", "books", "settings").order_by("organization__name", "provider"))


def troubles(facts: list[Fact]) -> list[Fact]:
    """Those that are not well, the worst first."""
    return sorted((fact for fact in facts if not fact.is_well), key=lambda fact: -fact.level)
