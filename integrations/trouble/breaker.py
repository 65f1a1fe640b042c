"""Books that fail again and again are left alone for a while, longer each time.

Five temporary failures in a row open the breaker: the connection waits. When the wait is over, one read tries
whether the books are back; until it succeeds nothing else is asked of them.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.protocol import Ledger
from integrations.models import Connection

OPENS_AT = 5
PAUSES = (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8), timedelta(minutes=15))
TOO_MANY_REQUESTS = 429


class NotYet(TryLater):
    """Something of ours has to come first. The books have not failed, and were perhaps not even asked."""


def is_open(connection: Connection) -> bool:
    """Whether nothing but a read may be asked of these books, once their wait is over."""
    return connection.failures >= OPENS_AT


def is_back(connection: Connection, ledger: Ledger) -> bool:
    """Whether the books answer again. Network: one or two reads."""
    try:
        ledger.company()
    except (TryLater, UnexpectedAnswer) as error:
        leave_alone(connection, error if isinstance(error, TryLater) else TryLater(error.sentence))
        return False
    except AccountingError:
        pass  # They answer. What they say becomes of the run or the operation that meets it next.
    answered(connection)
    return True


def leave_alone(connection: Connection, error: Exception) -> bool:
    """Counts the error. True when nothing more is to be asked of these books for now."""
    now = timezone.now()
    if isinstance(error, TryLater) and error.after:
        wait_until(now + error.after, affected_by(connection, error))
        return True
    if isinstance(error, Refused | Conflict | NotAllowed | ReconnectNeeded):
        answered(connection)
    if not is_temporary(error):
        return False
    own = Connection.objects.filter(pk=connection.pk)
    own.update(failures=F("failures") + 1, limited_since=Coalesce("limited_since", now))
    connection.refresh_from_db(fields=["failures", "limited_since"])
    if is_open(connection):
        wait_until(now + pause_after(connection.failures), own)
    return is_open(connection)


def answered(connection: Connection) -> None:
    """A request has succeeded: the next failure is the first one again. Nothing is written when none was counted."""
    if not connection.failures and connection.limited_since is None:
        return
    Connection.objects.filter(pk=connection.pk).update(failures=0, limited_since=None)
    connection.failures, connection.limited_since = 0, None


def is_temporary(error: Exception) -> bool:
    """A failure of the books that may be over the next time: 5xx, time-outs, no connection."""
    if isinstance(error, NotYet):
        return False
    return isinstance(error, Unclear) or (isinstance(error, TryLater) and error.after is None)


def pause_after(failures: int) -> timedelta:
    """Longer with every failure, and not the same for everybody who met it at the same moment."""
    pause = PAUSES[min(failures - OPENS_AT, len(PAUSES) - 1)]
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  (spreads the load, guards nothing)


def affected_by(connection: Connection, error: TryLater) -> QuerySet[Connection]:
    """Who has to wait: everybody who uses the same client, where the accounting system counts them together."""
    if error.status == TOO_MANY_REQUESTS and connection.ledger_provider.limit_is_shared:
        return Connection.objects.filter(provider=connection.provider, state__in=Connection.LIVE)
    return Connection.objects.filter(pk=connection.pk)


def wait_until(moment: datetime, connections: QuerySet[Connection]) -> None:
    """They wait at least until then. Who waits longer already goes on waiting."""
    sooner = connections.filter(Q(wait_until=None) | Q(wait_until__lt=moment))
    sooner.update(wait_until=moment, limited_since=Coalesce("limited_since", timezone.now()))
