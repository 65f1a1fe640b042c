"""The form by which an owner makes a link for somebody else, and the message that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization
from integrations.models import Invitation
from integrations.presenting.connect_form import RoleForm

SHOWN = 10
HOURS = ((24, _("One day")), (72, _("Three days")), (168, _("One week")))


class InvitationForm(RoleForm):
    """For how long, to whom, and in which language the message is."""

    hours = forms.TypedChoiceField(label=_("The link is valid for"), coerce=int, choices=HOURS, initial=72)
    sent_to = forms.EmailField(
        label=_("Send it to this e-mail address"),
        required=False,
        help_text=_("May stay empty: you can copy the link and send it yourself."),
    )
    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)

    field_order = ("role", "hours", "sent_to", "language")

    def __init__(self, *args: Any, firm: Organization, asks_role: bool, **kwargs: Any) -> None:
        super().__init__(*args, firm=firm, asks_role=asks_role, **kwargs)
        self.fields["language"].initial = (translation.get_language() or settings.LANGUAGE_CODE)[:2]

    @property
    def life(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["hours"])


@dataclass(frozen=True, kw_only=True)
class Message:
    subject: str
    body: str


def message_of(invitation: Invitation, address: str, *, language: str) -> Message:
    """What the owner sends along with the link."""
    with translation.override(language):
        context = {"invitation": invitation, "provider": invitation.ledger_provider, "address": address}
        subject = " ".join(render_to_string("integrations/mail/invitation_subject.txt", context).split())
        return Message(subject=subject, body=render_to_string("integrations/mail/invitation.txt", context).strip())


def send_message(message: Message, *, to: str) -> bool:
    """False when the mail server did not take it: then it is copied by hand."""
    try:
        return bool(send_mail(message.subject, message.body, None, [to]))
    except OSError:
        return False


def latest_of(firm: Organization) -> Sequence[Invitation]:
    """What the connections page shows. One statement."""
    known = Invitation.objects.filter(organization=firm)
    return list(known.select_related("made_by", "led_to__books", "connection__books", "revoked_by")[:SHOWN])
