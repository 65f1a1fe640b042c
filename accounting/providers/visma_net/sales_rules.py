"""What these books would refuse about an order or an invoice, and what would change its amount.

Whether the customer is on hold, or the project closed, stands only in the books: that they say themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accounting.providers.visma_net.prices import exact_price, line_amount, predict_totals, unit_price
from accounting.providers.visma_net.sale_payloads import PLACES, invoice_text, texts_of
from accounting.rules.sales import (
    document_has_lines,
    head_too_long,
    line_problem,
    line_text_too_long,
    no_currency,
    price_not_kept,
    quantity_too_precise,
    total_not_positive,
)
from accounting.types import (
    Company,
    Document,
    DocumentLine,
    InvoiceDraft,
    Problem,
    Rule,
    SalesDocument,
    gettext_noop,
)

LONGEST_REFERENCE = 40
LONGEST_TITLE = 255
LONGEST_LINE = 256
LONGEST_NOTE = 2048
DELIVERY_LIMITS = {"street": 50, "street2": 50, "postcode": 20, "city": 50, "country": 2}


def date_is_open(document: Document, company: Company) -> Iterator[Problem]:
    """An order has no period of its own; an invoice is booked on its date."""
    if not isinstance(document, InvoiceDraft) or company.locked_until is None:
        return
    if document.dated <= company.locked_until:
        yield Problem(
            code="period_locked",
            sentence=gettext_noop("%(dated)s is in a closed period: the books are closed to %(locked_until)s."),
            where="work_order",
            field="dated",
            values={"dated": document.dated.isoformat(), "locked_until": company.locked_until.isoformat()},
        )


def head_fits(document: Document, company: Company) -> Iterator[Problem]:
    """References, title, texts and delivery address."""
    if not isinstance(document, SalesDocument):
        return
    yield from head_too_long(limits_of(document))
    yield from no_currency(document)


def limits_of(document: SalesDocument) -> Mapping[str, tuple[str, int]]:
    """What stands on the document, and how long it may be."""
    shared = {
        "reference": (document.reference, LONGEST_REFERENCE),
        "your_reference": (document.your_reference, LONGEST_REFERENCE),
    }
    if isinstance(document, InvoiceDraft):
        return {**shared, "lines": (invoice_text(document), LONGEST_NOTE)}
    place = document.delivery_address
    return {
        **shared,
        "title": (document.title, LONGEST_TITLE),
        "lines": ("\n".join(texts_of(document)), LONGEST_NOTE),
        "delivery_name": (document.delivery_name, 255),
        **{f"delivery_{each}": (getattr(place, each), limit) for each, limit in DELIVERY_LIMITS.items()},
    }


def one_project(document: Document, company: Company) -> Iterator[Problem]:
    """A document has one project over there, and its lines have none of their own."""
    if not isinstance(document, SalesDocument):
        return
    if len({line.project_remote_id for line in document.article_lines}) > 1:
        yield Problem(
            code="several_projects",
            sentence=gettext_noop("The lines belong to different projects; the accounting system takes one."),
            where="work_order",
            field="project",
        )


def lines_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    for line in document.article_lines:
        yield from line_fits(line)
        yield from price_is_kept(line, document)


def line_fits(line: DocumentLine) -> Iterator[Problem]:
    yield from line_text_too_long(line, LONGEST_LINE)
    yield from quantity_too_precise(line, PLACES)
    if not 0 <= line.discount_percent <= 100:
        sentence = gettext_noop("The discount on “%(text)s” must be between 0 and 100 %%.")
        yield line_problem("discount_out_of_range", sentence, line, "discount_percent")


def price_is_kept(line: DocumentLine, document: SalesDocument) -> Iterator[Problem]:
    """A price may be rounded to what is sent as long as the line comes to the same amount."""
    exact, sent = exact_price(line, document), unit_price(line, document)
    amounts = None if exact is None or sent is None else (line_amount(exact, line), line_amount(sent, line))
    yield from price_not_kept(line, exact, amounts, places=4)


def total_is_positive(document: Document, company: Company) -> Iterator[Problem]:
    totals = predict_totals(document) if isinstance(document, SalesDocument) and document.article_lines else None
    if totals is not None and totals.total <= 0:
        yield total_not_positive(totals.total)


SALES_RULES: tuple[Rule, ...] = (
    date_is_open,
    document_has_lines,
    head_fits,
    one_project,
    lines_are_possible,
    total_is_positive,
)
