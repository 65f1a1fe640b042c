"""Visma e-conomic: the legacy REST host, and the services that are taking its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounting.auth import Auth, GrantToken, Permission
from accounting.hooks import Webhook
from accounting.protocol import Access, Ledger, Provider
from accounting.providers.economic.hooks import WEBHOOK
from accounting.providers.economic.ledger import EconomicLedger
from accounting.providers.economic.payloads import kept_of
from accounting.providers.economic.prices import predict_totals
from accounting.providers.economic.questions import QUESTIONS
from accounting.providers.economic.rules import RULES
from accounting.providers.economic.streams import STREAMS
from accounting.providers.economic.wire import Wire
from accounting.types import (
    ArticleDocument,
    AttachmentDocument,
    Company,
    Contact,
    ContactDocument,
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
    gettext_noop,
)

ADD_APP = GrantToken(
    install_variable="ECONOMIC_INSTALL_URL",
    public_token_variable="ECONOMIC_APP_PUBLIC_TOKEN",  # noqa: S106  (the name of a variable)
    secret_token_variable="ECONOMIC_APP_SECRET_TOKEN",  # noqa: S106  (the name of a variable)
    token_parameter="token",  # noqa: S106  (the name of a parameter)
    public_token_parameter="appPublicToken",  # noqa: S106  (the name of a parameter)
    redirect_parameter="redirectUrl",
    locale_parameter="locale",
    locales={"en": "en-GB", "da": "da-DK", "sv": "sv-SE", "nb": "nb-NO"},
    permissions=(
        Permission(
            scope="SuperUser",
            sentence=gettext_noop(
                "Read and change customers, products, projects, orders and invoice drafts of your agreement."
            ),
        ),
    ),
)

ENVIRONMENT = {
    "ECONOMIC_APP_PUBLIC_TOKEN": "",
    "ECONOMIC_APP_SECRET_TOKEN": "",
    "ECONOMIC_API_URL": "https://restapi.e-conomic.com",
    "ECONOMIC_OPENAPI_URL": "https://apis.e-conomic.com",
    "ECONOMIC_INSTALL_URL": "https://secure.e-conomic.com/secure/api1/requestaccess.aspx",
    "ECONOMIC_WEB_URL": "https://secure.e-conomic.com",
}

CHECKLIST = (
    gettext_noop("You have all the rights of a SuperUser in the agreement; otherwise the app cannot be added."),
    gettext_noop("If you are its accountant: you have clicked “Administer” on that agreement first."),
    gettext_noop("You add the app to the agreement with your accounts, or to a trial agreement, not to a developer's."),
    gettext_noop("For projects: the agreement has the Project module."),
    gettext_noop("Finished orders are not registered as sent any more: every sent order becomes a work order."),
)


@dataclass(kw_only=True)
class Economic:
    """The provider. `page_size` is how many records a page is asked to hold."""

    key: str = "economic"
    label: str = "Visma e-conomic"
    logins: tuple[Auth, ...] = (ADD_APP,)
    environment: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)
    reads: frozenset[type[Record]] = frozenset(STREAMS)
    writes: frozenset[type[Document]] = frozenset(
        {CustomerDocument, ContactDocument, ArticleDocument, SalesOrder, InvoiceDraft, AttachmentDocument}
    )
    questions: tuple[Question, ...] = QUESTIONS
    rules: tuple[Rule, ...] = RULES
    checklist: tuple[str, ...] = CHECKLIST
    documentation_url: str = "https://www.e-conomic.com/developer"
    limit_is_shared: bool = False  # every agreement has a quota of its own
    webhook: Webhook | None = WEBHOOK
    page_size: int = 1000

    def open(self, site: Mapping[str, str], access: Access) -> Ledger:
        return EconomicLedger(Wire(site, access), page_size=self.page_size)

    def predict(self, document: Document, company: Company) -> Totals | None:
        return predict_totals(document, company) if isinstance(document, SalesDocument) else None

    def person_kept(self, contact: Contact) -> Contact:
        return kept_of(contact)

    def link(self, site: Mapping[str, str], receipt: Receipt) -> str:
        """The start page of the accounting system: no address of a single document is known."""
        return f"{site['ECONOMIC_WEB_URL'].rstrip('/')}/" if site.get("ECONOMIC_WEB_URL") else ""


PROVIDER: Provider = Economic()
