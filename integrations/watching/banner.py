"""The one sentence under the bar of every page: the worst problem that needs a person, if there is one.

Every page asks, so asking is cheap: a look at the connection, the tick and the open alarms. Only when one of
them is out of order the facts are computed, so that what was repaired is gone at once.
"""

from __future__ import annotations

from django.db.models import Exists, Q
from django.utils import timezone

from fieldwork.models import Organization
from integrations.models import Alarm, Connection
from integrations.watching.connection_facts import login
from integrations.watching.facts import Fact, Judge, Level
from integrations.watching.health import health_seen_from
from integrations.watching.installation_facts import tick

# What a person must see wherever they are. The inbox has its own count, and the rest is on the card.
SHOWN = ("tick", "encryption", "licence", "reading", "sending", "token", "in_doubt", "worker", "exports")


def banner_for(organization: Organization) -> Fact | None:
    concerning = Q(organization=organization) | Q(organization=None)
    alarms = Alarm.objects.filter(concerning, over_at=None, code__in=SHOWN)
    live = Connection.objects.filter(organization=organization, state__in=Connection.LIVE)
    # Asked along with the connections: every page comes by here.
    live = live.annotate(alarmed=Exists(alarms)).order_by("-is_books_of_record")
    connections = list(live.select_related("organization", "books", "settings"))
    if not connections:
        return None
    for connection in connections:
        if connection.state == Connection.State.RECONNECT:
            return login(Judge(subject=str(connection), now=timezone.now(), connection=connection), connection)
    queue = tick(Judge(subject="Fieldledger", now=timezone.now()), organization)
    if queue.level is Level.ALARM:
        return queue
    if not connections[0].alarmed:
        return None
    facts = (fact for connection in connections for fact in health_seen_from(connection))
    return next((fact for fact in facts if fact.level is Level.ALARM and fact.code in SHOWN), None)
