"""One accounting company: its records, switches, numbers and what clients did to it."""

from __future__ import annotations

from datetime import date
from random import Random
from threading import RLock
from uuid import UUID
from zoneinfo import ZoneInfo

from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.moments import ticks_of, write_ticks
from accounting.providers.visma_eaccounting.sandbox.schema import Json, schema
from accounting.providers.visma_eaccounting.sandbox.switches import CompanySwitches, ServiceSwitches
from accounting.providers.visma_eaccounting.sandbox.table import Table
from accounting.sandbox import Clock, Deed

ZONE = ZoneInfo("Europe/Stockholm")
KEY = "visma_eaccounting"
# Table: (schema, member with the moment of the last change)
TABLES = {
    "users": ("UserApi", ""),
    "units": ("UnitApi", ""),
    "termsofpayments": ("TermsOfPaymentApi", ""),
    "articleaccountcodings": ("ArticleAccountCodingApi", "ChangedUtc"),
    "customers": ("CustomerApi", "ChangedUtc"),
    "articles": ("ArticleApi", "ChangedUtc"),
    "projects": ("ProjectApi", "ModifiedUtc"),
    "orders": ("OrderApi", "ModifiedUtc"),
    "customerinvoicedrafts": ("CustomerInvoiceDraftApi", ""),
    "customerinvoices": ("CustomerInvoiceApi", "ModifiedUtc"),
    "vatcodes": ("VatCodeApi", ""),
    "accounts": ("AccountApi", "ModifiedUtc"),
    "fiscalyears": ("FiscalYearApi", ""),
    "vouchers": ("VoucherApi", "ModifiedUtc"),
    "currencies": ("CurrencyApi", ""),
    "countries": ("CountryApi", ""),
    "deliverymethods": ("DeliveryMethodApi", ""),
    "deliveryterms": ("DeliveryTermApi", ""),
    "costcenters": ("CostCenterApi", ""),
    "costcenteritems": ("CostCenterItemApi", ""),
    "salesdocumentattachments": ("SalesDocumentAttachmentApi", ""),
}
KEYS = {"currencies": "Code", "countries": "Code"}


class Books:
    """A company's store. Everything that reads or writes holds `lock`."""

    def __init__(self, *, name: str, org_number: str, clock: Clock, service: ServiceSwitches, seed: int) -> None:
        self.lock = RLock()
        self.clock = clock
        self.service = service
        self.switches = CompanySwitches()
        self.random = Random(seed)
        self.id = self.new_id()
        self.name = name
        self.org_number = org_number
        self.currency = "SEK"
        self.country = "SE"
        self.settings: Json = {}
        self.tables = {
            key: Table(schema(of), stamp=stamp, key=KEYS.get(key, "Id")) for key, (of, stamp) in TABLES.items()
        }
        # The date that a draft was given; what it shows is another thing.
        self.draft_dates: dict[str, str] = {}
        self.next_numbers = {"customer": 10001, "invoice": 1001, "order": 2001, "article": 1, "quote": 1, "supplier": 1}
        self.voucher_numbers: dict[tuple[str, str], int] = {}
        self.deeds: dict[tuple[str, str], Deed] = {}
        self.born: dict[tuple[str, str], int] = {}
        self._last_ticks = 0

    def new_id(self) -> str:
        """A GUID, the same in every run with the same seed and requests."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def stamp(self) -> str:
        """Now, later than every stamp before."""
        self._last_ticks = max(ticks_of(self.clock.now()), self._last_ticks + 1)
        return write_ticks(self._last_ticks)

    def set_clock(self, clock: Clock) -> None:
        """Another time, earlier perhaps; stamps start anew from it."""
        self.clock = clock
        self._last_ticks = 0

    def today(self) -> date:
        return self.clock.today(ZONE)

    def table(self, key: str) -> Table:
        """The records of that kind, as they look today."""
        table = self.tables[key]
        table.refresh(self.today())
        return table

    def existing(self, key: str, id: str | None, *, member: str) -> Json:
        """The record that a body refers to. Raises Refusal 2000 on that member when there is none."""
        record = self.tables[key].get(id)
        if record is None:
            raise refuse(2000, f"{member} '{id}' does not exist.", field=member)
        return record

    def account(self, year: str, number: str) -> Json | None:
        """The account of that number in that fiscal year. Accounts have no id; the table has this one."""
        return self.tables["accounts"].get(account_id(year, number))

    def take_number(self, kind: str) -> int:
        number = self.next_numbers[kind]
        self.next_numbers[kind] += 1
        return number

    def fiscal_year(self, day: str) -> Json:
        """The fiscal year of a date. Raises Refusal 3001."""
        for year in self.tables["fiscalyears"].all():
            if year["StartDate"] <= day <= year["EndDate"]:
                return year
        raise refuse(3001, f"There is no fiscal year for the date {day}.")

    def open_period(self, day: str) -> Json:
        """The fiscal year of a date on which one may book. Raises Refusal 3001, 4038 or 4026."""
        year = self.fiscal_year(day)
        if year["IsLockedForAccounting"]:
            raise refuse(4038, f"The date {day} is in a locked fiscal year.")
        if self.switches.locked_to and day <= self.switches.locked_to:
            raise refuse(4026, f"The date {day} is in a locked period.")
        return year

    def created(self, kind: str, record: Json, *, request: int | None) -> None:
        """Remembers that a client made this record."""
        self.born[kind, record["Id"]] = ticks_of(self.clock.now())
        self.deeds[kind, record["Id"]] = Deed(
            provider=KEY,
            company=self.id,
            kind=kind,
            id=record["Id"],
            number=number_of(record),
            references=references_of(record),
            texts=[row["Text"] for row in record.get("Rows") or [] if row.get("Text")],
            totals={name: record[name] for name in TOTALS if name in record},
            created_at=self.clock.now(),
            request=request,
        )

    def updated(self, kind: str, record: Json) -> None:
        """Brings what we know of a client's record up to date."""
        deed = self.deeds.get((kind, record["Id"]))
        if deed is None:
            return
        deed.updates += 1
        deed.number = number_of(record)
        deed.references = references_of(record)
        deed.texts = [row["Text"] for row in record.get("Rows") or [] if row.get("Text")]
        deed.totals = {name: record[name] for name in TOTALS if name in record}

    def removed(self, kind: str, id: str, *, became: str | None = None) -> None:
        """Remembers that a client's record is gone, or became another one."""
        deed = self.deeds.get((kind, id))
        if deed is not None:
            deed.removed_at = self.clock.now()
            deed.became = became


def account_id(year: str, number: str) -> str:
    return f"{year}/{number}"


TOTALS = ("Amount", "VatAmount", "RoundingsAmount", "TotalAmount", "TotalVatAmount", "TotalRoundings")
NUMBERS = ("CustomerNumber", "Number", "InvoiceNumber", "NumberAndNumberSeries")
REFERENCES = (
    "YourReference",
    "OurReference",
    "BuyersOrderReference",
    "VoucherText",
    "Name",
    "OriginalFilename",
    "DocumentId",
)


def number_of(record: Json) -> str | None:
    """The number that people know it by; a sales document also has its customer's, which is not that."""
    own = "CustomerNumber" if "IsPrivatePerson" in record else ""
    found = next((record[name] for name in (own, *NUMBERS[1:]) if name and record.get(name) is not None), None)
    return None if found is None else str(found)


def references_of(record: Json) -> dict[str, str]:
    return {name: record[name] for name in REFERENCES if record.get(name)}
