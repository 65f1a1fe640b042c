"""One company's books, opened: the eight verbs over both services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from accounting.cleaning import Unreadable
from accounting.client import Client
from accounting.errors import NotAllowed, Refused, UnexpectedAnswer
from accounting.protocol import Access, R
from accounting.providers.visma_net.attachments import files_of, put_file, remove_file
from accounting.providers.visma_net.changing import change
from accounting.providers.visma_net.company import company_of
from accounting.providers.visma_net.listing import list_documents
from accounting.providers.visma_net.lists import Lists, Shape
from accounting.providers.visma_net.names import order_path, segment
from accounting.providers.visma_net.order_details import OrderDetails
from accounting.providers.visma_net.payloads import article_body, customer_body
from accounting.providers.visma_net.questions import choices_of
from accounting.providers.visma_net.receipts import FoundCustomer, FoundInvoice, FoundItem, WholeOrder, carries
from accounting.providers.visma_net.resources import Organization, Period
from accounting.providers.visma_net.sale_payloads import invoice_body, order_body
from accounting.providers.visma_net.search import find_all, find_like
from accounting.providers.visma_net.streams import STREAMS, entry_of, is_recent, listings_of, page_of, translate
from accounting.providers.visma_net.writing import Writer, afterwards
from accounting.types import (
    ArticleDocument,
    AttachmentDocument,
    Batch,
    Choice,
    Company,
    CustomerDocument,
    CustomerRecord,
    Document,
    InvoiceDraft,
    Page,
    Receipt,
    SalesDocumentRecord,
    SalesOrder,
    SalesOrderRecord,
    Stage,
    gettext_noop,
)

ORDERS_AT_ONCE = 50


class VismaNetLedger:
    """Reads, searches and writes one company. Not shared between threads."""

    def __init__(self, erp: Client, orders: Client, access: Access, *, page_size: int) -> None:
        self._erp = erp
        self._orders = orders
        self._access = access
        self._lists = Lists(erp, orders, page_size)
        self._details = OrderDetails(self._lists)

    def company(self) -> Company:
        """Network: two GETs."""
        found = self._erp.get("v1/organization", list[Organization]).value
        try:
            return company_of(found, self._periods(), self._access.token())
        except Unreadable as error:
            raise UnexpectedAnswer(f"The company's settings cannot be read: {error}.") from None

    def _periods(self) -> Sequence[Period]:
        """The financial periods; none where the login may not see them, which then nobody can be warned by."""
        try:
            return self._erp.get("v1/financialPeriod", list[Period]).value
        except NotAllowed:
            return ()

    # --- reading ---

    def read(self, kind: type[R], *, since: datetime | None, position: str = "") -> Page[R]:
        """Network: one GET; of sales orders two more for each that may be worked on.

        What changed is read with each filter in turn, so a position begins with the number of the filter.
        """
        stream = STREAMS[kind]
        before = self._lists.requests
        turn, _, place = position.rpartition(":")
        listings = listings_of(stream, since)
        number = int(turn or 0)
        listing, stamp = listings[number]
        # Each order costs two requests more: a page must not outlast the patience of whoever waits for it.
        found = self._lists.page(listing, place, at_most=ORDERS_AT_ONCE if kind is SalesOrderRecord else 0)
        rows = found.rows
        if since is not None and stamp:
            rows = [raw for raw in rows if is_recent(bytes(raw), stamp, since)]
        complete = self._details.complete(rows) if kind is SalesOrderRecord else map(bytes, rows)
        following = f"{number}:{found.next_position}" if found.next_position else ""
        if not following and number + 1 < len(listings):
            following = f"{number + 1}:"
        page = page_of(kind, stream, found, rows=complete, next_position=following, total=found.total, requests=0)
        whole = stream.shape is Shape.WHOLE
        total = len(page.entries) + len(page.rejected) if whole else found.total
        return replace(page, total=None if len(listings) > 1 else total, requests=self._lists.requests - before)

    def record(self, kind: type[R], remote_id: str) -> R:
        """Network: one GET, of a sales order two."""
        stream = STREAMS[kind]
        if kind is SalesOrderRecord:
            raw = self._details.single(remote_id)
        else:
            path = f"{stream.path}/{segment(remote_id)}"
            raw = bytes(self._erp.get(path, msgspec.Raw, params=dict(stream.params)).value)
        batch = translate(kind, stream, [entry_of(stream, raw)])
        if batch.rejected:
            raise UnexpectedAnswer(batch.rejected[0].sentence)
        return batch.records[0]

    def customers_like(self, document: CustomerDocument) -> Sequence[CustomerRecord]:
        """Network: a GET for each of number, organisation number and e-mail."""
        return find_like(self._lists, document)

    def find(self, documents: Sequence[Document], *, since: datetime) -> Mapping[str, Sequence[Receipt]]:
        """Network: per customer one pass over its recent orders, per sales document one GET of invoices, and one GET
        per number."""
        return find_all(self._lists, documents, since)

    def documents(self, *, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
        """Network: one GET per page of orders and of invoices, and one for each order that may be ours."""
        return list_documents(self._lists, since)

    def choices(self, question: str) -> Sequence[Choice]:
        """Network: the list that the choices come from."""
        return choices_of(self._lists, question)

    # --- writing ---

    def create(self, document: Document) -> Receipt:
        """Network: one POST, whose answer only names the place, and one GET of what is there then."""
        made = self._post(document)
        return afterwards(lambda: self._read_back(made, document.reference))

    def _post(self, document: Document) -> Receipt:
        """Where the new document is."""
        erp = Writer(self._erp)
        match document:
            case CustomerDocument():
                stage, made = Stage.CUSTOMER, erp.create("v1/customer", customer_body(document))
            case ArticleDocument():
                stage, made = Stage.ARTICLE, erp.create("v1/inventory", article_body(document))
            case SalesOrder():
                writer = Writer(self._orders)
                stage, made = Stage.ORDER, writer.create("api/v3/SalesOrders", order_body(document), segments=2)
            case InvoiceDraft():
                stage, made = Stage.DRAFT, erp.create("v2/customerinvoice", invoice_body(document))
            case _:
                raise TypeError(f"{type(document).__name__} cannot be written here")
        return Receipt(stage=stage, remote_id=made)

    def _read_back(self, receipt: Receipt, reference: str) -> Receipt:
        match receipt.stage:
            case Stage.CUSTOMER:
                return self._erp.get(path_of(receipt), FoundCustomer).value.receipt(reference)
            case Stage.ARTICLE:
                return self._erp.get(path_of(receipt), FoundItem).value.receipt(reference)
            case Stage.ORDER:
                order = self._orders.get(path_of(receipt), WholeOrder).value
                return order.receipt(reference if carries(order, reference) else "")
        invoice = self._erp.get(path_of(receipt), FoundInvoice).value
        return invoice.receipt(reference if carries(invoice, reference) else "")

    def fetch(self, receipt: Receipt) -> Receipt:
        """`reference` is empty when the document no longer carries it. Network: one GET."""
        return self._read_back(receipt, receipt.reference)

    def update(self, receipt: Receipt, document: Document, fields: frozenset[str]) -> Receipt:
        """Network: one GET, the change, and one GET of what came of it. An order's lines are two changes more.

        Raises Conflict when the receipt's version is no longer the present one, Refused for what is released.
        """
        current = self._read_back(receipt, receipt.reference)
        change(self._erp, self._orders, receipt, current, document, fields)
        return afterwards(lambda: self._read_back(receipt, document.reference))

    def remove(self, receipt: Receipt) -> None:
        """Network: one GET, to see that it is not booked, and one DELETE."""
        if receipt.stage is not Stage.DRAFT or self._read_back(receipt, "").stage is not Stage.DRAFT:
            raise Refused(gettext_noop("Only an invoice that is not released can be taken back."))
        Writer(self._erp).delete(path_of(receipt))

    def attachments(self, receipt: Receipt) -> Mapping[str, str]:
        return files_of(self._erp, self._orders, receipt)

    def attach(self, receipt: Receipt, attachment: AttachmentDocument) -> str:
        return put_file(self._erp, receipt, attachment)

    def detach(self, receipt: Receipt, remote_id: str) -> None:
        """Raises Refused for an invoice."""
        remove_file(self._erp, receipt, remote_id)


def path_of(receipt: Receipt) -> str:
    if receipt.stage is Stage.ORDER:
        return order_path(receipt.remote_id)
    return f"{PATHS[receipt.stage]}/{segment(receipt.remote_id)}"


PATHS: Mapping[Stage, str] = {
    Stage.CUSTOMER: "v1/customer",
    Stage.ARTICLE: "v1/inventory",
    Stage.DRAFT: "v1/customerinvoice",
    Stage.INVOICE: "v1/customerinvoice",
}
