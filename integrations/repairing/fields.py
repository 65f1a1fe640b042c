"""Fields of our own records, typed in the inbox: of a customer, an article, a line or a work order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.field_notes import notes_on
from fieldwork.forms.records import CATALOGUE_FIELDS, CustomerForm
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderLine
from integrations.history import note
from integrations.models import Case, Change, Operation
from integrations.repairing.repair import Offers, Place, Repair

NOT_TYPED = {"active", "note", "is_company", "terms_of_payment", "price_includes_vat", "unit"}
ARTICLES: tuple[type[Model], ...] = (Material, HourType)
# Where a problem says that it is repaired, the models that may be meant, and what can be typed.
PLACES: dict[str, tuple[tuple[type[Model], ...], frozenset[str]]] = {
    "customer": ((Customer,), frozenset(CustomerForm.Meta.fields) - NOT_TYPED),
    "article": (ARTICLES, frozenset(CATALOGUE_FIELDS) - NOT_TYPED),
    "material": ((Material,), frozenset(CATALOGUE_FIELDS) - NOT_TYPED),
    "hour_type": ((HourType,), frozenset(CATALOGUE_FIELDS) - NOT_TYPED),
    "line": ((WorkOrderLine,), frozenset({"text", "quantity", "unit_price", "discount_percent"})),
    "work_order": ((WorkOrder,), frozenset({"your_reference", "title"})),
}
# What the fields of a document are called here.
OURS = {("article", "text"): "short_text"}
# A number that somebody else has is repaired by another number.
OF_CODES = {"number_taken": "number"}


def field_of(case: Case) -> str:
    """The name of our field that the case is about, or empty."""
    name = OURS.get((case.where, case.field)) or case.field or OF_CODES.get(case.code, "")
    return name if case.where in PLACES and name in PLACES[case.where][1] else ""


def record_id(case: Case) -> str:
    """The id of our record that is to be changed, or empty."""
    found = case.part or (case.subject_id if case.where in (case.subject_kind, "article") else "")
    try:
        UUID(found)
    except ValueError:
        return ""
    return found


def is_typed(case: Case) -> bool:
    return case.operation_id is not None and bool(field_of(case) and record_id(case))


def place_of(case: Case) -> Place:
    return case.where, record_id(case), field_of(case)


def ask(case: Case, offers: Offers) -> forms.Field:
    column = column_of(case)
    made = column.formfield(localize=True) if column.get_internal_type() == "DecimalField" else column.formfield()
    made.required = case.code.endswith("_missing") or not column.blank
    made.help_text = ""
    made.label = str(column.verbose_name).capitalize()
    if isinstance(made.widget, forms.Textarea) or (column.max_length or 0) > LONGEST_IN_A_ROW:
        made.widget = forms.Textarea(attrs={"rows": 2, "maxlength": column.max_length} if column.max_length else {})
    present = offers.present.get(place_of(case), "")
    made.initial = column.to_python(present) if present and column.get_internal_type() == "DecimalField" else present
    return made


LONGEST_IN_A_ROW = 255


def column_of(case: Case) -> Any:
    models, _names = PLACES[case.where]
    return models[0]._meta.get_field(field_of(case))


def save(case: Case, decision: str, by: User | None) -> None:
    """The record with this value, checked by its own rules. Raises ValidationError beside the field."""
    record, name = find_record(case), field_of(case)
    refuse_what_is_kept_elsewhere(record, name)
    column = record._meta.get_field(name)
    before = getattr(record, name)
    setattr(record, name, in_capitals(name, column.to_python(decision or column.get_default())))
    others = [each.name for each in record._meta.fields if each.name != name]
    try:
        record.clean_fields(exclude=others)
        record.validate_constraints(exclude=[each for each in others if each != "organization"])
    except ValidationError as error:
        raise ValidationError(error.messages) from None
    if isinstance(record, WorkOrder | WorkOrderLine):
        refuse_once_sent(case)
    changed = [name, *(["updated_at"] if has_field(record, "updated_at") else [])]
    record.save(update_fields=changed)
    note(record, source=Change.Source.HERE, fields={name: (before, getattr(record, name))}, by=by)


def refuse_what_is_kept_elsewhere(record: Model, name: str) -> None:
    said = notes_on(record).get(name)
    if said is not None and said.is_read_only:
        raise ValidationError(said.words)


def in_capitals(name: str, value: Any) -> Any:
    return value.upper() if name in SHARED_FIELDS else value


def has_field(record: Model, name: str) -> bool:
    try:
        record._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def find_record(case: Case) -> Any:
    """Our record; of another firm there is none."""
    for model in PLACES[case.where][0]:
        mine: Any = model._default_manager.all()
        if found := mine.for_organization(case.organization).filter(pk=record_id(case)).first():
            return found
    raise ValidationError(_("This record does not exist any more."))


def refuse_once_sent(case: Case) -> None:
    """A work order is changed here only while it waits for a person: then no document of it exists."""
    waiting = Operation.objects.filter(cases=case, state__in=Operation.NEEDS_PERSON)
    if not waiting.update(due_at=timezone.now()):
        raise ValidationError(_("It is being sent right now. Wait until that is over."))


def is_shared(case: Case) -> bool:
    """Countries and currencies are often wrong for the same reason; everything else is each record's own."""
    return case.field in SHARED_FIELDS and is_typed(case)


def alike_in_field(cases: Sequence[Case]) -> dict[UUID, str]:
    return {case.pk: case.field for case in cases}


SHARED_FIELDS = frozenset({"country", "delivery_country", "currency"})
TYPED = Repair(key="field", fits=is_typed, ask=ask, save=save, place=place_of)
TYPED_FOR_ALL = Repair(key="same_field", fits=is_shared, ask=ask, save=save, place=place_of, alike=alike_in_field)
