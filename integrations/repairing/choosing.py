"""Another customer or another article for a work order that cannot be sent with the one it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.forms.fields import RecordField, SuggestInput, find_by_number_or_name
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderLine
from integrations.models import Case
from integrations.repairing.fields import refuse_once_sent
from integrations.repairing.repair import Offers, Repair

OTHER_CUSTOMER = frozenset(
    {"work_order_customer_missing", "customer_not_in_books", "customer_gone", "customer_inactive"}
)
OTHER_ARTICLE = frozenset({"article_not_in_books", "article_gone", "article_inactive"})

Item = Material | HourType
MODELS: tuple[type[Item], ...] = (Material, HourType)


# --- a customer -----------------------------------------------------------------


def asks_for_customer(case: Case) -> bool:
    return case.code in OTHER_CUSTOMER and case.subject_kind == "work_order"


def ask_customer(case: Case, offers: Offers) -> forms.Field:
    customers = Customer.objects.for_organization(case.organization).filter(active=True)
    return RecordField(queryset=customers, label=_("Customer"), widget=SuggestInput("customers"))


def give_customer(case: Case, decision: str, by: User | None) -> None:
    """The work order goes to this customer. A work site of the former one is left out."""
    customer = Customer.objects.for_organization(case.organization).filter(pk=decision).first()
    work_order = WorkOrder.objects.for_organization(case.organization).filter(pk=case.subject_id).first()
    if customer is None or work_order is None:
        raise ValidationError(_("This record does not exist any more."))
    refuse_once_sent(case)
    if work_order.customer_id != customer.pk:
        work_order.work_site = None
    work_order.customer = customer
    work_order.save(update_fields=["customer", "work_site", "updated_at"])


# --- an article -----------------------------------------------------------------


def asks_for_article(case: Case) -> bool:
    return case.code in OTHER_ARTICLE and case.subject_kind == "work_order" and bool(case.part)


def ask_article(case: Case, offers: Offers) -> forms.Field:
    return forms.CharField(
        label=_("Use instead"), max_length=300, widget=SuggestInput("items"), help_text=_("Number or name.")
    )


def read_article(case: Case, typed: Any) -> str:
    """The id of the material or hour type that was meant, of the same sort and VAT rate as the one that it replaces."""
    former = find_item(case, case.part)
    if former is None:
        raise ValidationError(_("This record does not exist any more."))
    active = type(former).objects.for_organization(case.organization).filter(active=True).exclude(pk=former.pk)
    found = find_by_number_or_name(active, str(typed).strip())
    if len(found) != 1:
        message = RecordField.default_error_messages["several" if found else "none"]
        raise ValidationError(message, params={"typed": typed})
    if found[0].vat_percent != former.vat_percent:
        raise ValidationError(
            _("%(article)s has another VAT rate than %(former)s."),
            params={"article": found[0], "former": former},
        )
    return str(found[0].pk)


def replace_article(case: Case, decision: str, by: User | None) -> None:
    """The lines of this work order name the other one; their texts, quantities and prices stay."""
    former, chosen = find_item(case, case.part), find_item(case, decision)
    if former is None or chosen is None or type(former) is not type(chosen):
        raise ValidationError(_("This record does not exist any more."))
    refuse_once_sent(case)
    name = "material" if isinstance(former, Material) else "hour_type"
    lines = WorkOrderLine.objects.for_organization(case.organization).filter(work_order__pk=case.subject_id)
    lines.filter(**{name: former}).update(**{name: chosen})
    WorkOrder.objects.filter(pk=case.subject_id).update(updated_at=timezone.now())


def find_item(case: Case, pk: str) -> Item | None:
    for model in MODELS:
        if found := model.objects.for_organization(case.organization).filter(pk=pk).first():
            return found
    return None


def alike_in_article(cases: Sequence[Case]) -> Mapping[UUID, str]:
    return {case.pk: case.part for case in cases if case.part}


def name_of_item(case: Case, decision: str) -> str:
    return str(find_item(case, decision) or decision)


CUSTOMER = Repair(key="customer", fits=asks_for_customer, ask=ask_customer, save=give_customer)
ARTICLE = Repair(
    key="article",
    fits=asks_for_article,
    ask=ask_article,
    read=read_article,
    save=replace_article,
    button=gettext_lazy("Use it and send"),
    alike=alike_in_article,
    about=lambda case: name_of_item(case, case.part),
    words=name_of_item,
    remembers=lambda case: True,
)
