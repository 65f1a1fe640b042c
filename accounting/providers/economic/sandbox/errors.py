"""How the two hosts say no: the legacy REST's own shape, and problem+json of the services.

The codes are those that have been seen; where none is known, the code begins with EMU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
Place = tuple[str | int, ...]

HINTS = {
    404: "The API tries to provide all the resource urls you need. If you have hard coded urls yourself, then try to "
    "look at the enclosing collection for hypermedia information on where the resource you are looking for could be.",
}
SERVICE_CODES = {
    400: "ValidationFailed",
    401: "Unauthorized",
    403: "AccessDenied",
    404: "ResourceNotFound",
    405: "MethodNotAllowed",
    409: "UpdateConflict",
    415: "UnsupportedMediaType",
    429: "TooManyRequests",
    500: "InternalServerError",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong at one place of a body, e.g. `("lines", 0, "quantity")`."""

    place: Place
    code: str
    message: str
    value: Any = None
    hint: str = "Inspect validation errors and correct your request."

    def on_the_wire(self) -> Json:
        name = str(self.place[-1])
        said = {
            "propertyName": name,
            "errorMessage": self.message,
            "errorCode": self.code,
            "inputValue": self.value,
            "developerHint": self.hint,
        }
        return {key: value for key, value in said.items() if value is not None}


@dataclass(slots=True)
class Refusal(Exception):
    """One of the hosts says no. `lines` are plain sentences, as for a bad query; `extra` more members."""

    status: int
    code: str
    text: str
    complaints: Sequence[Complaint] = ()
    lines: Sequence[str] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def invalid(complaints: Sequence[Complaint]) -> Refusal:
    """A failed validation with all its complaints."""
    plural = "" if len(complaints) == 1 else "s"
    return Refusal(400, "E04300", f"Validation failed. {len(complaints)} error{plural} found.", complaints)


def complain(member: str, code: str, message: str, value: Any = None) -> Refusal:
    """A failed validation with one complaint about `member`, e.g. `recipient.vatZone`."""
    return invalid([Complaint(tuple(member.split(".")), code, message, value)])


def not_found(code: str = "") -> Refusal:
    return Refusal(404, code, "Resource not found.")


def legacy_body(refusal: Refusal, log_id: str, now: datetime) -> Json:
    """The body as the legacy host writes it."""
    body: Json = {
        "message": refusal.text,
        "errorCode": refusal.code,
        "developerHint": HINTS.get(refusal.status, "Inspect validation errors and correct your request."),
        "logId": log_id,
        "httpStatusCode": refusal.status,
    }
    if not refusal.code:
        del body["errorCode"]
    if refusal.complaints:
        body |= {"errors": nested(refusal.complaints), "errorCount": len(refusal.complaints)}
    else:
        body["errors"] = list(refusal.lines)
    return {**body, "logTime": f"{now:%Y-%m-%dT%H:%M:%S}", **refusal.extra}


def nested(complaints: Sequence[Complaint]) -> Json:
    """The complaints in the form of the document that they are about; elements of an array carry `arrayIndex`."""
    tree: Json = {}
    for complaint in complaints:
        node = tree
        for part, follows in zip(complaint.place, (*complaint.place[1:], None), strict=True):
            if isinstance(part, int):
                continue
            if isinstance(follows, int):
                elements = node.setdefault(part, [])
                node = next((each for each in elements if each["arrayIndex"] == follows), {"arrayIndex": follows})
                if node not in elements:
                    elements.append(node)
            else:
                node = node.setdefault(part, {})
        node.setdefault("errors", []).append(complaint.on_the_wire())
    return tree


def service_body(refusal: Refusal, log_id: str, now: datetime) -> Json:
    """The body as the services write it."""
    errors: list[Json] = [
        {"message": each.message, "errorCode": each.code, "property": ".".join(map(str, each.place))}
        for each in refusal.complaints
    ]
    errors += [{"message": line, "errorCode": refusal.code, "property": None} for line in refusal.lines]
    return {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5",
        "title": refusal.text,
        "status": refusal.status,
        "detail": refusal.lines[0] if refusal.lines else refusal.text,
        "errors": errors,
        "traceId": log_id,
        "traceTimeUtc": f"{now:%Y-%m-%dT%H:%M:%S}",
        "errorCode": refusal.code if refusal.code and not refusal.code.startswith("E0") else code_of(refusal.status),
    }


def code_of(status: int) -> str:
    return SERVICE_CODES.get(status, "InternalServerError")
