"""Every address of the product, read from the URLconf, so that a new page is swept without being listed anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# A record's id and the word before it, which says what kind of record is meant.
RECORD = re.compile(r"(?P<kind>[\w-]+)/<uuid:\w+>")
# What else stands in an address, by its name there.
WORDS = {"key": "acme_books", "kind": "items", "code": "postcode_missing", "secret": "not-the-secret", "name": "api"}
WORD = re.compile(r"<(?:slug|str):(?P<name>\w+)>")
# The API knows no sessions: tests/integrations/api sweeps it with keys.
NOT_SWEPT = {"admin/", "api/v1/"}


class Route(NamedTuple):
    """The name of a page and its address with places for records, say `customers/<uuid:pk>/edit/`."""

    name: str
    pattern: str

    @property
    def kinds(self) -> list[str]:
        return RECORD.findall(self.pattern)

    def address(self, *records: Any) -> str:
        """The address about these records, in the order of its places."""
        left = iter(records)
        path = RECORD.sub(lambda found: f"{found['kind']}/{next(left)}", self.pattern)
        return "/" + WORD.sub(lambda found: WORDS[found["name"]], path)

    def about(self, firm: Mapping[str, Any]) -> str:
        """The address about the records with these ids, by kind."""
        return self.address(*(firm[kind] for kind in self.kinds))

    def mixtures(self, own: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
        """The addresses in which at least one record is the other's."""
        choices = list(product(*((own[kind], other[kind]) for kind in self.kinds)))
        return [self.address(*records) for records in choices[1:]]


def routes() -> list[Route]:
    found = list(walk(get_resolver().url_patterns))
    assert len(found) > 80, "The URLconf is read wrongly."
    return found


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Route]:
    for each in patterns:
        assert isinstance(each.pattern, RoutePattern), each
        path = prefix + str(each.pattern)
        if path in NOT_SWEPT:
            continue
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, path)
        else:
            yield Route(each.name or path, path)
