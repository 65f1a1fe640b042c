"""Who decides about which fields, as a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db import transaction

from integrations.models import Connection, FieldOwner
from integrations.owning.groups import GROUPS

Owner = FieldOwner.Owner


class OwnersForm(forms.Form):
    """One choice per group of fields. What nobody has chosen yet has no row, so a connection begins with none."""

    def __init__(self, connection: Connection, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.connection = connection
        said = dict(FieldOwner.objects.filter(connection=connection).values_list("group", "owner"))
        for group in GROUPS:
            self.fields[group.key] = forms.ChoiceField(
                label=str(group.label), choices=group.choices, initial=said.get(group.key, Owner.DEFAULT)
            )

    def of_customers(self) -> Iterator[forms.BoundField]:
        return (self[group.key] for group in GROUPS if group.stream == "customers")

    def of_articles(self) -> Iterator[forms.BoundField]:
        return (self[group.key] for group in GROUPS if group.stream == "articles")

    def save(self) -> None:
        with transaction.atomic():
            for group, owner in self.cleaned_data.items():
                FieldOwner.objects.update_or_create(connection=self.connection, group=group, defaults={"owner": owner})
