"""The two pages that most records share: a form, and the question before something is removed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Model, RestrictedError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fieldwork.access import MemberRequest


def edit_record(request: MemberRequest, form: forms.ModelForm, *, title: str | Promise, back: str) -> HttpResponse:
    """The form with its errors, or after saving the page it came from."""
    if request.method == "POST" and form.is_valid():
        record = form.save()
        messages.success(request, _("%(record)s is saved.") % {"record": record})
        return redirect(back)
    return render(request, "fieldwork/record_form.html", {"form": form, "title": title, "back": back})


def remove_record(request: MemberRequest, record: Model, *, title: str, consequence: str, back: str) -> HttpResponse:
    """The question whether to remove the record, or after the answer the page it came from."""
    if request.method == "POST":
        try:
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
