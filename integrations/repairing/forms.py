"""The form of an entry: one field, and what was typed into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from integrations.models import Case
from integrations.repairing.repair import Offers, Repair


class RepairForm(forms.Form):
    """Asks what the repair asks. Its only field is `value`; a repair that asks nothing has a form without any."""

    def __init__(self, case: Case, repair: Repair, offers: Offers, data: QueryDict | None = None) -> None:
        # Many such forms stand on one page.
        super().__init__(data, auto_id=f"{repair.key}-{case.pk}-%s")
        self.case = case
        self.repair = repair
        field = repair.ask(case, offers) if repair.ask else None
        self.is_answerable = field is not None or repair.ask is None
        if field is not None:
            self.fields["value"] = field

    def clean_value(self) -> Any:
        """As the repair's decision."""
        return self.repair.read(self.case, self.cleaned_data["value"])

    @property
    def decision(self) -> str:
        """What was decided, once the form is valid."""
        return str(self.cleaned_data.get("value", ""))

    def refuse(self, error: ValidationError) -> None:
        """The sentence beside the field, or above the button where there is none."""
        self.add_error("value" if "value" in self.fields else None, error.messages)
