"""Buttons on the card of an accounting system: try it out, and see whether it answers. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounting.errors import AccountingError
from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.refusals import ConnectRefused, sentence_of
from integrations.connecting.trial import start_trial
from integrations.connections import open_ledger
from integrations.views.books import known, own_connection


@owner_required
@require_POST
def try_out(request: MemberRequest, key: str) -> HttpResponse:
    provider = known(key)
    try:
        licence = start_trial(request.membership.organization, provider, by=request.user)
    except ConnectRefused as refused:
        messages.error(request, str(refused))
    else:
        last = date_format(licence.ends_on or licence.starts_on, "SHORT_DATE_FORMAT")
        sentence = _("You can try %(provider)s until %(day)s. Connect it next.")
        messages.success(request, sentence % {"provider": provider.label, "day": last})
    return redirect("integrations:books")


@owner_required
@require_POST
def test_connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks the books for their company, and says what came back. Nothing is changed over there."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        messages.error(request, _("%(books)s is not connected at the moment.") % {"books": connection})
        return redirect("integrations:books")
    try:
        company = open_ledger(connection).company()
    except AccountingError as error:
        sentence = _("%(books)s does not answer as it should: %(reason)s")
        messages.error(request, sentence % {"books": connection, "reason": sentence_of(error)})
        return redirect("integrations:books")
    if company.remote_id != connection.pinned_books.remote_id:
        sentence = _("The login now opens another company: %(company)s. Reconnect, and choose %(books)s.")
        messages.error(request, sentence % {"company": company.name, "books": connection.pinned_books})
    else:
        sentence = _("%(provider)s answers, and the login is accepted for %(company)s.")
        messages.success(request, sentence % {"provider": connection.label, "company": company.name})
    return redirect("integrations:books")
