"""The two pages that most records share: a form, and the question before something is removed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Model, RestrictedError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fieldwork.access import MemberRequest
from fieldwork.models import User
from fieldwork.signals import record_edited


def edit_record(request: MemberRequest, form: forms.ModelForm, *, title: str | Promise, back: str) -> HttpResponse:
    """The form with its errors, or after saving the page it came from."""
    if request.method == "POST" and form.is_valid():
        record = save_edited(form, by=request.user)
        messages.success(request, _("%(record)s is saved.") % {"record": record})
        return redirect(back)
    return render(request, "fieldwork/record_form.html", {"form": form, "title": title, "back": back})


def save_edited(form: forms.ModelForm, *, by: User | None) -> Model:
    """The form's record, saved; who keeps a history is told what it was before."""
    is_new = form.instance._state.adding
    before = {} if is_new else {name: form.initial.get(name) for name in form.changed_data}
    with transaction.atomic():
        record: Model = form.save()
        deed = "added" if is_new else "changed"
        record_edited.send(sender=type(record), record=record, before=before, deed=deed, by=by)
    return record


def remove_record(request: MemberRequest, record: Model, *, title: str, consequence: str, back: str) -> HttpResponse:
    """The question whether to remove the record, or after the answer the page it came from."""
    if request.method == "POST":
        try:
            with transaction.atomic():
                record_edited.send(sender=type(record), record=record, before={}, deed="removed", by=request.user)
                record.delete()
        except RestrictedError:
            messages.error(request, _("%(record)s is in use on a work order and stays.") % {"record": record})
            return redirect(back)
        messages.success(request, _("%(record)s is removed.") % {"record": record})
        return redirect(back)
    return render(
        request,
        "fieldwork/confirm.html",
        {"title": title, "consequence": consequence, "action": _("Remove"), "back": back},
    )
