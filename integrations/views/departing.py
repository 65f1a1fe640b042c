"""On the way to an accounting system's page the browser keeps what that page will not bring back."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounting.protocol import Provider
from integrations.connecting.flow import FLOW_LIFE, Departure

COOKIE = "login_flow"


def depart(provider: Provider, departure: Departure) -> HttpResponse:
    """To the accounting system's page. What it will not bring back the browser keeps, signed, for one address."""
    answer = redirect(departure.address)
    if departure.keepsake:
        answer.set_signed_cookie(
            COOKIE,
            departure.keepsake,
            salt=provider.key,
            max_age=FLOW_LIFE,
            path=callback_path(provider),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


def callback_path(provider: Provider) -> str:
    return reverse("integrations:callback", args=[provider.key])


def kept_state(request: HttpRequest, provider: Provider) -> str:
    """What this browser keeps of its login; empty when that is too old, somebody else's or none."""
    return request.get_signed_cookie(COOKIE, default="", salt=provider.key, max_age=FLOW_LIFE) or ""


def forget_state(answer: HttpResponse, provider: Provider) -> None:
    answer.delete_cookie(COOKIE, path=callback_path(provider), samesite="Lax")
