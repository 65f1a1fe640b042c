"""What "Update the information" would overwrite in the books, and whether that is still what the person was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from fieldwork.models import Customer
from integrations.sending.updating import CustomerPreview, Row

SALT = "customer-update"
Shown = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Overwrite:
    """One row of the table. `seen` are before and after as the person had been shown them, where those are others."""

    row: Row
    seen: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Update:
    """`rows` are the fields that would change, `same` what was compared and is equal already, `kept` what the books
    keep for themselves.

    `seal` is what the page shows, to be given back with the confirmation. `is_stale` when somebody changed a
    value, here or there, after the page was shown.
    """

    rows: list[Overwrite]
    same: list[Row]
    seal: str
    is_stale: bool
    kept: tuple[str, ...] = ()


def update_of(customer: Customer, preview: CustomerPreview, *, seal: str = "") -> Update:
    """`seal` is that of the page on which the person confirmed."""
    rows = [row for row in preview.rows if row.differs]
    now = {row.field: (row.before, row.after) for row in rows}
    seen = opened(seal, customer)
    return Update(
        rows=[Overwrite(row=row, seen=other(seen.get(row.field), now[row.field])) for row in rows],
        same=[row for row in preview.rows if not row.differs],
        seal=signing.dumps({"customer": str(customer.pk), "rows": now}, salt=SALT, compress=True),
        is_stale=bool(seal) and seen != now,
        kept=preview.kept,
    )


def opened(seal: str, customer: Customer) -> Shown:
    """What a page of ours had shown of this customer; nothing for anything else."""
    try:
        shown = signing.loads(seal, salt=SALT) if seal else {}
    except signing.BadSignature:
        return {}
    rows = shown.get("rows", {}) if shown.get("customer") == str(customer.pk) else {}
    return {name: (before, after) for name, (before, after) in rows.items()}


def other(seen: tuple[str, str] | None, now: tuple[str, str]) -> tuple[str, str] | None:
    return seen if seen is not None and seen != now else None
