"""Looks in the books for what we may have written already.

Customers and articles are known by their number, or a customer by our reference in its note.
Sales documents carry our reference in a text row or in "Your reference". A stage is looked through
at most once for all documents asked about; that nothing was found means that every page was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from accounting.errors import NotAllowed
from accounting.providers.visma_eaccounting.lists import Listing, Lists
from accounting.providers.visma_eaccounting.receipts import (
    Found,
    FoundArticle,
    FoundCustomer,
    FoundDraft,
    FoundInvoice,
    FoundOrder,
    Sale,
)
from accounting.providers.visma_eaccounting.streams import STREAMS, entry_of, translate, utc
from accounting.types import ArticleDocument, CustomerDocument, CustomerRecord, Document, Receipt, SalesDocument

F = TypeVar("F", bound=Found)

Numbered = CustomerDocument | ArticleDocument
Hit = tuple[str, Receipt]

NUMBERS_PER_REQUEST = 20


def find_all(
    lists: Lists, documents: Sequence[Document], since: datetime, *, orders_are_off: Callable[[], bool]
) -> dict[str, list[Receipt]]:
    """By reference, everything there is of the documents."""
    found: dict[str, list[Receipt]] = {document.reference: [] for document in documents}
    for reference, receipt in (
        *find_customers(lists, [each for each in documents if isinstance(each, CustomerDocument)], since),
        *find_articles(lists, [each for each in documents if isinstance(each, ArticleDocument)]),
        *find_sales(lists, [each for each in documents if isinstance(each, SalesDocument)], since, orders_are_off),
    ):
        found[reference].append(receipt)
    return found


# --- by number -------------------------------------------------------------------


def find_customers(lists: Lists, documents: Sequence[CustomerDocument], since: datetime) -> Iterator[Hit]:
    yield from find_numbers(lists, FoundCustomer, "CustomerNumber", [each for each in documents if each.number])
    references = References(document.reference for document in documents if not document.number)
    if references:
        changed = {"$filter": f"ChangedUtc ge {utc(since)}"}
        listing = Listing("customers new", FoundCustomer.path, (changed, {}))
        yield from carried(lists.everything(listing, FoundCustomer), references)


def find_articles(lists: Lists, documents: Sequence[ArticleDocument]) -> Iterator[Hit]:
    yield from find_numbers(lists, FoundArticle, "Number", documents)


def find_numbers(lists: Lists, kind: type[F], member: str, documents: Sequence[Numbered]) -> Iterator[Hit]:
    """What has just these numbers. Where the API cannot filter by number, everything is read, once."""
    wanted = list(dict.fromkeys(document.number for document in documents))
    found: dict[str, F] = {}
    for start in range(0, len(wanted), NUMBERS_PER_REQUEST):
        some = wanted[start : start + NUMBERS_PER_REQUEST]
        condition = " or ".join(f"{member} eq {quoted(number)}" for number in some)
        listing = Listing(f"{kind.path} by number", kind.path, ({"$filter": condition}, {}))
        found |= {each.receipt("").number: each for each in lists.everything(listing, kind)}
        if lists.refuses_filter(listing):
            break
    for document in documents:
        if document.number in found:
            yield document.reference, found[document.number].receipt(document.reference)


def find_like(lists: Lists, document: CustomerDocument) -> list[CustomerRecord]:
    """Whoever has one of the marks; a customer that cannot be read is nobody's likeness."""
    marks = [
        ("CustomerNumber", [document.number]),
        ("CorporateIdentityNumber", written_forms(document.organisation_number)),
        ("EmailAddress", [document.email, document.email.lower()]),
    ]
    conditions = [f"{member} eq {quoted(each)}" for member, forms in marks for each in dict.fromkeys(forms) if each]
    if not conditions:
        return []
    listing = Listing("customers alike", FoundCustomer.path, ({"$filter": " or ".join(conditions)},))
    found = lists.everything(listing, msgspec.Raw)
    return list(translate(CustomerRecord, STREAMS[CustomerRecord], map(entry_of, found)).records)


def written_forms(number: str) -> list[str]:
    """An organisation or personal number as people write it: as it came, plain, with a dash, with a century."""
    plain = re.sub(r"\D", "", number)
    short = plain[2:] if len(plain) == 12 and plain.startswith(("16", "19", "20")) else plain
    dashed = f"{short[:6]}-{short[6:]}" if len(short) == 10 else short
    centuries = [f"{century}{form}" for century in ("19", "20") for form in (short, dashed)]
    return [number, plain, short, dashed, *(centuries if len(short) == 10 and short[2] in "01" else ())]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- by reference ------------------------------------------------------------------


class References:
    """Our references, recognised as whole words: 1187-K7Q2M9 is not in 21187-K7Q2M9 and not in 1187-K7Q2M9-2."""

    def __init__(self, references: Iterable[str]) -> None:
        self._known = sorted({each for each in references if each}, key=len, reverse=True)
        either = "|".join(re.escape(each) for each in self._known)
        self._pattern = re.compile(rf"(?<![\w-])(?:{either})(?![\w-])")

    def __bool__(self) -> bool:
        return bool(self._known)

    def within(self, texts: Iterable[str | None]) -> set[str]:
        """Those that stand in one of the texts."""
        return {each for text in texts if text for each in self._pattern.findall(text)}


def carries(found: Found, reference: str) -> bool:
    return bool(reference) and bool(References([reference]).within(found.texts()))


def carried(objects: Iterable[Found], references: References) -> Iterator[Hit]:
    for found in objects:
        for reference in references.within(found.texts()):
            yield reference, found.receipt(reference)


def find_sales(
    lists: Lists, documents: Sequence[SalesDocument], since: datetime, orders_are_off: Callable[[], bool]
) -> Iterator[Hit]:
    """Drafts, orders and invoices. What has become an invoice is told as the invoice alone."""
    references = References(document.reference for document in documents)
    if not references:
        return
    changed = {"$filter": f"ModifiedUtc ge {utc(since)}"}
    drafts = Listing("drafts", FoundDraft.path, ({},))
    orders = Listing("orders new", FoundOrder.path, (changed, {}))
    invoices = Listing("invoices new", FoundInvoice.path, ({"modifiedSinceUtc": utc(since)}, {}))
    # Drafts first and invoices last: a draft that is converted meanwhile is met as the one or as the other.
    hits = [
        *matching(lists.everything(drafts, FoundDraft), references),
        *matching(everything_of_orders(lists, orders, orders_are_off), references),
        *matching(lists.everything(invoices, FoundInvoice), references),
    ]
    ancestors = {ancestor for _, found in hits for ancestor in found.descends_from()}
    for reference, found in hits:
        receipt = found.receipt(reference)
        if receipt.remote_id not in ancestors:
            yield reference, receipt


def matching(objects: Iterable[Sale], references: References) -> Iterator[tuple[str, Sale]]:
    """What carries a reference. A credit note repeats the rows of what it credits, and is not the document."""
    for found in objects:
        if not found.is_credit_invoice:
            yield from ((reference, found) for reference in references.within(found.texts()))


def everything_of_orders(lists: Lists, listing: Listing, orders_are_off: Callable[[], bool]) -> Iterator[FoundOrder]:
    """The orders; none, where the company cannot have any. Any other refusal means that we did not look."""
    try:
        yield from lists.everything(listing, FoundOrder)
    except NotAllowed:
        if not orders_are_off():
            raise
