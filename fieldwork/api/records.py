"""How records are listed, found and saved: as on the pages, through the same forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet
from django.forms import model_to_dict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Schema

from fieldwork.api.door import ApiRequest
from fieldwork.api.problems import invalid, told_by
from fieldwork.api.values import NamedParams, PageParams, RecordParams
from fieldwork.listing import matches
from fieldwork.models import OwnedRecord
from fieldwork.views.editing import save_edited

R = TypeVar("R", bound=OwnedRecord)


def page_of(
    request: ApiRequest, records: QuerySet, params: PageParams, *, search_in: Sequence[str] = ()
) -> dict[str, Any]:
    """One page, in the order of the ids, which never changes. One statement, whatever the number of records."""
    found = narrowed(records, params, search_in).order_by("pk")
    if params.after:
        found = found.filter(pk__gt=params.after)
    rows = list(found[: params.limit + 1])
    shown = rows[: params.limit]
    has_more = len(rows) > params.limit
    return {"items": shown, "next": address_after(request, shown[-1].pk) if has_more else None}


def narrowed(records: QuerySet, params: PageParams, search_in: Sequence[str]) -> QuerySet:
    if isinstance(params, NamedParams) and params.external_id:
        records = records.filter(external_id=params.external_id)
    if not isinstance(params, RecordParams):
        return records
    if params.number:
        records = records.filter(number=params.number)
    if params.changed_since:
        records = records.filter(updated_at__gte=params.changed_since)
    return records.filter(matches(params.q, search_in)) if params.q else records


def address_after(request: ApiRequest, last: UUID) -> str:
    query = {**request.GET.dict(), "after": str(last)}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def own(request: ApiRequest, model: type[R], pk: UUID, *related: str) -> R:
    """The firm's record with this id; another firm's is not found."""
    records: QuerySet[Any] = model.objects.for_organization(request.firm)
    found: R = get_object_or_404(records.select_related(*related) if related else records, pk=pk)
    return found


def save_record(
    request: ApiRequest,
    form_class: type[forms.ModelForm],
    record: Model,
    given: Schema,
    *,
    initial: Mapping[str, Any] | None = None,
    **bound: Any,
) -> Any:
    """The record with what was given, saved by its form, in the name of whoever made the key.

    What was not given stays as it is; `initial` is what the page would offer for a new one.
    """
    changes = given.model_dump(exclude_unset=True)
    form = filled(form_class, record, changes, initial=initial, **bound)
    if not form.is_valid():
        raise invalid(told_by(form.errors))
    saved = save_edited(form, by=request.key.made_by)
    saved.refresh_from_db()  # amounts as the columns have them
    return saved


def filled(
    form_class: type[forms.ModelForm],
    record: Model,
    changes: Mapping[str, Any],
    *,
    initial: Mapping[str, Any] | None = None,
    **bound: Any,
) -> forms.ModelForm:
    """The form as somebody would have filled it in: what the record has, and over it what changes."""
    present = model_to_dict(record, fields=form_class._meta.fields)
    form = form_class({**present, **(initial or {}), **changes}, instance=record, **bound)
    form.full_clean()
    refuse_kept_fields(form, changes)
    return form


def refuse_kept_fields(form: forms.ModelForm, changes: Mapping[str, Any]) -> None:
    """A field that cannot be changed here would swallow what was given; a program is told instead."""
    for name, value in changes.items():
        field = form.fields.get(name)
        if field is not None and field.disabled and value != form.initial.get(name):
            form.add_error(name, forms.ValidationError(_("This is kept in the books. Change it there."), code="kept"))
