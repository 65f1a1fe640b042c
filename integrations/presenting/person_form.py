"""The form for a customer's reference person: who is named on documents, here and in the books."""

from __future__ import annotations

from typing import Any

from fieldwork.forms.records import ContactPersonForm
from fieldwork.models import Customer


class ReferencePersonForm(ContactPersonForm):
    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, customer=customer, **kwargs)
        for name in ("is_reference", "active"):
            del self.fields[name]
        self.instance.is_reference = True
