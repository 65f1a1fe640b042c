"""Where an accounting system calls, and the owner's buttons: switch on, renew, register, switch off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounting.errors import AccountingError
from accounting.hooks import Delivery
from accounting.protocol import webhook_of
from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.hooks import register, remove
from integrations.connecting.refusals import sentence_of
from integrations.hearing import LARGEST, Unknown, receive
from integrations.models import Connection, Hook
from integrations.views.books import own_connection


# An accounting system has no session of ours and no form: what it knows is the secret in the address.
@csrf_exempt
@login_not_required
@require_POST
@never_cache
def call(request: HttpRequest, pk: UUID, secret: str) -> HttpResponse:
    """Noted: 204. A wrong secret, a wrong signature and an address that never was get the same 404."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        receive(pk, secret, Delivery(headers=headers, body=body))
    except Unknown:
        return HttpResponse(status=404)
    return HttpResponse(status=204)


# --- the owner's buttons --------------------------------------------------------


@owner_required
@require_POST
def renew(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An address, or another one instead of the present one."""
    connection = calling(request, pk)
    is_first = not Hook.objects.filter(connection=connection).exists()
    hook = Hook.renew(connection)
    if is_first:
        messages.success(request, _("Calls are switched on. This is the address."))
    else:
        messages.success(request, _("There is a new address. The former one is not heard any more."))
    return told(request, hook)


@owner_required
@require_POST
def tell_books(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Registers the address again, say after somebody has removed it over there."""
    return told(request, get_object_or_404(Hook.objects.select_related("connection"), connection=calling(request, pk)))


@owner_required
@require_POST
def switch_off(request: MemberRequest, pk: UUID) -> HttpResponse:
    connection = calling(request, pk)
    hook = Hook.objects.select_related("connection__books").filter(connection=connection).first()
    if hook is None:
        return redirect("integrations:settings", pk)
    Hook.objects.filter(pk=hook.pk).delete()
    messages.success(request, _("Calls are not heard any more. The books are read at the usual intervals."))
    try:
        remove(hook)
    except AccountingError as error:
        could_not_tell(request, connection, error)
    return redirect("integrations:settings", pk)


def calling(request: MemberRequest, pk: UUID) -> Connection:
    """The connection, if it is live and its accounting system calls anybody."""
    connection = own_connection(request, pk)
    if not connection.is_live or webhook_of(connection.ledger_provider) is None:
        raise Http404
    return connection


def told(request: MemberRequest, hook: Hook) -> HttpResponse:
    """Back to the settings, after the books were told of the address where they take it from a program."""
    try:
        register(hook)
    except AccountingError as error:
        could_not_tell(request, hook.connection, error)
    else:
        if hook.registered_at:
            messages.success(request, _("%(provider)s calls it from now on.") % {"provider": hook.connection.label})
    return redirect("integrations:settings", hook.connection_id)


def could_not_tell(request: MemberRequest, connection: Connection, error: AccountingError) -> None:
    messages.warning(
        request,
        _("%(provider)s could not be told: %(reason)s") % {"provider": connection.label, "reason": sentence_of(error)},
    )
