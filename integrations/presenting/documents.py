"""A work order's document before it is sent: as it would stand in the books, to the smallest coin. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounting.types import Address, Company, Document, DocumentLine, Problem, SalesDocument, Totals
from fieldwork.models import WorkOrder
from integrations.exports import Need, thaw
from integrations.models import Connection, ConnectionSettings, Link, Operation
from integrations.presenting.repair_places import Told, told_with_places
from integrations.sending.preconditions import check, read_surroundings
from integrations.sending.preflight import TO_BE_EXPECTED
from integrations.sending.queueing import UNSENT, WENT_OUT, new_operation
from integrations.shaping import article_of

State = Operation.State
KINDS = dict(ConnectionSettings.DocumentKind.choices)
CENT = Decimal("0.01")
# What the document says beside its lines, and how the page calls it.
FACTS: Mapping[str, str | Promise] = {
    "your_reference": gettext_lazy("Your reference"),
    "title": gettext_lazy("Title"),
    "deliver_on": gettext_lazy("Delivery date"),
    "delivery_name": gettext_lazy("Delivered to"),
    "delivery_address": gettext_lazy("Delivery address"),
}


@dataclass(frozen=True, kw_only=True)
class PreviewLine:
    """A line as it will stand there. `worked` is the exact quantity where the document bills another."""

    line: DocumentLine
    number: str
    net: Decimal | None
    worked: Decimal | None


@dataclass(frozen=True, kw_only=True)
class VatRow:
    percent: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`totals` are what the accounting system will compute; None where that cannot be told beforehand.

    `is_sent` when the document has gone out and is shown as it was sent.
    """

    work_order: WorkOrder
    connection: Connection
    document: SalesDocument
    kind: str | Promise
    lines: Sequence[PreviewLine]
    vat: Sequence[VatRow]
    totals: Totals | None
    terms: str
    is_sent: bool
    problems: Sequence[Problem] = ()
    missing: Sequence[Need] = ()
    order: Link | None = None

    @property
    def told_problems(self) -> list[Told]:
        return told_with_places(self.problems, self.work_order, self.connection)

    @property
    def delivery(self) -> str:
        return address_in_words(self.document.delivery_address)


def preview_of(connection: Connection, work_order: WorkOrder) -> Preview:
    """The document of the work order's present revision. A constant number of statements, no network.

    The work order is one of `work_orders_to_send`, with everything that its document is made of.
    """
    around = read_surroundings(connection, [], [work_order])
    own = (each for each in around.documents.get(work_order.pk, ()) if each.revision == work_order.revision)
    here = next((each for each in own if each.books_id == connection.books_id), None)
    wanted = operation_to_show(connection, work_order, here)
    terms = around.creation.known.names_of_terms
    if wanted.payload and wanted.state in WENT_OUT:
        sent = thaw(wanted.kind, wanted.payload)
        return shown(connection, work_order, wanted.kind, sent, terms=terms, is_sent=True)
    readiness = check(wanted, work_order, around)
    made = shown(connection, work_order, wanted.kind, readiness.document, terms=terms, is_sent=False)
    order = around.orders.get(work_order.pk)
    problems = [each for each in readiness.problems if each.code not in TO_BE_EXPECTED]
    return replace(made, problems=problems, missing=readiness.missing, order=order)


def shown(
    connection: Connection,
    work_order: WorkOrder,
    kind: str,
    document: Document,
    *,
    terms: Mapping[str, str],
    is_sent: bool,
) -> Preview:
    """`terms` are the names of the terms of payment; those that the books no longer offer show their id."""
    assert isinstance(document, SalesDocument)
    company = connection.pinned_books.company()
    return Preview(
        work_order=work_order,
        connection=connection,
        document=document,
        kind=KINDS[kind],
        lines=[line_shown(each, work_order, document, connection, company) for each in document.lines],
        vat=vat_by_rate(connection, document, company),
        totals=connection.ledger_provider.predict(document, company),
        terms=terms.get(document.terms_remote_id, document.terms_remote_id),
        is_sent=is_sent,
    )


def operation_to_show(connection: Connection, work_order: WorkOrder, operation: Operation | None) -> Operation:
    """The operation as its next turn would take it; what was never sent follows the setting."""
    kind = connection.settings.document_kind
    if operation is None or operation.state == State.TAKEN_BACK:
        return new_operation(connection, work_order, kind=kind)
    if operation.state in UNSENT and operation.sent_at is None and operation.target_id is None:
        operation.kind = kind
    return operation


def line_shown(
    line: DocumentLine, work_order: WorkOrder, document: SalesDocument, connection: Connection, company: Company
) -> PreviewLine:
    own = next((each for each in work_order.lines.all() if str(each.pk) == line.local_id), None)
    worked = own.quantity if own and not line.is_text and own.quantity != line.quantity else None
    net = None if line.is_text else net_of(line, document, connection, company)
    article = article_of(own, work_order.organization) if own else None
    return PreviewLine(line=line, number=article.number if article else "", net=net, worked=worked)


def net_of(line: DocumentLine, document: SalesDocument, connection: Connection, company: Company) -> Decimal:
    """As the accounting system computes a document that has only this line, else by our own arithmetic."""
    totals = connection.ledger_provider.predict(replace(document, lines=(line,)), company)
    if totals is not None:
        return totals.net
    factor = 1 - line.discount_percent / Decimal(100)
    return (line.quantity * line.unit_price * factor).quantize(CENT, ROUND_HALF_UP)


def vat_by_rate(connection: Connection, document: SalesDocument, company: Company) -> list[VatRow]:
    """Net and VAT of each rate; nothing where the VAT cannot be told."""
    rows = []
    for percent in sorted({line.vat_percent for line in document.lines if line.vat_percent is not None}):
        own = tuple(line for line in document.lines if line.vat_percent == percent)
        totals = connection.ledger_provider.predict(replace(document, lines=own), company)
        if totals is None:
            return []
        rows.append(VatRow(percent=percent, net=totals.net, vat=totals.vat))
    return rows


# --- two of them ----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that another document says otherwise."""

    label: str
    before: str
    after: str


def differences(former: SalesDocument, later: SalesDocument) -> list[Difference]:
    """What of the former document is overwritten by the later one, line by line."""
    facts = (
        Difference(label=str(label), before=in_words(getattr(former, name)), after=in_words(getattr(later, name)))
        for name, label in FACTS.items()
    )
    return [each for each in (*facts, *lines_compared(former, later)) if each.before != each.after]


def lines_compared(former: SalesDocument, later: SalesDocument) -> Iterator[Difference]:
    """Lines of ours by their id; texts of the document itself are one entry."""
    before, after = by_id(former), by_id(later)
    yield Difference(label=_("Texts"), before=texts_of(former), after=texts_of(later))
    for local_id in dict.fromkeys([*before, *after]):
        old, new = before.get(local_id), after.get(local_id)
        label = (new or old or DocumentLine()).text
        yield Difference(label=label, before=line_in_words(old), after=line_in_words(new))


def by_id(document: SalesDocument) -> dict[str, DocumentLine]:
    return {line.local_id: line for line in document.lines if line.local_id}


def texts_of(document: SalesDocument) -> str:
    return " · ".join(line.text for line in document.lines if not line.local_id)


def line_in_words(line: DocumentLine | None) -> str:
    if line is None:
        return ""
    if line.is_text:
        return line.text
    amount = " ".join(f"{plain(line.quantity)} {line.unit} × {plain(line.unit_price)}".split())
    discount = f" −{plain(line.discount_percent)} %" if line.discount_percent else ""
    return f"{line.text}: {amount}{discount}"


def plain(number: Decimal) -> str:
    return number_format(Decimal(f"{number.normalize():f}"))


def in_words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Address):
        return address_in_words(value)
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)


def address_in_words(address: Address) -> str:
    place = f"{address.postcode} {address.city}".strip()
    return ", ".join(part for part in (address.street, address.street2, place, address.country) if part)
