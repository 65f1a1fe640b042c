"""Looks after everything: computes health, tells whom it concerns, and pings who watches from outside.

Run by the queue's schedule and, for when that stands still, by the watchdog: `manage.py watchdog`.
"""

from __future__ import annotations

import logging

from django.conf import settings

from accounting import http
from accounting.answers import Breakdown
from accounting.errors import AccountingError
from integrations.installation import is_in_charge
from integrations.watching.alarms import follow
from integrations.watching.facts import Fact, Level
from integrations.watching.health import health
from integrations.watching.notices import deliver

log = logging.getLogger(__name__)

PING_S = 15.0


def watch() -> list[Fact]:
    """Every fact. What is to be told, and to whom, is written down and waits for `tell`."""
    facts = health()
    if is_in_charge():
        follow(facts)
    return facts


def tell() -> int:
    """How many messages have left. A copy that is not in charge tells nobody anything."""
    return deliver() if is_in_charge() else 0


def look_after() -> int:
    """How many facts are not well; what the queue's schedule runs."""
    facts = watch()
    tell()
    return sum(not fact.is_well for fact in facts)


def ping_outside(facts: list[Fact]) -> bool:
    """Tells the switch outside that this installation lives. It raises the alarm when we fall silent.

    So we fall silent on purpose while the installation itself is in trouble, not when one firm is.
    """
    ill = any(fact.level is Level.ALARM and fact.connection_id is None for fact in facts)
    if not settings.DEADMAN_URL or ill:
        return False
    try:
        reply = http.ping(settings.DEADMAN_URL, seconds=PING_S)
    except AccountingError as error:
        log.error("DEADMAN_URL: %s", error)
        return False
    if isinstance(reply, Breakdown) or reply.status // 100 != 2:
        log.warning("The ping to DEADMAN_URL failed.")
        return False
    return True
