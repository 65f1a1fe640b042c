"""Which of our values is which record of the books: one section per kind of value, one field per value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import BooleanField, CharField, F, QuerySet, Value
from django.http import QueryDict
from django.utils.translation import gettext

from accounting.models import TermsOfPayment, Unit
from accounting.protocol import maps_of
from accounting.types import OurValue, TermsRecord, UnitRecord, ValueKind
from fieldwork.models import Customer, HourType, Material, Organization
from integrations.connecting.questions import Choices
from integrations.models import Connection, ValueMap
from integrations.recognising.counterparts import units_by_word

MOST = 200
NOTHING = Value("", CharField())
NO, YES = (Value(answer, BooleanField()) for answer in (False, True))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A table to fill in. `known` are the records that the books call by the very words of ours, in lower case."""

    key: str
    label: str
    ours: OurValue
    theirs: Mapping[str, str]
    known: Mapping[str, str]
    required: bool = False
    advice: str = ""


def kinds_for(connection: Connection, choices: Choices) -> list[Kind]:
    """What every accounting system may have, as far as this one does, then what it declares itself."""
    reads = connection.ledger_provider.reads
    terms, units = mirrored(connection)
    kinds = []
    if TermsRecord in reads:
        kinds.append(
            Kind(
                key=ValueMap.Kind.TERMS_OF_PAYMENT,
                label=gettext("Terms of payment"),
                ours=OurValue.TERMS_OF_PAYMENT,
                theirs=terms,
                known={name.lower(): remote_id for remote_id, name in terms.items()},
            )
        )
    if UnitRecord in reads:
        kinds.append(
            Kind(
                key=ValueMap.Kind.UNIT,
                label=gettext("Units"),
                ours=OurValue.UNIT,
                theirs={each.remote_id: each.name for each in units},
                known=units_by_word(units),
            )
        )
    return [*kinds, *(declared(kind, choices) for kind in maps_of(connection.ledger_provider))]


def mirrored(connection: Connection) -> tuple[dict[str, str], list[Unit]]:
    """The terms of payment and the units of the books, in one statement."""
    here = {"books": connection.books_id, "active": True}
    terms = TermsOfPayment.objects.filter(for_sales=True, **here).annotate(short=NOTHING, known_as=NOTHING, is_unit=NO)
    units = Unit.objects.filter(**here).annotate(short=F("abbreviation"), known_as=F("words"), is_unit=YES)
    first, second = (
        rows.order_by().values_list("remote_id", "name", "short", "known_as", "is_unit") for rows in (terms, units)
    )
    found = list(first.union(second, all=True).order_by("name"))
    return {remote_id: name for remote_id, name, *_rest, is_unit in found if not is_unit}, [
        Unit(remote_id=remote_id, name=name, abbreviation=short, words=words)
        for remote_id, name, short, words, is_unit in found
        if is_unit
    ]


def declared(kind: ValueKind, choices: Choices) -> Kind:
    theirs = {each.value: gettext(each.label) for each in choices.by_question.get(kind.key, ())}
    return Kind(
        key=kind.key,
        label=gettext(kind.label),
        ours=kind.ours,
        theirs=theirs,
        known={name.lower(): value for value, name in theirs.items()},
        required=kind.required,
        advice=gettext(kind.advice) if kind.advice else "",
    )


# --- our values -----------------------------------------------------------------


COLUMNS = {
    OurValue.TERMS_OF_PAYMENT: "terms_of_payment",
    OurValue.COUNTRY: "country",
    OurValue.CURRENCY: "currency",
    OurValue.UNIT: "unit",
    OurValue.VAT_PERCENT: "vat_percent",
}
OF_CUSTOMERS = (OurValue.TERMS_OF_PAYMENT, OurValue.COUNTRY, OurValue.CURRENCY)
OF_ITEMS = (OurValue.UNIT, OurValue.VAT_PERCENT)


def values_of(firm: Organization, sorts: Iterable[OurValue]) -> dict[OurValue, list[str]]:
    """By sort, the values that our records have now, the first 200 of each. At most two statements."""
    wanted = set(sorts)
    customers = Customer.objects.for_organization(firm)
    materials, hour_types = Material.objects.for_organization(firm), HourType.objects.for_organization(firm)
    of_customers = different([customers], [each for each in OF_CUSTOMERS if each in wanted])
    of_items = different([materials, hour_types], [each for each in OF_ITEMS if each in wanted])
    rates = sorted(of_items.pop(OurValue.VAT_PERCENT, ()))
    found = {
        sort: sorted(value for value in values if value)[:MOST] for sort, values in (of_customers | of_items).items()
    }
    found[OurValue.VAT_PERCENT] = [f"{rate.normalize():f}" for rate in rates]
    found[OurValue.CUSTOMER_KIND] = ["company", "private"]
    return found


def different(tables: Sequence[QuerySet[Any]], sorts: Sequence[OurValue]) -> dict[OurValue, set[Any]]:
    if not sorts:
        return {}
    columns = [COLUMNS[each] for each in sorts]
    first, *others = (table.order_by().values_list(*columns).distinct() for table in tables)
    rows = list(first.union(*others)) if others else list(first)
    return {sort: {row[place] for row in rows} for place, sort in enumerate(sorts)}


def shown(value: str, ours: OurValue) -> str:
    """A value of ours as people read it."""
    if ours is OurValue.CUSTOMER_KIND:
        return gettext("Companies") if value == "company" else gettext("Private persons")
    return f"{value} %" if ours is OurValue.VAT_PERCENT else value


# --- forms ----------------------------------------------------------------------


class KindForm(forms.Form):
    """One field per value of ours, with the records of the books."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        connection: Connection,
        kind: Kind,
        values: Sequence[str],
        rows: Sequence[ValueMap],
    ) -> None:
        super().__init__(data, prefix=kind.key)
        self.connection, self.kind = connection, kind
        self.mapped = {row.ours: row for row in rows}
        # Before the books were read there is nothing to choose from, and nothing to lose.
        used = values if kind.theirs or rows else ()
        self.values = [*used, *sorted(self.mapped.keys() - set(used))]
        for position, value in enumerate(self.values):
            self.fields[str(position)] = forms.ChoiceField(
                label=shown(value, kind.ours), required=False, choices=self._choices(value)
            )
            row = self.mapped.get(value)
            self.initial[str(position)] = row.theirs if row else kind.known.get(value.lower(), "")

    def _choices(self, value: str) -> list[tuple[str, str]]:
        """With the present one, also when the books do not offer it any more."""
        offered = [("", gettext("Not chosen yet")), *self.kind.theirs.items()]
        row = self.mapped.get(value)
        if row is None or row.theirs in self.kind.theirs:
            return offered
        label = row.label or row.theirs
        return [*offered, (row.theirs, gettext("%(answer)s (no longer in the books)") % {"answer": label})]

    @property
    def missing(self) -> list[str]:
        """The values that stand for nothing yet, or for something that the books have lost."""
        kept = {value for value, row in self.mapped.items() if row.theirs in self.kind.theirs}
        return [shown(value, self.kind.ours) for value in self.values if value not in kept]

    def save(self) -> None:
        for position, value in enumerate(self.values):
            theirs = self.cleaned_data[str(position)]
            rows = ValueMap.objects.filter(connection=self.connection, kind=self.kind.key, ours=value)
            if not theirs:
                rows.delete()
                continue
            label = self.kind.theirs.get(theirs) or self.mapped[value].label
            ValueMap.objects.update_or_create(
                connection=self.connection,
                kind=self.kind.key,
                ours=value,
                defaults={"theirs": theirs, "label": label[:200]},
            )


class ValueForms:
    """All kinds of the connection, valid and saved together."""

    def __init__(self, connection: Connection, choices: Choices, data: QueryDict | None = None) -> None:
        kinds = kinds_for(connection, choices)
        values = values_of(connection.organization, [kind.ours for kind in kinds])
        rows = list(connection.value_maps.all())
        self._forms = [
            KindForm(
                data,
                connection=connection,
                kind=kind,
                values=values[kind.ours],
                rows=[row for row in rows if row.kind == kind.key],
            )
            for kind in kinds
        ]

    def __iter__(self) -> Iterator[KindForm]:
        return iter(self._forms)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self])

    def save(self) -> None:
        with transaction.atomic():
            for form in self:
                form.save()
