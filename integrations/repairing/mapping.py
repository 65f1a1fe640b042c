"""Our words and the books' own: terms of payment, units, and answers to what a provider must be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.models import TermsOfPayment, Unit
from accounting.types import Question
from fieldwork.models import HourType, Material, User
from integrations.connecting.questions import choices_of
from integrations.models import Answer, Case, ValueMap
from integrations.repairing.choosing import find_item
from integrations.repairing.repair import Offers, Repair, always

# --- terms of payment -----------------------------------------------------------


def asks_for_terms(case: Case) -> bool:
    return case.code == "customer_terms_unknown" and bool(case.values.get("terms"))


def ask_terms(case: Case, offers: Offers) -> forms.Field:
    return one_of(_("In the books"), offers.terms.get(books_of(case), ()))


def map_terms(case: Case, decision: str, by: User | None) -> None:
    terms = TermsOfPayment.objects.filter(books=books_of(case), remote_id=decision, active=True).first()
    if terms is None:
        raise ValidationError(_("This is no longer in the books."))
    put_map(case, ValueMap.Kind.TERMS_OF_PAYMENT, case.values["terms"], terms)


def alike_in_terms(cases: Sequence[Case]) -> Mapping[UUID, str]:
    return {case.pk: case.values["terms"].strip().lower()[:200] for case in cases if case.values.get("terms")}


# --- units ----------------------------------------------------------------------


def asks_for_unit(case: Case) -> bool:
    return case.where == "article" and case.field == "unit" and case.operation_id is not None


def ask_unit(case: Case, offers: Offers) -> forms.Field:
    return one_of(_("Unit in the books"), offers.units.get(books_of(case), ()))


def map_unit(case: Case, decision: str, by: User | None) -> None:
    """The article's word stands for this unit from now on; an article without a word gets the unit's own."""
    unit = Unit.objects.filter(books=books_of(case), remote_id=decision, active=True).first()
    item = find_item(case, case.part or case.subject_id)
    if unit is None or item is None:
        raise ValidationError(_("This is no longer in the books."))
    if item.unit.strip():
        put_map(case, ValueMap.Kind.UNIT, item.unit, unit)
        return
    item.unit = (unit.abbreviation or unit.name)[:20]
    item.save(update_fields=["unit"])


def alike_in_unit(cases: Sequence[Case]) -> Mapping[UUID, str]:
    """By their word. One statement."""
    items = {case.pk: case.part or case.subject_id for case in cases}
    pks = set(items.values())
    materials, hour_types = (
        model.objects.filter(pk__in=pks).order_by().values_list("pk", "unit") for model in (Material, HourType)
    )
    words = {str(pk): unit.strip().lower() for pk, unit in materials.union(hour_types, all=True)}
    return {pk: words[item] for pk, item in items.items() if item in words}


def unit_of(case: Case) -> str:
    item = find_item(case, case.part or case.subject_id)
    return item.unit if item else ""


# --- both -----------------------------------------------------------------------


def one_of(label: str, choices: Sequence[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=[("", _("Not chosen yet")), *choices])


def put_map(case: Case, kind: str, ours: str, theirs: TermsOfPayment | Unit) -> None:
    ValueMap.objects.update_or_create(
        connection_id=case.connection_id,
        kind=kind,
        ours=ours.strip()[:100],
        defaults={"theirs": theirs.remote_id, "label": theirs.name},
    )


def books_of(case: Case) -> UUID:
    books_id = case.connection.books_id
    assert books_id is not None
    return books_id


def name_in(model: type[TermsOfPayment] | type[Unit], case: Case, remote_id: str) -> str:
    found = model.objects.filter(books=books_of(case), remote_id=remote_id).first()
    return str(found or remote_id)


# --- questions ------------------------------------------------------------------


def asks_question(case: Case) -> bool:
    return case.where == "connection" and question_of(case) is not None


def question_of(case: Case) -> Question | None:
    questions = case.connection.ledger_provider.questions if case.field else ()
    return next((each for each in questions if each.key == case.field), None)


def ask_question(case: Case, offers: Offers) -> forms.Field | None:
    """None while the choices are not known: the books are not asked for the sake of a list."""
    question = question_of(case)
    assert question is not None
    if not question.has_choices:
        return forms.CharField(label=_(question.label), max_length=200)
    offered = offers.answers.get((case.connection_id, question.key))
    if offered is None:
        return None
    return one_of(_(question.label), [(each.value, _(each.label)) for each in offered])


def answer(case: Case, decision: str, by: User | None) -> None:
    """The answer stands, and every entry that asked for it is closed."""
    question = question_of(case)
    asked = [case.field] if question and question.has_choices else []
    offered = choices_of(case.connection, asked).by_question.get(case.field, ())
    label = next((each.label for each in offered if each.value == decision), "")
    Answer.give(case.connection, case.field, value=decision, label=label)
    asking = Case.objects.filter(connection=case.connection, where="connection", field=case.field)
    asking.filter(state=Case.State.OPEN).update(state=Case.State.CLOSED, closed_at=timezone.now())


TERMS = Repair(
    key="terms",
    fits=asks_for_terms,
    ask=ask_terms,
    save=map_terms,
    alike=alike_in_terms,
    about=lambda case: str(case.values["terms"]),
    words=lambda case, decision: name_in(TermsOfPayment, case, decision),
    remembers=always,
    once=True,
)
UNIT = Repair(
    key="unit",
    fits=asks_for_unit,
    ask=ask_unit,
    save=map_unit,
    alike=alike_in_unit,
    about=unit_of,
    words=lambda case, decision: name_in(Unit, case, decision),
    remembers=always,
)
QUESTION = Repair(key="question", fits=asks_question, ask=ask_question, save=answer, for_owner=True)
