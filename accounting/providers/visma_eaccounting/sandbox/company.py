"""The company's own settings, its fiscal years, accounts and cost centers, and files on sales documents."""

from __future__ import annotations

import base64
import calendar
from datetime import date
from typing import Any

from accounting.providers.visma_eaccounting.sandbox.books import Books, account_id
from accounting.providers.visma_eaccounting.sandbox.customers import conflict
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.schema import Json, complete, schema

CONTENT_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/tiff")
LARGEST_FILE = 20 << 20
# Route: (table, DocumentType). The vendor does not name the numbers.
ATTACHED_TO = {
    "customerinvoicedraft": ("customerinvoicedrafts", 1),
    "customerinvoice": ("customerinvoices", 2),
    "order": ("orders", 4),
}
MODULES = {"api_standard": "api_standard", "sales_standard": "sales_standard"}
LONGEST_YEAR = 18


def settings_of(books: Books) -> Json:
    """The company settings as they go over the wire."""
    switches, numbers = books.switches, books.next_numbers
    values: dict[str, Any] = {
        **books.settings,
        "CurrencyCode": books.currency,
        "CountryCode": books.country,
        "CorporateIdentityNumber": books.org_number,
        "CompanyIdentifier": books.id,
        "AccountingLockedTo": switches.locked_to or "0001-01-01",
        "ProductVariant": switches.product_variant,
        "ActivatedModules": [name for name in MODULES if getattr(switches, name)],
        "CompanyStatus": switches.company_status,
        "UsesProject": switches.uses_project,
        "UsesCostCenter": switches.uses_cost_center,
        "UsesRotReducedInvoicing": switches.uses_rot,
        "UsesReverseConstructionVat": switches.uses_reverse_charge,
        "UsesPaymentReferenceNumber": switches.uses_payment_reference,
        "ShowPricesExclVatPC": switches.show_prices_excl_vat_pc,
        "KeepOriginalDraftDate": switches.keep_original_draft_date,
        "DomesticCurrencyRounding": switches.rounding,
        "NextCustomerNumber": numbers["customer"],
        "NextSupplierNumber": numbers["supplier"],
        "NextCustomerInvoiceNumber": numbers["invoice"],
        "NextQuoteNumber": numbers["quote"],
        "NextOrderNumber": numbers["order"],
        "NextArticleNumber": numbers["article"],
    }
    return complete(schema("CompanySettingsApi"), values)


def write_settings(books: Books, values: Json) -> Json:
    """The settings after a full replace of what a client may write. Raises Refusal 2000."""
    books.existing("countries", values["CountryCode"].upper(), member="CountryCode")
    nested = {name: values[name] or books.settings.get(name) for name in ("CompanyText", "CompanyRotRutSettings")}
    skipped = {"LatePaymentFee", "FirstPaymentReminderWithoutFee"}
    books.settings |= {name: value for name, value in values.items() if value is not None or name not in skipped}
    books.settings |= nested
    books.name = values["Name"]
    books.switches.uses_rot = values["UsesRotReducedInvoicing"]
    books.switches.uses_reverse_charge = values["UsesReverseConstructionVat"]
    books.switches.uses_payment_reference = values["UsesPaymentReferenceNumber"]
    books.switches.keep_original_draft_date = bool(values["KeepOriginalDraftDate"])
    return settings_of(books)


def create_fiscal_year(books: Books, values: Json) -> Json:
    """A fiscal year with the accounts of the one before. Raises Refusal 4020, 4021, 4022 or 2000."""
    start, end = date.fromisoformat(values["StartDate"]), date.fromisoformat(values["EndDate"])
    if end <= start:
        raise refuse(2000, "EndDate must be after StartDate.", field="EndDate")
    if end.day != calendar.monthrange(end.year, end.month)[1]:
        raise refuse(4022, "A fiscal year ends on the last day of a month.", field="EndDate")
    if (end.year - start.year) * 12 + end.month - start.month + 1 > LONGEST_YEAR:
        raise refuse(4021, f"A fiscal year has at most {LONGEST_YEAR} months.", field="EndDate")
    years = list(books.tables["fiscalyears"].all())
    if any(year["StartDate"] <= values["EndDate"] and values["StartDate"] <= year["EndDate"] for year in years):
        raise refuse(4020, "The fiscal year overlaps another one.")
    nearest = min(years, key=lambda year: abs((date.fromisoformat(year["EndDate"]) - start).days))
    method = values["BookkeepingMethod"]
    record = {
        "Id": books.new_id(),
        "StartDate": values["StartDate"],
        "EndDate": values["EndDate"],
        "BookkeepingMethod": nearest["BookkeepingMethod"] if method is None else method,
    }
    books.tables["fiscalyears"].put(record)
    for id in books.tables["accounts"].equal("FiscalYearId", nearest["Id"]):
        account = books.tables["accounts"].get(id) or {}
        put_account(books, {**account, "FiscalYearId": record["Id"]})
    return record


def update_fiscal_year(books: Books, year: Json, values: Json) -> Json:
    record = {**year, "IsLockedForAccounting": values["IsLockedForAccounting"]}
    if values["BookkeepingMethod"] is not None:
        record["BookkeepingMethod"] = values["BookkeepingMethod"]
    books.tables["fiscalyears"].put(record)
    return record


def write_account(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The account as it is stored. Raises Refusal 2000 or 4000."""
    books.existing("fiscalyears", values["FiscalYearId"], member="FiscalYearId")
    if not (values["Number"].isdigit() and 4 <= len(values["Number"]) <= 10):
        raise refuse(2000, "Number must have 4 to 10 digits.", field="Number")
    if before is None and books.account(values["FiscalYearId"], values["Number"]):
        raise conflict(books, f"Account {values['Number']} exists already.", "Number")
    stamp = books.stamp()
    kept = (
        {"Number": before["Number"], "FiscalYearId": before["FiscalYearId"], "Type": before["Type"]} if before else {}
    )
    created = before["CreatedUtc"] if before else stamp
    return put_account(books, {**values, **kept, "CreatedUtc": created, "ModifiedUtc": stamp})


def put_account(books: Books, account: Json) -> Json:
    books.tables["accounts"].put({**account, "Id": account_id(account["FiscalYearId"], account["Number"])})
    return account


def write_cost_center_item(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The item as it is stored, and shown in its cost center. Raises Refusal 2000."""
    center = books.existing("costcenters", values["CostCenterId"], member="CostCenterId")
    if before and before["CostCenterId"] != values["CostCenterId"]:
        raise refuse(2000, "CostCenterId cannot be changed.", field="CostCenterId")
    record = {
        **values,
        "Id": before["Id"] if before else books.new_id(),
        "CreatedUtc": before["CreatedUtc"] if before else books.stamp(),
    }
    books.tables["costcenteritems"].put(record)
    items = [item for item in center["Items"] or [] if item["Id"] != record["Id"]]
    books.tables["costcenters"].put({**center, "Items": [*items, record]})
    return record


def attach(books: Books, values: Json, document: str, *, by: str) -> Json:
    """A file on a sales document. Raises Refusal 2000 or 5007."""
    table, number = ATTACHED_TO[document]
    if values["ContentType"] not in CONTENT_TYPES:
        raise refuse(2000, f"ContentType must be one of {', '.join(CONTENT_TYPES)}.", field="ContentType")
    if bool(values["Data"]) == bool(values["Url"]):
        raise refuse(2000, "Either Data or Url is required.", field="Data")
    size = file_size(values["Data"])
    target = books.tables[table].get(values["DockumentId"])
    if target is None:
        raise refuse(5007, f"There is no {document} with id {values['DockumentId']}.", field="DockumentId")
    record = {
        "Id": books.new_id(),
        "DocumentId": values["DockumentId"],
        "DocumentType": number,
        "OriginalFilename": values["FileName"],
        "DocumentSize": size,
        "CreatedUtc": books.stamp(),
        "CreatedBy": by,
    }
    books.tables["salesdocumentattachments"].put(record)
    attached = [*(target["SalesDocumentAttachments"] or []), record["Id"]]
    books.tables[table].put({**target, "SalesDocumentAttachments": attached})
    return record


def file_size(data: str | None) -> int:
    """Bytes of a file in base64. Raises Refusal 2000 when it is none or too large."""
    try:
        size = len(base64.b64decode(data or "", validate=True))
    except ValueError:
        raise refuse(2000, "Data is not base64.", field="Data") from None
    if size > LARGEST_FILE:
        raise refuse(2000, "A file can have at most 20 MB.", field="Data")
    return size


def detach(books: Books, attachment: Json, document: str) -> None:
    """The file is gone, from the document too."""
    table, _ = ATTACHED_TO[document]
    target = books.tables[table].get(attachment["DocumentId"])
    if target is not None:
        left = [id for id in target["SalesDocumentAttachments"] or [] if id != attachment["Id"]]
        books.tables[table].put({**target, "SalesDocumentAttachments": left or None})
    books.tables["salesdocumentattachments"].remove(attachment["Id"])
