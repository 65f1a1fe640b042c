"""The form for a new API key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.models import ApiKey


class ApiKeyForm(forms.Form):
    """What the key is for, what it may do and for how long."""

    DAYS = {
        "90": _("90 days"),
        "365": _("One year"),
        "": _("Until it is revoked"),
    }

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which program uses it, say “Planning board”."))
    scope = forms.ChoiceField(
        label=_("May"),
        choices=ApiKey.Scope.choices,
        initial=ApiKey.Scope.READ,
        help_text=_("A key that may write adds and changes records, completes work orders and asks for a sync."),
    )
    days = forms.ChoiceField(label=_("In force for"), choices=list(DAYS.items()), initial="365", required=False)

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None

    def new_key(self) -> dict[str, Any]:
        """What `ApiKey.make` asks for."""
        typed = self.cleaned_data
        return {"name": typed["name"], "scope": typed["scope"], "expires_at": self.expires_at}
