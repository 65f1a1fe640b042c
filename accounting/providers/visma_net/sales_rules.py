"""What these books would refuse about an order or an invoice, and what would change its amount.

Whether the customer is on hold, or the project closed, stands only in the books: that they say themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from accounting.providers.visma_net.prices import article_lines, exact_price, line_amount, predict_totals, unit_price
from accounting.providers.visma_net.sale_payloads import PLACES, invoice_text, texts_of
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
TOO_LONG = gettext_noop("“%(value)s” has %(length)s characters; the accounting system takes %(limit)s.")


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


def document_has_lines(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesDocument) and not article_lines(document):
        yield Problem(
            code="no_article_line",
            sentence=gettext_noop("There is nothing to bill: a line with an article is needed."),
            where="work_order",
            field="lines",
        )


def head_fits(document: Document, company: Company) -> Iterator[Problem]:
    """References, title, texts and delivery address."""
    if not isinstance(document, SalesDocument):
        return
    for field, (value, limit) in limits_of(document).items():
        if len(value) > limit:
            yield Problem(
                code=f"{field}_too_long",
                sentence=TOO_LONG,
                where="work_order",
                field=field,
                values={"value": value[:60], "length": str(len(value)), "limit": str(limit)},
            )
    if not (document.currency.isascii() and document.currency.isalpha() and len(document.currency) == 3):
        yield Problem(
            code="currency_invalid",
            sentence=gettext_noop("“%(currency)s” is not a currency of three letters."),
            where="work_order",
            field="currency",
            values={"currency": document.currency},
        )


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
    if len({line.project_remote_id for line in article_lines(document)}) > 1:
        yield Problem(
            code="several_projects",
            sentence=gettext_noop("The lines belong to different projects; the accounting system takes one."),
            where="work_order",
            field="project",
        )


def lines_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    for line in article_lines(document):
        yield from line_fits(line)
        yield from price_is_kept(line, document)


def line_fits(line: DocumentLine) -> Iterator[Problem]:
    if len(line.text) > LONGEST_LINE:
        sentence = gettext_noop(
            "The text “%(text)s…” has %(length)s characters; the accounting system takes %(limit)s."
        )
        yield line_problem("line_text_too_long", sentence, line, "text", length=len(line.text), limit=LONGEST_LINE)
    if decimals(line.quantity) > PLACES:
        sentence = gettext_noop("The quantity %(quantity)s of “%(text)s” has more than %(limit)s decimals.")
        quantity = line.quantity.normalize()
        yield line_problem("quantity_decimals", sentence, line, "quantity", quantity=quantity, limit=PLACES)
    if not 0 <= line.discount_percent <= 100:
        sentence = gettext_noop("The discount on “%(text)s” must be between 0 and 100 %%.")
        yield line_problem("discount_out_of_range", sentence, line, "discount_percent")


def price_is_kept(line: DocumentLine, document: SalesDocument) -> Iterator[Problem]:
    """A price may be rounded to what is sent as long as the line comes to the same amount."""
    exact, sent = exact_price(line, document), unit_price(line, document)
    if exact is None or sent is None:
        sentence = gettext_noop("“%(text)s” has no VAT rate, and its price must be converted.")
        yield line_problem("vat_missing", sentence, line, "vat_percent")
    elif line_amount(exact, line) != line_amount(sent, line):
        sentence = gettext_noop(
            "The price %(price)s of “%(text)s” has more than %(limit)s decimals, which would change the amount."
        )
        yield line_problem("price_decimals", sentence, line, "unit_price", price=line.unit_price.normalize(), limit=4)


def total_is_positive(document: Document, company: Company) -> Iterator[Problem]:
    totals = predict_totals(document) if isinstance(document, SalesDocument) and article_lines(document) else None
    if totals is not None and totals.total <= 0:
        yield Problem(
            code="total_not_positive",
            sentence=gettext_noop("The total is %(total)s; nothing that comes to zero or less is sent."),
            where="work_order",
            field="lines",
            values={"total": f"{totals.total:.2f}"},
        )


def line_problem(code: str, sentence: str, line: DocumentLine, field: str, **values: object) -> Problem:
    said = {name: f"{value:f}" if isinstance(value, Decimal) else str(value) for name, value in values.items()}
    return Problem(
        code=code,
        sentence=sentence,
        where="line",
        field=field,
        local_id=line.local_id,
        values={"text": line.text[:60], **said},
    )


def decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


SALES_RULES: tuple[Rule, ...] = (
    date_is_open,
    document_has_lines,
    head_fits,
    one_project,
    lines_are_possible,
    total_is_positive,
)
