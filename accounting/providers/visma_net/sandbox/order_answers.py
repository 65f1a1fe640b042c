"""Sales orders as the sales order service shows them: short in lists, by sections on their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.values import Json


def in_list(record: Json) -> Json:
    """The order in a list: its status is a word, and it has no lines."""
    return {
        "currency": record["currencyId"],
        "customerId": record["customerId"],
        "customerName": record["customerName"],
        "customerOrder": record["order"],
        "customerRefNo": record["refNo"],
        "date": record["date"],
        "description": record.get("description"),
        "lastModified": record["lastModified"],
        "location": "Main",
        "orderId": record["orderId"],
        "orderQty": record["quantity"],
        "orderTotal": total(record),
        "requestOn": record.get("requestOn"),
        "status": record["status"],
        "type": record["type"],
    }


def total(record: Json) -> Any:
    """The order's total; of a spoiled order whatever stands there."""
    net, vat = record["net"], record["vat"]
    return net if isinstance(net, str) else Decimal(net) + Decimal(vat)


def in_full(books: Books, record: Json, sections: set[str]) -> Json:
    """The order on its own: its status is an object, and it has the sections asked for."""
    said: Json = {
        "type": record["type"],
        "orderId": record["orderId"],
        "version": record["version"],
        "status": {
            "description": record["status"],
            "hold": record["status"] == "Hold",
            "cancelled": record["status"] == "Cancelled",
        },
        "date": record["date"],
        "requestOn": record.get("requestOn"),
        "description": record.get("description"),
        "currencyId": record["currencyId"],
        "branch": {"id": record.get("branchId") or "1", "description": books.name},
        "orderQty": record["quantity"],
        "lastModified": record["lastModified"],
        "totals": totals(record),
        "customer": customer(record),
    }
    if record.get("project"):
        said["project"] = record["project"]
    if sections & {"note", "all"}:
        said["note"] = record.get("note")
    if sections & {"attachments", "all"}:
        said["attachments"] = record.get("attachments") or []
    if sections & {"shipping", "all"}:
        said["shipping"] = shipping(books, record)
    return said


def totals(record: Json) -> Json:
    vat, sum_ = record["vat"], total(record)
    return {
        "orderTotal": sum_,
        "orderTotalInBaseCurrency": sum_,
        "taxTotal": vat,
        "taxTotalInBaseCurrency": vat,
        "discountTotal": Decimal(0),
        "freightTotal": Decimal(0),
    }


def customer(record: Json) -> Json:
    return {
        "id": record["customerId"],
        "internalId": record["customerInternalId"],
        "name": record["customerName"],
        "order": record["order"],
        "refNo": record["refNo"],
        "location": {"id": "Main", "name": "Primær lokasjon"},
    }


def shipping(books: Books, record: Json) -> Json:
    """The delivery: the order's own where it has one, else the customer's."""
    own = record.get("address")
    known = books.tables["customer"].get(record["customerId"]) or {}
    place = known.get("deliveryAddress") or {}
    address = {
        "overridesDefault": own is not None,
        "line1": own.get("line1") if own else place.get("addressLine1"),
        "line2": own.get("line2") if own else place.get("addressLine2"),
        "line3": own.get("line3") if own else place.get("addressLine3"),
        "postalCode": own.get("postalCode") if own else place.get("postalCode"),
        "city": own.get("city") if own else place.get("city"),
        "country": {"id": own.get("countryId") if own else (place.get("country") or {}).get("id")},
    }
    contact = record.get("contact")
    return {
        "address": address,
        "contact": {
            "overridesDefault": contact is not None,
            "name": (contact or known.get("deliveryContact") or {}).get("name"),
        },
        "preferredWarehouse": {"id": record.get("warehouse")},
    }


def line(record: Json) -> Json:
    hidden = {"projectTaskId", "warehouseId", "note"}
    return {
        **{name: value for name, value in record.items() if name not in hidden},
        "hasManualPrice": True,
        "hasManualDiscount": True,
        "sortOrder": record["lineId"],
        **{name: record.get(name) for name in hidden},
    }
