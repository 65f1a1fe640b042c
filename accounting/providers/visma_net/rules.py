"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the sales order service's own description. The ERP's has none; what it refuses beyond these it
says itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounting.providers.visma_net.customer_rules import CUSTOMER_RULES
from accounting.providers.visma_net.payloads import kind_of
from accounting.providers.visma_net.sales_rules import SALES_RULES
from accounting.types import ArticleDocument, Company, Document, Problem, Rule, gettext_noop

ARTICLE_LENGTHS = {
    "number": (30, gettext_noop("The article number of “%(name)s” is longer than %(limit)s characters.")),
    "name": (256, gettext_noop("The name “%(name)s” is longer than %(limit)s characters.")),
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
        sentence = gettext_noop("The price of “%(name)s” must not be negative.")
        yield article_problem("price_out_of_range", sentence, document, "price")


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
    item_class_is_chosen,
    *SALES_RULES,
)
