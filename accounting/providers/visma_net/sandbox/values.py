"""Request bodies of the ERP: taken out of their wrappers, whatever the case of the names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from accounting.providers.visma_net.sandbox.errors import Refusal

Json = dict[str, Any]

DECODER = msgspec.json.Decoder(float_hook=Decimal)
ENCODER = msgspec.json.Encoder(decimal_format="number")

# What is not wrapped where everything else is.
PLAIN = frozenset({"overridewithclassvalues", "operation", "segmentid", "segmentvalue"})


def read_json(body: bytes) -> Json:
    """The body as an object. Raises Refusal."""
    try:
        found = DECODER.decode(body)
    except msgspec.DecodeError:
        raise unbound("the body") from None
    if not isinstance(found, dict):
        raise unbound("the body")
    return found


def unwrapped(body: Json) -> Json:
    """The members by their names in lower case, out of their wrappers; what is absent stays absent. Raises Refusal."""
    return {name.lower(): member_of(name.lower(), value) for name, value in body.items()}


def member_of(name: str, value: Any) -> Any:
    if name in PLAIN:
        return value
    if isinstance(value, list):
        return [unwrapped(each) for each in value if isinstance(each, dict)]
    if not isinstance(value, dict) or {key.lower() for key in value} != {"value"}:
        raise unbound(name)
    inner = next(iter(value.values()))
    return unwrapped(inner) if isinstance(inner, dict) else inner


def unbound(name: str) -> Refusal:
    """What the service says of JSON that it cannot make an object of."""
    return Refusal(
        "VismaId: 94e79109-2abd-4a4a-97ff-743e33812334. Error reading the request. "
        f"Value cannot be null. Parameter name: {name}"
    )


def text(values: Json, name: str, default: str = "") -> str:
    """A string member. Raises Refusal for anything else."""
    value = values.get(name.lower(), default)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise unbound(name)
    return value


def number(values: Json, name: str, default: Decimal = Decimal(0)) -> Decimal:
    """A number member. Raises Refusal for anything else."""
    value = values.get(name.lower())
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unbound(name)
    return Decimal(value)
