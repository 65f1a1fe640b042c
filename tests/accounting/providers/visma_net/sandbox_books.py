"""The stand-in as the company of the contract, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from accounting.protocol import Ledger
from accounting.providers.visma_net import VismaNet
from accounting.providers.visma_net.sandbox import Sandbox, serve
from accounting.providers.visma_net.streams import STREAMS
from accounting.sandbox import Stage as StandInStage
from accounting.sandbox.faults import Fault
from accounting.types import (
    Address,
    ArticleDocument,
    ArticleRecord,
    CodingRecord,
    Company,
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
)
from tests.accounting.contract import ContractBooks

Json = dict[str, Any]
RESOURCES: dict[type[Record], str] = {
    UnitRecord: "unitofmeasure",
    CodingRecord: "vatCategory",
    TermsRecord: "creditTerm",
    CustomerRecord: "customer",
    ArticleRecord: "inventory",
    ProjectRecord: "project",
    SalesOrderRecord: "salesorder",
}
TABLES = {
    Stage.CUSTOMER: "customer",
    Stage.ARTICLE: "inventory",
    Stage.ORDER: "salesorder",
    Stage.DRAFT: "customerinvoice",
    Stage.INVOICE: "customerinvoice",
}
# A member of another type than documented, per list.
BAD: dict[str, Json] = {
    "unitofmeasure": {"fromUnit": "Ødelagt", "toUnit": 5},
    "vatCategory": {"description": "Ødelagt", "vatCategoryLines": "many"},
    "creditTerm": {"description": "Ødelagt", "dueDay1": "many"},
    "customer": {"name": "Ødelagt", "corporateId": 5},
    "inventory": {"description": "Ødelagt", "defaultPrice": "dear"},
    "project": {"description": "Ødelagt", "startDate": 5},
    "salesorder": {"customerName": "Ødelagt", "customerId": None},
}
# Values and members that no description knows.
ODD: dict[str, Json] = {
    "unitofmeasure": {"fromUnit": "RART", "toUnit": "RART"},
    "vatCategory": {"description": "Rar", "vatCategoryLines": [{"type": "Surprise", "vatRates": [{"groupType": "x"}]}]},
    "creditTerm": {"description": "Rar", "dueDateType": "Surprise", "dueDay1": 5},
    "customer": {"name": "Rar", "status": "Surprise", "creditVerification": "Surprise"},
    "inventory": {"description": "Rar", "type": "SurpriseItem", "status": "Surprise"},
    "project": {"description": "Rar", "status": "Surprise"},
    "salesorder": {"status": "Surprise"},
}
ANSWERS = {
    "customer_class": "KUNDE",
    "customer_class_person": "PRIVAT",
    "item_class_goods": "LAGER",
    "item_class_service": "ARBEID",
    "payment_method": "1",
    "branch": "1",
    "warehouse": "1",
}


class FixedAccess:
    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> str:
        return self._token


@contextmanager
def running_stand_in() -> Iterator[Callable[[], SandboxBooks]]:
    """Books as they were at the start, as often as asked: the server starts once."""
    sandbox = Sandbox()
    stage = StandInStage(sandbox)

    def fresh() -> SandboxBooks:
        stage.reset()
        return SandboxBooks(sandbox, stage, base_url)

    with serve(stage) as base_url:
        yield fresh


class SandboxBooks(ContractBooks):
    provider = VismaNet(page_size=2)
    kinds = tuple(STREAMS)
    # Lists that the API gives as a whole.
    whole = frozenset({UnitRecord, CodingRecord})
    # An invoice has its number from the first day.
    keeps_id = frozenset({"invoice_draft"})
    tells_creation = frozenset({"invoice_draft"})
    keeps_files = frozenset({"invoice_draft"})

    def __init__(self, sandbox: Sandbox, stage: StandInStage, base_url: str) -> None:
        self.sandbox = sandbox
        self.stage = stage
        self.site = sandbox.environment(base_url)
        self.access = FixedAccess(sandbox.grant()["access_token"])
        this_year = sandbox.books.today().year
        self.company = Company(
            remote_id=sandbox.books.id,
            name="Fjordlys Elektro AS",
            organisation_number="987654325",
            country="NO",
            currency="NOK",
            features=frozenset({"orders", "projects", "vouchers"}),
            locked_until=date(this_year - 1, 12, 31),
        )

    def ledger(self) -> Ledger:
        return self.provider.open(self.site, self.access)

    # --- the login ---

    def sign_in(self, url: str, *, user: str = "") -> dict[str, str]:
        """What the browser brings back after somebody granted everything."""
        return dict(parse_qsl(urlsplit(self.sandbox.sign_in({"url": url, "user": user})["location"]).query))

    # --- records ---

    def empty(self, kind: type[Record]) -> None:
        table = self.sandbox.books.tables[RESOURCES[kind]]
        for key in list(table.raw):
            table.remove(key)

    def change(self, kind: type[Record]) -> str:
        resource = RESOURCES[kind]
        table = self.sandbox.books.tables[resource]
        key = next(iter(table.raw))
        values: dict[str, Json] = {
            "unitofmeasure": {"unitRate": 2},
            "customer": {"name": "Nytt navn"},
            "salesorder": {"refNo": "Ny"},
        }
        self.sandbox.change_records(
            {"resource": resource, "id": key, "values": values.get(resource, {"description": "Nytt navn"})}
        )
        return key

    def add_bad(self, kind: type[Record]) -> tuple[str, str]:
        return self._add(RESOURCES[kind], BAD[RESOURCES[kind]]), "Ødelagt"

    def add_odd(self, kind: type[Record]) -> str:
        return self._add(RESOURCES[kind], {**ODD[RESOURCES[kind]], "sparkle": {"deep": [1, None]}})

    def ids_of(self, kind: type[Record], remote_id: str) -> set[str]:
        """A VAT category serves goods and services."""
        return {remote_id, f"{remote_id}/service"} if kind is CodingRecord else {remote_id}

    def _add(self, resource: str, values: Json) -> str:
        if resource == "salesorder":
            like = next(iter(self.sandbox.books.tables[resource].all()))
            number = f"{self.sandbox.books.take_number('order'):06d}"
            values = {
                **like,
                **values,
                "key": f"SO/{number}",
                "orderId": number,
                "status": values.get("status", "Hold"),
            }
        record = self.sandbox.change_records({"resource": resource, "action": "add", "values": values})["records"][0]
        keys = {"salesorder": "key", "unitofmeasure": "fromUnit", "vatCategory": "vatCategoryId"}
        other = {"creditTerm": "termsId", "customer": "number", "inventory": "inventoryNumber", "project": "projectID"}
        return str(record[{**keys, **other}[resource]])

    # --- documents ---

    def document(self, kind: str, reference: str = "1187-K7Q2M9") -> Document:
        return {
            "customer": self.new_customer,
            "article": self.new_article,
            "sales_order": self.new_order,
            "invoice_draft": self.new_draft,
        }[kind](reference)

    def new_customer(self, reference: str) -> CustomerDocument:
        return CustomerDocument(
            reference=reference,
            name="Nye Bakeriet AS",
            is_company=True,
            organisation_number="974760673",
            email="eva@bakeriet.example",
            phone="73 10 20 30",
            address=Address(street="Storgata 1", postcode="7010", city="Trondheim", country="NO"),
            answers=ANSWERS,
        )

    def new_article(self, reference: str) -> ArticleDocument:
        return ArticleDocument(
            reference=reference,
            number=f"A-{reference}",
            name="Rør 22 mm",
            is_service=False,
            unit_remote_id="M",
            coding_remote_id="3",
            price=Decimal("39.9960"),
            vat_percent=Decimal(25),
            ean="7020160301501",
            answers=ANSWERS,
        )

    def new_order(self, reference: str) -> SalesOrder:
        return SalesOrder(
            reference=reference,
            customer_remote_id="10002",
            work_order_number="1187",
            currency="NOK",
            dated=datetime.now(UTC).date(),
            deliver_on=datetime.now(UTC).date(),
            your_reference="Eva",
            title="Bytte av sikringer",
            lines=self.lines(),
            answers=ANSWERS,
        )

    def new_draft(self, reference: str) -> InvoiceDraft:
        return InvoiceDraft(
            reference=reference,
            customer_remote_id="10002",
            work_order_number="1187",
            currency="NOK",
            dated=datetime.now(UTC).date(),
            your_reference="Eva",
            title="Bytte av sikringer",
            delivery_name="Kjelleren",
            delivery_address=Address(street="Nedre Bakklandet 7", postcode="7014", city="Trondheim"),
            lines=self.lines(),
            answers=ANSWERS,
        )

    def lines(self) -> tuple[DocumentLine, ...]:
        return (
            DocumentLine(text="Tettet rundt skapet."),
            DocumentLine(
                article_remote_id="KAB-3G15",
                text="Kabel 3G1,5",
                quantity=Decimal("3.25"),
                unit_price=Decimal("39.96"),
                vat_percent=Decimal(25),
                discount_percent=Decimal(5),
            ),
        )

    def refused_document(self) -> tuple[Document, str]:
        order = self.new_order("1188-AAAAAA")
        self.sandbox.change_records({"resource": "customer", "id": "10002", "values": {"status": "CreditHold"}})
        return order, "Invalid Customer Status"

    # --- what happens over there ---

    def stored(self, receipt: Receipt) -> Json:
        """The record's members on one level. What merely repeats the main address and contact is left out."""
        record = self.sandbox.books.tables[TABLES[receipt.stage]].get(receipt.remote_id) or {}
        repeated = [name for name in record if name.startswith(("invoice", "delivery")) and name != "invoiceText"]
        return flat({name: value for name, value in record.items() if name not in (*repeated, "timeStamp")})

    def book(self, receipt: Receipt) -> None:
        action = "convert" if receipt.stage is Stage.ORDER else "release"
        self.sandbox.change_records({"resource": TABLES[receipt.stage], "id": receipt.remote_id, "action": action})

    def touch(self, receipt: Receipt) -> None:
        values = {"refNo": "Ny"} if receipt.stage is Stage.ORDER else {"note": "Ny merknad"}
        self.sandbox.change_records({"resource": TABLES[receipt.stage], "id": receipt.remote_id, "values": values})

    def spoil(self, receipt: Receipt) -> None:
        values = {"net": "much"} if receipt.stage is Stage.ORDER else {"amountInCurrency": "much"}
        self.sandbox.change_records({"resource": TABLES[receipt.stage], "id": receipt.remote_id, "values": values})

    def refuse_token(self) -> None:
        self.access = FixedAccess("stolen")

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


def flat(value: Json, before: str = "") -> Json:
    found: Json = {}
    for name, member in value.items():
        found |= flat(member, f"{before}{name}.") if isinstance(member, dict) else {f"{before}{name}": member}
    return found
