"""An open session with Acme Books: the protocol, over a `FakeCompany`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from accounting.errors import Conflict, NotFound, ReconnectNeeded, Refused, Unclear, UnexpectedAnswer
from accounting.protocol import Access, R
from accounting.types import (
    ArticleDocument,
    ArticleRecord,
    AttachmentDocument,
    Batch,
    Choice,
    Company,
    ContactDocument,
    ContactRecord,
    CustomerDocument,
    CustomerRecord,
    Document,
    Entry,
    InvoiceDraft,
    OrderLineRecord,
    OrderState,
    Page,
    Receipt,
    Record,
    Rejected,
    SalesDocument,
    SalesDocumentRecord,
    SalesOrder,
    SalesOrderRecord,
    Stage,
    Totals,
)

from .company import FakeCompany, StoredDocument, company_of

STAGES = {
    CustomerDocument: Stage.CUSTOMER,
    ContactDocument: Stage.CONTACT,
    ArticleDocument: Stage.ARTICLE,
    SalesOrder: Stage.ORDER,
    InvoiceDraft: Stage.DRAFT,
}


class FakeLedger:
    def __init__(self, access: Access, *, predict: Callable[[Document, Company], Totals | None]) -> None:
        self._access = access
        self._predict = predict

    def company(self) -> Company:
        return self._meet("company").company

    def read(self, kind: type[R], *, since: datetime | None, position: str = "") -> Page[R]:
        books = self._meet("read", kind.__name__)
        found = books.changed_since(kind, since)
        start = int(position or 0)
        end = start + books.page_size
        following = str(end) if end < len(found) else ""
        return Page(
            entries=found[start:end],
            translate=lambda entries: translate(kind, entries),
            next_position=(position or "0") if books.stuck else following,
            total=len(found) if books.promise is None else books.promise,
            server_time=books.clock(),
        )

    def record(self, kind: type[R], remote_id: str) -> R:
        held = self._meet("record", kind.__name__).entries.get(kind, {})
        if remote_id not in held:
            raise NotFound(f"There is no {kind.__name__} {remote_id}.", status=404)
        batch = translate(kind, [held[remote_id][1]])
        if batch.rejected:
            raise UnexpectedAnswer(batch.rejected[0].sentence)
        return batch.records[0]

    def customers_like(self, document: CustomerDocument) -> Sequence[CustomerRecord]:
        held = self._meet("customers_like").entries.get(CustomerRecord, {}).values()
        marks = {document.number, document.organisation_number, document.email} - {""}
        everybody = translate(CustomerRecord, [entry for _, entry in held]).records
        return [each for each in everybody if marks & {each.number, each.organisation_number, each.email}]

    def find(self, documents: Sequence[Document], *, since: datetime) -> Mapping[str, Sequence[Receipt]]:
        books = self._meet("find")
        if books.hide_from_find:
            books.hide_from_find -= 1
            return {document.reference: () for document in documents}
        return {document.reference: receipts_of(books, document, since) for document in documents}

    def documents(self, *, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
        """Page by page, drafts first; drafts do not tell when they were changed, so all of them come."""
        for stage in (Stage.DRAFT, Stage.ORDER, Stage.INVOICE):
            books = self._meet("documents", stage)
            yield from pages_of_documents(books, stage, since)

    def create(self, document: Document) -> Receipt:
        books = self._meet("create", document.kind)
        now = books.clock()
        receipt = Receipt(
            stage=STAGES[type(document)],
            remote_id=books.next_id(),
            number=getattr(document, "number", "") or str(1000 + len(books.documents)),
            name=getattr(document, "name", ""),
            reference=document.reference,
            customer_remote_id=getattr(document, "customer_remote_id", ""),
            currency=getattr(document, "currency", ""),
            totals=self._predict(document, books.company),
            version="1",
        )
        stored = StoredDocument(document=document, receipt=receipt, created_at=now)
        if books.holds_back:
            books.held.append((stored, records_of(document, receipt)))
            raise Unclear("Nothing came back.")
        books.documents[receipt.remote_id] = stored
        books.put(*records_of(document, receipt))
        books.lose_answer("create", document.kind)
        return receipt

    def fetch(self, receipt: Receipt) -> Receipt:
        books = self._meet("fetch", receipt.stage)
        if receipt.remote_id in books.unreadable:
            raise UnexpectedAnswer("It cannot be read.")
        return self._stored(books, receipt).receipt

    def update(self, receipt: Receipt, document: Document, fields: frozenset[str]) -> Receipt:
        books = self._meet("update", document.kind)
        stored = self._stored(books, receipt)
        if receipt.version and receipt.version != stored.receipt.version:
            raise Conflict("Somebody changed it meanwhile.", status=409)
        stored.document = replace(stored.document, **{name: getattr(document, name) for name in fields})
        stored.texts = (stored.document.reference,)
        stored.receipt = replace(
            stored.receipt,
            reference=stored.document.reference,
            name=getattr(stored.document, "name", ""),
            customer_remote_id=getattr(stored.document, "customer_remote_id", ""),
            version=str(int(stored.receipt.version) + 1),
            totals=self._predict(stored.document, books.company),
        )
        books.put(*records_of(stored.document, stored.receipt))
        books.lose_answer("update", document.kind)
        return stored.receipt

    def remove(self, receipt: Receipt) -> None:
        books = self._meet("remove", receipt.stage)
        if self._stored(books, receipt).receipt.stage is not Stage.DRAFT:
            raise Refused("Only drafts can be removed.", status=400)
        del books.documents[receipt.remote_id]
        books.lose_answer("remove", receipt.stage)

    def attachments(self, receipt: Receipt) -> Mapping[str, str]:
        books = self._meet("attachments", receipt.stage)
        return {remote_id: each.name for remote_id, each in self._stored(books, receipt).files.items()}

    def attach(self, receipt: Receipt, attachment: AttachmentDocument) -> str:
        books = self._meet("attach", receipt.stage)
        remote_id = books.next_id()
        self._stored(books, receipt).files[remote_id] = attachment
        books.lose_answer("attach", receipt.stage)
        return remote_id

    def detach(self, receipt: Receipt, remote_id: str) -> None:
        books = self._meet("detach", receipt.stage)
        if self._stored(books, receipt).files.pop(remote_id, None) is None:
            raise NotFound(f"There is no file {remote_id}.", status=404)

    def choices(self, question: str) -> Sequence[Choice]:
        return self._meet("choices", question).choices.get(question, [])

    def _meet(self, verb: str, kind: str = "") -> FakeCompany:
        """The books behind our token, asked for one more thing; a refused token is renewed once."""
        token = self._access.token()
        try:
            books = company_of(token)
        except ReconnectNeeded:
            books = company_of(self._access.renew(token))
        books.meet(verb, kind)
        return books

    def _stored(self, books: FakeCompany, receipt: Receipt) -> StoredDocument:
        if receipt.remote_id in books.documents:
            return books.documents[receipt.remote_id]
        raise NotFound(f"There is no {receipt.stage} {receipt.remote_id}.", status=404)


def translate(kind: type[R], entries: Iterable[Entry]) -> Batch[R]:
    records, rejected = [], []
    for entry in entries:
        try:
            records.append(msgspec.json.decode(entry.raw, type=kind))
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            rejected.append(
                Rejected(remote_id=entry.remote_id, label=f"Illegible {entry.remote_id}", sentence=str(error))
            )
    return Batch(records=records, rejected=rejected)


def receipts_of(books: FakeCompany, document: Document, since: datetime) -> list[Receipt]:
    """What carries the document's reference, and whichever record has its number.

    What has become another document is told as that one alone.
    """
    ancestors = {origin.remote_id for stored in books.documents.values() for origin in stored.made_of}
    found = [
        stored.receipt
        for stored in books.documents.values()
        if stored.document.reference == document.reference
        and family(stored.document) is family(document)
        and stored.created_at >= since
        and stored.receipt.remote_id not in ancestors
    ]
    known = {receipt.remote_id for receipt in found}
    return found + [each for each in receipts_by_number(books, document) if each.remote_id not in known]


def receipts_by_number(books: FakeCompany, document: Document) -> list[Receipt]:
    if not isinstance(document, CustomerDocument | ArticleDocument) or not document.number:
        return []
    kind = CustomerRecord if isinstance(document, CustomerDocument) else ArticleRecord
    entries = [entry for _, entry in books.entries.get(kind, {}).values()]
    return [
        Receipt(stage=STAGES[type(document)], remote_id=each.remote_id, number=each.number, name=each.name)
        for each in translate(kind, entries).records
        if each.number == document.number
    ]


def pages_of_documents(books: FakeCompany, stage: Stage, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
    shown = [each for each in list(books.documents.values()) if each.receipt.remote_id not in books.hidden]
    there = [each for each in shown if each.receipt.stage is stage]
    found = [each for each in there if stage is Stage.DRAFT or each.changed_at is None or each.changed_at >= since]
    for start in range(0, max(1, len(found)), books.page_size):
        page = found[start : start + books.page_size]
        bad = [each for each in page if each.receipt.remote_id in books.unreadable]
        yield Batch(
            records=[sales_record(each) for each in page if each not in bad],
            rejected=[Rejected(remote_id=each.receipt.remote_id, sentence="It cannot be read.") for each in bad],
        )


def sales_record(stored: StoredDocument) -> SalesDocumentRecord:
    receipt = stored.receipt
    return SalesDocumentRecord(
        remote_id=receipt.remote_id,
        changed_at=stored.changed_at,
        stage=receipt.stage,
        number=receipt.number,
        texts=stored.texts,
        customer_remote_id=receipt.customer_remote_id,
        currency=receipt.currency,
        totals=receipt.totals,
        created_at=stored.created_at,
        is_credit=stored.is_credit,
        made_of=stored.made_of,
    )


def family(document: Document) -> type[Document]:
    """Orders, drafts and invoices are one family: a draft may have become an invoice."""
    return SalesDocument if isinstance(document, SalesDocument) else type(document)


def records_of(document: Document, receipt: Receipt) -> list[Record]:
    """What a later read will show of a document that was written."""
    if isinstance(document, CustomerDocument):
        return [
            CustomerRecord(
                remote_id=receipt.remote_id,
                number=receipt.number,
                name=document.name,
                is_company=document.is_company,
                organisation_number=document.organisation_number,
                email=document.email,
                phone=document.phone,
                mobile=document.mobile,
                website=document.website,
                address=document.address,
                contact=document.contact,
                currency=document.currency,
            )
        ]
    if isinstance(document, ContactDocument):
        contact = document.contact
        return [
            ContactRecord(
                remote_id=receipt.remote_id,
                customer_remote_id=document.customer_remote_id,
                name=contact.name,
                email=contact.email,
                phone=contact.phone,
                mobile=contact.mobile,
            )
        ]
    if isinstance(document, ArticleDocument):
        return [
            ArticleRecord(
                remote_id=receipt.remote_id,
                number=document.number,
                name=document.name,
                unit_remote_id=document.unit_remote_id,
                coding_remote_id=document.coding_remote_id,
                price=document.price,
                is_service=document.is_service,
            )
        ]
    return [order_of(document, receipt)] if isinstance(document, SalesOrder) else []


def order_of(document: SalesOrder, receipt: Receipt) -> SalesOrderRecord:
    lines = tuple(
        OrderLineRecord(
            article_remote_id=line.article_remote_id,
            text=line.text,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
        )
        for line in document.lines
    )
    return SalesOrderRecord(
        remote_id=receipt.remote_id,
        number=receipt.number,
        state=OrderState.CONFIRMED,
        customer_remote_id=document.customer_remote_id,
        currency=document.currency,
        ordered_on=document.dated,
        lines=lines,
    )
