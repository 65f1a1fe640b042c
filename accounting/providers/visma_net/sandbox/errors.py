"""How the services refuse: the ERP with a sentence, the sales orders with codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json; charset=utf-8"

TITLES = {
    400: "One or more validation errors occurred.",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    412: "Precondition Failed",
    428: "Precondition Required",
    429: "Too Many Requests",
}
# In the vendor's own words, as far as they are documented.
CODES = {
    "0001-NullNotAllowed": "Null value not allowed",
    "0003-InvalidValue": "Invalid value",
    "1401-MissingTermsId": (
        "TermsId cannot be empty in the order. Set a default terms on the customer or specify the terms for the order"
    ),
    "1402-PaymentMethodIdNotFound": "Payment method set for order can not be found",
    "1407-InvalidCustomerStatus": "Invalid Customer Status",
    "1400-CustomerLookupException": "Exception searching customer",
    "1408-OverrideCurrencyIdProhibited": "Currency Id can not be overridden",
    "1802-InvalidWarehouseId": "Invalid Warehouse Id, or Warehouse Id not found",
    "1804-InventoryIdNotFound": "InventoryId cannot be found or is invalid",
    "1808-InvalidUnitOfMeasure": "Invalid Unit of Measure",
    "1809-InvalidQuantityForType": ("Quantity must be zero or positive when inventory item is not of type MiscCharge"),
    "1823-DeleteLineWhichIsAlreadyShipped": "Cannot delete line that has been shipped",
    "1825-DeleteSalesOrderWithShippedLines": "Cannot delete order containing lines that have been shipped",
    "1904-ProjectNotFound": "Project cannot be found",
    "1905-ProjectNotVisibleInSO": "Project is not accepted for use in a sales order",
    "1906-ProjectCancelled": "Project cannot be set because status is Cancelled",
    "1907-ProjectCompleted": "Project cannot be set because status is Completed",
}


class Refusal(Exception):
    """The ERP refuses a request, in a sentence."""

    def __init__(self, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        return msgspec.json.encode({"message": self.message}) if self.message else b""


class LicenceRefusal(Refusal):
    """The ERP refuses in its older form, with a fault code."""

    def body(self) -> bytes:
        return msgspec.json.encode(
            {
                "ExceptionType": "IPPException",
                "ExceptionMessage": self.message,
                "ExceptionFaultCode": "12027",
                "ExceptionMessageID": "12027_6e2a06a8-76d8-4e9a-bce8-a5818d60a388",
                "ExceptionDetails": "",
            }
        )


@dataclass
class OrderRefusal(Exception):
    """The sales order service refuses a request. `problems` are pairs of field and code."""

    status: int
    detail: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)

    def body(self) -> bytes:
        said: dict[str, Any] = {
            "type": f"https://httpstatuses.io/{self.status}",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail or None,
            "instance": None,
        }
        if self.problems:
            said["errors"] = {place: [CODES[code]] for place, code in self.problems}
            said["details"] = [
                {"code": code, "message": CODES[code], "parameters": {"property": place}}
                for place, code in self.problems
            ]
        return msgspec.json.encode(said)


def refuse_order(place: str, code: str) -> OrderRefusal:
    return OrderRefusal(400, problems=[(place, code)])
