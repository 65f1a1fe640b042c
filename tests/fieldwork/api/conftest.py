"""A program of the firm, with a key that may write, and how it asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from fieldwork.models import ApiKey
from tests.fieldwork.conftest import Firm


@dataclass(frozen=True)
class Caller:
    """Asks the API with one key."""

    text: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        shown = {"Authorization": f"Bearer {self.text}", **{name.replace("_", "-"): headers[name] for name in headers}}
        return Client().generic(method, f"/api/v1{path}", data, content_type="application/json", headers=shown)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)


def key_of(firm: Firm, scope: str = "write", **more: Any) -> tuple[ApiKey, Caller]:
    key, text = ApiKey.make(firm.organization, name="Planning board", scope=scope, by=firm.owner, **more)
    return key, Caller(text)


@pytest.fixture
def caller(firm: Firm) -> Caller:
    return key_of(firm)[1]


@pytest.fixture
def reader(firm: Firm) -> Caller:
    return key_of(firm, "read")[1]


Errors = Callable[[HttpResponse], dict[str, str]]


def errors_in(answer: HttpResponse) -> dict[str, str]:
    """The codes of a refused request, by their places."""
    assert answer["Content-Type"] == "application/problem+json"
    return {each["pointer"]: each["code"] for each in answer.json().get("errors", ())}


def kind_of(answer: HttpResponse) -> str:
    """The stable word of a problem."""
    told = answer.json()
    assert told["status"] == answer.status_code
    return str(told["type"]).rpartition(":")[2]
