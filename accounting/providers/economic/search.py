"""Looks in the books for what we may have written already.

Customers and products are known by their number, contacts by their name at the customer. A customer that the books
number has no place for a reference of ours, so it is known by everything that we said of it. Sales documents carry
our reference in `references.other`, alone. That nothing was found means that every list was read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from accounting.errors import NotFound
from accounting.providers.economic.lists import Listing, Lists, understood, utc
from accounting.providers.economic.payloads import is_customer_number
from accounting.providers.economic.receipts import (
    ORDER_LISTS,
    Buyer,
    FoundDraft,
    FoundInvoice,
    FoundOrder,
    FoundProduct,
    FoundSale,
)
from accounting.providers.economic.resources import Contact
from accounting.providers.economic.streams import STREAMS, decoder_of, entry_of, translate
from accounting.providers.economic.wire import CUSTOMERS, Wire, path_to
from accounting.types import (
    ArticleDocument,
    ContactDocument,
    CustomerDocument,
    CustomerRecord,
    Document,
    Receipt,
    SalesDocument,
    Stage,
)

Hit = tuple[str, Receipt]
Sighting = tuple[str, FoundSale]  # the list in which it was met, and the document

VALUES_PER_REQUEST = 50
# Characters that mean nothing in a list of values; any other reference is looked for by reading everything.
PLAIN = re.compile(r"[\w ./-]+")
# Archived orders and invoices show their own date only, and a document may be dated long before it is made.
BACKDATED = timedelta(days=366)


def find_all(lists: Lists, documents: Sequence[Document], since: datetime) -> dict[str, list[Receipt]]:
    """By reference, everything there is of the documents."""
    found: dict[str, list[Receipt]] = {document.reference: [] for document in documents}
    for reference, receipt in (
        *find_customers(lists, [each for each in documents if isinstance(each, CustomerDocument)]),
        *find_products(lists, [each for each in documents if isinstance(each, ArticleDocument)]),
        *find_contacts(lists, [each for each in documents if isinstance(each, ContactDocument)]),
        *find_sales(lists, [each for each in documents if isinstance(each, SalesDocument)], since),
    ):
        found[reference].append(receipt)
    return found


# --- records ---------------------------------------------------------------------


def find_customers(lists: Lists, documents: Sequence[CustomerDocument]) -> Iterator[Hit]:
    numbered = [each for each in documents if is_customer_number(each.number)]
    for start in range(0, len(numbered), VALUES_PER_REQUEST):
        some = {str(int(each.number)): each for each in numbered[start : start + VALUES_PER_REQUEST]}
        wanted = {"filter": f"customerNumber$in:[{','.join(some)}]"}
        for customer in lists.everything(Listing("customers by number", "customers", (wanted, {})), Buyer):
            document = some.get(str(customer.customer_number))
            if document is not None:
                yield document.reference, customer.receipt(document.reference)
    for document in documents:
        if not is_customer_number(document.number):
            yield from find_alike(lists, document)


def find_alike(lists: Lists, document: CustomerDocument) -> Iterator[Hit]:
    """Customers that are, to the letter, what we would create: those would be the same customer twice."""
    wanted = {"filter": f"name$eq:{escaped(document.name)}"}
    for customer in lists.everything(Listing("customers by name", "customers", (wanted, {})), Buyer):
        if is_alike(customer, document):
            yield document.reference, customer.receipt(document.reference)


def find_like(lists: Lists, document: CustomerDocument) -> list[CustomerRecord]:
    """Whoever has the number, the organisation number or the e-mail; one that cannot be read is nobody's likeness."""
    number, mark = document.number, document.organisation_number
    conditions = [
        *([f"customerNumber$eq:{number}"] if is_customer_number(number) else []),
        *(f"corporateIdentificationNumber$eq:{escaped(each)}" for each in written_forms(mark)),
        # Several addresses may stand in the field.
        *([f"email$like:*{escaped(document.email)}*"] if document.email else []),
    ]
    if not conditions:
        return []
    stream = STREAMS[CustomerRecord]
    listing = Listing("customers alike", "customers", ({"filter": "$or:".join(conditions)},))
    entries = [entry_of(stream, decoder_of(stream), raw) for raw in lists.everything(listing, msgspec.Raw)]
    return list(translate(CustomerRecord, stream, entries).records)


def written_forms(number: str) -> list[str]:
    """An organisation number as it came, without blanks and hyphens, and without the letters of a country."""
    plain = re.sub(r"[\s-]", "", number)
    return [each for each in dict.fromkeys((number.strip(), plain, re.sub(r"^[A-Za-z]{2}", "", plain))) if each]


def is_alike(customer: Buyer, document: CustomerDocument) -> bool:
    return facts(
        customer.name,
        customer.corporate_identification_number,
        customer.email,
        customer.telephone_and_fax_number,
        customer.mobile_phone,
        customer.zip,
    ) == facts(
        document.name,
        document.organisation_number or document.vat_number,
        document.email,
        document.phone,
        document.mobile,
        document.address.postcode,
    )


def facts(*said: str | None) -> tuple[str, ...]:
    return tuple(" ".join((each or "").split()).casefold() for each in said)


def escaped(value: str) -> str:
    """A text as a value of the filter language."""
    return re.sub(r"[$()]", lambda found: f"${found[0]}", value)


def find_products(lists: Lists, documents: Sequence[ArticleDocument]) -> Iterator[Hit]:
    """One GET each: a number of a product may hold anything, so a list of numbers cannot be asked for safely."""
    found: dict[str, FoundProduct | None] = {}
    for document in documents:
        if document.number not in found:
            found[document.number] = one_product(lists.wire, document.number)
        product = found[document.number]
        if product is not None:
            yield document.reference, product.receipt(document.reference)


def one_product(wire: Wire, number: str) -> FoundProduct | None:
    try:
        return wire.get(path_to("products", number), FoundProduct).value
    except NotFound:
        return None


def find_contacts(lists: Lists, documents: Sequence[ContactDocument]) -> Iterator[Hit]:
    """Names are unique at a customer; who was deleted stays in the list and does not count."""
    for customer, some in by_customer(documents).items():
        listing = Listing("contacts", f"{CUSTOMERS}/Contacts", ({"filter": f"customerNumber$eq:{customer}"},))
        present = [understood(raw, Contact) for raw in lists.every_item(listing)]
        for document in some:
            for contact in present:
                if not contact.is_deleted and facts(contact.name) == facts(document.contact.name):
                    yield document.reference, contact_receipt(contact, document.reference)


def by_customer(documents: Sequence[ContactDocument]) -> dict[str, list[ContactDocument]]:
    found: dict[str, list[ContactDocument]] = defaultdict(list)
    for document in documents:
        if is_customer_number(document.customer_remote_id):
            found[document.customer_remote_id].append(document)
    return found


def contact_receipt(contact: Contact, reference: str) -> Receipt:
    return Receipt(
        stage=Stage.CONTACT,
        remote_id=str(contact.number),
        name=(contact.name or "").strip(),
        reference=reference,
        customer_remote_id="" if contact.customer_number is None else str(contact.customer_number),
        version=contact.object_version or "",
    )


# --- sales documents ---------------------------------------------------------------


# From the earliest stage to the last: what is converted meanwhile is met as the one or as the other.
SHELVES: tuple[tuple[str, type[FoundSale]], ...] = (
    *((each, FoundOrder) for each in ORDER_LISTS),
    (FoundDraft.path, FoundDraft),
    (FoundInvoice.path, FoundInvoice),
)


def find_sales(lists: Lists, documents: Sequence[SalesDocument], since: datetime) -> Iterator[Hit]:
    """Orders, drafts and invoices. What has become another document is told as that alone."""
    references = {document.reference for document in documents if document.reference}
    by_reference: dict[str, list[Sighting]] = defaultdict(list)
    for where, found in carriers(lists, sorted(references), since):
        by_reference[found.other].append((where, found))
    for reference, sightings in by_reference.items():
        for found in latest(lists.wire, sightings):
            yield reference, found.receipt(reference)


def carriers(lists: Lists, references: Sequence[str], since: datetime) -> Iterator[Sighting]:
    """Every sales document that carries just one of these references, from the earliest stage to the last."""
    if not references:
        return
    wanted = set(references)
    for path, kind in SHELVES:
        met: set[int] = set()
        for listing in listings(path, references, since):
            for found in lists.everything(listing, kind):
                if found.other in wanted and found.number not in met and not found.is_credit:
                    met.add(found.number)
                    yield path, found
            if lists.refuses_filter(listing):
                break


def listings(path: str, references: Sequence[str], since: datetime) -> Iterator[Listing]:
    """Questions that together find all carriers in one list. The plainer ones read more than is asked for."""
    recent = changed_since(path, since)
    if not all(PLAIN.fullmatch(each) for each in references):
        yield Listing(f"{path} recent", path, (recent, {}))
        return
    for start in range(0, len(references), VALUES_PER_REQUEST):
        some = ",".join(references[start : start + VALUES_PER_REQUEST])
        yield Listing(f"{path} by reference", path, ({"filter": f"references.other$in:[{some}]"}, recent, {}))


def changed_since(path: str, since: datetime) -> dict[str, str]:
    """The filter that leaves out what is surely older."""
    if path in ("orders/archived", FoundInvoice.path):
        return {"filter": f"date$gte:{(since - BACKDATED).date().isoformat()}"}
    return {"filter": f"lastUpdated$gte:{utc(since)}"}


def latest(wire: Wire, sightings: Sequence[Sighting]) -> Iterable[FoundSale]:
    """Those that have not become another of these. The books do not say what a document was made of, but what
    carries the same reference and is over, or gone by now, was the origin of what is there."""
    stages = {found.stage for _, found in sightings}
    for where, found in sightings:
        later = stages & FOLLOWERS[found.stage]
        if not (later and (where == "orders/archived" or is_gone(wire, where, found))):
            yield found


FOLLOWERS = {
    Stage.ORDER: {Stage.DRAFT, Stage.INVOICE},
    Stage.DRAFT: {Stage.INVOICE},
    Stage.INVOICE: set[Stage](),
}


def is_gone(wire: Wire, where: str, found: FoundSale) -> bool:
    """Whether it left the list in which it was just met, or another has its number. Network: one GET."""
    try:
        now = wire.get(path_to(where, found.number), type(found)).value
    except NotFound:
        return True
    return now.other != found.other or now.handle != found.handle
