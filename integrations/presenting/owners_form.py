"""Who decides about which fields, as a form; and both sides of a field that somebody must decide about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model

from integrations.models import Case, Connection, FieldOwner, Link
from integrations.owning.comparing import OURS, THEIRS
from integrations.owning.groups import GROUPS
from integrations.presenting.history import in_words, label_of
from integrations.sending.queueing import live_connection

Owner = FieldOwner.Owner


class OwnersForm(forms.Form):
    """One choice per group of fields. What is the books' has no row, so a connection begins with none."""

    def __init__(self, connection: Connection, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.connection = connection
        said = dict(FieldOwner.objects.filter(connection=connection).values_list("group", "owner"))
        for group in GROUPS:
            self.fields[group.key] = forms.ChoiceField(
                label=str(group.label), choices=group.choices, initial=said.get(group.key, Owner.BOOKS)
            )

    def of_customers(self) -> Iterator[forms.BoundField]:
        return (self[group.key] for group in GROUPS if group.stream == "customers")

    def of_articles(self) -> Iterator[forms.BoundField]:
        return (self[group.key] for group in GROUPS if group.stream == "articles")

    def save(self) -> None:
        with transaction.atomic():
            for group, owner in self.cleaned_data.items():
                FieldOwner.objects.update_or_create(connection=self.connection, group=group, defaults={"owner": owner})


def both_sides(case: Case) -> list[tuple[str, str, str]]:
    """Of each field that both have changed: its name, what stands here, what the books say."""
    model = case.values.get("model", "")
    columns = [name.removeprefix(THEIRS) for name in case.values if name.startswith(THEIRS)]
    return [
        (label_of(model, each), in_words(case.values.get(OURS + each, "")), in_words(case.values[THEIRS + each]))
        for each in columns
    ]


def kept_in_books(record: Model | None) -> tuple[str, list[str]] | None:
    """The accounting system, and what of this record is overwritten by it; None where nothing is. Four statements."""
    groups = [group for group in GROUPS if isinstance(record, group.models)]
    if record is None or not groups or record._state.adding:
        return None
    organization = record.organization  # type: ignore[attr-defined]  # customers and articles have one
    connection = live_connection(organization)
    if (
        connection is None
        or not Link.objects.filter(books=connection.books_id, local_id=record.pk, gone_at=None).exists()
    ):
        return None
    streams = connection.streams.filter(stream=groups[0].stream, enabled=True, overwrite=True)
    if not streams.exists():
        return None
    said = dict(FieldOwner.objects.filter(connection=connection).values_list("group", "owner"))
    kept = [str(group.label) for group in groups if said.get(group.key, Owner.BOOKS) == Owner.BOOKS]
    return (connection.label, kept) if kept else None
