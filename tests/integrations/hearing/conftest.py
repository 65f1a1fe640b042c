"""A connection that is called, and whoever calls it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting import registry
from integrations.models import Connection, Hook

Call = Callable[..., HttpResponse]
KEY = "acme-signing-key"


@pytest.fixture
def hook(connection: Connection) -> Hook:
    """An address, on a connection that is not due for a while."""
    Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=14))
    return Hook.renew(connection)


@pytest.fixture
def call(hook: Hook) -> Call:
    """`call(event="customer.changed")` is one call as Acme Books make it; `secret`, `body` and headers at will."""
    browser = Client(enforce_csrf_checks=True)

    def make(
        *, body: bytes | None = None, secret: str | None = None, headers: dict[str, str] | None = None, **told: Any
    ) -> HttpResponse:
        address = reverse("integrations:call", args=[hook.pk, hook.secret if secret is None else secret])
        content = json.dumps(told).encode() if body is None else body
        return browser.post(address, content, content_type="application/json", headers=headers or {})

    return make


@pytest.fixture
def signed(acme: Any, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Callable[[bytes], dict[str, str]]:
    """Acme Books sign their calls from now on: `signed(body)` are the headers."""
    calls = import_module("accounting.providers.acme_books.calls")
    provider = replace(registry.provider_for("acme_books"), webhook=calls.SIGNED)
    environment = {**provider.environment, "ACME_BOOKS_SIGNING_KEY": f"older-key {KEY}"}
    monkeypatch.setitem(registry.all_providers(), "acme_books", replace(provider, environment=environment))

    def headers(body: bytes, key: str = KEY) -> dict[str, str]:
        return {"X-Acme-Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}

    return headers
