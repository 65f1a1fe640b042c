"""Moments as the services write and read them: the ERP in the company's own time, the sales orders in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Oslo")
FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f")
STAMP = re.compile(rb'("(?:lastModifiedDateTime|createdDateTime)":")([0-9T:.\-]+\+\d\d:\d\d)"')


def erp_stamp(at: float) -> str:
    """A moment in the company's own time, with its offset."""
    return datetime.fromtimestamp(at, ZONE).isoformat(timespec="milliseconds")


def order_stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def restyled(body: bytes, style: str) -> bytes:
    """The ERP's answer with its stamps in another of the ways that have been seen."""

    def written(found: re.Match[bytes]) -> bytes:
        moment = datetime.fromisoformat(found[2].decode())
        plain = moment.astimezone(UTC if style == "utc" else ZONE).replace(tzinfo=None)
        ending = "Z" if style == "utc" else ""
        return found[1] + f'{plain.isoformat(timespec="milliseconds")}{ending}"'.encode()

    return body if style == "offset" else STAMP.sub(written, body)


def filter_moment(text: str, zone: str) -> float | None:
    """The moment of an ERP filter; None when it is written as the service does not take it."""
    for form in FORMATS:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC if zone == "utc" else ZONE)
        except ValueError:
            continue
        return found.timestamp()
    return None


def order_moment(text: str) -> float | None:
    """The moment of a sales order filter: UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
