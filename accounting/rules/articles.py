"""About an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accounting.types import ArticleDocument, Company, Document, Problem, gettext_noop

TOO_LONG: Mapping[str, str] = {
    "number": gettext_noop("The article number of “%(name)s” is longer than %(limit)s characters."),
    "name": gettext_noop("The name “%(name)s” is longer than %(limit)s characters."),
    "text": gettext_noop("The text of “%(name)s” is longer than %(limit)s characters."),
    "ean": gettext_noop("The barcode of “%(name)s” is longer than %(limit)s characters."),
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


def article_too_long(document: ArticleDocument, limits: Mapping[str, int]) -> Iterator[Problem]:
    for field, limit in limits.items():
        if len(getattr(document, field)) > limit:
            yield article_problem(f"article_{field}_too_long", TOO_LONG[field], document, field, limit=str(limit))


def price_is_negative(document: ArticleDocument) -> Iterator[Problem]:
    if document.price < 0:
        sentence = gettext_noop("The price of “%(name)s” must not be negative.")
        yield article_problem("price_out_of_range", sentence, document, "price")


def article_problem(code: str, sentence: str, document: ArticleDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code,
        sentence=sentence,
        where="article",
        field=field,
        values={"name": document.name, "number": document.number, **values},
    )
