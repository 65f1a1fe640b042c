"""The one sentence under the bar of every page: the worst problem that needs a person, if there is one.

Every page asks, so asking is cheap: one look at the signs. Only when one of them is out of order the facts are
computed, so that what was repaired is gone at once.
"""

from __future__ import annotations

from integrations.models import Connection
from integrations.watching.connection_facts import login
from integrations.watching.facts import Fact, Judge, Level
from integrations.watching.health import FirmHealth
from integrations.watching.installation_facts import tick
from integrations.watching.sighting import Sighting, judge_of
from integrations.watching.signs import SHOWN


def banner_of(health: FirmHealth) -> Fact | None:
    signs = health.signs
    if not signs.is_connected:
        return None
    if signs.is_refused:
        return refused_login(health)
    queue = tick(Judge(subject="Fieldledger", now=health.now), signs.tick_at, firm=health.firm)
    if queue.level is Level.ALARM:
        return queue
    if not signs.is_alarmed:
        return None
    return next((fact for fact in health.facts if fact.level is Level.ALARM and fact.code in SHOWN), None)


def refused_login(health: FirmHealth) -> Fact | None:
    """Without looking any closer: it lasts until somebody signs in, and its sentence needs no more."""
    refused = Connection.objects.filter(organization=health.firm, state=Connection.State.RECONNECT)
    connection = refused.select_related("books").order_by("-is_books_of_record", "provider").first()
    if connection is None:  # somebody has just signed in
        return None
    seen = Sighting(connection=connection, now=health.now)
    return login(judge_of(seen), seen)
