"""Which addresses we talk to: https, or this machine; and paths that stay below the base."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from accounting.errors import NotAllowed


class ForeignAddress(ValueError):
    """A bug of ours: this path would leave the API that the client was made for."""


def checked_url(url: str) -> str:
    """The address without a slash at its end. Raises NotAllowed unless it is https, or http to this machine."""
    parts = urlsplit(url)
    trusted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not trusted or not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise NotAllowed(
            f"{parts.scheme}://{parts.hostname or ''} cannot be the address of an accounting system: it must begin "
            "with https:// (http:// only for this machine) and hold neither a password nor a query."
        )
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_path(path: str) -> str:
    """The path itself. Raises ForeignAddress for anything absolute, climbing or carrying a query."""
    # requests decodes %2e before it resolves dots, so we look at what it will see.
    segments = unquote(path).split("/")
    if any(segment in ("", ".", "..") for segment in segments) or set("\\?#:") & set(path):
        raise ForeignAddress(path)
    return path
