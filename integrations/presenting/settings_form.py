"""The settings of a connection in sections: what comes in, what goes out, what the provider must be told.

After the first time all sections stand on one page; in the set-up each step has its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext

from accounting.types import Choice, Question
from fieldwork.forms.fields import RecordField, SuggestInput, choose_from
from fieldwork.models import Material, Organization
from integrations.connecting.questions import Choices
from integrations.exports import ATTACHMENT
from integrations.models import Answer, Connection, ConnectionSettings, StreamSetting
from integrations.pipelines import PIPELINES


class SettingsForm(forms.ModelForm):
    """Saves its own fields only: another tab may be saving the others, or have pressed Start."""

    def save(self, commit: bool = True) -> Any:
        self.instance.save(update_fields=list(self.fields))
        return self.instance


class SendingForm(SettingsForm):
    """What goes out, as what, and from which day on."""

    class Meta:
        model = ConnectionSettings
        fields = (
            "export_work_orders",
            "ask_before_sending",
            "document_kind",
            "cut_off_date",
            "attach_pdf",
            "create_missing_customers",
            "create_missing_articles",
            "export_new_customers",
            "export_new_materials",
        )
        widgets = {"cut_off_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writes = {document.kind for document in self.instance.connection.ledger_provider.writes}
        kinds = [choice for choice in ConnectionSettings.DocumentKind.choices if choice[0] in writes]
        self.fields["document_kind"] = forms.ChoiceField(
            label=self.fields["document_kind"].label, choices=kinds, widget=forms.RadioSelect
        )
        self.fields["cut_off_date"].required = True
        if ATTACHMENT not in writes:
            del self.fields["attach_pdf"]


class ShapingForm(SettingsForm):
    """How the lines of a work order stand on its document, for the whole firm."""

    class Meta:
        model = Organization
        fields = ("hour_rounding", "line_order", "bills_description", "default_material")
        field_classes = {"default_material": RecordField}
        widgets = {"default_material": SuggestInput("materials")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "default_material", Material.objects.for_organization(self.instance).filter(active=True))


class ReadingForm(SettingsForm):
    """How often the books are read, and which units mean hours."""

    class Meta:
        model = ConnectionSettings
        fields = ("hour_units", "articles_without_unit", "interval_minutes", "full_read_days")
        widgets = {"hour_units": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_read_days"].required = False

    def clean_full_read_days(self) -> int:
        """What is not said stays as it is; never is a 0."""
        days: int | None = self.cleaned_data["full_read_days"]
        return self.instance.full_read_days if days is None else days

    def clean_interval_minutes(self) -> int:
        minutes: int = self.cleaned_data["interval_minutes"]
        if not 5 <= minutes <= 1440:
            raise forms.ValidationError(gettext("Choose between 5 minutes and 1440, which is a day."))
        return minutes


FILTERS = {"only_active", "only_needed", "articles", "starts_on"}


class StreamForm(SettingsForm):
    """On or off, and what of it is not wanted: only those filters that the stream has."""

    class Meta:
        model = StreamSetting
        fields = ("enabled", "overwrite", "only_active", "only_needed", "articles", "starts_on")
        widgets = {"starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pipeline = PIPELINES[self.instance.stream]
        for name in FILTERS - set(pipeline.filters):
            del self.fields[name]
        named = {field.name: field.verbose_name for field in StreamSetting._meta.concrete_fields}
        for name in pipeline.filters:
            self.fields[name].label = f"{pipeline.label}: {named[name]}"

    def filters(self) -> Iterator[forms.BoundField]:
        yield from (self[name] for name in self.fields if name in FILTERS)


class QuestionsForm(forms.Form):
    """One field per question of the provider, with the choices of the books."""

    def __init__(self, *args: Any, connection: Connection, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = connection
        self.choices = choices
        self.given = {answer.question: answer for answer in connection.answers.all()}
        for question in connection.ledger_provider.questions:
            self.fields[question.key] = self._field(question)
            given = self.given.get(question.key)
            self.initial[question.key] = given.value if given else self._only(question)

    def _field(self, question: Question) -> forms.Field:
        # Not required: the rest of the settings can be saved, and what needs the answer says so.
        shown: dict[str, Any] = {"label": gettext(question.label), "help_text": self._help(question), "required": False}
        if not question.has_choices:
            return forms.CharField(max_length=200, **shown)
        offered = [
            (each.value, self._shown_as(each, question)) for each in self.choices.by_question.get(question.key, ())
        ]
        return forms.ChoiceField(choices=[("", gettext("Not chosen yet")), *offered], **shown)

    def _shown_as(self, choice: Choice, question: Question) -> str:
        """The choice's name; of an answer that the books have lost, with that."""
        label = gettext(choice.label)
        lost = question.key in self.choices.gone and choice.value == self.given[question.key].value
        return gettext("%(answer)s (no longer in the books)") % {"answer": label} if lost else label

    def _only(self, question: Question) -> str:
        """The one thing that can be answered, where there is no choice."""
        offered = self.choices.by_question.get(question.key, ())
        return offered[0].value if len(offered) == 1 and question.required else ""

    @staticmethod
    def _help(question: Question) -> str:
        advice = gettext(question.advice) if question.advice else ""
        needed = "" if question.required else gettext("May stay empty.")
        return " ".join(part for part in (advice, needed) if part)

    def save(self) -> None:
        for question, value in self.cleaned_data.items():
            if not value:
                Answer.objects.filter(connection=self.connection, question=question).delete()
                continue
            label = next((each.label for each in self.choices.by_question.get(question, ()) if each.value == value), "")
            Answer.give(self.connection, question, value=value, label=label)


Step = ConnectionSettings.Step
NOTHING_ASKED = Choices(by_question={})


class ConnectionForms:
    """The forms of these sections, valid and saved together. Further books have none about sending."""

    def __init__(
        self,
        connection: Connection,
        choices: Choices = NOTHING_ASKED,
        data: QueryDict | None = None,
        *,
        sections: Collection[str] = (Step.IMPORT, Step.EXPORT),
    ) -> None:
        settings = connection.settings
        self.settings = settings
        self.sections = sections
        self.sends = connection.is_books_of_record
        self.sending = SendingForm(data, instance=settings, prefix="send")
        self.shaping = ShapingForm(data, instance=connection.organization, prefix="shape")
        self.reading = ReadingForm(data, instance=settings, prefix="read")
        self.questions = QuestionsForm(data, connection=connection, choices=choices, prefix="ask")
        rows = {row.stream: row for row in connection.streams.all()}
        self.streams = [
            StreamForm(data, instance=rows[name], prefix=f"stream-{name}") for name in PIPELINES if name in rows
        ]

    def __iter__(self) -> Iterator[forms.ModelForm | QuestionsForm]:
        if self.sends and Step.EXPORT in self.sections:
            yield from (self.sending, self.shaping, self.questions)
        if Step.IMPORT in self.sections:
            yield from (self.reading, *self.streams)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self])

    def has_changed(self) -> bool:
        return any(form.has_changed() for form in self)

    def save(self) -> None:
        with transaction.atomic():
            for form in self:
                form.save()
