"""What crosses the seam between the engine and a provider: plain frozen values.

Records are what we read from the books, documents what we write to them. Money is
`Decimal`, moments are aware, dates are the company's local dates, discounts are
per cent (10 means 10 %), texts are trimmed. `remote_id` is the provider's own
identifier, opaque to us.
"""

from __future__ import annotations

from accounting.types.company import Address, Company, Contact
from accounting.types.documents import (
    ArticleDocument,
    AttachmentDocument,
    ContactDocument,
    CustomerDocument,
    Document,
    DocumentLine,
    InvoiceDraft,
    Receipt,
    SalesDocument,
    SalesOrder,
    Stage,
    Totals,
)
from accounting.types.pages import Batch, Entry, Page, Rejected
from accounting.types.records import (
    ArticleRecord,
    CodingRecord,
    ContactRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    Record,
    SalesDocumentRecord,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)
from accounting.types.rules import Choice, OurValue, Problem, Question, Rule, ValueKind, gettext_noop

__all__ = [
    "Address",
    "ArticleDocument",
    "ArticleRecord",
    "AttachmentDocument",
    "Batch",
    "Choice",
    "CodingRecord",
    "Company",
    "Contact",
    "ContactDocument",
    "ContactRecord",
    "CustomerDocument",
    "CustomerRecord",
    "Document",
    "DocumentLine",
    "Entry",
    "InvoiceDraft",
    "OrderLineRecord",
    "OrderState",
    "OurValue",
    "Page",
    "Problem",
    "ProjectRecord",
    "Question",
    "Receipt",
    "Record",
    "Rejected",
    "Rule",
    "SalesDocument",
    "SalesDocumentRecord",
    "SalesOrder",
    "SalesOrderRecord",
    "Stage",
    "TermsRecord",
    "Totals",
    "UnitRecord",
    "ValueKind",
    "WorkSiteRecord",
    "gettext_noop",
]
