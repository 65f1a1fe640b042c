"""What apps above this one say beside the fields of a record, and which fields are not changed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True, kw_only=True)
class FieldNote:
    """`words` stand beside the field, followed by a link where there is an `address`.

    A field that `is_read_only` is shown and kept as it is, whatever a page sends.
    """

    words: str
    address: str = ""
    link: str = ""
    is_read_only: bool = False

    @property
    def in_html(self) -> SafeString:
        if not self.address:
            return format_html("{}", self.words)
        return format_html('{} <a href="{}" rel="noreferrer">{}</a>', self.words, self.address, self.link)


# Each is asked about a record that exists, and answers by the names of its fields.
field_notes: list[Callable[[Model], Mapping[str, FieldNote]]] = []


def notes_on(record: Model) -> dict[str, FieldNote]:
    """By field. Of a record that is being made nobody says anything."""
    if record._state.adding:
        return {}
    return {name: note for tell in field_notes for name, note in tell(record).items()}


def read_only_fields(record: Model) -> frozenset[str]:
    """The fields that nobody changes here: pages, admin and interfaces leave them as they are."""
    return frozenset(name for name, note in notes_on(record).items() if note.is_read_only)
