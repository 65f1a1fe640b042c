"""What a repair is: which cases it fits, what it asks, and what it saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounting.types import Choice
from fieldwork.models import User
from integrations.models import Case

Words = str | Promise
# A field of a record of ours: its model's label, its id, and its name.
Place = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What the forms of a page show, read for all of them at once.

    `present` holds what stands in a field now, `terms` and `units` what the books offer, by books, and `answers`
    what may be answered, by connection and question, as far as that is known without asking the books. `alike` are
    the look-alikes that one case asks about.
    """

    present: Mapping[Place, str] = field(default_factory=dict)
    terms: Mapping[UUID, Sequence[tuple[str, str]]] = field(default_factory=dict)
    units: Mapping[UUID, Sequence[tuple[str, str]]] = field(default_factory=dict)
    answers: Mapping[tuple[UUID, str], Sequence[Choice]] = field(default_factory=dict)
    alike: Mapping[UUID, Sequence[tuple[str, str]]] = field(default_factory=dict)


def as_text(case: Case, value: Any) -> str:
    """A value of a form as a rule can remember it."""
    if isinstance(value, Model):
        return str(value.pk)
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "").strip()


def for_nobody_else(cases: Sequence[Case]) -> Mapping[UUID, str]:
    """Each case is decided by itself."""
    return {}


def for_all_of_the_kind(cases: Sequence[Case]) -> Mapping[UUID, str]:
    return {case.pk: "" for case in cases}


def never(case: Case) -> bool:
    return False


def always(case: Case) -> bool:
    return True


def nowhere(case: Case) -> Place | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A way of repairing, offered with every case that it `fits`.

    `ask` makes the form's field; None when nothing needs to be asked, and it gives None when the books have to be
    asked for the choices first. `read` turns what was typed into the text that `save` carries out; both raise
    ValidationError with a sentence that stands beside the field. `place` is the field that is changed, if one is.

    `alike` gives each case that others can be repaired together with a mark: the same decision is good for all of
    the same code and mark. `once` when saving it for one saves it for all of them. `remembers` says whether the
    decision may be made again for new ones without a person; never for who a customer is. `by_rule` when the rule
    itself is the repair, because an import asks for it.
    """

    key: str
    fits: Callable[[Case], bool]
    save: Callable[[Case, str, User | None], None]
    button: Words = _("Save and send")
    ask: Callable[[Case, Offers], forms.Field | None] | None = None
    read: Callable[[Case, Any], str] = as_text
    place: Callable[[Case], Place | None] = nowhere
    alike: Callable[[Sequence[Case]], Mapping[UUID, str]] = for_nobody_else
    about: Callable[[Case], str] = lambda case: ""
    words: Callable[[Case, str], str] = lambda case, decision: decision
    remembers: Callable[[Case], bool] = never
    once: bool = False
    by_rule: bool = False
    for_owner: bool = False
    reads_books: bool = False
