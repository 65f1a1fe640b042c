"""The stand-in as the company of the contract, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from accounting.protocol import Ledger
from accounting.providers.visma_eaccounting import EAccounting
from accounting.providers.visma_eaccounting.sandbox import Sandbox, serve
from accounting.providers.visma_eaccounting.streams import STREAMS
from accounting.sandbox import Stage as StandInStage
from accounting.sandbox.faults import Fault
from accounting.types import (
    Address,
    ArticleDocument,
    Company,
    CustomerDocument,
    Document,
    DocumentLine,
    InvoiceDraft,
    Receipt,
    Record,
    SalesOrder,
    Stage,
)
from tests.accounting.contract import ContractBooks

Json = dict[str, Any]
TABLES = {
    Stage.CUSTOMER: "customers",
    Stage.ARTICLE: "articles",
    Stage.DRAFT: "customerinvoicedrafts",
    Stage.ORDER: "orders",
    Stage.INVOICE: "customerinvoices",
}
# A member of another type than documented, per list.
BAD = {
    "units": {"Name": "Trasig", "Abbreviation": 5},
    "articleaccountcodings": {"Name": "Trasig", "VatRatePercent": "much"},
    "termsofpayments": {"Name": "Trasig", "NumberOfDays": "many"},
    "customers": {"Name": "Trasig", "Note": 5},
    "articles": {"Number": "T-1", "Name": "Trasig", "NetPrice": "dear"},
    "projects": {"Number": "T-1", "Name": "Trasig", "Status": "ongoing"},
    "orders": {"Number": 99001, "CustomerName": "Trasig", "CustomerId": None},
}
KNOWN_AS = {"orders": "99001"}
# Values and members that no description knows.
ODD: dict[str, Json] = {
    "units": {"Name": "Udda"},
    "articleaccountcodings": {"Name": "Udda", "Type": "Överraskning"},
    "termsofpayments": {"Name": "Udda", "TermsOfPaymentTypeId": 99},
    "customers": {"Name": "Udda", "PropertyType": 99, "SalesDocumentLanguage": "xx"},
    "articles": {"Number": "U-1", "Name": "Udda", "HouseWorkType": 99},
    "projects": {"Number": "U-1", "Name": "Udda", "Status": 99},
    "orders": {"Status": 99},
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
    sandbox = Sandbox(seed=1)
    stage = StandInStage(sandbox)

    def fresh() -> SandboxBooks:
        stage.reset()
        return SandboxBooks(sandbox, stage, f"{base_url}/visma_eaccounting/v2")

    with serve(stage) as base_url:
        yield fresh


class SandboxBooks(ContractBooks):
    provider = EAccounting(page_size=5)
    kinds = tuple(STREAMS)

    def __init__(self, sandbox: Sandbox, stage: StandInStage, url: str) -> None:
        self.sandbox = sandbox
        self.stage = stage
        self.site = {"VISMA_EACCOUNTING_API_URL": url}
        self.access = FixedAccess(sandbox.grant()["access_token"])
        self.company = Company(
            remote_id=sandbox.books.id,
            name="Bergström & Lind Rör och El AB",
            organisation_number="556812-4472",
            country="SE",
            currency="SEK",
            features=frozenset({"orders", "projects", "vouchers", "cost_centers", "house_work", "reverse_charge"}),
            locked_until=date(2024, 12, 31),
            private_prices_include_vat=True,
            rounds_to_whole=True,
        )

    def ledger(self) -> Ledger:
        return self.provider.open(self.site, self.access)

    # --- the login ---

    def login_site(self) -> dict[str, str]:
        """What an installation with the stand-in's client is configured with."""
        client = next(iter(self.sandbox.identity.clients.values()))
        identity = self.site["VISMA_EACCOUNTING_API_URL"].replace("/v2", "/identity")
        return {
            "VISMA_EACCOUNTING_IDENTITY_URL": identity,
            "VISMA_EACCOUNTING_CLIENT_ID": client.id,
            "VISMA_EACCOUNTING_CLIENT_SECRET": client.secret,
        }

    def sign_in(self, url: str) -> dict[str, str]:
        """What the browser brings back after the owner granted everything."""
        return dict(parse_qsl(urlsplit(self.sandbox.sign_in({"url": url})["location"]).query))

    # --- records ---

    def empty(self, kind: type[Record]) -> None:
        table = self.sandbox.books.tables[STREAMS[kind].path]
        for remote_id in list(table.raw):
            table.remove(remote_id)

    def change(self, kind: type[Record]) -> str:
        path = STREAMS[kind].path
        remote_id = sorted(self.sandbox.books.tables[path].raw)[0]
        values = {"YourReference": "Ny"} if path == "orders" else {"Name": "Nytt namn"}
        self.sandbox.change_records({"resource": path, "id": remote_id, "values": values})
        return remote_id

    def add_bad(self, kind: type[Record]) -> tuple[str, str]:
        path = STREAMS[kind].path
        return self._add(path, BAD[path]), KNOWN_AS.get(path, "Trasig")

    def add_odd(self, kind: type[Record]) -> str:
        path = STREAMS[kind].path
        more = {"CustomerId": self.customer()} if path == "orders" else {}
        return self._add(path, {**ODD[path], **more, "Sparkle": {"Deep": [1, None]}})

    def _add(self, path: str, values: Json) -> str:
        record = self.sandbox.change_records({"resource": path, "action": "add", "values": values})["records"][0]
        return str(record["Id"])

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
            name="Nya Bageriet AB",
            is_company=True,
            organisation_number="556016-0680",
            email="eva@bageriet.example",
            phone="033-10 20 30",
            address=Address(street="Storgatan 1", postcode="503 30", city="Borås", country="SE"),
            discount_percent=Decimal(10),
            answers=self.answers(),
        )

    def new_article(self, reference: str) -> ArticleDocument:
        return ArticleDocument(
            reference=reference,
            number=f"A-{reference}",
            name="Rör 22 mm",
            is_service=False,
            price=Decimal("39.9960"),
            vat_percent=Decimal(25),
            answers=self.answers(),
        )

    def new_order(self, reference: str) -> SalesOrder:
        return SalesOrder(
            reference=reference,
            customer_remote_id=self.customer(),
            work_order_number="1187",
            currency="SEK",
            dated=datetime.now(UTC).date(),
            your_reference="Eva",
            title="Byte av kran",
            lines=(DocumentLine(text="Tätat under diskbänken."), self.line()),
            answers=self.answers(),
        )

    def new_draft(self, reference: str) -> InvoiceDraft:
        order = self.new_order(reference)
        return InvoiceDraft(**{each.name: getattr(order, each.name) for each in fields(order)})

    def line(self) -> DocumentLine:
        return DocumentLine(
            article_remote_id=self.article(),
            text="Rör 22 mm",
            quantity=Decimal("3.2500"),
            unit_price=Decimal("100.0000"),
            vat_percent=Decimal(25),
            discount_percent=Decimal("5.00"),
        )

    def refused_document(self) -> tuple[Document, str]:
        return replace(self.new_customer("C-1"), vat_number="SE556016068099"), "is not a valid VAT number"

    def answers(self) -> dict[str, str]:
        terms = self._first("termsofpayments", AvailableForSales=True, NumberOfDays=30)
        return {
            "terms_of_payment": terms,
            "coding_goods": self._first("articleaccountcodings", Type="Goods", VatRatePercent=Decimal(25)),
            "coding_service": self._first("articleaccountcodings", Type="Service", VatRatePercent=Decimal(25)),
            "unit_goods": self._first("units", Abbreviation="st"),
            "unit_service": self._first("units", Abbreviation="tim"),
        }

    def customer(self, *, private: bool = False) -> str:
        return self._first("customers", IsPrivatePerson=private, InvoiceCountryCode="SE", IsActive=True)

    def article(self) -> str:
        coding = self._first("articleaccountcodings", Type="Goods", VatRatePercent=Decimal(25))
        return self._first("articles", CodingId=coding, IsActive=True)

    def _first(self, table: str, **members: object) -> str:
        fitting = (
            each["Id"]
            for each in self.sandbox.books.tables[table].all()
            if all(each.get(name) == value for name, value in members.items())
        )
        return str(next(fitting))

    # --- what happens over there ---

    def stored(self, receipt: Receipt) -> Json:
        return dict(self.sandbox.books.tables[TABLES[receipt.stage]].get(receipt.remote_id) or {})

    def book(self, receipt: Receipt) -> None:
        steps = ["ship", "convert"] if receipt.stage is Stage.ORDER else ["convert"]
        for step in steps:
            self.sandbox.change_records({"resource": TABLES[receipt.stage], "id": receipt.remote_id, "action": step})

    def touch(self, receipt: Receipt) -> None:
        order = {"resource": TABLES[receipt.stage], "id": receipt.remote_id, "values": {"Note": "Ny anteckning"}}
        self.sandbox.change_records(order)

    def spoil(self, receipt: Receipt) -> None:
        member = "Amount" if receipt.stage is Stage.ORDER else "TotalAmount"
        order = {"resource": TABLES[receipt.stage], "id": receipt.remote_id, "values": {member: "much"}}
        self.sandbox.change_records(order)

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
