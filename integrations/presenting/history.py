"""The history of a customer as people read it: what happened, by whom, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.models import ContactPerson
from integrations.models import Change

# Values that are ids and say nothing to people.
HIDDEN = frozenset({"remote_id"})
LABELS: dict[str, str | Promise] = {
    "remote_number": gettext_lazy("Number in the books"),
    "address": gettext_lazy("Postal address"),
    "contact": gettext_lazy("Contact person"),
}
YES_AND_NO: dict[str, str | Promise] = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the history. `values` are label, old and new."""

    at: datetime
    who: str
    title: str
    values: list[tuple[str, str, str]]


def events(changes: Iterable[Change], label: str) -> list[Event]:
    """`label` is how the accounting system is called."""
    return [
        Event(
            at=each.at,
            who=str(each.by or ""),
            title=title_of(each, label),
            values=list(values_of(each)),
        )
        for each in changes
    ]


TITLES: dict[tuple[str, str], str | Promise] = {
    (Change.What.CHANGED, Change.Source.HERE): gettext_lazy("Changed here"),
    (Change.What.CHANGED, Change.Source.BOOKS): gettext_lazy("Read from %(label)s"),
    (Change.What.CHANGED, Change.Source.SENT): gettext_lazy("Updated in %(label)s"),
    (Change.What.ADDED, Change.Source.HERE): gettext_lazy("Written down"),
    (Change.What.ADDED, Change.Source.SENT): gettext_lazy("Created in %(label)s"),
    (Change.What.REMOVED, Change.Source.HERE): gettext_lazy("Removed"),
    (Change.What.LINKED, Change.Source.HERE): gettext_lazy("Linked by hand"),
    (Change.What.LINKED, Change.Source.SENT): gettext_lazy("Recognised in %(label)s"),
    (Change.What.UNLINKED, Change.Source.HERE): gettext_lazy("Unlinked"),
    (Change.What.DECIDED, Change.Source.HERE): gettext_lazy("Decided between two values"),
}


def title_of(change: Change, label: str) -> str:
    said = TITLES.get((change.what, change.source))
    title = str(said) % {"label": label} if said else change.get_what_display()
    if change.local_model == ContactPerson._meta.label:
        return _("Contact person %(name)s: %(deed)s") % {"name": change.label, "deed": title}
    return title


def values_of(change: Change) -> Iterator[tuple[str, str, str]]:
    for name, (old, new) in change.fields.items():
        if name not in HIDDEN:
            yield label_of(change.local_model, name), in_words(old), in_words(new)


def label_of(model: str, name: str) -> str:
    """The field's name, as a heading has it."""
    if name in LABELS:
        return str(LABELS[name])
    fields = {each.attname: each for each in apps.get_model(model)._meta.concrete_fields}
    said = str(fields[name].verbose_name) if name in fields else name
    return said[:1].upper() + said[1:]


def in_words(value: str) -> str:
    return str(YES_AND_NO.get(value, value)) or "–"
