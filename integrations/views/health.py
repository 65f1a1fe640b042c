"""How the connection is doing, what was told to whom, and where alarms are posted to. Owners only."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, owner_required
from fieldwork.models import Organization
from integrations.models import Alarm, Connection, Webhook
from integrations.presenting.hook_panel import hook_panel
from integrations.presenting.webhook_form import WebhookForm
from integrations.watching.facts import Fact
from integrations.watching.health import FirmHealth, firm_health, troubles
from integrations.watching.notices import owners, sentence_of

RECENT = 20


@owner_required
@require_GET
def page(request: MemberRequest) -> HttpResponse:
    webhook = Webhook.objects.filter(organization=request.membership.organization).first()
    return show(request, WebhookForm(instance=webhook))


@owner_required
@require_POST
def change_webhook(request: MemberRequest) -> HttpResponse:
    """Sets the address, or with the button for that removes it. A new webhook gets a secret of its own."""
    firm = request.membership.organization
    webhook = Webhook.objects.filter(organization=firm).first()
    if "remove" in request.POST:
        Webhook.objects.filter(organization=firm).delete()
        messages.success(request, _("Alarms are no longer posted anywhere."))
        return redirect("integrations:health")
    form = WebhookForm(request.POST, instance=webhook or Webhook(organization=firm))
    if not form.is_valid():
        return show(request, form)
    form.save()
    messages.success(request, _("Alarms are posted to %(address)s from now on.") % {"address": form.instance.url})
    return redirect("integrations:health")


def show(request: MemberRequest, form: WebhookForm) -> HttpResponse:
    firm = request.membership.organization
    health = firm_health(request, firm)
    connections = [seen.connection for seen in health.connections]
    connection = next(iter(connections), None)
    context = {
        "connection": connection,
        "calls": hook_panel(connection) if connection else None,
        "facts": [*facts_around(health, connection), *further_troubles(health, connections[1:])] if connection else [],
        "alarms": [(alarm, sentence_of(alarm)) for alarm in recent_alarms(firm)],
        "owners": list(owners(firm.pk)),
        "form": form,
        "failed": form.is_bound,
    }
    return render(request, "integrations/health.html", context)


def facts_around(health: FirmHealth, connection: Connection) -> list[Fact]:
    """The facts of this connection, after those of the installation."""
    return [fact for fact in health.facts if fact.connection_id in (None, connection.pk)]


def further_troubles(health: FirmHealth, connections: Iterable[Connection]) -> list[Fact]:
    """What is not well with further books. Each such sentence names them; that all is well would not say of which."""
    return [fact for each in connections for fact in troubles(health.of(each))]


def recent_alarms(firm: Organization) -> QuerySet[Alarm]:
    """Those that this firm's owners were told of."""
    return Alarm.objects.filter(organization=firm, for_operator=False).prefetch_related("notices")[:RECENT]
