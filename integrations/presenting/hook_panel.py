"""What the settings show of the calls of an accounting system: the address, how to register it, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from accounting.errors import NotAllowed
from accounting.hooks import Webhook
from accounting.protocol import webhook_of
from integrations.connecting.hooks import address_of, may_register
from integrations.hearing import signing_secrets
from integrations.models import Connection, Hook, InboundEvent


@dataclass(frozen=True, kw_only=True)
class HookPanel:
    """`variable` is what whoever hosts this must still set, before signatures can be checked."""

    connection: Connection
    hook: Hook | None
    address: str
    today: int
    left_out: int
    steps: Sequence[str]
    registers: bool
    variable: str
    is_secure: bool


def hook_panel(connection: Connection) -> HookPanel | None:
    """One statement. None where the accounting system calls nobody."""
    webhook = webhook_of(connection.ledger_provider)
    if webhook is None or not connection.is_live:
        return None
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    events = InboundEvent.objects.filter(connection=OuterRef("connection"), received_at__gte=midnight)
    today = events.order_by().values("connection").annotate(count=Count("pk")).values("count")
    hook = Hook.objects.filter(connection=connection).annotate(today=Coalesce(Subquery(today), 0)).first()
    return HookPanel(
        connection=connection,
        hook=hook,
        address=address_of(hook) if hook else "",
        today=hook.today if hook else 0,
        left_out=hook.left_out_today(now.date()) if hook else 0,
        steps=[gettext(step) for step in webhook.steps],
        registers=registers(connection),
        variable=missing_variable(connection, webhook),
        is_secure=settings.SITE_URL.startswith("https://"),
    )


def registers(connection: Connection) -> bool:
    try:
        return may_register(connection)
    except NotAllowed:  # the books of another environment: the sync itself says so
        return False


def missing_variable(connection: Connection, webhook: Webhook) -> str:
    if webhook.signature is None or signing_secrets(connection, webhook):
        return ""
    return webhook.signature.secret_variable
