"""Who is who: our customers and articles without a link beside those of the books. For the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required
from fieldwork.listing import list_records
from integrations.linking.inquiring import ReferenceRefused
from integrations.linking.kept import strike_candidates, strike_out, with_candidates
from integrations.linking.many import accept, refuse, undo
from integrations.linking.pairs import Both, Few, both_sides
from integrations.models import Connection, LinkDecision
from integrations.presenting.pairs import GROUPS, PAGE_SIZE, sheet_of
from integrations.recognising.pairing import Pair
from integrations.sending.queueing import live_connection
from integrations.views.books import own_connection
from integrations.views.records import ring

KINDS = {"customer": gettext_lazy("Customers"), "article": gettext_lazy("Materials and hour types")}


@office_required
@require_GET
def live_linking(request: MemberRequest) -> HttpResponse:
    """The page of the books of record."""
    connection = live_connection(request.membership.organization)
    return redirect("integrations:linking", connection.pk) if connection else redirect("integrations:books")


@office_required
@require_GET
def wizard(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One group of one kind, a page at a time."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    kind = one_of(KINDS, request.GET.get("kind"))
    text = request.GET.get("q", "").strip()
    group, number = request.GET.get("group"), request.GET.get("page")
    sheet = sheet_of(connection, kind, group=group, text=text, number=number)
    context = {
        "connection": connection,
        "kind": kind,
        "kinds": KINDS.items(),
        "sheet": sheet,
        "group": sheet.group,
        "groups": [(name, label, sheet.counts[name]) for name, label in GROUPS.items()],
        "counts": sheet.counts,
        "page": sheet.page,
        "rows": sheet.rows,
        "searched": text,
        "kept": urlencode({"kind": kind, "group": sheet.group, **({"q": text} if text else {})}),
    }
    return render(request, "integrations/linking.html", context)


def one_of(choices: Mapping[str, object], wanted: str | None) -> str:
    """The wanted one, else the first."""
    return wanted if wanted is not None and wanted in choices else next(iter(choices))


# --- linking --------------------------------------------------------------------


@office_required
@require_POST
def accept_certain(request: MemberRequest, pk: UUID) -> HttpResponse:
    """All certain pairs in one click, unless their number is another than the page had shown."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    kind = one_of(KINDS, request.POST.get("kind"))
    both = both_sides(connection, kind)
    certain = both.sorted.certain
    if request.POST.get("count") != str(len(certain)):
        messages.error(request, _("The list has changed meanwhile. Look at it again."))
    else:
        link(request, connection, both, certain)
        wake(connection, request)
    return back(request, connection, kind)


@office_required
@require_POST
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Links one pair or the ticked ones, or says of one of ours that it is none of these."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    kind = one_of(KINDS, request.POST.get("kind"))
    if nobody := request.POST.get("none"):
        say_none(request, connection, kind, nobody)
    else:
        chosen = [request.POST["link"]] if "link" in request.POST else request.POST.getlist("pair")
        link_chosen(request, connection, kind, chosen)
    wake(connection, request)
    return back(request, connection, kind)


def link_chosen(request: MemberRequest, connection: Connection, kind: str, values: list[str]) -> None:
    """Each pair is compared again, as it is now."""
    chosen = [value.partition(" ")[::2] for value in values]
    ours = frozenset(pk for key, _theirs in chosen if (pk := id_of(key)))
    both = both_sides(connection, kind, Few(ours=ours, theirs=frozenset(theirs for _key, theirs in chosen)))
    pairs = [pair for key, theirs in chosen if (pair := both.pair(key, theirs))]
    if not values:
        messages.error(request, _("Tick what it is about first."))
    elif len(pairs) < len(values) or has_repetitions(pairs):
        messages.error(request, _("The list has changed meanwhile, or one was ticked for two. Look at it again."))
    else:
        link(request, connection, both, pairs)


def id_of(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def has_repetitions(pairs: list[Pair]) -> bool:
    """Whether one of ours or of theirs is in two pairs: links are one to one."""
    return len({pair.ours for pair in pairs}) < len(pairs) or len({pair.theirs for pair in pairs}) < len(pairs)


def link(request: MemberRequest, connection: Connection, both: Both, pairs: Sequence[Pair]) -> None:
    accepted = accept(connection, both, pairs, by=request.user)
    strike_out(connection, both.kind, [UUID(pair.ours) for pair in pairs])
    told = ngettext("%(count)s is linked.", "%(count)s are linked.", accepted.count)
    messages.success(request, told % {"count": accepted.count})
    for sentence in accepted.refused[:PAGE_SIZE]:
        messages.warning(request, sentence)


def say_none(request: MemberRequest, connection: Connection, kind: str, key: str) -> None:
    pk = id_of(key)
    both = with_candidates(connection, kind, pk) if pk else None
    if pk is None or both is None or key not in both.ours or not both.candidates(key):
        messages.error(request, _("The list has changed meanwhile. Look at it again."))
        return
    name = both.local_label(key)
    refuse(connection, both, key, by=request.user)
    strike_candidates(connection, kind, pk)
    messages.success(request, _("Remembered: %(name)s is none of these.") % {"name": name})


def wake(connection: Connection, request: MemberRequest) -> None:
    """What waited for the answer goes on; nothing does before Start."""
    if connection.settings.saved_at is not None:
        ring(connection, request)


def back(request: MemberRequest, connection: Connection, kind: str) -> HttpResponse:
    group = one_of(GROUPS, request.POST.get("group"))
    return redirect(
        f"{reverse('integrations:linking', args=[connection.pk])}?{urlencode({'kind': kind, 'group': group})}"
    )


# --- what was linked here ---------------------------------------------------------


@office_required
@require_GET
def made(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every link that a person made, to be undone."""
    connection = own_connection(request, pk)
    decisions = LinkDecision.objects.filter(books=connection.books_id, verdict=LinkDecision.Verdict.SAME)
    listing = list_records(request, decisions.select_related("by"), search_in=("local_label", "remote_label"))
    return render(request, "integrations/links_made.html", {"connection": connection, "listing": listing})


@office_required
@require_POST
def undo_link(request: MemberRequest, pk: UUID, decision: UUID) -> HttpResponse:
    connection = own_connection(request, pk)
    same = LinkDecision.objects.filter(books=connection.books_id, verdict=LinkDecision.Verdict.SAME)
    found = get_object_or_404(same, pk=decision)
    try:
        undo(connection, found, by=request.user)
    except ReferenceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s is no longer linked.") % {"name": found.local_label})
    return redirect("integrations:links_made", connection.pk)
