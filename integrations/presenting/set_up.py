"""The way to the first sync: six steps in a bar, and everything that was chosen, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounting.protocol import Provider
from fieldwork.models import Organization
from integrations.connecting.setting_up import ORDER
from integrations.models import Connection, ConnectionSettings
from integrations.pipelines import PIPELINES
from integrations.presenting.settings_form import ConnectionForms, StreamForm

LICENCE, CONNECT = "licence", "connect"
STEPS: Sequence[tuple[str, str | Promise]] = (
    (LICENCE, _("Licence")),
    (CONNECT, _("Connect")),
    *ConnectionSettings.Step.choices,
)
KEYS = [key for key, _label in STEPS]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One step in the bar. It has an address as soon as one may go there."""

    label: str | Promise
    address: str
    is_done: bool
    is_present: bool


def marks_of(provider: Provider, connection: Connection | None, *, at: str) -> list[Mark]:
    """All six, as they stand for somebody who is `at` one of them. No statement."""
    reached = max(KEYS.index(at), KEYS.index(next_step(connection)) if connection else 0)
    return [
        Mark(
            label=label,
            address=address_of(provider, connection, key) if place <= reached and key != at else "",
            is_done=place < reached and key != at,
            is_present=key == at,
        )
        for place, (key, label) in enumerate(STEPS)
    ]


def next_step(connection: Connection) -> str:
    """Where the set-up goes on."""
    return connection.settings.next_step if connection.is_live else CONNECT


def address_of(provider: Provider, connection: Connection | None, step: str) -> str:
    if connection is None or step not in ORDER:
        return reverse("integrations:licence" if step == LICENCE else "integrations:ways", args=[provider.key])
    name = "plan" if step == ConnectionSettings.Step.START else f"set_up_{step}"
    return reverse(f"integrations:{name}", args=[connection.pk])


# --- what somebody began and did not finish ----------------------------------------


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A set-up that waits for its owner: `label` is what comes next."""

    connection: Connection
    label: str | Promise
    address: str


def unfinished_of(firm: Organization) -> Unfinished | None:
    """The latest one. One statement."""
    begun = Connection.objects.filter(organization=firm).exclude(state=Connection.State.DISCONNECTED)
    waiting = begun.exclude(settings__saved_at__isnull=False)
    connection = waiting.select_related("books", "settings").order_by("-created_at").first()
    if connection is None:
        return None
    if connection.state == Connection.State.CONFIRMING:
        address = reverse("integrations:confirm", args=[connection.pk])
        return Unfinished(connection=connection, label=_("Is this the right company?"), address=address)
    step = next_step(connection)
    return Unfinished(
        connection=connection, label=dict(STEPS)[step], address=address_of(connection.ledger_provider, connection, step)
    )


# --- everything that was chosen -----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What will be imported and sent, each as pairs of a label and words."""

    imports: Sequence[tuple[str, str]]
    reading: Sequence[tuple[str, str]]
    sends: bool
    exports: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, str]]


def summary_of(connection: Connection) -> Summary:
    """From what is stored. Few statements, no network."""
    forms = ConnectionForms(connection)
    return Summary(
        imports=[(str(PIPELINES[form.instance.stream].label), stream_in_words(form)) for form in forms.streams],
        reading=list(pairs_of(forms.reading)),
        sends=forms.sends,
        exports=[*pairs_of(forms.sending), *pairs_of(forms.shaping)] if forms.sends else [],
        answers=list(answers_of(connection)) if forms.sends else [],
    )


def stream_in_words(form: StreamForm) -> str:
    setting = form.instance
    if not setting.enabled:
        return gettext("Not imported")
    alone = gettext("New ones only; what you have is left alone")
    words = gettext("New ones and changes") if setting.overwrite else alone
    chosen = [f"{field.label.partition(': ')[2]}: {in_words(field)}" for field in form.filters() if field.value()]
    return "; ".join([words, *chosen])


def pairs_of(form: forms.ModelForm) -> Iterator[tuple[str, str]]:
    for field in form.visible_fields():
        yield str(field.label), in_words(field)


def in_words(field: forms.BoundField) -> str:
    """The value of a field as one reads it."""
    value: Any = field.value()
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, "" if value is None else value)) or "–"


def answers_of(connection: Connection) -> Iterator[tuple[str, str]]:
    """The provider's questions with what was answered; what may stay empty and is, is left out."""
    given = {each.question: each for each in connection.answers.all()}
    for question in connection.ledger_provider.questions:
        if answer := given.get(question.key):
            yield gettext(question.label), gettext(answer.label or answer.value)
        elif question.required:
            yield gettext(question.label), gettext("Not chosen yet")
