"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the vendor's JSON schemas and what was seen on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.providers.economic.customer_rules import CUSTOMER_RULES
from accounting.providers.economic.payloads import coding_of
from accounting.providers.economic.sales_rules import SALES_RULES, decimals
from accounting.types import ArticleDocument, Company, Document, Problem, Rule, gettext_noop

ARTICLE_LENGTHS = {
    "number": (25, gettext_noop("The article number of “%(name)s” is longer than %(limit)s characters.")),
    "name": (300, gettext_noop("The name “%(name)s” is longer than %(limit)s characters.")),
    "text": (500, gettext_noop("The text of “%(name)s” is longer than %(limit)s characters.")),
    "ean": (50, gettext_noop("The barcode of “%(name)s” is longer than %(limit)s characters.")),
}


def article_is_complete(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    needed = {
        "number": (document.number, gettext_noop("“%(name)s” has no article number.")),
        "name": (document.name, gettext_noop("The article %(number)s has no name.")),
    }
    for field, (value, sentence) in needed.items():
        if not value.strip():
            yield article_problem(f"article_{field}_missing", sentence, document, field)


def article_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    for field, (limit, sentence) in ARTICLE_LENGTHS.items():
        if len(getattr(document, field)) > limit:
            yield article_problem(f"article_{field}_too_long", sentence, document, field, limit=str(limit))
    if document.price < 0:
        yield article_problem(
            "price_out_of_range", gettext_noop("The price of “%(name)s” must not be negative."), document, "price"
        )
    if decimals(document.price) > 2:
        sentence = gettext_noop("The price %(price)s of “%(name)s” has more than two decimals.")
        yield article_problem("price_decimals", sentence, document, "price", price=f"{document.price.normalize():f}")


def article_questions_are_answered(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, ArticleDocument) and not coding_of(document):
        yield Problem(
            code="coding_unanswered",
            sentence=gettext_noop("Choose the product group for “%(name)s”, or one for all new articles of its kind."),
            where="connection",
            field="coding_service" if document.is_service else "coding_goods",
            values={"name": document.name},
        )


def article_problem(code: str, sentence: str, document: ArticleDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code,
        sentence=sentence,
        where="article",
        field=field,
        values={"name": document.name, "number": document.number, **values},
    )


RULES: tuple[Rule, ...] = (
    *CUSTOMER_RULES,
    article_is_complete,
    article_fits,
    article_questions_are_answered,
    *SALES_RULES,
)
