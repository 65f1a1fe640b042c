"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the vendor's OpenAPI document (maxLength, minimum, maximum, required) and its error codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from accounting.providers.visma_eaccounting.customer_rules import CUSTOMER_RULES
from accounting.providers.visma_eaccounting.payloads import coding_of, unit_of
from accounting.providers.visma_eaccounting.sales_rules import SALES_RULES
from accounting.rules.articles import article_is_complete, article_problem, article_too_long
from accounting.types import ArticleDocument, Company, Document, Problem, Rule, gettext_noop

LARGEST_PRICE = Decimal(99_000_000)

ARTICLE_LENGTHS = {"number": 40, "name": 50, "text": 4000}


def company_is_active(document: Document, company: Company) -> Iterator[Problem]:
    if not company.active:
        yield Problem(
            code="company_inactive",
            sentence=gettext_noop("%(company)s cannot be written to: the company is inactive or read-only."),
            where="connection",
            values={"company": company.name},
        )


def article_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    yield from article_too_long(document, ARTICLE_LENGTHS)
    if not 0 <= document.price * (1 + document.vat_percent / 100) <= LARGEST_PRICE:
        sentence = gettext_noop("The price of “%(name)s” must be between 0 and %(limit)s.")
        yield article_problem("price_out_of_range", sentence, document, "price", limit=str(LARGEST_PRICE))


def article_questions_are_answered(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    if not coding_of(document):
        yield Problem(
            code="coding_unanswered",
            sentence=gettext_noop("Choose the article coding for “%(name)s”, or one for all new articles of its kind."),
            where="connection",
            field="coding_service" if document.is_service else "coding_goods",
            values={"name": document.name},
        )
    if not unit_of(document):
        sentence = gettext_noop("“%(name)s” has no unit that the accounting system knows. Choose one.")
        yield article_problem("unit_unanswered", sentence, document, "unit")


RULES: tuple[Rule, ...] = (
    company_is_active,
    *CUSTOMER_RULES,
    article_is_complete,
    article_fits,
    article_questions_are_answered,
    *SALES_RULES,
)
