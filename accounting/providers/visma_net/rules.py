"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the sales order service's own description. The ERP's has none; what it refuses beyond these it
says itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.providers.visma_net.customer_rules import CUSTOMER_RULES
from accounting.providers.visma_net.payloads import kind_of
from accounting.providers.visma_net.sales_rules import SALES_RULES
from accounting.rules.articles import article_is_complete, article_too_long, price_is_negative
from accounting.types import ArticleDocument, Company, Document, Problem, Rule, gettext_noop

ARTICLE_LENGTHS = {"number": 30, "name": 256}


def article_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    yield from article_too_long(document, ARTICLE_LENGTHS)
    yield from price_is_negative(document)


def item_class_is_chosen(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    question = f"item_class_{kind_of(document)}"
    if not document.answers.get(question):
        yield Problem(
            code="item_class_unanswered",
            sentence=gettext_noop("Choose the item class for new articles like “%(name)s”."),
            where="connection",
            field=question,
            values={"name": document.name},
        )


RULES: tuple[Rule, ...] = (
    *CUSTOMER_RULES,
    article_is_complete,
    article_fits,
    item_class_is_chosen,
    *SALES_RULES,
)
