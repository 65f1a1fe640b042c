"""Which of our records a record of the books is, when no link says so yet.

Strong signs only: organisation number, or number and name, or (private persons) e-mail and name. A name alone
never is one. Several candidates are a question to a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from accounting.types import ArticleRecord, CustomerRecord, ProjectRecord
from fieldwork.models import Customer, HourType, Material, OwnedRecord, Project
from integrations.among import among
from integrations.models import Link
from integrations.placing.context import Context

LINKED = "is_linked"
Id = UUID | str


class Candidate(NamedTuple):
    """A record of ours; `linked` when it already is another record of these books.

    `key` is by what those are recognised that have neither a number nor any other sign of their own.
    """

    label: str
    id: Id
    number: str
    name: str
    linked: bool
    organisation_number: str = ""
    email: str = ""
    key: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class Candidates:
    """Our records that those of one page may be. Each can be recognised once, each number given once."""

    def __init__(self, found: Iterable[Candidate] = (), *, being_sent: Iterable[UUID] = ()) -> None:
        self._all = list(found)
        self._taken: set[Id] = set()
        self._holders: dict[tuple[str, str], Candidate] = {}
        self._given: dict[tuple[str, str], tuple[Id, str]] = {}
        self._by_number: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_organisation: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_email: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_key: defaultdict[str, list[Candidate]] = defaultdict(list)
        for each in self._all:
            if each.number:
                self._holders[each.label, each.number] = each
                self._by_number[each.number].append(each)
            if each.organisation_number:
                self._by_organisation[organisation_key(each.organisation_number)].append(each)
            if each.email:
                self._by_email[each.email.lower()].append(each)
            if each.key:
                self._by_key[each.key].append(each)
        sent = set(being_sent)
        self._being_sent = {name_key(each.name): each for each in self._all if each.id in sent} if sent else {}

    @property
    def is_empty(self) -> bool:
        return not self._all

    def with_number(self, number: str) -> list[Candidate]:
        return self._free(self._by_number.get(number, ()))

    def with_organisation(self, number: str) -> list[Candidate]:
        return self._free(self._by_organisation.get(organisation_key(number), ())) if number else []

    def with_email(self, email: str) -> list[Candidate]:
        return self._free(self._by_email.get(email.lower(), ())) if email else []

    def with_key(self, key: str) -> list[Candidate]:
        return self._free(self._by_key.get(key, ()))

    def on_its_way(self, name: str) -> list[Candidate]:
        """A record of this name that we may just have sent ourselves, answer unknown."""
        found = self._being_sent.get(name_key(name)) if self._being_sent else None
        return self._free([found]) if found else []

    def take(self, candidate: Candidate) -> None:
        self._taken.add(candidate.id)

    def holder(self, label: str, number: str, *, besides: Id) -> str | None:
        """Who else has this number among our records, for people."""
        if not number:
            return None
        given = self._given.get((label, number))
        if given:
            return f"{number} {given[1]}" if given[0] != besides else None
        held = self._holders.get((label, number))
        return str(held) if held and held.id != besides else None

    def give_number(self, label: str, number: str, *, to: Id, name: str) -> None:
        if number:
            self._given[label, number] = to, name

    def _free(self, found: Iterable[Candidate]) -> list[Candidate]:
        return [each for each in found if not each.linked and each.id not in self._taken]


# --- finding: one SELECT per page, or none ----------------------------------------

FEW = 50
RECHECK_S = 30


def nothing_to_find(context: Context, kind: str, models: Sequence[type[OwnedRecord]], count: int = FEW) -> bool:
    """True for many records while every record of ours is linked: then none can be recognised.

    Whether a number is taken already, the database then says itself; the page is saved again after a look.
    """
    if count < FEW or context.looks_closely:
        return False
    checked_at, answer = context.all_linked.get(kind, (-inf, False))
    now = monotonic()
    if now - checked_at > RECHECK_S:
        first, *others = (unlinked(context, kind, model) for model in models)
        answer = not first.union(*others, all=True).exists()
        context.all_linked[kind] = now, answer
    return answer


def unlinked(context: Context, kind: str, model: type[OwnedRecord]) -> QuerySet[Any]:
    ours: QuerySet[Any] = model._default_manager.all()
    mine = ours.filter(**{model.organization_path: context.organization_id})
    return mine.exclude(is_linked(context, kind)).order_by().values("pk")


def find_customers(context: Context, records: Sequence[CustomerRecord]) -> Candidates:
    """Everybody of ours who shares a number or an organisation number with these, or (private persons) an e-mail.

    A union, because each part has its index; of an OR of the three the database would make a walk through all.
    """
    if nothing_to_find(context, "customer", [Customer], len(records)):
        return Candidates()
    sent = [local_id for kind, local_id, _reference in context.being_sent if kind == "customer"]
    forms = {form for each in records for form in written_forms(each.organisation_number)}
    emails = {form for each in records if not each.is_company for form in (each.email, each.email.lower()) if form}
    shared = [
        among("number", {each.number for each in records if each.number}) & ~Q(number=""),
        *([among("organisation_number", forms)] if forms else []),
        *([among("email", emails)] if emails else []),
        *([Q(pk__in=sent)] if sent else []),
    ]
    first, *others = (customers_who(context, condition) for condition in shared)
    label = Customer._meta.label
    return Candidates((Candidate(label, *row) for row in first.union(*others)), being_sent=sent)


def customers_who(context: Context, condition: Q) -> QuerySet[Customer, tuple[Any, ...]]:
    ours = Customer.objects.filter(condition, organization=context.organization_id).order_by()
    columns = ("id", "number", "name", LINKED, "organisation_number", "email")
    return ours.annotate(**{LINKED: is_linked(context, "customer")}).values_list(*columns)


def find_articles(context: Context, records: Sequence[ArticleRecord]) -> Candidates:
    if nothing_to_find(context, "article", [Material, HourType], len(records)):
        return Candidates()
    numbers = {each.number for each in records}
    materials, hour_types = (
        model.objects.filter(among("number", numbers), organization=context.organization_id)
        .annotate(label=Value(model._meta.label, CharField()), **{LINKED: is_linked(context, "article")})
        .order_by()
        .values_list("label", "id", "number", "name", LINKED)
        for model in (Material, HourType)
    )
    return Candidates(Candidate(*row) for row in materials.union(hour_types, all=True))


def find_projects(context: Context, records: Sequence[ProjectRecord]) -> Candidates:
    if nothing_to_find(context, "project", [Project], len(records)):
        return Candidates()
    ours = Project.objects.filter(
        among("number", {each.number for each in records}), organization=context.organization_id
    )
    rows = ours.annotate(**{LINKED: is_linked(context, "project")}).values_list("id", "number", "name", LINKED)
    return Candidates(Candidate(Project._meta.label, *row) for row in rows)


def is_linked(context: Context, kind: str) -> Exists:
    return Exists(Link.objects.filter(books=context.books, kind=kind, local_id=OuterRef("pk")))


# --- recognising: without the database -------------------------------------------


def recognise_customer(record: CustomerRecord, candidates: Candidates) -> list[Candidate]:
    """Who it is, or all whom it may be."""
    if candidates.is_empty:
        return []
    if found := candidates.with_organisation(record.organisation_number):
        return only(found, record.number) if len(found) > 1 else found
    if found := same_name(candidates.with_number(record.number), record.name):
        return found
    if record.is_company:
        return []
    return same_name(candidates.with_email(record.email), record.name)


def recognise_article(record: ArticleRecord, candidates: Candidates) -> list[Candidate]:
    return candidates.with_number(record.number)


def recognise_project(record: ProjectRecord, candidates: Candidates) -> list[Candidate]:
    return same_name(candidates.with_number(record.number), record.name)


def only(found: list[Candidate], number: str) -> list[Candidate]:
    """The one with this number, else all."""
    return [each for each in found if number and each.number == number] or found


def same_name(found: list[Candidate], name: str) -> list[Candidate]:
    return [each for each in found if name_key(each.name) == name_key(name)] if found else []


def name_key(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


CENTURIES = ("16", "18", "19", "20")


def organisation_key(number: str) -> str:
    """An organisation or personal number without country, spaces, dashes, century and VAT ending."""
    kept = re.sub(r"\D", "", number)
    if len(kept) == 12:
        return kept[2:] if kept.startswith(CENTURIES) else kept[:10]
    return kept


def written_forms(number: str) -> set[str]:
    """The ways in which people write it, for an indexed look-up: as it came, plain, with a dash, with a century."""
    key = organisation_key(number)
    if not key:
        return set()
    forms = {number, key}
    if len(key) == 10:
        dashed = f"{key[:6]}-{key[6:]}"
        forms.add(dashed)
        if key[2] in "01":  # a month: the number of a person
            forms |= {f"{century}{form}" for century in ("19", "20") for form in (key, dashed)}
    return forms
