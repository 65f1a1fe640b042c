"""What stands beside the fields of a record that the books keep, and which of them are read-only here."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext as _

from fieldwork.field_notes import FieldNote
from integrations.owning.holding import Held, held_columns
from integrations.presenting.places import address_of


def notes_of(record: Model) -> dict[str, FieldNote]:
    """By field, for `fieldwork.field_notes`. Where one set of books has a field for itself, that is what counts."""
    held = sorted(held_columns(record), key=lambda each: each.is_given)
    return {column: note for each in held for note in [note_of(each)] for column in each.columns}


def note_of(held: Held) -> FieldNote:
    label = held.connection.label
    if not held.is_given:
        return FieldNote(words=_("Also kept in %(label)s: a change made there replaces it.") % {"label": label})
    return FieldNote(
        words=_("Kept in %(label)s, and changed only there.") % {"label": label},
        address=address_of(held.link),
        link=_("Open it there"),
        is_read_only=True,
    )
