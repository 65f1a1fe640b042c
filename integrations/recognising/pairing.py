"""How surely two records are the same, and why. No database here.

Strong signs make a pair certain, weaker ones likely; what speaks against it lowers it by one. A name alone is no
sign for anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property

from integrations.recognising.marks import (
    SHARED_WORDS,
    email_mark,
    name_mark,
    number_mark,
    organisation_mark,
    phone_mark,
    postcode_mark,
    vat_mark,
)

# A mark that so many share belongs to nobody in particular.
TOO_MANY = 20


class Reason(StrEnum):
    NUMBER = "number"
    ORGANISATION_NUMBER = "organisation_number"
    VAT_NUMBER = "vat_number"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    NAME_AND_POSTCODE = "name_and_postcode"
    EAN = "ean"
    OTHER_ORGANISATION_NUMBER = "other_organisation_number"
    COMPANY_AND_PERSON = "company_and_person"
    OTHER_NUMBER = "other_number"


STRONG = frozenset({Reason.EMAIL, Reason.NAME_AND_POSTCODE})
AGAINST = frozenset({Reason.OTHER_ORGANISATION_NUMBER, Reason.COMPANY_AND_PERSON})


class Grade(IntEnum):
    NONE = 0
    LIKELY = 1
    CERTAIN = 2


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is compared of a customer, here or in the books. `key` is whatever the caller knows it by."""

    key: str
    name: str
    number: str = ""
    is_company: bool = True
    organisation_number: str = ""
    vat_number: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    postcode: str = ""

    @cached_property
    def organisation(self) -> str:
        return organisation_mark(self.organisation_number) or organisation_mark(self.vat_number)

    @cached_property
    def vat(self) -> str:
        return vat_mark(self.vat_number)

    @cached_property
    def phones(self) -> frozenset[str]:
        return frozenset(filter(None, (phone_mark(self.phone), phone_mark(self.mobile))))

    @cached_property
    def named(self) -> str:
        return name_mark(self.name)

    @cached_property
    def placed(self) -> str:
        postcode = postcode_mark(self.postcode)
        return f"{self.named}@{postcode}" if postcode and self.named else ""

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """What two must share to be looked at together. A number only counts beside the name."""
        found = {f"o{self.organisation}", f"v{self.vat}", f"e{email_mark(self.email)}", f"n{self.placed}"}
        numbered = number_mark(self.number)
        if numbered:
            found.add(f"k{numbered}@{self.named}")
        return tuple(sorted({each for each in found if len(each) > 1} | {f"p{each}" for each in self.phones}))


@dataclass(frozen=True, kw_only=True)
class ArticleFacts:
    """What is compared of an article."""

    key: str
    name: str
    number: str = ""
    ean: str = ""

    @cached_property
    def named(self) -> str:
        return name_mark(self.name)

    @cached_property
    def marks(self) -> tuple[str, ...]:
        found = (f"k{number_mark(self.number)}", f"e{self.ean.strip()}", f"n{self.named}")
        return tuple(each for each in found if len(each) > 1)


Comparable = Facts | ArticleFacts


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One of ours and one of theirs, by their keys. `reasons` holds what speaks for it, then what speaks against."""

    ours: str
    theirs: str
    grade: Grade
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> tuple[int, int]:
        return self.grade, len(set(self.reasons) - AGAINST)


def compare(ours: Comparable, theirs: Comparable) -> Pair:
    if isinstance(ours, Facts) and isinstance(theirs, Facts):
        reasons = reasons_of_customers(ours, theirs)
        grade = grade_of_customers(set(reasons))
    elif isinstance(ours, ArticleFacts) and isinstance(theirs, ArticleFacts):
        reasons = reasons_of_articles(ours, theirs)
        grade = grade_of_articles(set(reasons))
    else:
        raise TypeError("A customer and an article cannot be compared.")
    return Pair(ours=ours.key, theirs=theirs.key, grade=grade, reasons=reasons)


def reasons_of_customers(ours: Facts, theirs: Facts) -> tuple[Reason, ...]:
    signs = {
        Reason.ORGANISATION_NUMBER: equal(ours.organisation, theirs.organisation),
        Reason.VAT_NUMBER: equal(ours.vat, theirs.vat),
        Reason.NUMBER: equal(number_mark(ours.number), number_mark(theirs.number)),
        Reason.EMAIL: equal(email_mark(ours.email), email_mark(theirs.email)),
        Reason.PHONE: bool(ours.phones & theirs.phones),
        Reason.NAME_AND_POSTCODE: equal(ours.placed, theirs.placed),
        Reason.NAME: equal(ours.named, theirs.named) and ours.named not in SHARED_WORDS,
        Reason.OTHER_ORGANISATION_NUMBER: differ(ours.organisation, theirs.organisation),
        Reason.COMPANY_AND_PERSON: ours.is_company != theirs.is_company,
    }
    found = {reason for reason, is_so in signs.items() if is_so}
    if Reason.NAME_AND_POSTCODE in found:
        found.discard(Reason.NAME)
    return tuple(reason for reason in signs if reason in found)


def grade_of_customers(reasons: set[Reason]) -> Grade:
    """An organisation number is never contradicted; the rest is as strong as what it stands beside."""
    if Reason.ORGANISATION_NUMBER in reasons:
        return Grade.CERTAIN
    is_named = bool(reasons & {Reason.NAME, Reason.NAME_AND_POSTCODE})
    grade = Grade.NONE
    if Reason.VAT_NUMBER in reasons or (is_named and reasons & {Reason.NUMBER, Reason.EMAIL, Reason.PHONE}):
        grade = Grade.CERTAIN
    elif reasons & {Reason.EMAIL, Reason.PHONE, Reason.NAME_AND_POSTCODE}:
        grade = Grade.LIKELY
    return Grade(max(Grade.NONE, grade - 1)) if reasons & AGAINST else grade


def reasons_of_articles(ours: ArticleFacts, theirs: ArticleFacts) -> tuple[Reason, ...]:
    signs = {
        Reason.NUMBER: equal(number_mark(ours.number), number_mark(theirs.number)),
        Reason.EAN: equal(ours.ean.strip(), theirs.ean.strip()),
        Reason.NAME: equal(ours.named, theirs.named),
        Reason.OTHER_NUMBER: differ(number_mark(ours.number), number_mark(theirs.number)),
    }
    return tuple(reason for reason, is_so in signs.items() if is_so)


def grade_of_articles(reasons: set[Reason]) -> Grade:
    if reasons & {Reason.NUMBER, Reason.EAN}:
        return Grade.CERTAIN
    return Grade.LIKELY if Reason.NAME in reasons else Grade.NONE


def equal(ours: str, theirs: str) -> bool:
    return bool(ours) and ours == theirs


def differ(ours: str, theirs: str) -> bool:
    return bool(ours) and bool(theirs) and ours != theirs


def is_strong(pair: Pair) -> bool:
    """Too much speaks for it to create a second record before somebody has looked. A shared phone alone does not."""
    if pair.grade is Grade.CERTAIN:
        return True
    return pair.grade is Grade.LIKELY and bool(STRONG & set(pair.reasons)) and not AGAINST & set(pair.reasons)


# --- many with many -------------------------------------------------------------


class Pool:
    """Records to find the likes of others in, each look a few look-ups and no walk through all."""

    def __init__(self, facts: Iterable[Comparable]) -> None:
        self._by_mark: defaultdict[str, list[Comparable]] = defaultdict(list)
        self.size = 0
        for each in facts:
            self.size += 1
            for mark in each.marks:
                self._by_mark[mark].append(each)

    def like(self, one: Comparable) -> list[Pair]:
        """Pairs of `one` (as ours) with those of the pool, the surest first. Unlikely ones are left out."""
        alike: dict[str, Comparable] = {}
        for mark in one.marks:
            found = self._by_mark.get(mark, ())
            if len(found) <= TOO_MANY:
                alike |= {each.key: each for each in found}
        pairs = (compare(one, each) for each in alike.values())
        return sorted((each for each in pairs if each.grade), key=lambda each: each.weight, reverse=True)


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Ours by how surely theirs are found: certain ones once each, likely ones with all that they may be."""

    certain: Sequence[Pair]
    likely: dict[str, list[Pair]]
    without: Sequence[str]


def anybody(pair: Pair) -> bool:
    """For those who know of no pair that cannot be."""
    return True


def sort(ours: Iterable[Comparable], pool: Pool, *, fits: Callable[[Pair], bool] = anybody) -> Sorted:
    """Certain is a pair only when neither of the two is certain with anybody else. Pairs must pass `fits`."""
    found = {one.key: [pair for pair in pool.like(one) if fits(pair)] for one in ours}
    claims: defaultdict[str, int] = defaultdict(int)
    for pair in certain_ones(found):
        claims[pair.theirs] += 1
    certain, likely, without = [], {}, []
    for key, pairs in found.items():
        sure = [pair for pair in pairs if pair.grade is Grade.CERTAIN]
        if len(sure) == 1 and claims[sure[0].theirs] == 1:
            certain.append(sure[0])
        elif pairs:
            likely[key] = pairs
        else:
            without.append(key)
    return Sorted(certain=certain, likely=likely, without=without)


def certain_ones(found: dict[str, list[Pair]]) -> Iterator[Pair]:
    return (pair for pairs in found.values() for pair in pairs if pair.grade is Grade.CERTAIN)
