"""One agreement: its records, switches, numbers and what clients did to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import RLock
from zoneinfo import ZoneInfo

from accounting.providers.economic.sandbox.errors import complain
from accounting.providers.economic.sandbox.fields import Json
from accounting.providers.economic.sandbox.switches import AgreementSwitches, ServiceSwitches
from accounting.providers.economic.sandbox.table import Key, Table
from accounting.sandbox import Clock, Deed

ZONE = ZoneInfo("Europe/Copenhagen")
KEY = "economic"
HIDDEN = frozenset({"lines", "attachment", "layout", "metaData"})


def without_lines(document: Json) -> Json:
    """A sales document as a collection shows it."""
    return {name: value for name, value in document.items() if name not in HIDDEN}


def without_lines_but_layout(document: Json) -> Json:
    return {name: value for name, value in document.items() if name not in HIDDEN - {"layout"}}


def tables() -> dict[str, Table]:
    documents = {
        "orders/drafts": "orderNumber",
        "orders/sent": "orderNumber",
        "orders/archived": "orderNumber",
        "invoices/drafts": "draftInvoiceNumber",
    }
    plain = {
        "customers": "customerNumber",
        "products": "productNumber",
        "contacts": "number",
        "deliverylocations": "number",
        "projects": "number",
        "units": "unitNumber",
        "product-groups": "productGroupNumber",
        "customer-groups": "customerGroupNumber",
        "payment-terms": "paymentTermsNumber",
        "vat-zones": "vatZoneNumber",
        "vat-accounts": "vatCode",
        "layouts": "layoutNumber",
        "currencies": "code",
        "employees": "employeeNumber",
        "webhooks": "eventType",
    }
    return {
        **{name: Table(key) for name, key in plain.items()},
        **{name: Table(key, shown=without_lines) for name, key in documents.items()},
        "invoices/booked": Table("bookedInvoiceNumber", shown=without_lines_but_layout),
    }


class Books:
    """An agreement's store. Everything that reads or writes holds `lock`."""

    def __init__(self, *, number: int, clock: Clock, service: ServiceSwitches, seed: int) -> None:
        self.lock = RLock()
        self.clock = clock
        self.service = service
        self.switches = AgreementSwitches()
        self.random = Random(seed)
        self.number = number
        self.company: Json = {}
        self.user: Json = {}
        self.tables = tables()
        # Product group: VAT zone: (account number, VAT code or "")
        self.sales_accounts: dict[int, Mapping[int, tuple[int, str]]] = {}
        # The one PDF that a draft can have.
        self.files: dict[tuple[str, Key], bytes] = {}
        self.deeds: dict[tuple[str, Key], Deed] = {}
        self.born: dict[tuple[str, Key], float] = {}
        self._counters: dict[str, int] = {}

    @property
    def name(self) -> str:
        return str(self.company["name"])

    def stamp(self) -> str:
        return f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"

    def today(self) -> date:
        return self.clock.today(ZONE)

    def ago(self, days: int) -> str:
        """A moment of the seed, long enough ago not to be new to anybody."""
        return f"{self.clock.now() - timedelta(days=days, hours=3):%Y-%m-%dT%H:%M:%SZ}"

    def count(self, what: str, start: int = 1) -> int:
        """The next number that is never given twice."""
        self._counters[what] = self._counters.get(what, start - 1) + 1
        return self._counters[what]

    def next_number(self, *names: str, start: int = 1) -> int:
        """One more than the highest in these tables: a number that was given and deleted comes again."""
        highest = max((int(self.tables[name].keys[-1]) for name in names if self.tables[name].keys), default=start - 1)
        number = max(highest + 1, start)
        if not self.service.numbers_are_reused:
            number = max(number, self._counters.get(names[0], 0) + 1)
            self._counters[names[0]] = number
        return number

    def existing(self, table: str, key: Key | None, *, member: str, code: str = "E07080") -> Json:
        """The record that a body refers to. Raises Refusal about that member when there is none."""
        record = self.tables[table].get(key)
        if record is None:
            noun = member.rpartition(".")[2]
            raise complain(member, code, f"{noun[:1].upper()}{noun[1:]} '{key}' not found.", key)
        return record

    def vat_rate(self, group: int, zone: int) -> Decimal:
        """Per cent that a line of a product of that group gets in that zone."""
        _, code = self.sales_accounts.get(group, {}).get(zone, (0, ""))
        account = self.tables["vat-accounts"].get(code)
        return Decimal(account["ratePercentage"]) if account else Decimal(0)

    # --- what clients did ---

    def created(self, kind: str, record: Json, *, request: int | None) -> None:
        """Remembers that a client made this record."""
        key = record[self.tables[kind].key]
        self.born[kind, key] = self.clock.now().timestamp()
        self.deeds[kind, key] = Deed(
            provider=KEY,
            company=str(self.number),
            kind=kind,
            id=id_of(kind, record),
            number=str(key),
            references=references_of(record),
            texts=[line["description"] for line in record.get("lines") or () if line.get("description")],
            totals={name: record[name] for name in TOTALS if name in record},
            created_at=self.clock.now(),
            request=request,
        )

    def updated(self, kind: str, record: Json) -> None:
        deed = self.deeds.get((kind, record[self.tables[kind].key]))
        if deed is None:
            return
        deed.updates += 1
        deed.references = references_of(record)
        deed.texts = [line["description"] for line in record.get("lines") or () if line.get("description")]
        deed.totals = {name: record[name] for name in TOTALS if name in record}

    def removed(self, kind: str, key: Key, *, became: str | None = None) -> None:
        """Remembers that a client's record is gone, or became another one. Its number may come again."""
        if became is None:
            self.detach(kind, key)
        self.files.pop((kind, key), None)
        deed = self.deeds.pop((kind, key), None)
        if deed is not None:
            deed.removed_at = self.clock.now()
            deed.became = became
            self.deeds[kind, f"{key} until {deed.removed_at.isoformat()} {len(self.deeds)}"] = deed

    def attach(self, kind: str, key: Key, data: bytes, *, request: int | None) -> None:
        """The draft has this PDF now, and no other. It has no id, so its digest stands for it."""
        self.detach(kind, key)
        self.files[kind, key] = data
        digest = digest_of(data)
        self.deeds[FILE, digest] = Deed(
            provider=KEY,
            company=str(self.number),
            kind=FILE,
            id=digest,
            number=None,
            references={},
            texts=[],
            totals={},
            created_at=self.clock.now(),
            request=request,
        )

    def detach(self, kind: str, key: Key) -> bool:
        """Whether there was one."""
        data = self.files.pop((kind, key), None)
        if data is not None:
            self.removed(FILE, digest_of(data))
        return data is not None


FILE = "attachment"


def digest_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


TOTALS = ("netAmount", "vatAmount", "grossAmount", "roundingAmount")
PREFIXES = {
    "orders/drafts": "order",
    "orders/sent": "order",
    "orders/archived": "order",
    "invoices/booked": "invoice",
}


def id_of(kind: str, record: Json) -> str:
    """A name for the record that no other record has: numbers alone are given again."""
    if kind == "invoices/drafts":
        handle = record.get("soap", {}).get("currentInvoiceHandle", {}).get("id")
        return f"draft-{record['draftInvoiceNumber']}" + (f"-{handle}" if handle else "")
    for name in ("orderNumber", "bookedInvoiceNumber", "customerNumber", "productNumber"):
        if kind in PREFIXES and name in record:
            return f"{PREFIXES[kind]}-{record[name]}"
    keys = {"customers": "customerNumber", "products": "productNumber"}
    return str(record.get(keys.get(kind, "number"), ""))


def references_of(record: Json) -> dict[str, str]:
    found = {"other": (record.get("references") or {}).get("other"), "name": record.get("name")}
    return {name: value for name, value in found.items() if value}
