"""One agreement's books, opened: the verbs over both hosts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from accounting.answers import Answer
from accounting.cleaning import Unreadable
from accounting.errors import Conflict, NotFound, Refused, TryLater, UnexpectedAnswer
from accounting.protocol import R
from accounting.providers.economic import changes, hooks
from accounting.providers.economic.attachments import files_of, put_file, remove_file
from accounting.providers.economic.company import company_of
from accounting.providers.economic.countries import code_of, name_of
from accounting.providers.economic.listing import list_documents
from accounting.providers.economic.lists import Listing, Lists
from accounting.providers.economic.payloads import Json, contact_body, customer_body, customer_number, product_body
from accounting.providers.economic.questions import choices_of
from accounting.providers.economic.receipts import Buyer, FoundDraft, FoundOrder, FoundProduct, FoundSale
from accounting.providers.economic.remote_ids import handle_in, sale_number
from accounting.providers.economic.resources import Self, Unit
from accounting.providers.economic.sale_payloads import sale_body
from accounting.providers.economic.search import find_all, find_like
from accounting.providers.economic.single import record_of
from accounting.providers.economic.streams import listing_of, page_of, refuse_unknown
from accounting.providers.economic.wire import CUSTOMERS, Wire, path_to, was_remembered
from accounting.types import (
    ArticleDocument,
    AttachmentDocument,
    Batch,
    Choice,
    Company,
    ContactDocument,
    CustomerDocument,
    CustomerRecord,
    Document,
    Page,
    Receipt,
    Record,
    SalesDocument,
    SalesDocumentRecord,
    SalesOrder,
    Stage,
    gettext_noop,
)

Creator = Buyer | FoundProduct | FoundSale


class Created(msgspec.Struct, kw_only=True):
    """What the services answer to a create: the number alone."""

    number: int


class EconomicLedger:
    """Reads, searches and writes one agreement. Not shared between threads."""

    def __init__(self, wire: Wire, *, page_size: int) -> None:
        self._wire = wire
        self._lists = Lists(wire, page_size)

    def company(self) -> Company:
        """Network: one GET."""
        found = self._wire.get("self", Self).value
        try:
            return company_of(found)
        except Unreadable as error:
            raise UnexpectedAnswer(f"The agreement cannot be read: {error}.") from None

    def read(self, kind: type[R], *, since: datetime | None, position: str = "") -> Page[R]:
        """Network: one GET; of orders and product groups some more, and one to count where the list does not tell."""
        stream = refuse_unknown(kind)
        before = self._wire.requests
        found = stream.read(self._lists, listing_of(stream, since), position)
        return page_of(kind, stream, found, self._wire.requests - before)

    def record(self, kind: type[R], remote_id: str) -> R:
        """Network: one GET; of a product group and an order some more."""
        return record_of(self._lists, kind, remote_id)

    def customers_like(self, document: CustomerDocument) -> Sequence[CustomerRecord]:
        """Network: one GET. Raises Refused where the API does not filter by these members."""
        return find_like(self._lists, document)

    def find(self, documents: Sequence[Document], *, since: datetime) -> Mapping[str, Sequence[Receipt]]:
        """Network: for sales documents one GET per list and 50 references, one per product, customer name or
        customer with contacts, and one per 50 customer numbers."""
        return find_all(self._lists, documents, since)

    def documents(self, *, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
        """Network: one GET per page of orders (three lists), of drafts and of invoices."""
        return list_documents(self._lists, since)

    def create(self, document: Document) -> Receipt:
        """Network: one POST. Before a sales document its customer is read, and the units once a session."""
        match document:
            case CustomerDocument():
                return self._post("customers", self._body(document), Buyer, document)
            case ArticleDocument():
                return self._post("products", self._body(document), FoundProduct, document)
            case SalesDocument():
                kind: type[FoundSale] = FoundOrder if isinstance(document, SalesOrder) else FoundDraft
                return self._post(kind.path, self._body(document), kind, document)
            case ContactDocument():
                return self._create_contact(document)
        raise TypeError(f"{type(document).__name__} cannot be written here")

    def fetch(self, receipt: Receipt) -> Receipt:
        """`reference` is empty when the document no longer carries it. Raises NotFound when another document has its
        number by now, Conflict when another customer or article has. Network: one GET, of an order up to three."""
        return changes.fetch(self._wire, receipt)

    def update(self, receipt: Receipt, document: Document, fields: frozenset[str]) -> Receipt:
        """Network: one GET and one PUT of the whole object, because the API forgets what a PUT leaves out.

        Raises Conflict when the receipt's version is no longer the present one, NotFound for what is gone (a PUT
        would create it anew), Refused for an order that was sent.
        """
        if isinstance(document, ContactDocument):
            return changes.update_contact(self._wire, receipt, document, fields)
        return changes.update(self._wire, receipt, document, fields, self._body(document))

    def remove(self, receipt: Receipt) -> None:
        """Network: one GET, so that no stranger's draft is taken for ours, and one DELETE."""
        if receipt.stage is not Stage.DRAFT:
            raise Refused(gettext_noop("Only an invoice draft can be taken back."))
        found = changes.fetch(self._wire, receipt)
        if not (found.reference or handle_in(receipt.remote_id)):
            raise Refused(gettext_noop("Nothing tells whether this draft is ours, so it stays."))
        self._wire.delete_draft(sale_number(receipt.stage, receipt.remote_id))

    def attachments(self, receipt: Receipt) -> Mapping[str, str]:
        return files_of(self._wire, receipt)

    def attach(self, receipt: Receipt, attachment: AttachmentDocument) -> str:
        """Raises Refused for what has left its draft, or has a file of somebody else's."""
        return put_file(self._wire, receipt, attachment)

    def detach(self, receipt: Receipt, remote_id: str) -> None:
        remove_file(self._wire, receipt, remote_id)

    def choices(self, question: str) -> Sequence[Choice]:
        """Network: the list that the choices come from."""
        return choices_of(question, self._lists, self._read_all)

    def register_hooks(self, address: str, secret: str) -> Sequence[str]:
        """Network: two GETs and one write per event."""
        return hooks.register(self._lists, address, secret)

    def remove_hooks(self) -> None:
        """Network: one GET and one write per event."""
        hooks.remove(self._lists)

    def _read_all(self, kind: type[Record]) -> Sequence[Record]:
        records: list[Record] = []
        page = self.read(kind, since=None)
        while True:
            records += page.translate(page.entries).records
            if not page.next_position:
                return records
            page = self.read(kind, since=None, position=page.next_position)

    # --- creating ---

    def _post(self, path: str, body: Json, kind: type[Any], document: Document) -> Receipt:
        answer = self._wire.post(path, body, kind, reference=document.reference)
        receipt: Receipt = answer.value.receipt(document.reference)
        if was_remembered(answer):
            self._refuse_remembered(receipt)
        return receipt

    def _refuse_remembered(self, receipt: Receipt) -> None:
        """The books repeated the answer to an earlier attempt. Raises TryLater when what that made is gone."""
        try:
            changes.fetch(self._wire, receipt)
        except (NotFound, Conflict):
            raise TryLater(
                gettext_noop("It was created before and then removed over there. It can be created again in an hour.")
            ) from None

    def _create_contact(self, document: ContactDocument) -> Receipt:
        body = contact_body(document.contact, document.customer_remote_id)
        path = f"{CUSTOMERS}/Contacts"
        answer: Answer[Created] = self._wire.post_service(path, body, Created, reference=document.reference)
        return Receipt(
            stage=Stage.CONTACT,
            remote_id=str(answer.value.number),
            name=document.contact.name,
            reference=document.reference,
            customer_remote_id=document.customer_remote_id,
        )

    # --- bodies ---

    def _body(self, document: Document) -> Json:
        match document:
            case CustomerDocument():
                currency = document.currency or self._company.currency
                return customer_body(document, home=self._home(document.address.country), currency=currency)
            case ArticleDocument():
                return product_body(document)
            case SalesDocument():
                return self._sale_body(document)
        raise TypeError(f"{type(document).__name__} cannot be written here")

    def _sale_body(self, document: SalesDocument) -> Json:
        number = customer_number(document.customer_remote_id)
        buyer = self._wire.get(path_to("customers", number), Buyer).value
        if buyer.barred:
            raise Refused(
                gettext_noop("The customer is barred in the accounting system: nothing can be sold to it."),
                field="customer",
                code="barred",
            )
        units = self._units if any(line.unit for line in document.lines) else {}
        return sale_body(document, buyer, units, country=self._country(document.delivery_address.country, buyer))

    def _country(self, code: str, buyer: Buyer) -> str:
        """The country in words: the customer's own where it is the same, which saves asking where we are."""
        if not code or code_of(buyer.country) == code.upper():
            return (buyer.country or "") if code else ""
        return name_of(code, home=self._company.country)

    def _home(self, country: str) -> str:
        """The country of the books, as far as another country needs it to be told apart."""
        return self._company.country if country else ""

    @cached_property
    def _company(self) -> Company:
        return self.company()

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        units = self._lists.everything(Listing("units", "units", ({},)), Unit)
        return {(each.name or "").strip().casefold(): each for each in units}
