"""What a page of the field work shows of the books: panels, and pills in lists.

Templates are where the two apps meet, so that no module of the field work imports this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.models import ContactPerson, Customer, WorkOrder
from integrations.models import Case
from integrations.pipelines import PIPELINES
from integrations.presenting.around_customer import Around, around_customer
from integrations.presenting.customers import CustomerPanel
from integrations.presenting.panels import Standing, states_of
from integrations.presenting.people import People
from integrations.presenting.pills import drawn, in_words
from integrations.presenting.work_orders import repairs_of, work_order_panel
from integrations.recognising.pairing import Reason
from integrations.wording import retell

register = template.Library()
register.filter("state_pill", drawn)
register.filter("in_words", in_words)
register.filter("retold", retell)

REASONS = {
    Reason.NUMBER: gettext_lazy("the same customer number"),
    Reason.ORGANISATION_NUMBER: gettext_lazy("the same organisation number"),
    Reason.VAT_NUMBER: gettext_lazy("the same VAT number"),
    Reason.EMAIL: gettext_lazy("the same e-mail"),
    Reason.PHONE: gettext_lazy("the same phone number"),
    Reason.NAME: gettext_lazy("the same name"),
    Reason.NAME_AND_POSTCODE: gettext_lazy("the same name and postcode"),
    Reason.EAN: gettext_lazy("the same EAN"),
    Reason.OTHER_ORGANISATION_NUMBER: gettext_lazy("but another organisation number"),
    Reason.COMPANY_AND_PERSON: gettext_lazy("but one is a company and one a person"),
    Reason.OTHER_NUMBER: gettext_lazy("but another number"),
}


@register.simple_tag(takes_context=True)
def books_around_customer(
    context: Context, customer: Customer, persons: Iterable[ContactPerson], work_orders: Iterable[WorkOrder]
) -> Around:
    """Where the customer, these persons and these work orders stand, fetched once, before the page is drawn."""
    customer.organization = context["request"].membership.organization
    return around_customer(customer, persons, work_orders)


@register.inclusion_tag("integrations/_customer_panel.html", takes_context=True)
def books_panel_for_customer(context: Context, panel: CustomerPanel) -> dict[str, Any]:
    """Where this customer stands in the books, and the button that adds them there."""
    membership = context["request"].membership
    return {**shared(context), "panel": panel, "may_send": membership.manages_work()}


@register.inclusion_tag("integrations/_work_order_panel.html", takes_context=True)
def books_panel_for_work_order(context: Context, work_order: WorkOrder) -> dict[str, Any]:
    """Where this work order stands in the books, why, and what can be done about it."""
    membership = context["request"].membership
    panel = work_order_panel(work_order)
    repairs = repairs_of(panel, membership)
    return {
        **shared(context),
        "panel": panel,
        "repairs": repairs,
        # One main button: where a form is asked for, that is the form's.
        "retry_kind": "" if any(form for _case, form in repairs) else "btn-primary",
        "here": context["request"].path,
        "may_send": membership.manages_work(),
    }


@register.inclusion_tag("integrations/_edit_warning.html", takes_context=True)
def books_warning_before_edit(context: Context, work_order: WorkOrder) -> dict[str, Any]:
    """What follows when a work order is changed that was sent; nothing for one that the books do not know."""
    membership = context["request"].membership
    panel = work_order_panel(work_order, with_checks=False)
    return {**shared(context), "panel": panel, "may_send": membership.manages_work()}


@register.inclusion_tag("integrations/_contact_person.html", takes_context=True)
def books_state_of_person(context: Context, person: ContactPerson, people: People | None) -> dict[str, Any]:
    """Whether the books have this person, and the button that adds them there."""
    if people is None:
        return {}
    told = {"is_linked": person.pk in people.linked, "operation": people.operations.get(person.pk)}
    return {**shared(context), **told, "person": person, "people": people, "may_add": people.may_add(person)}


@register.simple_tag(takes_context=True)
def books_states_for(context: Context, work_orders: Iterable[WorkOrder]) -> Mapping[UUID, Standing]:
    """The operation of each work order by its id, in one statement: fetched once, before the list is drawn."""
    return states_of(work_orders)


@register.simple_tag(takes_context=True)
def books_pill_for_work_order(
    context: Context, work_order: WorkOrder, states: Mapping[UUID, Standing] | None = None
) -> SafeString:
    """The pill of a work order in a list whose states were fetched as `states`."""
    found = states if states is not None else context.get("states")
    if found is None:
        found = states_of([work_order])
    return drawn(found.get(work_order.pk))


@register.filter
def reason_words(reason: Reason) -> str:
    """Why two customers look alike."""
    return str(REASONS[reason])


@register.filter
def stream_label(stream: str) -> str:
    """What is read in this stream, in the reader's language."""
    return str(PIPELINES[stream].label) if stream in PIPELINES else stream


@register.filter
def subject_name(case: Case) -> str:
    """Whom or what the case is about, in the reader's language."""
    if case.subject_kind == "stream":
        return stream_label(case.subject_id)
    if case.subject_kind == "remote_sales_order" and case.subject_label:
        return _("Order %(number)s") % {"number": case.subject_label}
    return case.subject_label or str(case.connection)


def shared(context: Context) -> dict[str, Any]:
    """What an included template needs of its surroundings."""
    return {"request": context["request"], "csrf_token": context.get("csrf_token")}
