"""Sample answers as the company of the contract: a few lists in memory behind `responses`, without a socket."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import requests
import responses

from accounting.protocol import Ledger
from accounting.providers.visma_eaccounting import EAccounting
from accounting.providers.visma_eaccounting.streams import STREAMS
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
from tests.accounting.providers.visma_eaccounting import samples
from tests.accounting.providers.visma_eaccounting.samples import Json, guid
from tests.accounting.providers.visma_eaccounting.sandbox_books import BAD, KNOWN_AS, ODD, TABLES, FixedAccess

URL = "https://eaccountingapi.example/v2"
STAMPS = {"customers": "ChangedUtc", "articles": "ChangedUtc", "projects": "ModifiedUtc", "orders": "ModifiedUtc"}
STAMPS |= {"articleaccountcodings": "ChangedUtc", "customerinvoices": "ModifiedUtc"}
Reply = tuple[int, dict[str, str], str | bytes]
Act = Callable[[], Reply]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "7Z"


class SampleBooks(ContractBooks):
    provider = EAccounting(page_size=2)
    kinds = tuple(STREAMS)
    company = Company(
        remote_id="b2f1c0de-0000-4000-8000-00000000c0de",
        name="Rör & Värme i Borås AB",
        organisation_number="556016-0680",
        country="SE",
        currency="SEK",
        features=frozenset({"orders", "projects", "vouchers", "house_work", "reverse_charge"}),
        locked_until=date(2026, 6, 30),
        private_prices_include_vat=True,
        rounds_to_whole=True,
    )

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.settings = copy.deepcopy(samples.SETTINGS)
        self.lists = copy.deepcopy(samples.LISTS)
        self.access = FixedAccess("token")
        self.calls: list[tuple[str, str, dict[str, str], Any]] = []
        self.unfilterable = False
        self._faults: list[tuple[str, str, bool, Act]] = []
        for method in ("GET", "POST", "PUT", "DELETE"):
            mock.add_callback(method, re.compile(re.escape(URL)), callback=self._answer)

    def ledger(self) -> Ledger:
        return self.provider.open({"VISMA_EACCOUNTING_API_URL": URL}, self.access)

    # --- the service ---

    def _answer(self, request: requests.PreparedRequest) -> Reply:
        parts = urlsplit(str(request.url))
        path = unquote(parts.path.removeprefix("/v2/"))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = json.loads(request.body, parse_float=Decimal) if request.body else None
        method = str(request.method)
        self.calls.append((method, path, query, body))
        if request.headers["Authorization"] != "Bearer token":
            return said(401, samples.NOT_AUTHORIZED)
        acts = [each for each in self._faults if each[0] == method and re.search(each[1], path)]
        for _, _, after, act in acts:
            if not after:
                return act()
        reply = self._carry_out(method, path, query, body)
        return acts[0][3]() if acts else reply

    def _carry_out(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        if path == "companysettings":
            return said(200, self.settings)
        name, _, key = path.partition("/")
        if method == "POST":
            return self._create(name, body)
        if not key:
            return self._list(name, query)
        found = next((each for each in self.lists[name] if each["Id"].lower() == key.lower()), None)
        if found is None:
            return said(400, samples.error(3000, "ResourceNotFoundException - The resource was not found."))
        if method == "PUT":
            found.clear()
            found.update({**body, **self._computed(name, body)})
        if method == "DELETE":
            self.lists[name].remove(found)
            return 200, {}, ""
        return said(200, found)

    def _create(self, name: str, body: Json) -> Reply:
        if str(body.get("VatNumber", "")).endswith("99"):
            text = "VatNumber is not a valid VAT number"
            return said(400, samples.error(4025, f"InvalidVatNumberException - {text}", VatNumber=text))
        made = {**body, "Id": str(uuid4()), **self._computed(name, body)}
        self.lists[name].append(made)
        return said(201, made)

    def _computed(self, name: str, body: Json) -> Json:
        stamp = {STAMPS[name]: now()} if name in STAMPS else {}
        if "Rows" in body:
            stamp["CreatedUtc"] = now()
        if name == "customers":
            return {**stamp, "CustomerNumber": body.get("CustomerNumber") or str(1001 + len(self.lists[name]))}
        rows = [row for row in body.get("Rows", []) if not row["IsTextRow"]]
        net = sum((Decimal(row["UnitPrice"]) * Decimal(row["Quantity"]) for row in rows), Decimal(0))
        if name == "orders":
            return {**stamp, "Number": 2100, "Amount": net * 5 / 4, "VatAmount": net / 4, "RoundingsAmount": 0}
        if name == "customerinvoicedrafts":
            return {**stamp, "InvoiceCurrencyCode": "SEK", "TotalAmount": net * 5 / 4, "TotalVatAmount": net / 4}
        return stamp

    def _list(self, name: str, query: dict[str, str]) -> Reply:
        if self.unfilterable and "$filter" in query:
            return said(400, samples.error(6000, "QueryParameterException - Not filterable"))
        chosen = [each for each in self.lists[name] if fits(each, query)]
        page, size = int(query.get("$page", "1")), int(query.get("$pagesize", "50"))
        meta = {
            "CurrentPage": page,
            "PageSize": size,
            "TotalNumberOfPages": -(-len(chosen) // size),
            "TotalNumberOfResults": len(chosen),
            "ServerTimeUtc": now(),
        }
        return said(200, {"Meta": meta, "Data": chosen[(page - 1) * size : page * size]})

    # --- records ---

    def empty(self, kind: type[Record]) -> None:
        self.lists[STREAMS[kind].path] = []

    def change(self, kind: type[Record]) -> str:
        path = STREAMS[kind].path
        record = self.lists[path][0]
        record["YourReference" if path == "orders" else "Name"] = "Nytt"
        if path in STAMPS:
            record[STAMPS[path]] = now()
        return str(record["Id"])

    def add_bad(self, kind: type[Record]) -> tuple[str, str]:
        path = STREAMS[kind].path
        self.lists[path].insert(0, {"Id": guid("bad"), **BAD[path]})
        return guid("bad"), KNOWN_AS.get(path, "Trasig")

    def add_odd(self, kind: type[Record]) -> str:
        path = STREAMS[kind].path
        more = {"CustomerId": guid("customer 1")} if path == "orders" else {}
        self.lists[path].append({"Id": guid("odd"), **ODD[path], **more, "Sparkle": {"Deep": [1.5, None]}})
        return guid("odd")

    # --- documents ---

    def document(self, kind: str, reference: str = "1187-K7Q2M9") -> Document:
        if kind == "customer":
            return new_customer(reference)
        if kind == "article":
            return new_article(reference)
        return new_order(reference) if kind == "sales_order" else new_draft(reference)

    def refused_document(self) -> tuple[Document, str]:
        return new_customer("C-1", vat_number="SE556016068099"), "VatNumber is not a valid VAT number"

    def stored(self, receipt: Receipt) -> Json:
        every = self.lists[TABLES[receipt.stage]]
        return dict(next(each for each in every if each["Id"].lower() == receipt.remote_id))

    def book(self, receipt: Receipt) -> None:
        source = self.stored(receipt)
        if receipt.stage is Stage.DRAFT:
            self.lists["customerinvoicedrafts"] = []
        origin = "CreatedFromDraftId" if receipt.stage is Stage.DRAFT else "CreatedFromOrderId"
        totals = {"TotalAmountInvoiceCurrency": 125, "TotalVatAmountInvoiceCurrency": 25}
        invoice = {"Id": str(uuid4()), "InvoiceNumber": 1001, origin: source["Id"], "ModifiedUtc": now(), **totals}
        self.lists["customerinvoices"].append({**invoice, "Rows": source["Rows"]})
        credit = {"Id": str(uuid4()), "IsCreditInvoice": True, "ModifiedUtc": now(), "Rows": source["Rows"]}
        self.lists["customerinvoices"].append(credit)

    def touch(self, receipt: Receipt) -> None:
        record = next(each for each in self.lists["customers"] if each["Id"] == receipt.remote_id)
        record |= {"Note": "Ny anteckning", "ChangedUtc": now()}

    def spoil(self, receipt: Receipt) -> None:
        member = "Amount" if receipt.stage is Stage.ORDER else "TotalAmount"
        record = next(each for each in self.lists[TABLES[receipt.stage]] if each["Id"] == receipt.remote_id)
        record[member] = "much"

    # --- what goes wrong ---

    def refuse_token(self) -> None:
        self.access = FixedAccess("stolen")

    def answer_instead(
        self, method: str, status: int, body: bytes | None = None, *, path: str = "", after: bool = False
    ) -> None:
        known = {401: samples.NOT_AUTHORIZED, 403: samples.NO_MODULE, 429: samples.QUOTA}
        spoken = known.get(status, samples.error(5000, "InternalServerErrorException - Oh"))
        reply = said(status, spoken) if body is None else (status, {}, body)
        self._faults.append((method, path, after, lambda: reply))

    def cut(self, method: str, *, path: str = "") -> None:
        self._faults.append((method, path, False, lambda: (200, {}, b'{"Meta":{"CurrentPage":1,"Pa')))

    def stay_silent(self, method: str, *, after: bool = False) -> None:
        def time_out() -> Reply:
            raise requests.ReadTimeout

        self._faults.append((method, "", after, time_out))

    def recover(self) -> None:
        self._faults = []

    @property
    def requests(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _, _ in self.calls]

    @property
    def queries(self) -> list[dict[str, str]]:
        return [query for _, _, query, _ in self.calls]

    @property
    def bodies(self) -> list[tuple[str, str, Any]]:
        return [(method, path, body) for method, path, _, body in self.calls if body is not None]


def said(status: int, body: Json) -> Reply:
    plain = json.dumps(body, default=float)
    return status, {"Content-Type": "application/json;charset=UTF-8"}, plain


def fits(record: Json, query: dict[str, str]) -> bool:
    """The few filters that we send: changed since, and one of some numbers."""
    since = query.get("modifiedSinceUtc")
    if since and record["ModifiedUtc"] < since:
        return False
    condition = query.get("$filter", "")
    if found := re.fullmatch(r"(\w+) ge (\S+)", condition):
        return str(record[found[1]]) >= found[2]
    numbers = re.findall(r"(\w+) eq '((?:[^']|'')*)'", condition)
    return not numbers or any(record.get(name) == number.replace("''", "'") for name, number in numbers)


# --- documents that these books accept ------------------------------------------------

ANSWERS = {
    "terms_of_payment": guid("30 days"),
    "coding_goods": guid("Varor 25 %"),
    "coding_service": guid("Tjänster 25 %"),
    "unit_goods": guid("st"),
    "unit_service": guid("tim"),
}


def new_customer(reference: str = "C-K7Q2M9AA", **members: Any) -> CustomerDocument:
    return CustomerDocument(
        **{
            "reference": reference,
            "name": "Nya Bageriet AB",
            "is_company": True,
            "organisation_number": "556016-0680",
            "email": "eva@bageriet.example",
            "phone": "033-10 20 30",
            "address": Address(street="Storgatan 1", postcode="503 30", city="Borås", country="SE"),
            "answers": ANSWERS,
            **members,
        }
    )


def new_article(reference: str = "A-1", **members: Any) -> ArticleDocument:
    return ArticleDocument(
        **{
            "reference": reference,
            "number": f"N-{reference}",
            "name": "Rör 22 mm",
            "is_service": False,
            "price": Decimal("39.9960"),
            "vat_percent": Decimal(25),
            "answers": ANSWERS,
            **members,
        }
    )


LINE = DocumentLine(
    article_remote_id=guid("article 1"),
    text="Rör 22 mm",
    quantity=Decimal("3.2500"),
    unit="st",
    unit_price=Decimal("100.0000"),
    vat_percent=Decimal(25),
    discount_percent=Decimal("5.00"),
    local_id="line-1",
)


def sale_members(reference: str, members: Json) -> Json:
    return {
        "reference": reference,
        "customer_remote_id": guid("customer 1"),
        "work_order_number": "1187",
        "currency": "SEK",
        "dated": date(2026, 11, 20),
        "your_reference": "Eva Ek",
        "title": "Byte av kran",
        "lines": (DocumentLine(text="Tätat under diskbänken."), LINE),
        "answers": ANSWERS,
        **members,
    }


def new_order(reference: str = "1187-K7Q2M9", **members: Any) -> SalesOrder:
    return SalesOrder(**sale_members(reference, members))


def new_draft(reference: str = "1187-K7Q2M9", **members: Any) -> InvoiceDraft:
    return InvoiceDraft(**sale_members(reference, members))
