"""Visma eAccounting, also sold as eEkonomi, Spiris and Bookkeeping & Invoicing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounting.auth import Auth, AuthorizationCode, Permission
from accounting.client import Client
from accounting.protocol import Access, Ledger, Provider, last_guid
from accounting.providers.visma_eaccounting.ledger import EAccountingLedger
from accounting.providers.visma_eaccounting.prices import predict_totals
from accounting.providers.visma_eaccounting.questions import QUESTIONS
from accounting.providers.visma_eaccounting.refusals import read_error
from accounting.providers.visma_eaccounting.rules import RULES
from accounting.providers.visma_eaccounting.streams import STREAMS
from accounting.types import (
    ArticleDocument,
    AttachmentDocument,
    Company,
    CustomerDocument,
    Document,
    InvoiceDraft,
    Question,
    Receipt,
    Record,
    Rule,
    SalesDocument,
    SalesOrder,
    Stage,
    Totals,
    gettext_noop,
)

# Restricts the company picker of the login page to this product.
SERVICE = "service:44643EB1-3F76-4C1C-A672-402AE8085934"

SIGN_IN = AuthorizationCode(
    identity_variable="VISMA_EACCOUNTING_IDENTITY_URL",
    client_id_variable="VISMA_EACCOUNTING_CLIENT_ID",
    client_secret_variable="VISMA_EACCOUNTING_CLIENT_SECRET",  # noqa: S106  (the name of a variable)
    authorize_path="/connect/authorize",
    token_path="/connect/token",  # noqa: S106  (a path)
    revoke_path="/connect/revocation",
    permissions=(
        Permission(scope="ea:api", sentence=gettext_noop("Use the accounting system on your behalf.")),
        Permission(
            scope="offline_access",
            sentence=gettext_noop("Stay connected when you are not signed in, until you disconnect."),
        ),
        Permission(
            scope="ea:sales",
            sentence=gettext_noop("Read and change customers, articles, orders and invoice drafts."),
        ),
        Permission(
            scope="ea:accounting",
            sentence=gettext_noop(
                "Read accounts, fiscal years, vouchers and projects, and create vouchers and projects."
            ),
        ),
    ),
    authorize_extra={"prompt": "select_account", "acr_values": SERVICE},
)

ENVIRONMENT = {
    "VISMA_EACCOUNTING_CLIENT_ID": "",
    "VISMA_EACCOUNTING_CLIENT_SECRET": "",
    "VISMA_EACCOUNTING_API_URL": "https://eaccountingapi.vismaonline.com/v2",
    "VISMA_EACCOUNTING_IDENTITY_URL": "https://identity.vismaonline.com",
    "VISMA_EACCOUNTING_WEB_URL": "https://eaccounting.vismaonline.com",
}

CHECKLIST = (
    gettext_noop("The API extension is switched on in the accounting system, under Apps and extensions."),
    gettext_noop("You have administrator rights in the accounting system."),
    gettext_noop("You choose the right company when you sign in: a connection belongs to one company."),
    gettext_noop("For sales orders: the extension for quotes and orders is switched on."),
    gettext_noop("Old sales orders are closed, because every ongoing order becomes a work order."),
)


@dataclass(kw_only=True)
class EAccounting:
    """The provider. `page_size` is how many records a page is asked to hold."""

    key: str = "visma_eaccounting"
    label: str = "Visma eAccounting"
    logins: tuple[Auth, ...] = (SIGN_IN,)
    environment: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)
    reads: frozenset[type[Record]] = frozenset(STREAMS)
    writes: frozenset[type[Document]] = frozenset(
        {CustomerDocument, ArticleDocument, SalesOrder, InvoiceDraft, AttachmentDocument}
    )
    questions: tuple[Question, ...] = QUESTIONS
    rules: tuple[Rule, ...] = RULES
    checklist: tuple[str, ...] = CHECKLIST
    documentation_url: str = "https://developer.vismaonline.com"
    limit_is_shared: bool = True  # 600 requests a minute per client and endpoint, all companies together
    page_size: int = 500

    def open(self, site: Mapping[str, str], access: Access) -> Ledger:
        client = Client(site["VISMA_EACCOUNTING_API_URL"], access, read_error=read_error)
        return EAccountingLedger(client, page_size=self.page_size)

    def predict(self, document: Document, company: Company) -> Totals | None:
        return predict_totals(document, company) if isinstance(document, SalesDocument) else None

    def link(self, site: Mapping[str, str], receipt: Receipt) -> str:
        """The invoice itself. Of the others no address is known, so the application's own start page."""
        start = site["VISMA_EACCOUNTING_WEB_URL"].rstrip("/")
        if receipt.stage is Stage.INVOICE:
            return f"{start}/#/sales/customerinvoice/{receipt.remote_id}"
        return f"{start}/"

    def remote_id_in(self, text: str) -> str:
        """Ids are GUIDs. The page of a customer ends in its one; pages of a customer's documents in another."""
        return last_guid(text)


PROVIDER: Provider = EAccounting()
