"""Posts to an address that a firm has named: signed as Standard Webhooks says, and to public machines only.

Whoever may name an address could otherwise let this server ask its own neighbours. So the name is looked up
once, every address behind it must be a public one, and exactly that address is spoken to.

Source: https://www.standardwebhooks.com (the specification, version 1)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from accounting import http
from accounting.answers import Breakdown
from accounting.errors import AccountingError
from integrations.models import Webhook

SECONDS = 15.0
SECRET_PREFIX = "whsec_"  # noqa: S105  (no secret, only how one begins)
# Global unicast, but for the two ranges that wrap an IPv4 address.
GLOBAL_V6 = ip_network("2000::/3")
WRAPPING_V6 = (ip_network("2002::/16"), ip_network("2001::/32"))


class NotDelivered(Exception):
    """The message did not arrive, or it may not have; the text says why."""


class ForbiddenAddress(NotDelivered):
    """Nothing is ever sent there."""


def post(webhook: Webhook, message_id: UUID, payload: Mapping[str, Any], *, at: datetime) -> None:
    """The payload is there. Network: one POST. Raises NotDelivered.

    A repetition carries the same id, by which the receiver can tell that it is one.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", **signed(webhook.secret, str(message_id), body, at=at)}
    try:
        reply = http.post_pinned(webhook.url, checked_machine(webhook.url), body, headers, seconds=SECONDS)
    except AccountingError as error:
        raise NotDelivered(str(error)) from None
    if isinstance(reply, Breakdown):
        raise NotDelivered(_("No answer: %(reason)s") % {"reason": reply.value})
    if reply.status // 100 != 2:
        raise NotDelivered(_("Answered with HTTP %(status)s") % {"status": reply.status})


def signed(secret: str, message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers of a signed message."""
    stamp = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


# --- where to ---------------------------------------------------------------------------


def checked_machine(url: str) -> str:
    """The IP address to speak to. Raises ForbiddenAddress unless everything behind the name is public."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = machines(host, parts.port or (443 if parts.scheme == "https" else 80))
    if settings.ALLOW_LOOPBACK_WEBHOOKS and all(each.is_loopback for each in found):
        return str(found[0])
    if parts.scheme != "https":
        raise ForbiddenAddress(_("The address must begin with https://"))
    if not all(is_public(each) for each in found):
        raise ForbiddenAddress(_("%(host)s is inside a private network.") % {"host": host})
    return str(found[0])


def machines(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """Every address behind the name. Raises NotDelivered when there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered(_("%(host)s was not found.") % {"host": host}) from None
    # An IPv6 address of one network only carries its zone after a percent sign.
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in GLOBAL_V6 and not any(address in each for each in WRAPPING_V6) and address.is_global
    return address.is_global and not address.is_multicast and not address.is_reserved
