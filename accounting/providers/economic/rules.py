"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the vendor's JSON schemas and what was seen on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.providers.economic.customer_rules import CUSTOMER_RULES
from accounting.providers.economic.payloads import coding_of
from accounting.providers.economic.sales_rules import SALES_RULES
from accounting.rules.articles import article_is_complete, article_problem, article_too_long, price_is_negative
from accounting.rules.sales import decimals
from accounting.types import ArticleDocument, Company, Document, Problem, Rule, gettext_noop

ARTICLE_LENGTHS = {"number": 25, "name": 300, "text": 500, "ean": 50}


def article_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    yield from article_too_long(document, ARTICLE_LENGTHS)
    yield from price_is_negative(document)
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


RULES: tuple[Rule, ...] = (
    *CUSTOMER_RULES,
    article_is_complete,
    article_fits,
    article_questions_are_answered,
    *SALES_RULES,
)
