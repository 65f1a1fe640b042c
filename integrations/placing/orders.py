"""How a confirmed sales order of the books becomes a work order, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DecimalField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounting.types import Address, OrderLineRecord, OrderState, SalesOrderRecord
from fieldwork.models import HourType, Material, WorkOrder, WorkOrderLine
from integrations.among import among
from integrations.models import Link, Operation
from integrations.placing.context import Context, Known
from integrations.placing.matching import Candidate, Candidates
from integrations.placing.records import Around, Kept, Placed, Placement, Skipped, customer_not_linked
from integrations.placing.upsert import Target
from integrations.trouble.cases import Finding

KIND = "sales_order"
WORK_ORDER = Target(
    model=WorkOrder,
    columns=(
        "number",
        "customer_id",
        "project_id",
        "title",
        "description",
        "your_reference",
        "status_id",
        "ordered_on",
        "delivery_on",
    ),
    owned=frozenset(),
)
LINE = Target(
    model=WorkOrderLine,
    parent="work_order_id",
    columns=(
        "position",
        "kind",
        "material_id",
        "hour_type_id",
        "text",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
    ),
    owned=frozenset(),
)


def place_order(record: SalesOrderRecord, known: Known | None, context: Context, around: Around) -> Placement:
    """A new work order. One that exists is the firm's own: whatever changes over there, it stays as it is."""
    if known is not None:
        return Kept()
    if is_ours(record, context, around):
        return Skipped("sent by us")
    if record.state is not OrderState.CONFIRMED:
        return Skipped("not confirmed")
    if problem := next(problems_of(record, context, around), None):
        return problem
    customer = around.mentioned["customer", record.customer_remote_id]
    project = next((found for line in record.lines if (found := project_of(line, around))), None)
    values = (
        number_of(record),
        customer.id,
        project.id if project else None,
        _("Order %(number)s") % {"number": record.number},
        delivery_text(record),
        record.your_reference,
        context.open_status_id,
        record.ordered_on or timezone.localdate(),
        record.deliver_on,
    )
    lines = (line_values(place, line, record, around) for place, line in enumerate(record.lines, start=1))
    return Placed(WORK_ORDER, values, tuple((LINE, line) for line in lines))


def number_of(record: SalesOrderRecord) -> str:
    """The work order's number: that of the order, marked so that it never meets our own series."""
    return f"SO-{record.number or record.remote_id}"


def is_ours(record: SalesOrderRecord, context: Context, around: Around) -> bool:
    """True for an order that we sent, also when its answer was lost and just our reference tells."""
    if record.remote_id in around.sent_by_us:
        return True
    references = [reference for kind, _id, reference in context.being_sent if kind == KIND]
    printed = "\n".join([record.your_reference, record.our_reference, *(line.text for line in record.lines)])
    return any(reference in printed for reference in references)


def problems_of(record: SalesOrderRecord, context: Context, around: Around) -> Iterator[Finding]:
    if ("customer", record.customer_remote_id) not in around.mentioned:
        yield customer_not_linked(_("Order"), record.number, record.customer_remote_id)
    for line in record.lines:
        if not line.is_text and article_of(line, around) is None:
            yield article_not_linked(record, line)
    if record.currency not in ("", context.currency):
        yield foreign_currency(record)
    if context.open_status_id is None:
        yield no_open_status(record)


def article_not_linked(record: SalesOrderRecord, line: OrderLineRecord) -> Finding:
    return Finding(
        code="article_not_linked",
        sentence=gettext_noop(
            "Order %(number)s waits for the article of the line “%(text)s”, which has not come from the accounting "
            "system yet. Look for another entry about that article."
        ),
        values={"number": record.number, "text": line.text, "awaits": f"article:{line.article_remote_id}"},
        where="books",
    )


def foreign_currency(record: SalesOrderRecord) -> Finding:
    return Finding(
        code="foreign_currency",
        sentence=gettext_noop(
            "Order %(number)s is in %(currency)s. Work orders are kept in your own currency, so it was left out."
        ),
        values={"number": record.number, "currency": record.currency},
        where="books",
        field="currency",
    )


def no_open_status(record: SalesOrderRecord) -> Finding:
    return Finding(
        code="no_open_status",
        sentence=gettext_noop(
            "Order %(number)s cannot become a work order: there is no open status. Add one under Work order statuses."
        ),
        values={"number": record.number},
        where="statuses",
    )


# --- rows ---------------------------------------------------------------------------


def article_of(line: OrderLineRecord, around: Around) -> Known | None:
    return around.mentioned.get(("article", line.article_remote_id))


def project_of(line: OrderLineRecord, around: Around) -> Known | None:
    return around.mentioned.get(("project", line.project_remote_id)) if line.project_remote_id else None


def line_values(place: int, line: OrderLineRecord, record: SalesOrderRecord, around: Around) -> tuple[Any, ...]:
    article = None if line.is_text else article_of(line, around)
    if article is None:
        return (place, WorkOrderLine.Kind.TEXT, None, None, line.text, Decimal(0), "", Decimal(0), Decimal(0))
    hours = article.label == HourType._meta.label
    return (
        place,
        WorkOrderLine.Kind.HOURS if hours else WorkOrderLine.Kind.MATERIAL,
        None if hours else article.id,
        article.id if hours else None,
        line.text,
        line.quantity,
        article.unit,
        net_price(line.unit_price, article, includes_vat=record.prices_include_vat),
        line.discount_percent,
    )


def net_price(price: Decimal, article: Known, *, includes_vat: bool) -> Decimal:
    """Prices of work orders are net; the fourth decimal keeps the gross price exact to the smallest coin."""
    if not includes_vat:
        return price
    rate = article.vat_percent or Decimal(0)
    return (price / (1 + rate / 100)).quantize(Decimal("0.0001"))


def delivery_text(record: SalesOrderRecord) -> str:
    """Where the order is to be delivered, as lines of text."""
    address: Address = record.delivery_address
    lines = [record.delivery_name, address.street, address.street2, f"{address.postcode} {address.city}".strip()]
    return "\n".join(line for line in lines if line)


# --- what the database knows of these orders: one SELECT -----------------------------

TEXT = CharField()
NO_TEXT = Value("", TEXT)
NO_VAT = Value(None, DecimalField(max_digits=5, decimal_places=2))
NOT_LINKED = Value("", TEXT)
COLUMNS = ("what", "key", "label", "row", "unit", "vat", "owner")


def find_around_orders(context: Context, records: Sequence[SalesOrderRecord]) -> Around:
    """The records that they mention, which of them we sent ourselves, and work orders of their number."""
    rows = list(
        mentioned_links(context, records).union(sent_orders(context, records), same_numbers(context, records), all=True)
    )
    label = WorkOrder._meta.label
    planned = context.planned.links if context.planned else {}
    return Around(
        candidates=Candidates(
            Candidate(label, row, key, key, linked=bool(owner))
            for what, key, _label, row, _unit, _vat, owner in rows
            if what == "number"
        ),
        mentioned=planned
        | {
            (what, key): Known(label, row, unit or "", vat)
            for what, key, label, row, unit, vat, _owner in rows
            if what in ("customer", "article", "project")
        },
        sent_by_us=frozenset(key for what, key, *_rest in rows if what == "sent"),
    )


def mentioned_links(context: Context, records: Sequence[SalesOrderRecord]) -> Any:
    customers = {each.customer_remote_id for each in records}
    articles = {line.article_remote_id for each in records for line in each.lines if line.article_remote_id}
    projects = {line.project_remote_id for each in records for line in each.lines if line.project_remote_id}
    mentioned = (
        Q(among("remote_id", customers), kind="customer")
        | Q(among("remote_id", articles), kind="article")
        | Q(among("remote_id", projects), kind="project")
    )
    return (
        Link.objects.filter(mentioned, books=context.books)
        .annotate(
            what=F("kind"),
            key=F("remote_id"),
            label=F("local_model"),
            row=F("local_id"),
            unit=Coalesce(of_article(Material, "unit"), of_article(HourType, "unit"), NO_TEXT),
            vat=Coalesce(of_article(Material, "vat_percent"), of_article(HourType, "vat_percent")),
            owner=NOT_LINKED,
        )
        .values_list(*COLUMNS)
    )


def of_article(model: type[Material] | type[HourType], column: str) -> Subquery:
    return Subquery(model.objects.filter(pk=OuterRef("local_id")).order_by().values(column)[:1])


def sent_orders(context: Context, records: Sequence[SalesOrderRecord]) -> Any:
    return (
        Operation.objects.filter(among("remote_id", {each.remote_id for each in records}), books=context.books)
        .order_by()
        .annotate(
            what=Value("sent", TEXT),
            key=F("remote_id"),
            label=F("local_model"),
            row=F("local_id"),
            unit=NO_TEXT,
            vat=NO_VAT,
            owner=NOT_LINKED,
        )
        .values_list(*COLUMNS)
    )


def same_numbers(context: Context, records: Sequence[SalesOrderRecord]) -> Any:
    owner = Link.objects.filter(books=context.books, kind=KIND, local_id=OuterRef("pk")).values("remote_id")[:1]
    return (
        WorkOrder.objects.filter(
            among("number", {number_of(each) for each in records}), organization=context.organization_id
        )
        .order_by()
        .annotate(
            what=Value("number", TEXT),
            key=F("number"),
            label=Value(WorkOrder._meta.label, TEXT),
            row=F("id"),
            unit=NO_TEXT,
            vat=NO_VAT,
            owner=Coalesce(Subquery(owner), NOT_LINKED),
        )
        .values_list(*COLUMNS)
    )


def recognise_order(record: SalesOrderRecord, candidates: Candidates) -> list[Candidate]:
    """The work order that was made of it before its link was lost."""
    return candidates.with_number(number_of(record))
