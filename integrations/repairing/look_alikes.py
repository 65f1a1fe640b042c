"""Who is who: one of ours and one of theirs that look alike. Decided one by one, by a person, on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.models import Customer, HourType, Material, User
from integrations.linking.by_hand import take_over_link
from integrations.linking.inquiring import ReferenceRefused
from integrations.linking.many import Verdict, accept, remember
from integrations.linking.pairs import ASKED, Both, Few, both_sides
from integrations.linking.rereading import STREAMS, read_again
from integrations.models import Case, Link, Operation
from integrations.recognising.duplicates import match
from integrations.repairing.repair import Offers, Repair
from integrations.sending.queueing import queue_records
from integrations.trouble.cases import close_cases

NEW = "new"
Choices = Sequence[tuple[str, str]]


# --- ours is to be created, and somebody in the books looks like it --------------


def asks_who(case: Case) -> bool:
    return case.code == "customer_looks_like_another" and bool(case.part) and case.operation_id is not None


def who_it_may_be(case: Case) -> Choices:
    """Each candidate by its link. Several statements."""
    customer = own_customer(case)
    alike = match(case.connection, customer).doubtful if customer else ()
    same = [(str(each.link.pk), _("The same as %(name)s") % {"name": each.customer}) for each in alike if each.link]
    return [*same, (NEW, _("Another: add it as a new customer"))]


def say_who(case: Case, decision: str, by: User | None) -> None:
    """The link of the one in the books goes over to ours, or ours is created all the same."""
    customer = own_customer(case)
    if customer is None or by is None:
        raise ValidationError(_("This record does not exist any more."))
    if decision == NEW:
        [operation] = queue_records(case.connection, [customer], by=by)
        Operation.objects.filter(pk=operation.pk).update(released=True)
        return
    link = Link.objects.filter(pk=decision, books=case.connection.books_id).first()
    if link is None:
        raise ValidationError(_("This is no longer in the books."))
    try:
        take_over_link(case.connection, customer, link, by=by)
    except ReferenceRefused as refused:
        raise ValidationError(str(refused)) from None


def own_customer(case: Case) -> Customer | None:
    return Customer.objects.for_organization(case.organization).filter(pk=case.part).first()


# --- theirs came in a read, and some of ours look like it -------------------------


def asks_which(case: Case) -> bool:
    return case.code == ASKED and kind_of(case) in STREAMS and bool(case.values.get("ours"))


def which_it_may_be(case: Case) -> Choices:
    ids = case.values["ours"].split()
    models = (Customer,) if kind_of(case) == "customer" else (Material, HourType)
    ours = [each for model in models for each in model.objects.for_organization(case.organization).filter(pk__in=ids)]
    same = [(str(each.pk), _("The same as %(name)s") % {"name": each}) for each in ours]
    return [*same, (NEW, _("None of these: let it come as a new one"))]


def say_which(case: Case, decision: str, by: User | None) -> None:
    """Ours is linked to theirs, or none of ours is, and the next read brings it."""
    ids = frozenset(map(UUID, case.values["ours"].split()))
    both = both_sides(case.connection, kind_of(case), Few(ours=ids, theirs=frozenset({case.subject_id})))
    if by is None:
        raise ValidationError(_("The list has changed meanwhile. Look at it again."))
    if decision == NEW:
        tell_apart(case, both, by)
        return
    pair = both.pair(decision, case.subject_id)
    if pair is None:
        raise ValidationError(_("The list has changed meanwhile. Look at it again."))
    accepted = accept(case.connection, both, [pair], by=by)
    if accepted.refused:
        raise ValidationError(accepted.refused)


def tell_apart(case: Case, both: Both, by: User) -> None:
    ours = [each for each in case.values["ours"].split() if each in both.ours]
    with transaction.atomic():
        remember(case.connection, both, [(each, case.subject_id) for each in ours], Verdict.DIFFERENT, by=by)
        close_cases(case.connection, subject=(case.subject_kind, [case.subject_id]), codes=[ASKED])
        read_again(case.connection, both.kind)


def kind_of(case: Case) -> str:
    return case.subject_kind.removeprefix("remote_")


# --- both ------------------------------------------------------------------------


def ask(case: Case, offers: Offers) -> forms.Field | None:
    """None in a list: finding the candidates takes several statements for each entry."""
    choices = offers.alike.get(case.pk)
    if choices is None:
        return None
    return forms.ChoiceField(label=_("It is"), choices=list(choices), widget=forms.RadioSelect)


def candidates_for(case: Case) -> Choices | None:
    """Who may be chosen, for a case that asks for it."""
    if asks_who(case):
        return who_it_may_be(case)
    return which_it_may_be(case) if asks_which(case) else None


WHO = Repair(key="who", fits=asks_who, ask=ask, save=say_who)
WHICH = Repair(key="which", fits=asks_which, ask=ask, save=say_which, button=gettext_lazy("Save"), reads_books=True)
