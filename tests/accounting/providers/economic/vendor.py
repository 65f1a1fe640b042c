"""Compares what goes over the wire with the vendor's own description of both hosts.

The legacy host is described by JSON schemas of draft 3, one per method and path; the services by an OpenAPI
document. Both lie beside the repository, not in it: `../shared/specs/`. Where they are not, tests are skipped.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft3Validator

from tests.accounting.openapi import SPECS, Document, load

LEGACY = SPECS / "economic-schemas" / "legacy-rest"
MEMBERS = {
    "customers": ("customerNumber", "customerNo"),
    "products": ("productNumber",),
    "product-groups": ("productGroupNumber",),
    "customer-groups": ("customerGroupNumber",),
    "units": ("unitNumber",),
    "payment-terms": ("paymentTermsNumber",),
    "vat-zones": ("vatZoneNumber",),
    "vat-accounts": ("id",),
    "layouts": ("layoutNumber",),
    "currencies": ("code",),
    "employees": ("employeeNumber",),
    "drafts": ("orderNumber", "draftInvoiceNumber"),
    "sent": ("orderNumber",),
    "archived": ("orderNumber",),
    "booked": ("bookedInvoiceNumber",),
    "contacts": ("contactNumber",),
}


@cache
def schema_of(name: str) -> Draft3Validator:
    """The schema of that name, e.g. `customers.customerNumber.get`; skips the test where it is not there."""
    path = LEGACY / f"{name}.schema.json"
    if not LEGACY.exists():
        pytest.skip(f"the vendor's schemas are not beside the repository (looked in {LEGACY})")
    # Two of the vendor's files have commas too many, and in many a pattern has lost its backslashes.
    text = re.sub(r",(\s*[}\]])", r"\1", path.read_text("utf-8"))
    return Draft3Validator(json.loads(text.replace("Td{2}:d{2}:d{2}Z", r"T\\d{2}:\\d{2}:\\d{2}Z")))


def name_of(method: str, path: str) -> str:
    """The schema's name: path segments and method, a key as the vendor calls it."""
    parts: list[str] = []
    for part in path.strip("/").split("/"):
        choices = MEMBERS.get(parts[-1], ()) if parts else ()
        key = next((each for each in choices if exists([*parts, each], method)), "")
        parts.append(key if key and part not in ("drafts", "booked", "sent", "archived") else part)
    return ".".join([*parts, method.lower()])


def exists(parts: list[str], method: str) -> bool:
    return any((LEGACY / f"{'.'.join(parts)}{end}").exists() for end in (f".{method.lower()}.schema.json", "")) or any(
        LEGACY.glob(f"{'.'.join(parts)}.*")
    )


def legacy_errors(method: str, path: str, body: Any) -> list[str]:
    """What is wrong with a body of a request (POST, PUT) or with the answer to a GET on the legacy host."""
    validator = schema_of(name_of(method, path))
    found = [f"{'.'.join(map(str, each.path)) or '(top)'}: {each.message}" for each in validator.iter_errors(body)]
    return found + [f"{where}: more than {most} decimals" for where, most in too_precise(validator.schema, body)]


def too_precise(schema: Any, value: Any, where: str = "") -> list[tuple[str, int]]:
    """Numbers with more decimals than the vendor's own word `maxDecimal` allows."""
    if isinstance(value, list):
        return [each for item in value for each in too_precise(schema.get("items", {}), item, f"{where}[]")]
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        return [each for name in value for each in too_precise(inner.get(name, {}), value[name], f"{where}.{name}")]
    most = schema.get("maxDecimal") if isinstance(schema, dict) else None
    if most is None or not isinstance(value, (int, float)) or isinstance(value, bool):
        return []
    return [] if round(value, most) == value else [(where, most)]


def services() -> Document:
    return load("economic.openapi.json")
