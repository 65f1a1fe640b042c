"""Talks to the stand-in as a program would, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.test import Client

from accounting.providers.visma_net.sandbox import Sandbox
from accounting.sandbox import Options

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: Mapping[str, str]


class Api:
    """The stand-in's two services, signed in by the app itself. `erp` and `orders` are the two hosts."""

    def __init__(self, options: Options | None = None) -> None:
        self.sandbox = Sandbox(options)
        self.token = self.sandbox.grant()["access_token"]
        self._client = Client(self.sandbox)

    def call(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] = {}, **query: object
    ) -> Reply:
        """`path` begins with /v1 or /v2 for the ERP, with /api for the sales orders."""
        area = "orders" if path.startswith("/api") else "erp"
        said = None if body is None else json.dumps(body, default=float).encode()
        response = self._client.open(
            f"/{area}{path}",
            method=method,
            data=said,
            query_string={name: str(value) for name, value in query.items()},
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers},
        )
        text = response.get_data()
        is_json = text and "json" in response.content_type
        return Reply(response.status_code, json.loads(text, parse_float=Decimal) if is_json else text, response.headers)

    def get(self, path: str, **query: object) -> Reply:
        return self.call("GET", path, **query)

    def token_for(self, **form: str) -> Reply:
        """What the token endpoint says to a form."""
        client = self.sandbox.identity.clients
        credentials = next(iter(client.values()))
        data = {"client_id": credentials.id, "client_secret": credentials.secret, **form}
        response = self._client.post("/identity/connect/token", data=data)
        return Reply(response.status_code, response.get_json(), response.headers)

    def switch(self, **switches: object) -> None:
        self.sandbox.switch({"switches": switches})


def wrapped(**members: object) -> Json:
    """The members as the ERP takes them."""
    return {name: {"value": value} for name, value in members.items()}


def customer_body(**members: object) -> Json:
    address = {"value": wrapped(addressLine1="Storgata 1", postalCode="7010", city="Trondheim", countryId="NO")}
    return {**wrapped(**{"name": "Nye Bakeriet AS", **members}), "mainAddress": address}


def item_body(**members: object) -> Json:
    return wrapped(**{"inventoryNumber": "NY-1", "itemClass": "LAGER", "description": "Ny vare", **members})


def invoice_body(*lines: Json, **members: object) -> Json:
    return {
        **wrapped(**{"customerNumber": "10002", "hold": True, **members}),
        "invoiceLines": list(lines or [invoice_line()]),
    }


def invoice_line(**members: object) -> Json:
    said = {"inventoryNumber": "KAB-3G15", "quantity": 2, "unitPriceInCurrency": 10, **members}
    return {"operation": "Insert", **wrapped(**said)}


def order_body(*lines: Json, **members: object) -> Json:
    line = {"inventoryId": "KAB-3G15", "quantity": 2, "unitPrice": 10}
    return {"type": "SO", "customer": {"id": "10002", "order": "W-1"}, "orderLines": list(lines or [line]), **members}
