"""What a provider must be told, and why a document cannot be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as field_
from enum import StrEnum

from accounting.types.company import Company
from accounting.types.documents import Document
from accounting.types.records import Record


def gettext_noop(sentence: str) -> str:
    """The sentence itself, marked so that the translators' tools collect it."""
    return sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a provider must be told before it can be sent anything.

    `needed_for` names document kinds; an unanswered question blocks just those.
    `of` is the kind of record that is chosen, whose ids the answers then are; None for choices that are no records of
    ours. Without `has_choices` the answer is free text. `advice` is shown beneath it.
    """

    key: str
    label: str
    needed_for: frozenset[str]
    of: type[Record] | None = None
    has_choices: bool = True
    required: bool = True
    advice: str = ""


class OurValue(StrEnum):
    """A value of our records that an accounting system may have a record of its own for."""

    TERMS_OF_PAYMENT = "terms_of_payment"
    UNIT = "unit"
    COUNTRY = "country"
    CURRENCY = "currency"
    VAT_PERCENT = "vat_percent"
    CUSTOMER_KIND = "customer_kind"  # company or private


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueKind:
    """A table from our values to records of the books, such as countries to VAT zones.

    The choices are those that the ledger gives for `key`. Documents of the kinds in `needed_for` carry what a value
    was mapped to in `mapped`, by `key`. Without an entry a required one blocks them; another is left to the provider.
    """

    key: str
    label: str
    ours: OurValue
    needed_for: frozenset[str]
    required: bool = False
    advice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a document cannot be sent. `code` is stable, `where` and `field` point to the repair.

    `where` is one of customer, work_order, line, article, connection; `local_id` names
    the line or article when there are several. `sentence` is a translatable text with
    named places, filled from `values` after translation.
    """

    code: str
    sentence: str
    where: str
    field: str = ""
    local_id: str = ""
    values: Mapping[str, str] = field_(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values


Rule = Callable[[Document, Company], Iterable[Problem]]
