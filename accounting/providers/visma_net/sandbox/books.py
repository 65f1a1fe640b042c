"""One company: its records, switches, number series and what clients did to it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from threading import RLock
from uuid import UUID

from accounting.providers.visma_net.sandbox.moments import ZONE, erp_stamp
from accounting.providers.visma_net.sandbox.switches import CompanySwitches, ServiceSwitches
from accounting.providers.visma_net.sandbox.table import Table
from accounting.providers.visma_net.sandbox.values import Json
from accounting.sandbox import Clock, Deed

KEY = "visma_net"
# Table: the member that tells a record from the others.
TABLES = {
    "organization": "organizationCd",
    "branch": "number",
    "financialPeriod": "period",
    "currency": "id",
    "creditTerm": "termsId",
    "unitofmeasure": "fromUnit",
    "vatCategory": "vatCategoryId",
    "vatZone": "id",
    "paymentmethod": "paymentMethodID",
    "warehouse": "warehouseID",
    "customerClass": "id",
    "itemClass": "id",
    "itemPostClass": "id",
    "salesordertype": "orderType",
    "customer": "number",
    "inventory": "inventoryNumber",
    "project": "projectID",
    "customerinvoice": "referenceNumber",
    "salesorder": "orderId",
}
STAMPED = frozenset(
    {"organization", "branch", "creditTerm", "vatCategory", "customer", "inventory", "project", "customerinvoice"}
)
VERSIONED = {"customer": "timeStamp", "inventory": "timestamp", "project": "timeStamp", "customerinvoice": "timeStamp"}
SERIES = {"customer": 10000, "invoice": 300001, "order": 1000, "internal": 1}


class Books:
    """A company's store. Everything that reads or writes holds `lock`."""

    def __init__(self, *, name: str, org_number: str, clock: Clock, service: ServiceSwitches, seed: int) -> None:
        self.lock = RLock()
        self.clock = clock
        self.service = service
        self.switches = CompanySwitches()
        self.random = Random(seed)
        self.id = str(UUID(int=self.random.getrandbits(128), version=4))
        self.name = name
        self.org_number = org_number
        self.currency = "NOK"
        self.tables = {key: Table() for key in TABLES}
        # When the stock of an item last changed, which does not change the item.
        self.availability: dict[str, float] = {}
        self.next_numbers = dict(SERIES)
        self.deeds: dict[tuple[str, str], Deed] = {}
        self.jobs: dict[str, Json] = {}
        self._version = 0
        self._late: list[tuple[float, Callable[[], None]]] = []

    # --- time ---

    def now(self) -> float:
        return self.clock.now().timestamp()

    def today(self) -> date:
        return self.clock.today(ZONE)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Carries it out some time after this request."""
        self._late.append((self.now() + seconds, act))

    def catch_up(self) -> None:
        """Carries out what has become due."""
        due = [each for each in self._late if each[0] <= self.now()]
        self._late = [each for each in self._late if each not in due]
        for _, act in due:
            act()

    # --- records ---

    def put(self, table: str, record: Json, *, at: float | None = None) -> Json:
        """Stores the record with its stamps and its next version."""
        moment = self.now() if at is None else at
        if table in STAMPED:
            record = {**record, "lastModifiedDateTime": erp_stamp(moment)}
        if table in VERSIONED:
            record = {**record, VERSIONED[table]: self.new_version()}
        self.tables[table].put(str(record[TABLES[table]]), record, moment)
        return record

    def new_version(self) -> str:
        """A row version, as the services write it."""
        self._version += 1
        return base64.b64encode((1_293_000_000 + self._version).to_bytes(8, "big")).decode()

    def new_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def take_number(self, series: str) -> int:
        number = self.next_numbers[series]
        self.next_numbers[series] += 1
        return number

    def closed(self, day: str) -> bool:
        """Whether the customer ledger is closed on that day."""
        return bool(self.switches.closed_to) and day[:10] <= (self.switches.closed_to or "")

    # --- what clients did ---

    def created(
        self,
        kind: str,
        id: str,
        *,
        number: str = "",
        references: Mapping[str, str] = {},
        texts: list[str] | None = None,
        totals: Mapping[str, Decimal | None] = {},
        request: int | None = None,
    ) -> None:
        """Remembers that a client made this record, or how it is now."""
        before = self.deeds.get((kind, id))
        self.deeds[kind, id] = Deed(
            provider=KEY,
            company=self.id,
            kind=kind,
            id=id,
            number=number or id,
            references={name: value for name, value in references.items() if value},
            texts=texts or [],
            totals=dict(totals),
            created_at=before.created_at if before else self.clock.now(),
            request=before.request if before else request,
            updates=before.updates + 1 if before else 0,
        )

    def removed(self, kind: str, id: str, *, became: str | None = None) -> None:
        deed = self.deeds.get((kind, id))
        if deed is not None:
            deed.removed_at = self.clock.now()
            deed.became = became

    def files_removed(self, record: Json) -> None:
        """Those of a document that is removed."""
        for each in record.get("attachments") or []:
            self.removed("attachment", each["id"])
