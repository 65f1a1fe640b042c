"""What these books would refuse about an order or an invoice draft, and what would change its amount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from accounting.providers.economic.prices import article_lines, exact_price, row_amount, unit_price
from accounting.providers.economic.sale_payloads import LONGEST_TEXT
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


def document_has_lines(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesDocument) and not article_lines(document):
        yield Problem(
            code="no_article_line",
            sentence=gettext_noop("There is nothing to bill: a line with an article is needed."),
            where="work_order",
            field="lines",
        )


def lines_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, SalesDocument):
        return
    for line in article_lines(document):
        yield from text_fits(line)
        yield from numbers_fit(line)
        yield from price_is_kept(line, document)


def text_fits(line: DocumentLine) -> Iterator[Problem]:
    if not line.text.strip():
        yield line_problem("line_text_missing", gettext_noop("A line with an article needs a text."), line, "text")
    if len(line.text) > LONGEST_TEXT:
        yield line_problem(
            "line_text_too_long",
            gettext_noop("The text “%(text)s…” has %(length)s characters; the accounting system takes %(limit)s."),
            line,
            "text",
            length=len(line.text),
            limit=LONGEST_TEXT,
        )


def numbers_fit(line: DocumentLine) -> Iterator[Problem]:
    """Every number of a line has two decimals at most."""
    if decimals(line.quantity) > 2:
        yield line_problem(
            "quantity_decimals",
            gettext_noop("The quantity %(quantity)s of “%(text)s” has more than %(limit)s decimals."),
            line,
            "quantity",
            quantity=line.quantity.normalize(),
            limit=2,
        )
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
    prices = [(unit_price(line, document), line) for line in article_lines(document)]
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
    for line in article_lines(document):
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
            limit=2,
        )


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


SALES_RULES: tuple[Rule, ...] = (
    orders_are_on,
    document_has_lines,
    lines_are_possible,
    total_is_not_negative,
    order_quantities_are_positive,
    project_is_possible,
    head_fits,
)
