"""Which of theirs stands for which of ours, read once for a whole batch of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from accounting.models import ArticleCoding, Unit
from accounting.protocol import Provider, answers_of, maps_of
from accounting.types import CodingRecord, Company, OurValue, TermsRecord, ValueKind
from integrations.models import Connection, Link, Operation, ValueMap
from integrations.recognising.arrangements import Arrangements, read_arrangements

RECORD_KINDS = ("customer", "contact", "article", "project")
PENDING = "pending:"


@dataclass(frozen=True, kw_only=True)
class Counterpart:
    """A record of the books. `gone` when it has vanished from them."""

    remote_id: str
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class Codings:
    """The article codings of the books, and which of them are answers to a question of the provider."""

    all: Sequence[ArticleCoding] = ()
    answered: frozenset[str] = frozenset()

    def for_article(self, *, is_service: bool, vat_percent: Decimal) -> str:
        """The one for goods or services at that VAT rate: an answer, or the only one there is; else empty."""
        fitting = [each for each in self.all if each.is_service == is_service and each.vat_percent == vat_percent]
        chosen = [each for each in fitting if each.remote_id in self.answered] or fitting
        return chosen[0].remote_id if len(chosen) == 1 else ""

    def would_change_vat(self, *, is_service: bool, vat_percent: Decimal) -> bool:
        """Whether none fits, so that the answer would be used although it stands for another VAT rate."""
        if self.for_article(is_service=is_service, vat_percent=vat_percent):
            return False
        answers = [each for each in self.all if each.is_service == is_service and each.remote_id in self.answered]
        return any(each.vat_percent not in (None, vat_percent) for each in answers)


@dataclass(frozen=True, kw_only=True)
class Counterparts:
    """Links, answers and value maps of one connection. `today` is the firm's own date.

    `gone_answers` holds, by question, how those were called that the books no longer offer, `values` what the
    owner mapped, by the provider's kinds of values; `terms` are ids by our word, `names_of_terms` the other way.
    """

    connection: Connection
    company: Company
    today: date
    answers: Mapping[str, str]
    gone_answers: Mapping[str, str]
    terms: Mapping[str, str]
    names_of_terms: Mapping[str, str]
    default_terms: str
    units: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    codings: Codings
    records: Mapping[tuple[str, UUID], Counterpart]

    def of(self, kind: str, local_id: UUID) -> Counterpart | None:
        return self.records.get((kind, local_id))

    def remote_id(self, kind: str, local_id: UUID | None) -> str:
        """Their id of our record. One that must be created first gets a stand-in, so that rules can be checked."""
        if local_id is None:
            return ""
        found = self.of(kind, local_id)
        return found.remote_id if found else f"{PENDING}{local_id}"

    def project_id(self, local_id: UUID | None) -> str:
        """Their id of our project; empty for one that exists only here."""
        found = self.of("project", local_id) if local_id else None
        return found.remote_id if found and not found.gone else ""

    def own_terms_id(self, name: str) -> str:
        """Their terms of payment of that name; empty leaves a document to the terms that its customer has there."""
        return self.terms.get(name.strip().lower(), "")

    def terms_id(self, name: str) -> str:
        """The same for a new customer: else those answered as the default, else empty."""
        return self.own_terms_id(name) or self.default_terms

    def unit_id(self, word: str) -> str:
        return self.units.get(word.strip().lower(), "")

    def mapped(self, document: str, ours: Mapping[OurValue, str]) -> dict[str, str]:
        """What a document of that kind must be told for these values of ours, as far as it was decided."""
        found = {kind.key: self.value_of(kind, ours) for kind in self.kinds(document)}
        return {key: theirs for key, theirs in found.items() if theirs}

    def unmapped(self, document: str, ours: Mapping[OurValue, str]) -> list[tuple[ValueKind, str]]:
        """The required kinds, each with the value of ours that has nothing over there yet."""
        required = [kind for kind in self.kinds(document) if kind.required and ours.get(kind.ours)]
        return [(kind, ours[kind.ours]) for kind in required if not self.value_of(kind, ours)]

    def kinds(self, document: str) -> list[ValueKind]:
        return [kind for kind in maps_of(self.connection.ledger_provider) if document in kind.needed_for]

    def value_of(self, kind: ValueKind, ours: Mapping[OurValue, str]) -> str:
        return self.values.get(kind.key, {}).get(ours.get(kind.ours, "").strip().lower(), "")


def read_counterparts(connection: Connection, local_ids: Iterable[UUID]) -> Counterparts:
    """What is known of the books for documents about these records. A constant number of statements."""
    ids = set(local_ids)
    done = Operation.objects.filter(books=connection.books_id, local_id__in=ids, state=Operation.State.DONE)
    operations = list(done.filter(kind__in=RECORD_KINDS))
    records = records_among(operations, links_around(connection, ids, operations))
    return counterparts_with(connection, read_arrangements(connection), records)


def counterparts_with(
    connection: Connection, arranged: Arrangements, records: Mapping[tuple[str, UUID], Counterpart]
) -> Counterparts:
    """The same by what was read already."""
    provider, answers, terms = connection.ledger_provider, arranged.answers, arranged.terms
    by_name = {name.lower(): remote_id for remote_id, name in terms.items()}
    return Counterparts(
        connection=connection,
        company=connection.pinned_books.company(),
        today=timezone.localdate(timezone=ZoneInfo(connection.organization.time_zone)),
        answers=answers,
        gone_answers=arranged.gone_answers,
        terms={**by_name, **arranged.values[ValueMap.Kind.TERMS_OF_PAYMENT]},
        names_of_terms=terms,
        default_terms=default_terms(provider, answers, set(terms)),
        units={**units_by_word(arranged.units), **arranged.values[ValueMap.Kind.UNIT]},
        values=arranged.values,
        codings=Codings(all=arranged.codings, answered=frozenset(answers_of(provider, CodingRecord, answers))),
        records=records,
    )


def default_terms(provider: Provider, answers: Mapping[str, str], terms: set[str]) -> str:
    """The terms of payment that were chosen for new customers, if the books have them still."""
    return next((value for value in answers_of(provider, TermsRecord, answers) if value in terms), "")


def units_by_word(units: Sequence[Unit]) -> dict[str, str]:
    known: dict[str, str] = {}
    for unit in units:
        known |= dict.fromkeys([unit.name.lower(), *unit.words.lower().split()], unit.remote_id)
    return known | {unit.abbreviation.lower(): unit.remote_id for unit in units if unit.abbreviation}


def links_around(connection: Connection, local_ids: set[UUID], operations: Iterable[Operation]) -> list[Link]:
    """Of these records, and of what their operations created or recognised. One statement."""
    made = {each.remote_id for each in operations if is_standing(each)}
    links = Link.objects.filter(books=connection.books_id)
    return list(
        links.filter(Q(local_id__in=local_ids) | Q(remote_id__in=made))
        if made
        else links.filter(local_id__in=local_ids)
    )


def records_among(operations: Iterable[Operation], links: Iterable[Link]) -> dict[tuple[str, UUID], Counterpart]:
    """The counterparts by kind and our id; operations and links are those of one set of books.

    A record that turned out to be the same as one already linked has no link of its own, because links are one
    to one: its operation remembers which one it is.
    """
    of_records = [link for link in links if link.kind in RECORD_KINDS]
    gone = {(link.kind, link.remote_id) for link in of_records if link.gone_at}
    found = {
        (each.kind, each.local_id): Counterpart(remote_id=each.remote_id, gone=(each.kind, each.remote_id) in gone)
        for each in operations
        if is_standing(each)
    }
    linked = {
        (link.kind, link.local_id): Counterpart(remote_id=link.remote_id, gone=link.gone_at is not None)
        for link in of_records
    }
    return found | linked


def is_standing(operation: Operation) -> bool:
    return operation.kind in RECORD_KINDS and operation.state == Operation.State.DONE
