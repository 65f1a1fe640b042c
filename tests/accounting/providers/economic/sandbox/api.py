"""A client for the stand-in's tests. Every answer is compared with the vendor's description, where that is there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from werkzeug.test import Client

from accounting.providers.economic.sandbox import Sandbox
from tests.accounting.providers.economic.vendor import LEGACY, legacy_errors, services

Json = dict[str, Any]
READ = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def sentences(self) -> list[str]:
        """Everything that was complained about on the legacy host."""
        return sorted(complaints(self.body.get("errors")))


def complaints(errors: Any) -> list[str]:
    if isinstance(errors, str):
        return [errors]
    if isinstance(errors, list):
        return [each for item in errors for each in complaints(item)]
    if isinstance(errors, dict) and "errorMessage" in errors:
        return [errors["errorMessage"]]
    return [each for item in (errors or {}).values() for each in complaints(item)] if isinstance(errors, dict) else []


class Api:
    """Calls the stand-in in this process, signed in to one agreement."""

    def __init__(self, sandbox: Sandbox, *, token: str = "", secret: str = "") -> None:
        self.sandbox = sandbox
        self.client = Client(sandbox)
        self.headers = {
            "X-AppSecretToken": secret or sandbox.app.secret_token,
            "X-AgreementGrantToken": token or sandbox.grant(),
        }

    def __call__(
        self, method: str, path: str, body: Any = None, *, area: str = "rest", key: str = "", **query: Any
    ) -> Answer:
        data = None if body is None else msgspec.json.Encoder(decimal_format="number").encode(body)
        response = self.client.open(
            f"/{area}{path}",
            method=method,
            query_string={name: str(value) for name, value in query.items()},
            data=data,
            content_type="application/json" if data else None,
            headers={**self.headers, **({"Idempotency-Key": key} if key else {})},
        )
        content = READ.decode(response.data) if response.data and "json" in (response.content_type or "") else None
        if area == "rest" and method == "GET" and response.status_code == 200 and LEGACY.exists():
            plain = msgspec.json.decode(response.data)
            if errors := legacy_errors("GET", path, plain):
                pytest.fail("\n".join([f"GET {path}", *errors[:5]]))
        if area == "apis" and LEGACY.exists() and response.status_code < 300:
            plain = msgspec.json.decode(response.data) if response.data else None
            if errors := services().answer_errors(method, path, response.status_code, plain):
                pytest.fail("\n".join([f"{method} {path}", *errors[:5]]))
        return Answer(response.status_code, content, response.headers)

    def get(self, path: str, **query: Any) -> Answer:
        return self("GET", path, **query)

    def post(self, path: str, body: Any, **more: Any) -> Answer:
        return self("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Answer:
        return self("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self("DELETE", path, **more)

    def service(self, path: str, **query: Any) -> Answer:
        return self("GET", path, area="apis", **query)

    def all(self, path: str, **query: Any) -> list[Any]:
        """The records of a list that fits one page."""
        records: list[Any] = self.get(path, pagesize=1000, **query).body["collection"]
        return records


def customer_body(**members: Any) -> Json:
    return {
        "name": "Nye Bageri ApS",
        "currency": "DKK",
        "customerGroup": {"customerGroupNumber": 1},
        "vatZone": {"vatZoneNumber": 1},
        "paymentTerms": {"paymentTermsNumber": 2},
        **members,
    }


def product_body(**members: Any) -> Json:
    return {"productNumber": "N-1", "name": "Nippel", "productGroup": {"productGroupNumber": 1}, **members}


def sale_body(*lines: Json, **members: Any) -> Json:
    return {
        "date": "2026-11-20",
        "currency": "DKK",
        "layout": {"layoutNumber": 19},
        "paymentTerms": {"paymentTermsNumber": 2},
        "customer": {"customerNumber": 1002},
        "recipient": {"name": "Hotel Vesterhavet A/S", "vatZone": {"vatZoneNumber": 1}},
        "lines": list(lines) or [line()],
        **members,
    }


def line(**members: Any) -> Json:
    said = {
        "description": "Pexrør",
        "product": {"productNumber": "3001"},
        "quantity": 2,
        "unitNetPrice": Decimal("28.50"),
    }
    return {**said, **members}
