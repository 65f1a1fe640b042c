"""About an order or an invoice draft: its lines and its head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from accounting.rules.customers import is_code
from accounting.types import Company, Document, DocumentLine, Problem, SalesDocument, gettext_noop


def decimals(value: Decimal) -> int:
    """How many decimals it really has: none for 3.00."""
    return max(0, -int(value.normalize().as_tuple().exponent))


# --- lines ----------------------------------------------------------------------


def document_has_lines(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, SalesDocument) and not document.article_lines:
        yield Problem(
            code="no_article_line",
            sentence=gettext_noop("There is nothing to bill: a line with an article is needed."),
            where="work_order",
            field="lines",
        )


def line_text_too_long(line: DocumentLine, limit: int) -> Iterator[Problem]:
    if len(line.text) > limit:
        sentence = gettext_noop(
            "The text “%(text)s…” has %(length)s characters; the accounting system takes %(limit)s."
        )
        yield line_problem("line_text_too_long", sentence, line, "text", length=len(line.text), limit=limit)


def quantity_too_precise(line: DocumentLine, places: int) -> Iterator[Problem]:
    if decimals(line.quantity) > places:
        sentence = gettext_noop("The quantity %(quantity)s of “%(text)s” has more than %(limit)s decimals.")
        quantity = line.quantity.normalize()
        yield line_problem("quantity_decimals", sentence, line, "quantity", quantity=quantity, limit=places)


def price_not_kept(
    line: DocumentLine, exact: Decimal | None, amounts: tuple[Decimal, Decimal] | None, *, places: int
) -> Iterator[Problem]:
    """A price may be rounded as long as the line comes to the same: `amounts` are the line's by both prices.

    None of them where a price cannot be converted for want of a VAT rate.
    """
    if exact is None or amounts is None:
        sentence = gettext_noop("“%(text)s” has no VAT rate, and its price must be converted.")
        yield line_problem("vat_missing", sentence, line, "vat_percent")
    elif amounts[0] != amounts[1]:
        sentence = gettext_noop(
            "The price %(price)s of “%(text)s” has more than %(limit)s decimals, which would change the amount."
        )
        yield line_problem("price_decimals", sentence, line, "unit_price", price=exact.normalize(), limit=places)


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


# --- the head -------------------------------------------------------------------


def head_too_long(limits: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    """By field, what stands there and how long it may be."""
    for field, (value, limit) in limits.items():
        if len(value) > limit:
            yield Problem(
                code=f"{field}_too_long",
                sentence=gettext_noop("“%(value)s” has %(length)s characters; the accounting system takes %(limit)s."),
                where="work_order",
                field=field,
                values={"value": value[:60], "length": str(len(value)), "limit": str(limit)},
            )


def no_currency(document: SalesDocument) -> Iterator[Problem]:
    if not is_code(document.currency, 3):
        yield Problem(
            code="currency_invalid",
            sentence=gettext_noop("“%(currency)s” is not a currency of three letters."),
            where="work_order",
            field="currency",
            values={"currency": document.currency},
        )


def total_not_positive(total: Decimal) -> Problem:
    return Problem(
        code="total_not_positive",
        sentence=gettext_noop("The total is %(total)s; nothing that comes to zero or less is sent."),
        where="work_order",
        field="lines",
        values={"total": f"{total:.2f}"},
    )
