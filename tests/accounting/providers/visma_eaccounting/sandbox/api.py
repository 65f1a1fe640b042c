"""A client for the stand-in's tests. Every answer is compared with the vendor's document, where that is there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from werkzeug.test import Client

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from tests.accounting.openapi import SPECS, load

DOCUMENT = "eaccounting.openapi.json"
READ = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> int:
        """The vendor's error code."""
        return self.body["ErrorCode"]

    @property
    def fields(self) -> set[str]:
        """The fields that the vendor complains about."""
        return {error["Field"] for error in self.body["Errors"] or ()}


class Api:
    """Calls the stand-in in this process, signed in to one company."""

    def __init__(self, sandbox: Sandbox, **grant: str) -> None:
        self.sandbox = sandbox
        self.token = sandbox.grant(**grant)["access_token"]
        self.client = Client(sandbox)

    def __call__(self, method: str, path: str, body: Any = None, *, documented: bool = True, **query: Any) -> Answer:
        """The answer to one request; `$` goes in front of the names of page, pagesize, filter, orderby and select."""
        named = {f"${name}" if name in DOLLARS else name: str(value) for name, value in query.items()}
        data = None if body is None else msgspec.json.Encoder(decimal_format="number").encode(body)
        response = self.client.open(
            f"/v2{path}",
            method=method,
            query_string=named,
            data=data,
            content_type="application/json" if data else None,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        content = READ.decode(response.data) if response.data else None
        if documented and (SPECS / DOCUMENT).exists():
            errors = load(DOCUMENT).answer_errors(method, path, response.status_code, content)
            if errors:
                pytest.fail("\n".join([f"{method} {path}", *errors[:5]]))
        return Answer(response.status_code, content, response.headers)

    def get(self, path: str, **query: Any) -> Answer:
        return self("GET", path, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Answer:
        return self("POST", path, body, **query)

    def put(self, path: str, body: Any, **query: Any) -> Answer:
        return self("PUT", path, body, **query)

    def delete(self, path: str, **query: Any) -> Answer:
        return self("DELETE", path, **query)

    def all(self, path: str, **query: Any) -> list[Any]:
        """The records of a list that fits one page."""
        return self.get(path, pagesize=1000, **query).body["Data"]

    def one(self, path: str, **members: Any) -> Any:
        """The record of a list with these members."""
        return next(each for each in self.all(path) if all(each[name] == value for name, value in members.items()))


DOLLARS = {"page", "pagesize", "filter", "orderby", "select"}


def customer_body(api: Api, **members: Any) -> dict[str, Any]:
    """What a new company customer needs."""
    return {
        "Name": "Provkund AB",
        "InvoiceCity": "Göteborg",
        "InvoicePostalCode": "411 05",
        "TermsOfPaymentId": api.one("/termsofpayments", NumberOfDays=30)["Id"],
        "IsPrivatePerson": False,
        "IsActive": True,
        **members,
    }


def article_body(api: Api, **members: Any) -> dict[str, Any]:
    """What a new article needs: goods with 25 % VAT."""
    return {
        "IsActive": True,
        "Number": "NY-1",
        "Name": "Provartikel",
        "NetPrice": 100,
        "GrossPrice": 125,
        "CodingId": api.one("/articleaccountcodings", Name="Varor 25 %")["Id"],
        "UnitId": api.one("/units", Abbreviation="st")["Id"],
        **members,
    }


def draft_body(api: Api, *rows: dict[str, Any], customer: str = "10006", **members: Any) -> dict[str, Any]:
    """What a new invoice draft needs."""
    return {
        "CustomerId": api.one("/customers", CustomerNumber=customer)["Id"],
        "EuThirdParty": False,
        "RotReducedInvoicingType": 0,
        "Rows": list(rows),
        **members,
    }


def order_body(api: Api, *rows: dict[str, Any], customer: str = "10006", **members: Any) -> dict[str, Any]:
    """What a new order needs."""
    return draft_body(api, *rows, customer=customer) | {
        "CurrencyCode": "SEK",
        "OrderDate": api.sandbox.books.today().isoformat(),
        "Status": 1,
        "ReverseChargeOnConstructionServices": False,
        **members,
    }


def invoice_body(api: Api, *rows: dict[str, Any], customer: str = "10006", **members: Any) -> dict[str, Any]:
    """What a new invoice needs; its rows know no IsTextRow."""
    keep = ("ArticleId", "Text", "UnitPrice", "Quantity", "DiscountPercentage", "ProjectId")
    own = [{name: row[name] for name in keep if name in row} for row in rows]
    return draft_body(api, *own, customer=customer, **members)


def row(api: Api, article: str = "A100", quantity: Any = 1, **members: Any) -> dict[str, Any]:
    """An article row of a draft."""
    return {
        "ArticleId": api.one("/articles", Number=article)["Id"],
        "IsTextRow": False,
        "Quantity": quantity,
        "ReversedConstructionServicesVatFree": False,
        **members,
    }


def order_row(api: Api, article: str = "A100", quantity: Any = 1, **members: Any) -> dict[str, Any]:
    """An article row of an order, priced."""
    return {
        "LineNumber": 1,
        "ArticleId": api.one("/articles", Number=article)["Id"],
        "IsTextRow": False,
        "IsWorkCost": False,
        "EligibleForReverseChargeOnVat": False,
        "Quantity": quantity,
        "UnitPrice": 100,
        **members,
    }


def text_row(text: str) -> dict[str, Any]:
    return {"IsTextRow": True, "Text": text, "ReversedConstructionServicesVatFree": False}
