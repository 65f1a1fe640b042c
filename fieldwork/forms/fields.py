"""Form fields of the field work: records chosen by typing, dates that browsers understand, values that stay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class SuggestInput(forms.TextInput):
    """A text box that offers records while one types; without JavaScript it is a plain text box."""

    template_name = "fieldwork/widgets/suggest.html"

    def __init__(self, kind: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_suggestions"
        context["widget"]["suggestions_url"] = reverse("fieldwork:suggest", args=[self.kind])
        return context


class KeptField(forms.Field):
    """Shows what the record has, and takes nothing from the page: the value stays as it is, even one that the
    original field would refuse."""

    def __init__(self, original: forms.Field) -> None:
        super().__init__(
            widget=original.widget,
            label=original.label,
            help_text=original.help_text,
            localize=original.localize,
            required=False,
            disabled=True,
        )

    def clean(self, value: Any) -> Any:
        return value


def choose_from(form: forms.BaseForm, name: str, records: QuerySet) -> None:
    """Let this field of the form choose among these records only."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = records


class RecordField(forms.ModelChoiceField):
    """A record named by its number or name, typed and not picked from a list of thousands.

    The text shown is `number name`; the number alone or the whole name will do.
    """

    default_error_messages = {
        "none": _("Nothing is called “%(typed)s”. Type the number or the whole name."),
        "several": _("Several are called “%(typed)s”. Type the number."),
    }

    queryset: QuerySet

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value  # what was typed is shown again as it was typed
        record = value if isinstance(value, Model) else self.queryset.filter(pk=value).first()
        return str(record) if record else None

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip()
        if not typed:
            return None
        found = find_by_number_or_name(self.queryset, typed)
        if len(found) == 1:
            return found[0]
        raise ValidationError(self.error_messages["several" if found else "none"], params={"typed": typed})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


def find_by_number_or_name(records: QuerySet, typed: str) -> list[Any]:
    """The records that the text may mean: the one so numbered, else all so called."""
    numbers = possible_numbers(typed)
    found = list(records.filter(Q(number__in=numbers) | Q(name__iexact=typed))[:20])
    exact = [record for record in found if typed in (str(record), record.number)]
    return exact[:1] or [record for record in found if record.name.casefold() == typed.casefold()]


def possible_numbers(typed: str) -> list[str]:
    """The longest first of what may be the number in `number name`: numbers may contain spaces."""
    words = typed.split()
    return [" ".join(words[:count]) for count in range(min(len(words), 5), 0, -1)]
