"""A request that names itself is carried out once, however often it comes.

The name is taken first, and committed. What the request does and its answer are then one transaction: a process that
dies leaves neither, and after a minute the next request may take the turn over. Whoever lost the turn meanwhile
cannot commit any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.api.problems import Problem
from fieldwork.models import AnsweredRequest, ApiKey

LONGEST_NAME = 255
# No request takes longer; who is silent for that long is gone.
TURN = timedelta(minutes=1)


def answer_once(request: HttpRequest, key: ApiKey, name: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The first answer to this request: made now, or kept from before."""
    mine = take_turn(key, checked(name), fingerprint_of(request))
    if mine.status is not None:
        return kept(mine)
    is_kept = False
    try:
        with transaction.atomic():
            response = answer()
            if response.status_code < 400:
                keep(mine, response)
            else:
                transaction.set_rollback(True)
        if 400 <= response.status_code < 500:
            keep(mine, response)
        is_kept = response.status_code < 500
    finally:
        if not is_kept:
            own_turn(mine).delete()
    return response


def checked(name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME or not (name.isascii() and name.isprintable()):
        raise Problem("unreadable", _("An idempotency key has 1 to 255 ordinary characters."))
    return name


def fingerprint_of(request: HttpRequest) -> str:
    """What is asked: the address and every byte of the body."""
    return hashlib.sha256(f"{request.get_full_path()}\n".encode() + request.body).hexdigest()


def take_turn(key: ApiKey, name: str, fingerprint: str) -> AnsweredRequest:
    """The request's row: ours to answer, or with the answer that it got. Raises Problem for any other."""
    ours = AnsweredRequest.objects.filter(api_key=key, name=name)
    ours.expired().delete()
    now = timezone.now()
    turn = uuid4()
    told: dict[str, Any] = {"fingerprint": fingerprint, "turn": turn, "started_at": now}
    found, is_new = AnsweredRequest.objects.get_or_create(api_key=key, name=name, defaults=told)
    if found.fingerprint != fingerprint:
        raise Problem("other-request", _("Take a new idempotency key for another request."))
    if is_new or found.status is not None:
        return found
    if found.started_at > now - TURN or not own_turn(found).update(**told):
        raise in_progress()
    found.turn = turn
    return found


def own_turn(mine: AnsweredRequest) -> models.QuerySet[AnsweredRequest]:
    """The row, while nobody has taken the turn over and nothing was answered."""
    return AnsweredRequest.objects.filter(pk=mine.pk, turn=mine.turn, status=None)


def keep(mine: AnsweredRequest, response: HttpResponse) -> None:
    kept_now = own_turn(mine).update(
        status=response.status_code, content_type=response["Content-Type"], body=response.content.decode()
    )
    if not kept_now:
        raise in_progress()


def kept(mine: AnsweredRequest) -> HttpResponse:
    return HttpResponse(
        mine.body,
        status=mine.status or 200,
        content_type=mine.content_type,
        headers={"Idempotent-Replayed": "true"},
    )


def in_progress() -> Problem:
    return Problem("in-progress", _("Ask again in a moment."), headers={"Retry-After": "1"})


def purge_answers() -> int:
    """How many answers were older than a day and are gone."""
    return AnsweredRequest.objects.all().expired().delete()[0]
