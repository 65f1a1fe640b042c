"""The form that takes a reference of the books: an id, the address of a page over there, or a number."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Customer
from integrations.linking.inquiring import ReferenceRefused


class ReferenceForm(forms.Form):
    reference = forms.CharField(
        label=_("Company reference"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Open the customer in the accounting system and copy the whole address of the page, its last part, or the "
            "customer number."
        ),
    )

    def refuse(self, refused: ReferenceRefused, *, address: str = "") -> None:
        """Says beside the field why not; whoever has the reference already is named, with the way to them."""
        self.add_error("reference", with_holder(str(refused), refused.holder, address))


def with_holder(sentence: str, holder: Customer | None, address: str) -> str | SafeString:
    if holder is None:
        return sentence
    return format_html('{} <a href="{}">{}</a>', sentence, address, holder)
