"""What every request to the API passes, in this order.

key → how many this minute → how large → may it write → was it answered before → one transaction → the view

Whatever stops here is answered as a problem, before anything of the request was looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fieldwork.api.idempotency import answer_once
from fieldwork.api.problems import Problem
from fieldwork.models import ApiKey, Organization

LARGEST = 1024 * 1024
READING = ("GET", "HEAD", "OPTIONS")

View = Callable[..., HttpResponse]


class ApiRequest(HttpRequest):
    """A request as the views behind the door see it."""

    key: ApiKey

    @property
    def firm(self) -> Organization:
        return self.key.organization


def through_the_door(view: View) -> View:
    """The view, for programs that show a key; sessions and cookies count for nothing here."""

    @csrf_exempt
    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            key = key_of(request)
            refuse_what_is_too_much(request, key)
            refuse_what_key_may_not(request, key)
            request.key = key  # type: ignore[attr-defined]
            request.firm = key.organization  # type: ignore[attr-defined]
            with timezone.override(key.organization.time_zone):
                return as_problem(carry_out(request, key, lambda: view(request, *args, **kwargs)))
        except Problem as problem:
            return problem.answer()

    return guarded


def key_of(request: HttpRequest) -> ApiKey:
    """Whose request this is. An unknown, a revoked and an expired key are answered alike."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    key = ApiKey.find(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise Problem(
            "unauthorized",
            _("Send a key that is in force as “Authorization: Bearer flk_…”. Owners make keys under API keys."),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return key


def refuse_what_is_too_much(request: HttpRequest, key: ApiKey) -> None:
    now = timezone.now()
    if not key.admit(now):
        wait = str(60 - now.second)
        raise Problem("too-many", _("Wait until the next minute."), headers={"Retry-After": wait})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        raise Problem("too-large", _("A request may have 1 MiB."))


def refuse_what_key_may_not(request: HttpRequest, key: ApiKey) -> None:
    if request.method not in READING and not key.may_write:
        raise Problem("forbidden", _("Make a key that may write."))


def carry_out(request: HttpRequest, key: ApiKey, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer. A request that changes something is one transaction: all of it, or nothing."""
    if request.method in READING:
        return answer()
    name = request.headers.get("Idempotency-Key")
    if request.method == "POST" and name is not None:
        return answer_once(request, key, name, answer)
    with transaction.atomic():
        response = answer()
        if response.status_code >= 400:
            transaction.set_rollback(True)
    return response


def as_problem(response: HttpResponse) -> HttpResponse:
    """A wrong method is a problem like the others; the router below answers it with an empty page."""
    if response.status_code != 405:
        return response
    return Problem("method-not-allowed", headers={"Allow": response.headers.get("Allow", "")}).answer()
