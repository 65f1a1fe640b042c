"""A plan as a page shows it: its figures, and its entries with what has become of them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from fieldwork.models import Customer, HourType, Material, Project, WorkOrder
from fieldwork.templatetags.field_numbers import money
from integrations.among import among
from integrations.exports import SALES
from integrations.models import Connection, Operation, Plan, PlanEntry, SendDecision
from integrations.pipelines import PIPELINES
from integrations.planning.fields import DAY, LINE, NUMBER, WORD
from integrations.presenting.pills import Pill, operation_pill
from integrations.wording import fill_in

Action = PlanEntry.Action
Words = str | Promise

OUTGOING: dict[str, Words] = {
    "customer": gettext_lazy("Customers"),
    "contact": gettext_lazy("Contact persons"),
    "article": gettext_lazy("Articles"),
    "sales_order": gettext_lazy("Sales orders"),
    "invoice_draft": gettext_lazy("Invoice drafts"),
    "customer_update": gettext_lazy("Updates of customers"),
    "contact_update": gettext_lazy("Updates of contact persons"),
    "taking_back": gettext_lazy("Drafts taken back"),
    "attachment": gettext_lazy("Work orders as PDF"),
}
PILLS: dict[str, Pill] = {
    Action.CREATE: Pill(gettext_lazy("Create"), "blue"),
    Action.UPDATE: Pill(gettext_lazy("Update"), "blue"),
    Action.SKIP: Pill(gettext_lazy("Leave out"), "grey"),
    Action.BLOCKED: Pill(gettext_lazy("Needs you"), "red"),
}
HELD = Pill(gettext_lazy("Held"), "amber")
APPROVED = Pill(gettext_lazy("Approved"), "green")
WAITS_FOR_YOU = Pill(gettext_lazy("Waits for your approval"), "amber")
PAGES = {
    WorkOrder._meta.label: "fieldwork:work_order_detail",
    Customer._meta.label: "fieldwork:customer_detail",
    Material._meta.label: "fieldwork:material_edit",
    HourType._meta.label: "fieldwork:hour_type_edit",
    Project._meta.label: "fieldwork:project_edit",
}


# --- figures --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OutgoingRow:
    """One kind of document or record: how many of each action, and the money of those that would go out."""

    kind: str
    label: Words
    create: int = 0
    update: int = 0
    blocked: int = 0
    skip: int = 0
    net: Sequence[tuple[Decimal, str]] = ()
    total: Sequence[tuple[Decimal, str]] = ()


def outgoing_rows(plan: Plan) -> list[OutgoingRow]:
    figures = {(each["kind"], each["action"]): each for each in plan.tally}
    rows = []
    for kind, label in OUTGOING.items():
        found = {action: figures[kind, action] for action in Action if (kind, action) in figures}
        if found:
            counts = {str(action): each["count"] for action, each in found.items()}
            going = [found[action] for action in (Action.CREATE, Action.UPDATE) if action in found]
            net, total = (added([each[name] for each in going]) for name in ("net", "total"))
            rows.append(OutgoingRow(kind=kind, label=label, net=net, total=total, **counts))
    return rows


def added(parts: Sequence[dict[str, str]]) -> list[tuple[Decimal, str]]:
    """Amounts by currency, as one sum per currency."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        for currency, amount in part.items():
            sums[currency] += Decimal(amount)
    return [(amount, currency) for currency, amount in sorted(sums.items())]


def kinds_in(plan: Plan) -> list[tuple[str, Words]]:
    """The kinds of which the plan may have entries, for the filter."""
    streams = [(each["stream"], PIPELINES[each["stream"]].label) for each in plan.runs if each["stream"] in PIPELINES]
    return [*streams, *((row.kind, row.label) for row in outgoing_rows(plan))]


# --- entries --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ShownChange:
    field: Words
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """An entry, with what people have decided meanwhile and what has become of it."""

    entry: PlanEntry
    pill: Pill
    decision: SendDecision | None
    operation: Operation | None

    @property
    def goes_out(self) -> bool:
        return self.entry.direction == PlanEntry.Direction.OUT

    @property
    def may_decide(self) -> bool:
        """Whether it has not been sent, nor taken out for good."""
        if not self.goes_out or self.entry.action == Action.SKIP:
            return False
        unsent = (Operation.State.QUEUED, *Operation.NEEDS_PERSON)
        return self.operation is None or self.operation.state in unsent

    @property
    def is_held(self) -> bool:
        return self.decision is not None and self.decision.verdict == SendDecision.Verdict.HELD

    @property
    def is_work_order(self) -> bool:
        return self.entry.local_model == WorkOrder._meta.label

    @property
    def page(self) -> str:
        """The name of the record's own page, where it is there already."""
        is_new = self.entry.direction == PlanEntry.Direction.IN and self.entry.action == Action.CREATE
        return "" if is_new else PAGES.get(self.entry.local_model, "")

    @property
    def kind(self) -> Words:
        if self.goes_out:
            return OUTGOING.get(self.entry.kind, self.entry.kind)
        return PIPELINES[self.entry.kind].label if self.entry.kind in PIPELINES else self.entry.kind

    @property
    def reasons(self) -> list[str]:
        return [fill_in(each["sentence"], each["values"]) for each in self.entry.reasons]

    @property
    def changes(self) -> list[ShownChange]:
        return [shown(each) for each in self.entry.changes]

    @property
    def is_update(self) -> bool:
        return self.entry.action == Action.UPDATE


def rows_of(connection: Connection, entries: Sequence[PlanEntry]) -> list[Row]:
    """Two statements for any number of entries."""
    ids = [entry.local_id for entry in entries if entry.local_id and entry.direction == PlanEntry.Direction.OUT]
    decisions = SendDecision.objects.filter(among("local_id", ids), books=connection.books_id).select_related("by")
    decided: dict[UUID | None, SendDecision] = {each.local_id: each for each in decisions}
    operations = Operation.objects.filter(among("local_id", ids), books=connection.books_id)
    known: dict[tuple[UUID, int, str] | None, Operation] = {
        (each.local_id, each.revision, family(each.kind)): each for each in operations
    }
    return [row_of(connection, entry, decided.get(entry.local_id), known.get(key_of(entry))) for entry in entries]


def key_of(entry: PlanEntry) -> tuple[UUID, int, str] | None:
    return (entry.local_id, entry.revision, family(entry.kind)) if entry.local_id else None


def family(kind: str) -> str:
    """A work order becomes a draft or an order, never both."""
    return "sale" if kind in SALES else kind


def row_of(connection: Connection, entry: PlanEntry, decision: SendDecision | None, operation: Operation | None) -> Row:
    if entry.direction == PlanEntry.Direction.IN:
        return Row(entry=entry, pill=PILLS[entry.action], decision=None, operation=None)
    if decision and decision.verdict == SendDecision.Verdict.APPROVED and decision.revision != entry.revision:
        decision = None
    pill = pill_of(connection, entry, decision, operation)
    return Row(entry=entry, pill=pill, decision=decision, operation=operation)


def pill_of(
    connection: Connection, entry: PlanEntry, decision: SendDecision | None, operation: Operation | None
) -> Pill:
    """What has become of it since, else what was decided, else what would become of it."""
    waiting = (Operation.State.QUEUED, *Operation.NEEDS_PERSON)
    if operation is not None and operation.state not in waiting:
        return operation_pill(operation)
    if decision is not None:
        return HELD if decision.verdict == SendDecision.Verdict.HELD else APPROVED
    asks = connection.settings.ask_before_sending and not (operation and operation.asked_by_id)
    return WAITS_FOR_YOU if asks and entry.action in (Action.CREATE, Action.UPDATE) else PILLS[entry.action]


# --- values ---------------------------------------------------------------------


def shown(change: Sequence[Any]) -> ShownChange:
    field, before, after, kind, *figures = change
    if kind == LINE:
        return ShownChange(field=_(field), before="", after=line_in_words(after, figures))
    return ShownChange(field=name_of_field(field), before=in_words(before, kind), after=in_words(after, kind))


def name_of_field(path: str) -> str:
    """`fieldwork.Customer.email` as the forms call it; anything else is a word of ours."""
    model, _dot, name = path.rpartition(".")
    if not model:
        return _(path)
    field = apps.get_model(model)._meta.get_field(name.removesuffix("_id"))
    label = str(getattr(field, "verbose_name", name))
    return label[:1].upper() + label[1:]


COMES_TOO = gettext_noop("comes with it")


def in_words(text: str, kind: str) -> str:
    if not text:
        return ""
    if kind == NUMBER:
        return number_format(Decimal(text), force_grouping=True)
    if kind == DAY:
        return date_format(date.fromisoformat(text[:10]), "SHORT_DATE_FORMAT")
    return _(text) if kind == WORD or text == COMES_TOO else text


def line_in_words(text: str, figures: Sequence[str]) -> str:
    quantity, unit, price, discount = figures
    amount = f"{in_words(quantity, NUMBER)} {unit}".strip()
    told = f"{text}: {amount} × {money(Decimal(price))}"
    return f"{told} −{in_words(discount, NUMBER)} %" if discount else told
