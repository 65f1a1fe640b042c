"""The stand-in as the agreement of the contract, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from accounting.protocol import Ledger
from accounting.providers.economic import Economic
from accounting.providers.economic.remote_ids import sale_number
from accounting.providers.economic.sandbox import Sandbox, serve
from accounting.providers.economic.streams import STREAMS
from accounting.sandbox import Options
from accounting.sandbox import Stage as StandInStage
from accounting.sandbox.exchange import read_body
from accounting.sandbox.faults import Fault
from accounting.types import (
    Address,
    ArticleDocument,
    CodingRecord,
    Company,
    Contact,
    ContactDocument,
    ContactRecord,
    CustomerDocument,
    CustomerRecord,
    Document,
    DocumentLine,
    InvoiceDraft,
    ProjectRecord,
    Receipt,
    Record,
    SalesOrder,
    SalesOrderRecord,
    Stage,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)
from tests.accounting.contract import ContractBooks
from tests.accounting.providers.economic.vendor import LEGACY, legacy_errors, service_errors

Json = dict[str, Any]
TABLES: dict[type[Record], str] = {
    UnitRecord: "units",
    CodingRecord: "product-groups",
    TermsRecord: "payment-terms",
    CustomerRecord: "customers",
    ContactRecord: "contacts",
    WorkSiteRecord: "deliverylocations",
    ProjectRecord: "projects",
    SalesOrderRecord: "orders/sent",
}
PREFIXES = {UnitRecord: "unit-", CodingRecord: "group-", TermsRecord: "terms-", SalesOrderRecord: "order-"}
# A member of another type than documented, per table.
BAD: dict[str, Json] = {
    "units": {"name": 5},
    "product-groups": {"name": 5},
    "payment-terms": {"name": "Ødelagt", "daysOfCredit": "many"},
    "customers": {"name": "Ødelagt", "email": 5},
    "contacts": {"name": "Ødelagt", "customerNumber": None},
    "deliverylocations": {"customerNumber": None, "address": "Ødelagt"},
    "products": {"productNumber": "T-1", "name": "Ødelagt", "salesPrice": "dear"},
    "projects": {"name": "Ødelagt", "isClosed": "no"},
    "orders/sent": {"customer": None, "lines": []},
}
# Values and members that no description knows.
ODD: dict[str, Json] = {
    "units": {"name": "Sær"},
    "product-groups": {"name": "Sær"},
    "payment-terms": {"name": "Sær", "paymentTermsType": "barter"},
    "customers": {"name": "Sær", "vatZone": {"vatZoneNumber": 99}},
    "contacts": {"name": "Sær", "customerNumber": 1001, "receivePigeons": True},
    "deliverylocations": {"customerNumber": 1001, "address": "Sær"},
    "products": {"productNumber": "U-1", "name": "Sær", "inventory": {"available": None}},
    "projects": {"name": "Sær", "status": 99},
    "orders/sent": {"customer": {"customerNumber": 1001}, "lines": [], "mood": "odd"},
}


class FixedAccess:
    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> str:
        return self._token


class Listening(Sandbox):
    """The stand-in, remembering the bodies that it was sent: method, path below the host's address, body."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, Json]] = []
        super().__init__(Options())

    def reset(self) -> None:
        self.heard.clear()
        super().reset()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (body := read_body(environ)) and "json" in environ.get("CONTENT_TYPE", ""):
            self.heard.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], msgspec.json.decode(body)))
        return super().__call__(environ, start_response)

    def complaints(self) -> list[str]:
        """What the vendor's description finds wrong with the bodies."""
        found: list[str] = []
        if not LEGACY.exists():
            return found
        for method, path, body in self.heard:
            area, _, rest = path.lstrip("/").partition("/")
            check = legacy_errors if area == "rest" else service_errors
            errors = check(method, rest, body)
            found += [f"{method} {path}: {error}" for error in errors]
        return found


@contextmanager
def running_stand_in() -> Iterator[Callable[[], SandboxBooks]]:
    """Books as they were at the start, as often as asked: the server starts once."""
    sandbox = Listening()
    stage = StandInStage(sandbox)

    def fresh() -> SandboxBooks:
        stage.reset()
        sandbox.switch({"switches": {"cursor_size": 2}})
        return SandboxBooks(sandbox, stage, base_url)

    with serve(stage) as base_url:
        yield fresh


class SandboxBooks(ContractBooks):
    provider = Economic(page_size=2)
    kinds = tuple(STREAMS)
    tells_creation = frozenset[str]()
    named_as_origin = frozenset({"sales_order"})
    undated = frozenset({Stage.ORDER, Stage.INVOICE})
    only_drafts_have_files = True

    def __init__(self, sandbox: Listening, stage: StandInStage, base_url: str) -> None:
        self.sandbox = sandbox
        self.stage = stage
        self.site = sandbox.environment(base_url)
        self.access = FixedAccess(sandbox.grant())
        self.company = Company(
            remote_id="1718001",
            name="Vestkystens VVS ApS",
            organisation_number="25313763",
            country="DK",
            currency="DKK",
            features=frozenset({"orders", "projects", "vouchers"}),
        )

    def ledger(self) -> Ledger:
        return self.provider.open(self.site, self.access)

    # --- records ---

    def table_of(self, kind: type[Record]) -> str:
        return TABLES.get(kind, "products")

    def empty(self, kind: type[Record]) -> None:
        for name in ("orders/drafts", "orders/sent") if kind is SalesOrderRecord else (self.table_of(kind),):
            table = self.sandbox.books.tables[name]
            for key in list(table.keys):
                table.remove(key)

    def change(self, kind: type[Record]) -> str:
        name = self.table_of(kind)
        key = self.sandbox.books.tables[name].keys[0]
        values: Json = {"name": "Nyt navn"}
        if kind is SalesOrderRecord:
            values = {"references": {"other": "Ny"}}
        if kind is WorkSiteRecord:
            values = {"city": "Nyby"}
        self.sandbox.change_records({"resource": name, "id": key, "values": values})
        return f"{PREFIXES.get(kind, '')}{key}"

    def add_bad(self, kind: type[Record]) -> tuple[str, str]:
        name = self.table_of(kind)
        remote_id = self._add(kind, BAD[name])
        known_as = "Ødelagt" if BAD[name].get("name") == "Ødelagt" else remote_id.rpartition("-")[2]
        return remote_id, known_as

    def add_odd(self, kind: type[Record]) -> str:
        return self._add(kind, {**ODD[self.table_of(kind)], "sparkle": {"deep": [1, None]}})

    def _add(self, kind: type[Record], values: Json) -> str:
        name = self.table_of(kind)
        if kind is CodingRecord:
            self.sandbox.books.sales_accounts[self.sandbox.books.next_number(name)] = {1: (1010, "U25")}
        record = self.sandbox.change_records({"resource": name, "action": "add", "values": values})["records"][0]
        return f"{PREFIXES.get(kind, '')}{record[self.sandbox.books.tables[name].key]}"

    # --- documents ---

    def document(self, kind: str, reference: str = "1187-K7Q2M9") -> Document:
        return {
            "customer": self.new_customer,
            "contact": self.new_contact,
            "article": self.new_article,
            "sales_order": self.new_order,
            "invoice_draft": self.new_draft,
        }[kind](reference)

    def new_customer(self, reference: str) -> CustomerDocument:
        """One that the books number. Without a country it is at home."""
        return CustomerDocument(
            reference=reference,
            name="Nye Bageri (Esbjerg) ApS",
            is_company=True,
            organisation_number="13585628",
            email="eva@bageri.example",
            phone="75 10 20 30",
            address=Address(street="Storegade 1", postcode="6700", city="Esbjerg"),
            currency="DKK",
            answers=self.answers(),
        )

    def new_contact(self, reference: str) -> ContactDocument:
        return ContactDocument(
            reference=reference,
            customer_remote_id="1002",
            contact=Contact(name="Eva Holm", email="eva@vesterhavet.example", phone="20 10 20 30"),
        )

    def new_article(self, reference: str) -> ArticleDocument:
        return ArticleDocument(
            reference=reference,
            number=f"A-{reference}",
            name="Rør 22 mm",
            is_service=False,
            price=Decimal("39.9500"),
            vat_percent=Decimal(25),
            answers=self.answers(),
        )

    def new_order(self, reference: str) -> SalesOrder:
        return SalesOrder(
            reference=reference,
            customer_remote_id="1002",
            work_order_number="1187",
            currency="DKK",
            dated=datetime.now(UTC).date(),
            your_reference="Eva",
            title="Nyt blandingsbatteri",
            lines=(
                DocumentLine(text="Nyt blandingsbatteri"),
                DocumentLine(text="Tætnet under vasken."),
                self.line(),
            ),
            answers=self.answers(),
        )

    def new_draft(self, reference: str) -> InvoiceDraft:
        order = self.new_order(reference)
        return InvoiceDraft(**{each.name: getattr(order, each.name) for each in fields(order)})

    def line(self) -> DocumentLine:
        return DocumentLine(
            article_remote_id="3002",
            text="Kobberrør 22 mm",
            quantity=Decimal("3.2500"),
            unit="M",
            unit_price=Decimal("96.4000"),
            vat_percent=Decimal(25),
            discount_percent=Decimal("5.00"),
        )

    def refused_document(self) -> tuple[Document, str]:
        answers = {**self.answers(), "customer_group": "customer-group-99"}
        return replace(self.new_customer("C-1"), answers=answers), "CustomerGroup '99' not found."

    def answers(self) -> dict[str, str]:
        return {
            "layout": "layout-19",
            "customer_group": "customer-group-1",
            "terms_of_payment": "terms-2",
            "vat_zone_domestic": "zone-1",
            "vat_zone_eu": "zone-2",
            "vat_zone_abroad": "zone-3",
            "coding_goods": "group-1",
            "coding_service": "group-2",
            "unit_goods": "unit-1",
            "unit_service": "unit-2",
        }

    # --- what happens over there ---

    def where(self, receipt: Receipt) -> tuple[str, Any]:
        """The table in which it lies, and its key there."""
        if receipt.stage is Stage.CUSTOMER:
            return "customers", int(receipt.remote_id)
        if receipt.stage is Stage.ARTICLE:
            return "products", receipt.remote_id
        if receipt.stage is Stage.CONTACT:
            return "contacts", int(receipt.remote_id)
        number = sale_number(receipt.stage, receipt.remote_id)
        places = {
            Stage.ORDER: ("orders/drafts", "orders/sent", "orders/archived"),
            Stage.DRAFT: ("invoices/drafts",),
            Stage.INVOICE: ("invoices/booked",),
        }[receipt.stage]
        return next((name for name in places if number in self.sandbox.books.tables[name]), places[0]), number

    def stored(self, receipt: Receipt) -> Json:
        table, key = self.where(receipt)
        return dict(self.sandbox.books.tables[table].get(key) or {})

    def act(self, receipt: Receipt, action: str, **values: Any) -> Json:
        table, key = self.where(receipt)
        order = {"resource": table, "id": key, "action": action, "values": values}
        record: Json = self.sandbox.change_records(order)["records"][0]
        return record

    def book(self, receipt: Receipt) -> None:
        """An order is registered as sent first, so that it stays in the books."""
        if receipt.stage is Stage.ORDER:
            self.act(receipt, "send")
        self.act(receipt, "book")

    def touch(self, receipt: Receipt) -> None:
        self.act(receipt, "change", city="Nyby")

    def spoil(self, receipt: Receipt) -> None:
        self.act(receipt, "change", netAmount="much")

    def refuse_token(self) -> None:
        self.sandbox.switch({"switches": {"revoke_tokens": True}})

    def answer_instead(
        self, method: str, status: int, body: bytes | None = None, *, path: str = "", after: bool = False
    ) -> None:
        said = None if body is None else body.decode()
        phase = "after" if after else "before"
        self._fault(Fault(action="status", status=status, body=said, method=method, path=path, phase=phase))

    def cut(self, method: str, *, path: str = "") -> None:
        self._fault(Fault(action="truncate", phase="during", method=method, path=path))

    def stay_silent(self, method: str, *, after: bool = False) -> None:
        self._fault(Fault(action="hold", phase="after" if after else "before", method=method, seconds=5))

    def _fault(self, fault: Fault) -> None:
        self.stage.faults.add(fault)

    def recover(self) -> None:
        self.stage.faults.replace([])

    @property
    def requests(self) -> list[tuple[str, str]]:
        return [(entry.method, entry.path) for entry in self.stage.journal.entries()]
