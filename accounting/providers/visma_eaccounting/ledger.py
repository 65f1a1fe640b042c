"""One company's books, opened: the eight verbs over the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote

import msgspec

from accounting.cleaning import Unreadable
from accounting.client import Client
from accounting.errors import Conflict, Refused, UnexpectedAnswer
from accounting.protocol import R
from accounting.providers.visma_eaccounting.attachments import files_of, put_file, remove_file
from accounting.providers.visma_eaccounting.company import company_of
from accounting.providers.visma_eaccounting.listing import list_documents
from accounting.providers.visma_eaccounting.lists import Lists
from accounting.providers.visma_eaccounting.payloads import (
    ARTICLE_MEMBERS,
    CUSTOMER_MEMBERS,
    article_body,
    changed_members,
    coding_of,
    customer_body,
)
from accounting.providers.visma_eaccounting.prices import PriceRule, price_rule
from accounting.providers.visma_eaccounting.questions import choices_of
from accounting.providers.visma_eaccounting.receipts import (
    KINDS,
    Found,
    FoundArticle,
    FoundCustomer,
    FoundDraft,
    FoundOrder,
)
from accounting.providers.visma_eaccounting.records import vat_percent
from accounting.providers.visma_eaccounting.resources import Coding, CompanySettings
from accounting.providers.visma_eaccounting.sale_payloads import SALE_MEMBERS, sale_body
from accounting.providers.visma_eaccounting.search import carries, find_all, find_like
from accounting.providers.visma_eaccounting.streams import STREAMS, listing_of, page_of, record_of
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
    Record,
    SalesDocument,
    SalesDocumentRecord,
    SalesOrder,
    Stage,
    gettext_noop,
)

Json = dict[str, Any]
SHIPPED = 3

WRITTEN_AS: Mapping[type[Document], type[Found]] = {
    CustomerDocument: FoundCustomer,
    ArticleDocument: FoundArticle,
    SalesOrder: FoundOrder,
    InvoiceDraft: FoundDraft,
}
MEMBERS: Mapping[type[Document], Mapping[str, tuple[str, ...]]] = {
    CustomerDocument: CUSTOMER_MEMBERS,
    ArticleDocument: ARTICLE_MEMBERS,
    SalesOrder: SALE_MEMBERS,
    InvoiceDraft: SALE_MEMBERS,
}


class EAccountingLedger:
    """Reads, searches and writes one company. Not shared between threads."""

    def __init__(self, client: Client, *, page_size: int) -> None:
        self._client = client
        self._lists = Lists(client, page_size)
        self._vat_percents: dict[str, Decimal] = {}

    def company(self) -> Company:
        """Network: one GET."""
        settings = self._client.get("companysettings", CompanySettings).value
        try:
            return company_of(settings)
        except Unreadable as error:
            raise UnexpectedAnswer(f"The company's settings cannot be read: {error}.") from None

    def read(self, kind: type[R], *, since: datetime | None, position: str = "") -> Page[R]:
        """Network: one GET, and another the first time the API refuses to filter or to sort."""
        stream = STREAMS[kind]
        before = self._client.requests
        found = self._lists.page(listing_of(stream, since), position)
        return page_of(kind, stream, found, self._client.requests - before)

    def record(self, kind: type[R], remote_id: str) -> R:
        """Network: one GET."""
        stream = STREAMS[kind]
        found = self._client.get(f"{stream.path}/{quote(remote_id, safe='')}", msgspec.Raw).value
        return record_of(kind, stream, found)

    def customers_like(self, document: CustomerDocument) -> Sequence[CustomerRecord]:
        """Network: one GET. Raises Refused where the API does not filter by these members."""
        return find_like(self._lists, document)

    def find(self, documents: Sequence[Document], *, since: datetime) -> Mapping[str, Sequence[Receipt]]:
        """Network: per batch at most one pass over drafts, orders and invoices each, and one request per 20 numbers."""
        return find_all(self._lists, documents, since, orders_are_off=self._orders_are_off)

    def documents(self, *, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
        """Network: one GET per page of drafts, of orders and of invoices."""
        return list_documents(self._lists, since, orders_are_off=self._orders_are_off)

    def create(self, document: Document) -> Receipt:
        """Network: one POST. The first sales document of a session reads the company before it, the first
        article of a coding that coding."""
        kind = WRITTEN_AS[type(document)]
        found = self._client.post(kind.path, self._body(document), kind).value
        return found.receipt(document.reference)

    def fetch(self, receipt: Receipt) -> Receipt:
        """`reference` is empty when the document no longer carries it. Network: one GET."""
        found = self._client.get(path_of(receipt), KINDS[receipt.stage]).value
        by_number = receipt.stage in (Stage.CUSTOMER, Stage.ARTICLE)
        return found.receipt(receipt.reference if by_number or carries(found, receipt.reference) else "")

    def update(self, receipt: Receipt, document: Document, fields: frozenset[str]) -> Receipt:
        """Network: one GET and one PUT of the whole object, because the API forgets what a PUT leaves out.

        Raises Conflict when the receipt's version is no longer the present one, Refused for an order
        that is delivered or invoiced.
        """
        path = path_of(receipt)
        current = self._client.get(path, Json).value
        refuse_changed(receipt, current)
        refuse_delivered(receipt, current)
        changes = changed_members(self._body(document, current, fields), MEMBERS[type(document)], fields)
        found = self._client.put(path, {**current, **changes}, KINDS[receipt.stage]).value
        return found.receipt(document.reference)

    def remove(self, receipt: Receipt) -> None:
        if receipt.stage is not Stage.DRAFT:
            raise Refused(gettext_noop("Only an invoice draft can be taken back."))
        self._client.delete(path_of(receipt))

    def attachments(self, receipt: Receipt) -> Mapping[str, str]:
        return files_of(self._client, receipt)

    def attach(self, receipt: Receipt, attachment: AttachmentDocument) -> str:
        return put_file(self._client, receipt, attachment)

    def detach(self, receipt: Receipt, remote_id: str) -> None:
        remove_file(self._client, receipt, remote_id)

    def choices(self, question: str) -> Sequence[Choice]:
        """Network: the list that the choices come from."""
        return choices_of(question, self._read_all)

    def _read_all(self, kind: type[Record]) -> Sequence[Record]:
        records: list[Record] = []
        page = self.read(kind, since=None)
        while True:
            records += page.translate(page.entries).records
            if not page.next_position:
                return records
            page = self.read(kind, since=None, position=page.next_position)

    # --- bodies ---

    def _body(self, document: Document, current: Json | None = None, fields: frozenset[str] = frozenset()) -> Any:
        """The document as a request body; `current` is the object as it is, of which `fields` change."""
        match document:
            case CustomerDocument():
                return customer_body(document)
            case ArticleDocument():
                kept = current is not None and "coding_remote_id" not in fields
                coding = str(current["CodingId"]) if current and kept else coding_of(document)
                return article_body(document, coding, self._vat_percent(coding, document))
            case SalesDocument():
                return sale_body(document, self._price_rule(document, current))
        raise TypeError(f"{type(document).__name__} cannot be written here")

    def _price_rule(self, document: SalesDocument, current: Json | None) -> PriceRule:
        """With or without VAT: what an existing document says of itself, else the company's setting."""
        rule = price_rule(document, self._company)
        if current is not None and isinstance(current.get("IncludesVat"), bool):
            return PriceRule(include_vat=current["IncludesVat"], places=rule.places)
        return rule

    @cached_property
    def _company(self) -> Company:
        return self.company()

    def _orders_are_off(self) -> bool:
        return "orders" not in self._company.features

    def _vat_percent(self, coding: str, document: ArticleDocument) -> Decimal:
        """The rate of the coding, which both prices of an article must agree with; ours where it has none."""
        if not coding:
            raise Refused(gettext_noop("No article coding is chosen."), field="coding")
        if coding not in self._vat_percents:
            found = self._client.get(f"articleaccountcodings/{quote(coding, safe='')}", Coding).value
            rate = vat_percent(found.vat_rate_percent)
            self._vat_percents[coding] = document.vat_percent if rate is None else rate
        return self._vat_percents[coding]


def path_of(receipt: Receipt) -> str:
    return f"{KINDS[receipt.stage].path}/{quote(receipt.remote_id, safe='')}"


def refuse_changed(receipt: Receipt, current: Json) -> None:
    """Raises Conflict when somebody changed the object after the receipt was made out."""
    version = current.get("ModifiedUtc") or current.get("ChangedUtc") or ""
    if receipt.version and receipt.version != version:
        raise Conflict(gettext_noop("This was changed in the accounting system meanwhile."))


def refuse_delivered(receipt: Receipt, current: Json) -> None:
    status = current.get("Status")
    if receipt.stage is Stage.INVOICE or (
        receipt.stage is Stage.ORDER and isinstance(status, int) and status >= SHIPPED
    ):
        raise Refused(gettext_noop("It is delivered or invoiced already and cannot be changed."))
