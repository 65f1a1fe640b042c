"""Where a firm's alarms are posted to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.models import Webhook
from integrations.watching.webhooks import NotDelivered, checked_machine


class WebhookForm(forms.ModelForm):
    url = forms.URLField(
        label=_("Address"),
        assume_scheme="https",
        max_length=500,
        help_text=_("Must begin with https:// and lie on the public internet."),
    )

    class Meta:
        model = Webhook
        fields = ("url",)

    def clean_url(self) -> str:
        """An address to which messages may go as it stands today; each message looks again."""
        url: str = self.cleaned_data["url"]
        try:
            checked_machine(url)
        except NotDelivered as error:
            raise forms.ValidationError(str(error)) from None
        return url
