"""What these books would refuse about an order or an invoice draft, and what would change its amount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from accounting.providers.economic.prices import exact_price, row_amount, unit_price
from accounting.providers.economic.sale_payloads import LONGEST_TEXT
from accounting.rules.sales import (
    decimals,
    document_has_lines,
    head_too_long,
    line_problem,
    line_text_too_long,
    no_currency,
    price_not_kept,
    quantity_too_precise,
)
from accounting.types import Company, Document, DocumentLine, Problem, Rule, SalesDocument, SalesOrder, gettext_noop

LONGEST_REFERENCE = 250
LONGEST_ARTICLE_NUMBER = 25
HEAD_LIMITS = {"reference": 250, "your_reference": 900}
ADDRESS_LIMITS = {"postcode": 30, "city": 50}
LONGEST_DELIVERY_ADDRESS = 255


def orders_are_on(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesOrder) and "orders" not in company.features:
        yield Problem(
            code="orders_off",
            sentence=gettext_noop(
                "%(company)s keeps stock in the accounting system, which then takes no orders from outside. "
                "Send invoice drafts instead."
            ),
            where="connection",
            values={"company": company.name},
        )


def lines_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    for line in document.article_lines:
        yield from text_fits(line)
        yield from numbers_fit(line)
        yield from price_is_kept(line, document)


def text_fits(line: DocumentLine) -> Iterator[Problem]:
    if not line.text.strip():
        yield line_problem("line_text_missing", gettext_noop("A line with an article needs a text."), line, "text")
    yield from line_text_too_long(line, LONGEST_TEXT)


def numbers_fit(line: DocumentLine) -> Iterator[Problem]:
    """Every number of a line has two decimals at most."""
    yield from quantity_too_precise(line, 2)
    if not 0 <= line.discount_percent <= 100 or decimals(line.discount_percent) > 2:
        yield line_problem(
            "discount_out_of_range",
            gettext_noop("The discount on “%(text)s” must be between 0 and 100 %%, with at most two decimals."),
            line,
            "discount_percent",
        )


def total_is_not_negative(document: Document, company: Company) -> Iterator[Problem]:
    """A negative total would become a credit note."""
    if not isinstance(document, SalesDocument):
        return
    prices = [(unit_price(line, document), line) for line in document.article_lines]
    net = sum((row_amount(price, line) for price, line in prices if price is not None), Decimal(0))
    if net < 0:
        yield Problem(
            code="total_negative",
            sentence=gettext_noop("The total is %(total)s; nothing that comes to less than zero is sent."),
            where="work_order",
            field="lines",
            values={"total": f"{net:.2f}"},
        )


def order_quantities_are_positive(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesOrder):
        return
    for line in document.article_lines:
        if line.quantity <= 0:
            yield line_problem(
                "quantity_not_positive",
                gettext_noop("The quantity of “%(text)s” must be more than 0 on an order. Send an invoice draft."),
                line,
                "quantity",
            )


def price_is_kept(line: DocumentLine, document: SalesDocument) -> Iterator[Problem]:
    """A price may be rounded to two decimals as long as the line comes to the same amount."""
    exact, sent = exact_price(line, document), unit_price(line, document)
    amounts = None if exact is None or sent is None else (row_amount(exact, line), row_amount(sent, line))
    yield from price_not_kept(line, exact, amounts, places=2)


def project_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    """A document belongs to one project or to none."""
    if not isinstance(document, SalesDocument):
        return
    lines = [line for line in document.lines if line.project_remote_id]
    if lines and "projects" not in company.features:
        sentence = gettext_noop("“%(text)s” belongs to a project, and the books do not use projects.")
        yield line_problem("projects_off", sentence, lines[0], "project")
    if len({line.project_remote_id for line in lines}) > 1:
        sentence = gettext_noop("The lines belong to several projects; the accounting system takes one per document.")
        yield Problem(code="several_projects", sentence=sentence, where="work_order", field="project")


def head_fits(document: Document, company: Company) -> Iterator[Problem]:
    """References, delivery address and currency."""
    if not isinstance(document, SalesDocument):
        return
    address = document.delivery_address
    delivery = "\n".join(each for each in (document.delivery_name, address.street, address.street2) if each)
    limits = {
        **{name: (getattr(document, name), limit) for name, limit in HEAD_LIMITS.items()},
        "delivery_street": (delivery, LONGEST_DELIVERY_ADDRESS),
        **{f"delivery_{each}": (getattr(address, each), limit) for each, limit in ADDRESS_LIMITS.items()},
    }
    yield from head_too_long(limits)
    yield from no_currency(document)


SALES_RULES: tuple[Rule, ...] = (
    orders_are_on,
    document_has_lines,
    lines_are_possible,
    total_is_not_negative,
    order_quantities_are_positive,
    project_is_possible,
    head_fits,
)
