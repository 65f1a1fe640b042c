"""Whether this is the installation that its database belongs to, or a copy that must not touch anybody's books.

The identity stands in the database and in the environment. A database that was copied, or restored elsewhere,
meets another identity there: then nothing is written to the books, no login is renewed and nothing is
scheduled, until an owner says that this copy takes over.
"""

from __future__ import annotations

import logging
from typing import Any

from django.apps import apps as all_apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting.types import gettext_noop
from fieldwork.models import User
from integrations.models import Connection, Installation, Lease

log = logging.getLogger(__name__)

READ_ONLY = gettext_noop(
    "This copy of Fieldledger is read-only: its database belongs to another installation. "
    "An owner can let this copy take over."
)


def is_in_charge() -> bool:
    """Whether the database belongs to this installation."""
    return owner_of_database().identity == settings.INSTALLATION_ID


def read_only_reason() -> str | None:
    """Why nothing may be written to the books from here, or None."""
    return None if is_in_charge() else READ_ONLY


def owner_of_database() -> Installation:
    """The installation that the database belongs to; a database that belongs to nobody yet becomes ours."""
    newest = Installation.objects.first()
    return newest or Installation.objects.create(identity=settings.INSTALLATION_ID)


def settle_in(*, apps: Apps = all_apps, **_: Any) -> None:
    """After each `migrate` that has made the table: a new database is ours."""
    if Installation._meta.model_name in apps.all_models[Installation._meta.app_label]:
        owner_of_database()


def take_over(*, by: User | None, who: str) -> bool:
    """True when the database belongs to this installation from now on, and did not before.

    Every connection is paused: what the books hold by now is looked at before anything moves, and its owner
    resumes each one.
    """
    if is_in_charge():
        return False
    former = owner_of_database()
    with transaction.atomic():
        Installation.objects.create(identity=settings.INSTALLATION_ID, taken_over_by=by, who=who[:200])
        live = Connection.objects.filter(state__in=Connection.LIVE)
        # Whatever kept it from the books over there, or was refused here, says nothing about the books now.
        paused = live.update(state=Connection.State.PAUSED, wait_until=None, failures=0, limited_since=None)
        # What the other installation's workers held, nobody holds here.
        Lease.objects.exclude(owner="").update(owner="", expires_at=None, fence=F("fence") + 1)
    log.warning(
        "%s let this installation (%s) take over from %s, %s: %s connections are paused.",
        who,
        settings.INSTALLATION_ID,
        former.identity,
        timezone.localtime(former.since).isoformat(timespec="minutes"),
        paused,
    )
    return True
