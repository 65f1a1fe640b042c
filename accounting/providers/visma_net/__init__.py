"""Visma.net ERP: the ERP's own API and the sales order service beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounting.auth import Auth, AuthorizationCode, ClientCredentials, Permission
from accounting.client import Client
from accounting.hooks import Webhook
from accounting.protocol import Access, Ledger, Provider
from accounting.providers.visma_net.hooks import WEBHOOK
from accounting.providers.visma_net.ledger import VismaNetLedger
from accounting.providers.visma_net.prices import predict_totals
from accounting.providers.visma_net.questions import MAPS, QUESTIONS
from accounting.providers.visma_net.refusals import REQUEST_ID, TABLE, read_error
from accounting.providers.visma_net.rules import RULES
from accounting.providers.visma_net.streams import STREAMS
from accounting.types import (
    ArticleDocument,
    AttachmentDocument,
    Company,
    Contact,
    CustomerDocument,
    Document,
    InvoiceDraft,
    Question,
    Receipt,
    Record,
    Rule,
    SalesDocument,
    SalesOrder,
    Totals,
    ValueKind,
    gettext_noop,
)

READ = gettext_noop("Read customers, items, projects, invoices and settings.")
CREATE = gettext_noop("Create customers, items and invoices on hold.")
UPDATE = gettext_noop("Change what was created.")
DELETE = gettext_noop("Take back an invoice that is not released.")
ORDERS_READ = gettext_noop("Read sales orders.")
ORDERS_WRITE = gettext_noop("Create and change sales orders.")
ORDER_PERMISSIONS = (
    Permission(scope="visma.net.erp.salesorder:read", sentence=ORDERS_READ),
    Permission(scope="visma.net.erp.salesorder:write", sentence=ORDERS_WRITE),
)

NOT_APPROVED = gettext_noop(
    "The app is not approved for this company, or it is not the company's tenant id. An administrator approves it in "
    "the Visma App Store; the tenant id is found in Visma Admin under Company, Edit, Configuration."
)
MISSING_SCOPES = gettext_noop(
    "The app asks for more than was approved. An administrator approves it anew in the Visma App Store, for the ERP "
    "and for sales orders."
)
NO_ROLE = gettext_noop(
    "You need the role API User in that company. An administrator gives it in Visma Admin; it takes up to a quarter of "
    "an hour to work."
)


def erp_permissions(flavour: str) -> tuple[Permission, ...]:
    rights = {"read": READ, "create": CREATE, "update": UPDATE, "delete": DELETE}
    return tuple(
        Permission(scope=f"vismanet_erp_{flavour}_api:{right}", sentence=sentence) for right, sentence in rights.items()
    )


BY_TENANT = ClientCredentials(
    identity_variable="VISMA_NET_IDENTITY_URL",
    client_id_variable="VISMA_NET_CLIENT_ID",
    client_secret_variable="VISMA_NET_CLIENT_SECRET",  # noqa: S106  (the name of a variable)
    token_path="/connect/token",  # noqa: S106  (a path)
    permissions=(*erp_permissions("service"), *ORDER_PERMISSIONS),
    tenant_parameter="tenant_id",
    tenant_label=gettext_noop("Tenant id of the company"),
    tenant_advice=gettext_noop(
        "In Visma Admin: Company, Edit, Configuration, Tenant id. The id of the customer above the company looks the "
        "same and does not work."
    ),
    preparations=(
        gettext_noop("An administrator of the company opens the Visma App Store and approves the app for the company."),
        gettext_noop("When the app asks for more later on, it must be approved there again."),
        gettext_noop("Copy the tenant id of the company from Visma Admin: Company, Edit, Configuration."),
    ),
    advice={"invalid_tenant": NOT_APPROVED, "unauthorized_client": NOT_APPROVED, "invalid_scope": MISSING_SCOPES},
)
BY_PERSON = AuthorizationCode(
    identity_variable="VISMA_NET_IDENTITY_URL",
    client_id_variable="VISMA_NET_CLIENT_ID",
    client_secret_variable="VISMA_NET_CLIENT_SECRET",  # noqa: S106  (the name of a variable)
    authorize_path="/connect/authorize",
    token_path="/connect/token",  # noqa: S106  (a path)
    revoke_path="",
    permissions=(
        *erp_permissions("interactive"),
        *ORDER_PERMISSIONS,
        Permission(
            scope="offline_access",
            sentence=gettext_noop("Stay connected when you are not signed in, until you disconnect."),
        ),
    ),
    preparations=(
        gettext_noop("You have the role API User in the company."),
        gettext_noop("You choose the right company when you sign in: a connection belongs to one company."),
    ),
    advice={"invalid_tenant": NO_ROLE, "invalid_scope": MISSING_SCOPES},
)

ENVIRONMENT = {
    "VISMA_NET_CLIENT_ID": "",
    "VISMA_NET_CLIENT_SECRET": "",
    "VISMA_NET_API_URL": "https://api.finance.visma.net",
    "VISMA_NET_ORDERS_URL": "https://salesorder.visma.net",
    "VISMA_NET_IDENTITY_URL": "https://connect.visma.com",
    "VISMA_NET_WEBHOOK_SECRET": "",
}

CHECKLIST = (
    gettext_noop("An administrator of the company has approved the app in the Visma App Store."),
    gettext_noop("The approval includes sales orders, which have permissions of their own."),
    gettext_noop("You know the tenant id of the company: Visma Admin, Company, Edit, Configuration."),
    gettext_noop("It is the company's tenant id. That of the customer above it signs in and is refused everywhere."),
    gettext_noop("Your accountant has told you the customer class and the item classes for what is new."),
    gettext_noop("Old sales orders are closed, because every open order becomes a work order."),
)


@dataclass(kw_only=True)
class VismaNet:
    """The provider. `page_size` is how many records a page is asked to hold."""

    key: str = "visma_net"
    label: str = "Visma.net ERP"
    logins: tuple[Auth, ...] = (BY_TENANT, BY_PERSON)
    environment: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)
    reads: frozenset[type[Record]] = frozenset(STREAMS)
    writes: frozenset[type[Document]] = frozenset(
        {CustomerDocument, ArticleDocument, SalesOrder, InvoiceDraft, AttachmentDocument}
    )
    questions: tuple[Question, ...] = QUESTIONS
    maps: tuple[ValueKind, ...] = MAPS
    rules: tuple[Rule, ...] = RULES
    checklist: tuple[str, ...] = CHECKLIST
    webhook: Webhook | None = WEBHOOK
    documentation_url: str = "https://docs.vismasoftware.no/vismanetapi"
    limit_is_shared: bool = False  # so many requests an hour for each company and client
    page_size: int = 500

    def open(self, site: Mapping[str, str], access: Access) -> Ledger:
        erp, orders = (
            Client(site[name], access, read_error=read_error, table=TABLE, id_header=REQUEST_ID)
            for name in ("VISMA_NET_API_URL", "VISMA_NET_ORDERS_URL")
        )
        return VismaNetLedger(erp, orders, access, page_size=self.page_size)

    def predict(self, document: Document, company: Company) -> Totals | None:
        return predict_totals(document) if isinstance(document, SalesDocument) else None

    def person_kept(self, contact: Contact) -> Contact:
        """A customer has the name of somebody to whose attention things are sent, and no more."""
        return Contact(name=contact.name)

    def link(self, site: Mapping[str, str], receipt: Receipt) -> str:
        """Of no record an address is known: which company one sees depends on where one is signed in."""
        return ""

    def remote_id_in(self, text: str) -> str:
        """Ids are numbers of the firm's own making, of any form, so only what is nothing else is one."""
        words = text.split()
        return words[0] if len(words) == 1 and "://" not in text else ""


PROVIDER: Provider = VismaNet()
