"""Compares what goes over the wire with the vendor's own description of both hosts.

The legacy host is described by JSON schemas of draft 3, one per method and path; the services by an OpenAPI
document. Both lie beside the repository, not in it: `../shared/specs/`. Where they are not, tests are skipped.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product
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
WORDS = {"drafts", "booked", "sent", "archived", "contacts", "sales-accounts"}


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
    """The schema's name: path segments and method, a key as the vendor calls it, which is not always the same."""
    choices: list[tuple[str, ...]] = []
    before = ""
    for part in path.strip("/").split("/"):
        choices.append((part,) if part in WORDS or before not in MEMBERS else MEMBERS[before])
        before = part
    names = [".".join([*parts, method.lower()]) for parts in product(*choices)]
    return next((name for name in names if (LEGACY / f"{name}.schema.json").exists()), names[0])


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


def service_errors(method: str, path: str, body: Any) -> list[str]:
    """What is wrong with a body of a request to the services. A replacement may repeat what is read-only."""
    return services().body_errors(method, f"/{path.lstrip('/')}", body, read_only=method == "PUT")
