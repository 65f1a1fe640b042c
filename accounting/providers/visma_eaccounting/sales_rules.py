"""What these books would refuse about an order or an invoice draft, and what would change its amount."""

from __future__ import annotations

from collections.abc import Iterator

from accounting.providers.visma_eaccounting.prices import (
    exact_price,
    predict_totals,
    price_rule,
    row_amount,
    unit_price,
)
from accounting.providers.visma_eaccounting.sale_payloads import LONGEST_TEXT, your_reference
from accounting.rules.sales import (
    decimals,
    document_has_lines,
    head_too_long,
    line_problem,
    line_text_too_long,
    no_currency,
    price_not_kept,
    quantity_too_precise,
    total_not_positive,
)
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


def lines_are_not_too_many(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesDocument) and len(document.lines) >= MOST_ROWS:
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
    for line in document.article_lines:
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
    yield from line_text_too_long(line, LONGEST_TEXT)
    yield from quantity_too_precise(line, 4 if isinstance(document, SalesOrder) else 2)
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
    amounts = None if exact is None or sent is None else (row_amount(exact, line), row_amount(sent, line))
    yield from price_not_kept(line, exact, amounts, places=rule.places)


def total_is_positive(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument) or not document.article_lines:
        return
    totals = predict_totals(document, company)
    if totals is not None and totals.net + totals.vat <= 0:
        yield total_not_positive(totals.total)


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
    yield from head_too_long(limits)
    yield from no_currency(document)


SALES_RULES: tuple[Rule, ...] = (
    orders_are_on,
    date_is_open,
    document_has_lines,
    lines_are_not_too_many,
    lines_are_possible,
    total_is_positive,
    head_fits,
)
