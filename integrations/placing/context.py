"""What a stream's records are read against: books, settings and small tables, loaded when first asked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F
from django.utils import timezone

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from accounting.types import ContactRecord
from fieldwork.models import Customer, WorkOrderStatus
from integrations.models import (
    Case,
    Change,
    Connection,
    ConnectionSettings,
    FieldOwner,
    Operation,
    RepairRule,
    StreamSetting,
)
from integrations.recognising.unlinked import Unlinked, read_unlinked

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit's short name and every word it goes by, in lower case."""

    short: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """The record of ours that a remote one is linked to: its model's label, its id and, for articles, unit and VAT."""

    label: str
    id: UUID | str
    unit: str = ""
    vat_percent: Decimal | None = None


@dataclass(kw_only=True)
class Planned:
    """What a rehearsal would have written by now: by (kind, remote id), and the rows by model."""

    links: dict[tuple[str, str], Known] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(kw_only=True)
class Context:
    """One connection, during one run. `planned` is there in a rehearsal only.

    `nothing_linked` is true in the first read of a stream, and `all_linked` remembers, per kind, when it was last
    seen whether every record of ours has a link. `looks_closely` forbids to rely on either.
    """

    connection: Connection
    planned: Planned | None = None
    looks_closely: bool = False
    nothing_linked: bool = False
    all_linked: dict[str, tuple[float, bool]] = field(default_factory=dict)
    without_link: dict[str, Unlinked] = field(default_factory=dict)
    # New articles that a rule decided about: the rule's mark and their remote ids.
    decided: set[tuple[str, str]] = field(default_factory=set)

    @property
    def books(self) -> Books:
        return self.connection.pinned_books

    @property
    def settings(self) -> ConnectionSettings:
        return self.connection.settings

    @property
    def organization_id(self) -> UUID:
        return self.connection.organization_id

    def unlinked(self, kind: str) -> Unlinked:
        """Our records of this kind that have no link, as they were when they were first asked for."""
        if kind not in self.without_link:
            self.without_link[kind] = read_unlinked(self.connection, kind)
        return self.without_link[kind]

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Who decides, by group of fields, where the owner has said so: owning/groups.py has the groups."""
        rows = FieldOwner.objects.filter(connection=self.connection).exclude(owner=FieldOwner.Owner.DEFAULT)
        return dict(rows.order_by("group").values_list("group", "owner"))

    @cached_property
    def was_edited_here(self) -> bool:
        """Whether anybody has changed a customer of the firm here, as the history knows."""
        edits = Change.objects.filter(organization=self.organization_id, source=Change.Source.HERE)
        return edits.filter(what=Change.What.CHANGED, local_model=Customer._meta.label).exists()

    @cached_property
    def country(self) -> str:
        return self.books.country

    @cached_property
    def currency(self) -> str:
        return self.books.currency

    @cached_property
    def hour_words(self) -> frozenset[str]:
        return self.settings.hour_words

    @cached_property
    def units(self) -> Mapping[str, KnownUnit]:
        return {
            row["remote_id"]: KnownUnit(
                row["abbreviation"] or row["name"],
                words_of(row["name"], row["abbreviation"], row["words"]),
            )
            for row in self._mirrored(Unit, "name", "abbreviation", "words")
        }

    @cached_property
    def vat_of_codings(self) -> Mapping[str, Decimal | None]:
        return {row["remote_id"]: row["vat_percent"] for row in self._mirrored(ArticleCoding, "vat_percent")}

    @cached_property
    def terms(self) -> Mapping[str, str]:
        return {row["remote_id"]: row["name"] for row in self._mirrored(TermsOfPayment, "name")}

    @cached_property
    def open_status_id(self) -> UUID | None:
        """The status of new work orders: the first open one."""
        statuses = WorkOrderStatus.objects.filter(organization=self.organization_id, phase=WorkOrderStatus.Phase.OPEN)
        return statuses.values_list("pk", flat=True).first()

    @cached_property
    def being_sent(self) -> tuple[tuple[str, UUID, str], ...]:
        """What we may just have written, answer unknown: kind, our id and the reference that it carries."""
        on_the_way = Operation.objects.filter(
            books=self.books, state__in=[Operation.State.SENDING, Operation.State.IN_DOUBT]
        )
        return tuple(on_the_way.values_list("kind", "local_id", "reference"))

    @cached_property
    def reads_people(self) -> bool:
        """Whether contact persons come as records of their own, and not just on their customers."""
        setting = self.filters.get("contacts")
        return ContactRecord in self.connection.ledger_provider.reads and (setting is None or setting.enabled)

    @cached_property
    def decided_kinds(self) -> Mapping[str, str]:
        """What people decided that articles without a unit become: by their remote id, or for all of them by ""."""
        rules = RepairRule.objects.filter(connection=self.connection, repair="unit_kind", active=True)
        return dict(rules.values_list("mark", "decision"))

    def count_decisions(self) -> None:
        """Adds what the rules have decided since the last call to their numbers."""
        for mark, times in Counter(mark for mark, _remote_id in self.decided).items():
            rules = RepairRule.objects.filter(connection=self.connection, repair="unit_kind", mark=mark)
            rules.update(hits=F("hits") + times, last_used_at=timezone.now())
        self.decided.clear()

    @cached_property
    def filters(self) -> Mapping[str, StreamSetting]:
        return {each.stream: each for each in self.connection.streams.all()}

    @cached_property
    def needed_customers(self) -> frozenset[str]:
        """Whom orders and projects of the books wait for."""
        waiting = Case.objects.filter(
            connection=self.connection,
            state=Case.State.OPEN,
            subject_kind__in=("remote_sales_order", "remote_project"),
            code="customer_not_linked",
        )
        return frozenset(each["awaits"].removeprefix("customer:") for each in waiting.values_list("values", flat=True))

    @property
    def sought_customers(self) -> Sequence[str]:
        """What decides whose people and places are wanted: who is needed, where nobody else comes."""
        setting = self.filters.get("customers")
        return sorted(self.needed_customers) if setting and setting.only_needed else ()

    def digest(self, *, of: Any) -> str:
        """A short text that changes whenever any of these values does."""
        return hashlib.blake2b(msgspec.json.encode(of, order="deterministic"), digest_size=6).hexdigest()

    def _mirrored(self, model: type[Any], *fields: str) -> list[dict[str, Any]]:
        rows = list(model.objects.filter(books=self.books).order_by("remote_id").values("remote_id", *fields))
        return rows + (self.planned.rows.get(model._meta.label, []) if self.planned else [])


def words_of(*texts: str) -> frozenset[str]:
    """All words in lower case, without full stops: a unit may be called "tim." and "Timme"."""
    return frozenset(word.strip(".") for text in texts for word in text.lower().split())
