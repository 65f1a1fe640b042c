"""What went wrong within a view, as a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from fieldwork.api.problems import Problem, invalid
from fieldwork.services import WorkOrderRefused


def of_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.answer()


def of_refusal(request: HttpRequest, error: WorkOrderRefused) -> HttpResponse:
    return Problem("conflict", str(error)).answer()


def of_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem("not-found").answer()


def of_rivals(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Somebody else took the number or the external id between our look and our write."""
    return Problem("conflict", _("Somebody has just saved the same number or external id. Look again.")).answer()


def of_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The body is no JSON; nothing else of the router's own gets past the door."""
    return Problem("unreadable", str(error)).answer()


def of_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return invalid([told_of(each) for each in error.errors]).answer()


def told_of(error: Mapping[str, Any]) -> dict[str, str]:
    """A place in the body as a pointer, one in the address by its name."""
    source, *path = error["loc"]
    # The first step below the body is the name of the view's own parameter.
    steps = path[1:] if source == "body" else path
    pointer = "/".join(["#", *(str(step) for step in steps)]) if source == "body" else ".".join(map(str, steps))
    return {"pointer": pointer, "detail": error["msg"], "code": error["type"]}


HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Problem: of_problem,
    WorkOrderRefused: of_refusal,
    Http404: of_nothing,
    IntegrityError: of_rivals,
    HttpError: of_unreadable,
    ValidationError: of_shape,
}
