"""What machines ask: alive, ready, and how much of what. Nothing here asks for a login."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from integrations.watching.metrics import CONTENT_TYPE, exposition
from integrations.watching.readiness import readiness

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_VIA")


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. It asks nothing else, so that a slow database does not get it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: 200, else 503; one line per check either way."""
    checks = readiness()
    lines = "".join(f"{each.name}: {each.words}\n" for each in checks)
    is_ready = all(each.is_ready for each in checks)
    return HttpResponse(lines, content_type="text/plain", status=200 if is_ready else 503)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not (has_token(request) or comes_from_this_machine(request)):
        return HttpResponseForbidden("Ask from this machine, or with the token of METRICS_TOKEN.\n", "text/plain")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def has_token(request: HttpRequest) -> bool:
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and constant_time_compare(request.headers.get("Authorization", ""), wanted)


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made here. One that a proxy on this machine passes on was not, though it looks alike."""
    if any(header in request.META for header in FORWARDED):
        return False
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or is_loopback(host))


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
