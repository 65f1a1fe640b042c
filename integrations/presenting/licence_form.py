"""The first choice of a newcomer: try it out, or use a licence that the firm has."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounting.protocol import Provider

TRIAL, LICENCE = "trial", "licence"


class LicenceForm(forms.Form):
    """For a firm that has no licence today, and has never had one."""

    choice = forms.ChoiceField(
        label=_("How you begin"),
        widget=forms.RadioSelect,
        initial=TRIAL,
        choices=(
            (TRIAL, _("Try it for fourteen days; nothing is charged, and it ends by itself")),
            (LICENCE, _("We have a licence")),
        ),
    )

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider

    def clean_choice(self) -> str:
        choice: str = self.cleaned_data["choice"]
        if choice == LICENCE:
            sentence = gettext(
                "There is no licence for %(provider)s today. The administrator of this installation adds it; until "
                "then you can try it out."
            )
            raise forms.ValidationError(sentence % {"provider": self.provider.label})
        return choice
