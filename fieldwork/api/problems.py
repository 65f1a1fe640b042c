"""What is answered instead of what was asked for: one form for every problem (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"
# The stable word of each kind of problem, with its status and what it is called.
KINDS: Mapping[str, tuple[int, Promise]] = {
    "unreadable": (400, _("The request cannot be read")),
    "unauthorized": (401, _("The key is missing or does not open anything")),
    "forbidden": (403, _("The key may only read")),
    "not-found": (404, _("There is nothing at this address")),
    "method-not-allowed": (405, _("This address does not take this method")),
    "conflict": (409, _("Not possible as things stand")),
    "in-progress": (409, _("The same request is being answered")),
    "too-large": (413, _("The request is too large")),
    "invalid": (422, _("Something in the request is not right")),
    "other-request": (422, _("The idempotency key belongs to another request")),
    "too-many": (429, _("Too many requests")),
}


class Problem(Exception):
    """Why a request is not carried out. `errors` name places in the request: `{"pointer", "detail", "code"}`."""

    def __init__(
        self,
        kind: str,
        detail: str | Promise = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status, self.title = KINDS[kind]
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def answer(self) -> HttpResponse:
        told: dict[str, Any] = {
            "type": f"urn:fieldledger:problem:{self.kind}",
            "title": str(self.title),
            "status": self.status,
        }
        if self.detail:
            told["detail"] = str(self.detail)
        if self.errors:
            told["errors"] = list(self.errors)
        content = json.dumps(told, ensure_ascii=False)
        return HttpResponse(content, status=self.status, content_type=CONTENT_TYPE, headers=dict(self.headers))


def invalid(errors: Sequence[Mapping[str, str]]) -> Problem:
    """The answer to values that the forms refuse."""
    return Problem("invalid", _("Nothing was saved. Each error says where and why."), errors=errors)


def told_by(form_errors: Any, *, below: str = "#") -> list[dict[str, str]]:
    """The errors of a form, each with its place in the request."""
    return [
        {
            "pointer": below if field == "__all__" else f"{below}/{field}",
            "detail": each["message"],
            "code": each["code"] or "invalid",
        }
        for field, errors in form_errors.get_json_data().items()
        for each in errors
    ]
