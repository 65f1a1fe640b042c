"""What these books would refuse about an order or an invoice draft, and what would change its amount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from accounting.providers.visma_eaccounting.prices import (
    article_lines,
    exact_price,
    predict_totals,
    price_rule,
    row_amount,
    unit_price,
)
from accounting.providers.visma_eaccounting.sale_payloads import LONGEST_TEXT, your_reference
from accounting.types import Company, Document, DocumentLine, Problem, Rule, SalesDocument, SalesOrder, gettext_noop

LONGEST_REFERENCE = 100
MOST_ROWS = 1000
ADDRESS_LIMITS = {"street": 50, "street2": 50, "postcode": 10, "city": 50, "country": 2}


def orders_are_on(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesOrder) and "orders" not in company.features:
        yield Problem(
            code="orders_off",
            sentence=gettext_noop(
                "%(company)s has no sales orders. Switch on the extension for quotes and orders, or send drafts."
            ),
            where="connection",
            values={"company": company.name},
        )


def date_is_open(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument) or company.locked_until is None:
        return
    if document.dated <= company.locked_until:
        yield Problem(
            code="period_locked",
            sentence=gettext_noop("%(dated)s is in a locked period: the books are closed to %(locked_until)s."),
            where="work_order",
            field="dated",
            values={"dated": document.dated.isoformat(), "locked_until": company.locked_until.isoformat()},
        )


def document_has_lines(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    if not article_lines(document):
        yield Problem(
            code="no_article_line",
            sentence=gettext_noop("There is nothing to bill: a line with an article is needed."),
            where="work_order",
            field="lines",
        )
    elif len(document.lines) >= MOST_ROWS:
        yield Problem(
            code="too_many_lines",
            sentence=gettext_noop("There are %(count)s lines; the accounting system takes %(limit)s."),
            where="work_order",
            field="lines",
            values={"count": str(len(document.lines)), "limit": str(MOST_ROWS - 1)},
        )


def lines_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    for line in article_lines(document):
        yield from line_fits(line, document)
        yield from price_is_kept(line, document, company)
        if line.project_remote_id and "projects" not in company.features:
            yield line_problem(
                "projects_off",
                gettext_noop("“%(text)s” belongs to a project, and the books do not use projects."),
                line,
                "project",
            )


def line_fits(line: DocumentLine, document: SalesDocument) -> Iterator[Problem]:
    if len(line.text) > LONGEST_TEXT:
        yield line_problem(
            "line_text_too_long",
            gettext_noop("The text “%(text)s…” has %(length)s characters; the accounting system takes %(limit)s."),
            line,
            "text",
            length=len(line.text),
            limit=LONGEST_TEXT,
        )
    places = 4 if isinstance(document, SalesOrder) else 2
    if decimals(line.quantity) > places:
        yield line_problem(
            "quantity_decimals",
            gettext_noop("The quantity %(quantity)s of “%(text)s” has more than %(limit)s decimals."),
            line,
            "quantity",
            quantity=line.quantity.normalize(),
            limit=places,
        )
    if not 0 <= line.discount_percent <= 100 or decimals(line.discount_percent) > 2:
        yield line_problem(
            "discount_out_of_range",
            gettext_noop("The discount on “%(text)s” must be between 0 and 100 %%, with at most two decimals."),
            line,
            "discount_percent",
        )


def price_is_kept(line: DocumentLine, document: SalesDocument, company: Company) -> Iterator[Problem]:
    """A price may be rounded to what the books can hold as long as the row comes to the same amount."""
    rule = price_rule(document, company)
    exact = exact_price(line, document, include_vat=rule.include_vat)
    sent = unit_price(line, document, rule)
    if exact is None or sent is None:
        yield line_problem(
            "vat_missing",
            gettext_noop("“%(text)s” has no VAT rate, and its price must be converted."),
            line,
            "vat_percent",
        )
    elif row_amount(exact, line) != row_amount(sent, line):
        yield line_problem(
            "price_decimals",
            gettext_noop(
                "The price %(price)s of “%(text)s” has more than %(limit)s decimals, which would change the amount."
            ),
            line,
            "unit_price",
            price=exact.normalize(),
            limit=rule.places,
        )


def decimals(value: Decimal) -> int:
    """How many decimals it really has: none for 3.00."""
    return max(0, -int(value.normalize().as_tuple().exponent))


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


def total_is_positive(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument) or not article_lines(document):
        return
    totals = predict_totals(document, company)
    if totals is not None and totals.net + totals.vat <= 0:
        yield Problem(
            code="total_not_positive",
            sentence=gettext_noop("The total is %(total)s; nothing that comes to zero or less is sent."),
            where="work_order",
            field="lines",
            values={"total": f"{totals.total:.2f}"},
        )


def head_fits(document: Document, company: Company) -> Iterator[Problem]:
    """References, delivery address and currency."""
    if not isinstance(document, SalesDocument):
        return
    limits = {
        "your_reference": (your_reference(document), LONGEST_REFERENCE),
        "our_reference": (document.our_reference, LONGEST_REFERENCE),
        "delivery_name": (document.delivery_name, 100 if isinstance(document, SalesOrder) else 50),
        **{f"delivery_{each}": (getattr(document.delivery_address, each), n) for each, n in ADDRESS_LIMITS.items()},
    }
    for field, (value, limit) in limits.items():
        if len(value) > limit:
            yield Problem(
                code=f"{field}_too_long",
                sentence=gettext_noop("“%(value)s” has %(length)s characters; the accounting system takes %(limit)s."),
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


SALES_RULES: tuple[Rule, ...] = (
    orders_are_on,
    date_is_open,
    document_has_lines,
    lines_are_possible,
    total_is_positive,
    head_fits,
)
