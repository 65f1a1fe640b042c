"""Acme Books, an accounting system that exists only in our tests: no network, failures on demand.

The real registry finds it through the fixture `acme_books`. `FakeCompany` is what a test holds in its hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from accounting.auth import Auth, AuthorizationCode, ClientCredentials, GrantToken, Permission
from accounting.hooks import Webhook
from accounting.protocol import Access, Ledger
from accounting.types import (
    ArticleDocument,
    ArticleRecord,
    AttachmentDocument,
    CodingRecord,
    Company,
    ContactDocument,
    ContactRecord,
    CustomerDocument,
    CustomerRecord,
    Document,
    InvoiceDraft,
    Problem,
    ProjectRecord,
    Question,
    Receipt,
    Record,
    Rule,
    SalesDocument,
    SalesOrder,
    SalesOrderRecord,
    TermsRecord,
    Totals,
    UnitRecord,
    ValueKind,
    WorkSiteRecord,
)

from .calls import CALLS, CallingLedger
from .ledger import FakeLedger

CENT = Decimal("0.01")

SIGN_IN = AuthorizationCode(
    identity_variable="ACME_BOOKS_IDENTITY_URL",
    client_id_variable="ACME_BOOKS_CLIENT_ID",
    client_secret_variable="ACME_BOOKS_CLIENT_SECRET",
    authorize_path="/authorize",
    token_path="/token",
    revoke_path="/revoke",
    permissions=[Permission(scope="books", sentence="Read and write the books.")],
)
# Further ways to sign in, for tests that declare them.
BY_TENANT = ClientCredentials(
    identity_variable="ACME_BOOKS_IDENTITY_URL",
    client_id_variable="ACME_BOOKS_CLIENT_ID",
    client_secret_variable="ACME_BOOKS_CLIENT_SECRET",
    token_path="/token",
    permissions=[Permission(scope="books", sentence="Read and write the books.")],
    tenant_parameter="tenant",
    tenant_advice="It stands in Acme Books under Company.",
    preparations=["The administrator of the company approves the app in the Acme store."],
    advice={"unauthorized_client": "The administrator has not approved the app in the Acme store."},
)
BY_GRANT = GrantToken(
    install_variable="ACME_BOOKS_INSTALL_URL",
    public_token_variable="ACME_BOOKS_PUBLIC_TOKEN",
    secret_token_variable="ACME_BOOKS_SECRET_TOKEN",
    token_parameter="grant",
    public_token_parameter="app",
    redirect_parameter="back",
    locales={"sv": "sv-SE", "en": "en-GB"},
)

# Questions about records of the books, for tests in which they are asked.
ABOUT_RECORDS = (
    Question(key="terms_of_payment", label="Terms", needed_for=frozenset({"customer"}), of=TermsRecord, required=False),
    Question(key="coding_goods", label="Goods", needed_for=frozenset({"article"}), of=CodingRecord, required=False),
    Question(key="coding_service", label="Hours", needed_for=frozenset({"article"}), of=CodingRecord, required=False),
)


def long_texts(document: Document, company: Company) -> Iterable[Problem]:
    """Acme Books prints at most 50 characters per line."""
    for line in getattr(document, "lines", ()):
        if len(line.text) > 50:
            yield Problem(
                code="text_too_long",
                sentence="The text “%(text)s” is longer than 50 characters.",
                where="line",
                field="text",
                local_id=line.local_id,
                values={"text": line.text},
            )


def names_are_needed(document: Document, company: Company) -> Iterable[Problem]:
    if getattr(document, "name", "-").strip():
        return
    yield Problem(code="name_missing", sentence="The name is missing.", where=document.kind, field="name")


def postcodes_are_needed(document: Document, company: Company) -> Iterable[Problem]:
    if isinstance(document, CustomerDocument) and not document.address.postcode:
        yield Problem(
            code="postcode_missing",
            sentence="“%(name)s” has no postcode.",
            where="customer",
            field="postcode",
            values={"name": document.name},
        )


def totals_are_positive(document: Document, company: Company) -> Iterable[Problem]:
    totals = PROVIDER.predict(document, company)
    if totals is not None and totals.total <= 0:
        yield Problem(
            code="total_not_positive",
            sentence="The total is %(total)s.",
            where="work_order",
            field="lines",
            values={"total": f"{totals.total:.2f}"},
        )


@dataclass(frozen=True)
class AcmeBooks:
    key: str = "acme_books"
    label: str = "Acme Books"
    logins: tuple[Auth, ...] = (SIGN_IN,)
    environment: Mapping[str, str] = field(
        default_factory=lambda: {
            "ACME_BOOKS_API_URL": "https://api.acme.example",
            "ACME_BOOKS_IDENTITY_URL": "https://login.acme.example",
            "ACME_BOOKS_CLIENT_ID": "acme-client",
            "ACME_BOOKS_CLIENT_SECRET": "acme-secret",
            "ACME_BOOKS_INSTALL_URL": "https://login.acme.example/install",
            "ACME_BOOKS_PUBLIC_TOKEN": "acme-public",
            "ACME_BOOKS_SECRET_TOKEN": "acme-app-secret",
        }
    )
    reads: frozenset[type[Record]] = frozenset(
        {
            UnitRecord,
            CodingRecord,
            TermsRecord,
            CustomerRecord,
            ContactRecord,
            WorkSiteRecord,
            ArticleRecord,
            ProjectRecord,
            SalesOrderRecord,
        }
    )
    writes: frozenset[type[Document]] = frozenset(
        {CustomerDocument, ContactDocument, ArticleDocument, SalesOrder, InvoiceDraft, AttachmentDocument}
    )
    questions: tuple[Question, ...] = (
        Question(key="layout", label="Layout of documents", needed_for=frozenset({"sales_order", "invoice_draft"})),
    )
    maps: tuple[ValueKind, ...] = ()
    webhook: Webhook | None = CALLS
    takes_addresses: bool = False
    """Whether the books can be told by a program whom to call."""
    rules: tuple[Rule, ...] = (long_texts, names_are_needed, postcodes_are_needed, totals_are_positive)
    checklist: tuple[str, ...] = ("You are an administrator in Acme Books.",)
    documentation_url: str = "https://docs.acme.example"
    limit_is_shared: bool = False

    def open(self, site: Mapping[str, str], access: Access) -> Ledger:
        kind = CallingLedger if self.takes_addresses else FakeLedger
        return kind(access, predict=self.predict)

    def predict(self, document: Document, company: Company) -> Totals | None:
        """Net and VAT per line, each rounded to the cent; 25 % where a line names no rate."""
        if not isinstance(document, SalesDocument):
            return None
        net = vat = Decimal(0)
        for line in document.lines:
            rate = (Decimal(25) if line.vat_percent is None else line.vat_percent) / 100
            amount = line.quantity * line.unit_price * (1 - line.discount_percent / 100)
            if document.prices_include_vat:
                amount /= 1 + rate
            net += amount.quantize(CENT, ROUND_HALF_UP)
            vat += (amount * rate).quantize(CENT, ROUND_HALF_UP)
        return Totals(net=net, vat=vat)

    def link(self, site: Mapping[str, str], receipt: Receipt) -> str:
        return f"https://acme.example/{receipt.stage}/{receipt.remote_id}"


PROVIDER = AcmeBooks()
