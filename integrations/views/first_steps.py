"""The licence with which the set-up begins, and the button that asks whether the books answer. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounting.errors import AccountingError
from accounting.protocol import Provider
from fieldwork.access import MemberRequest, owner_required
from fieldwork.models import Organization
from integrations.connecting.refusals import ConnectRefused, sentence_of
from integrations.connecting.trial import start_trial
from integrations.connections import open_ledger
from integrations.models import Licence
from integrations.presenting.licence_form import LicenceForm
from integrations.views.books import known, own_connection


@owner_required
def licence(request: MemberRequest, key: str) -> HttpResponse:
    """The first step of the set-up: a licence that there is, or a trial. Pressed twice, there is one trial."""
    provider, firm = known(key), request.membership.organization
    held = licence_today(firm, provider)
    form = LicenceForm(request.POST or None, provider=provider)
    if request.method != "POST" or not (held or form.is_valid()):
        had = Licence.objects.filter(organization=firm, provider=provider.key).exists()
        context = {"provider": provider, "licence": held, "form": form, "may_try": not had}
        return render(request, "integrations/licence.html", context)
    if not held:
        try:
            start_trial(firm, provider, by=request.user)
        except ConnectRefused as refused:
            if not licence_today(firm, provider):
                messages.error(request, str(refused))
                return redirect("integrations:licence", provider.key)
    return redirect("integrations:ways", provider.key)


def licence_today(firm: Organization, provider: Provider) -> Licence | None:
    licences = Licence.objects.filter(organization=firm, provider=provider.key)
    return licences.active(timezone.localdate()).order_by("-starts_on").first()


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
