"""Answers in the vendor's documented shapes (OpenAPI document of the API v2, and its error page), values invented."""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
OLD = "2026-06-27T17:34:17.672816Z"


def guid(name: str) -> str:
    """Always the same id for the same name."""
    return str(uuid5(NAMESPACE_URL, name))


SETTINGS: Json = {
    "CompanyScanningAddress": None,
    "Name": "Rör & Värme i Borås AB",
    "Email": "info@rorvarme.example",
    "Phone": "",
    "MobilePhone": None,
    "Address1": "Allégatan 1",
    "Address2": None,
    "CountryCode": "SE",
    "PostalCode": "503 32",
    "City": "Borås",
    "CurrencyCode": "SEK",
    "TermsOfPaymentId": guid("30 days"),
    "CorporateIdentityNumber": "556016-0680",
    "VatCode": "SE556016068001",
    "AccountingLockedTo": "2026-06-30",
    "AccountingLockInterval": 1,
    "ProductVariant": 5,
    "TypeOfBusiness": 1,
    "ActivatedModules": ["api_standard", "sales_standard", "Stock"],
    "NextCustomerNumber": 1004,
    "ShowPricesExclVatPC": False,
    "UsesCostCenter": False,
    "UsesProject": True,
    "DomesticCurrencyRounding": 1,
    "UsesReverseConstructionVat": True,
    "UsesRotReducedInvoicing": True,
    "CompanyStatus": 1,
    "CompanyIdentifier": "b2f1c0de-0000-4000-8000-00000000c0de",
    "KeepOriginalDraftDate": None,
}


def unit(number: int) -> Json:
    name, short, english = [("Styck", "st", "pcs"), ("Timme", "tim", "h"), ("Meter", "m", "m")][number]
    return {
        "Id": guid(short),
        "Name": name,
        "Code": short.upper(),
        "Abbreviation": short,
        "AbbreviationEnglish": english,
    }


def coding(number: int) -> Json:
    name, kind, percent = [("Varor 25 %", "Goods", 25.0), ("Tjänster 25 %", "Service", 25.0), ("Böcker", "Goods", 6)][
        number
    ]
    return {
        "Id": guid(name),
        "Name": name,
        "NameEnglish": name,
        "Type": kind,
        "VatRate": "MP1",
        "IsActive": True,
        "VatRatePercent": percent,
        "DomesticSalesSubjectToReversedConstructionVatAccountNumber": 3231,
        "DomesticSalesSubjectToVatAccountNumber": 3041,
        "DomesticSalesVatExemptAccountNumber": None,
        "ChangedUtc": OLD,
    }


def terms(number: int) -> Json:
    name, days, sales = [("30 dagar netto", 30, True), ("10 dagar netto", 10, True), ("Autogiro", 0, False)][number]
    return {
        "Id": guid("30 days") if number == 0 else guid(name),
        "Name": name,
        "NameEnglish": name,
        "NumberOfDays": days,
        "TermsOfPaymentTypeId": 0,
        "TermsOfPaymentTypeText": "Normal",
        "AvailableForSales": sales,
        "AvailableForPurchase": True,
    }


def customer(number: int, **members: Any) -> Json:
    return {
        "Id": guid(f"customer {number}"),
        "CustomerNumber": str(1000 + number),
        "CorporateIdentityNumber": "556677-8899",
        "ContactPersonEmail": "eva@bygg.example",
        "ContactPersonMobile": "070-1740605",
        "ContactPersonName": "Eva Ek",
        "ContactPersonPhone": None,
        "CurrencyCode": "SEK",
        "GLN": None,
        "EmailAddress": "faktura@bygg.example",
        "EmailAddressOrder": None,
        "EmailAddresses": ["cc@bygg.example"],
        "InvoiceCity": "Borås",
        "InvoiceCountryCode": "se",
        "InvoicePostalCode": "503 30",
        "DeliveryCustomerName": None,
        "DeliveryAddress1": None,
        "DeliveryMethodId": None,
        "Name": f"  Byggbolaget   {number} AB ",
        "Note": "Ring före\r\nkl. 10\u0000",
        "ReverseChargeOnConstructionServices": True,
        "InvoiceAddress1": "Storgatan 1",
        "MobilePhone": None,
        "Telephone": "033-10 20 30",
        "TermsOfPayment": {**terms(0)},
        "TermsOfPaymentId": guid("30 days").upper(),
        "VatNumber": "SE556677889901",
        "WwwAddress": "https://bygg.example",
        "LastInvoiceDate": "2026-06-01",
        "IsPrivatePerson": False,
        "DiscountPercentage": 0.125,
        "ChangedUtc": OLD,
        "IsActive": True,
        "ForceBookkeepVat": False,
        "SalesDocumentLanguage": "sv",
        "CustomerLabels": [{"Id": guid("label"), "Name": "VIP", "Description": None}],
        "MessageThreads": [],
        "Notes": [],
        "UnpaidInvoicesAmount": 1250.5,
        "IsNorthernIreland": None,
        "Iban": "",
        **members,
    }


def article(number: int, **members: Any) -> Json:
    return {
        "Id": guid(f"article {number}"),
        "IsActive": True,
        "Number": f"A{number}",
        "Name": f"Rör {number} mm",
        "NetPrice": 79.2,
        "GrossPrice": 99.0,
        "CodingId": guid("Varor 25 %"),
        "CodingName": "Varor 25 %",
        "UnitId": guid("st"),
        "UnitName": "Styck",
        "UnitAbbreviation": "st",
        "StockBalance": 12.5,
        "HouseWorkType": None,
        "Barcodes": [{"Barcode": "7310990187128", "BarcodeType": 0}],
        "Note": None,
        "IsServiceArticle": False,
        "CurrencyCode": "EUR",
        "CreatedUtc": OLD,
        "ChangedUtc": OLD,
        **members,
    }


def project(number: int, **members: Any) -> Json:
    return {
        "Id": guid(f"project {number}"),
        "Number": f"25-00{number}",
        "Name": "Stambyte Ekgatan",
        "StartDate": "2026-03-30",
        "EndDate": None,
        "CustomerId": guid("customer 1"),
        "CustomerName": "Byggbolaget 1 AB",
        "Notes": None,
        "Status": 2 if number == 3 else 1,
        "ModifiedUtc": OLD,
        **members,
    }


def order(number: int, **members: Any) -> Json:
    return {
        "Id": guid(f"order {number}"),
        "Amount": 1250.0,
        "VatAmount": 250.0,
        "RoundingsAmount": 0.0,
        "CustomerId": guid("customer 1"),
        "CurrencyCode": "SEK",
        "CreatedUtc": OLD,
        "OrderDate": "2026-03-30T00:00:00",
        "DeliveryDate": "2026-04-02",
        "DeliveryCustomerName": "Brf Eken",
        "DeliveryAddress1": "Ekgatan 3",
        "DeliveryPostalCode": "503 31",
        "DeliveryCity": "Borås",
        "DeliveryCountryCode": "SE",
        "YourReference": "Eva Ek",
        "OurReference": None,
        "Status": number,
        "Number": None if number == 1 else 2000 + number,
        "IncludesVat": False,
        "Rows": [
            {"LineNumber": 1, "IsTextRow": True, "Text": "Byte av stam", "ArticleId": None, "Quantity": 0.0},
            {
                "LineNumber": 2,
                "IsTextRow": False,
                "ArticleId": guid("article 1"),
                "Text": "Rör 1 mm",
                "Quantity": 10.5,
                "UnitPrice": 100.0,
                "DiscountPercentage": 0.05,
                "ProjectId": guid("project 1"),
                "IsWorkCost": False,
                "EligibleForReverseChargeOnVat": False,
            },
        ],
        "EuThirdParty": False,
        "ReverseChargeOnConstructionServices": False,
        "RotReducedInvoicingType": 0,
        "ModifiedUtc": OLD,
        **members,
    }


LISTS: dict[str, list[Json]] = {
    "units": [unit(each) for each in range(3)],
    "articleaccountcodings": [coding(each) for each in range(3)],
    "termsofpayments": [terms(each) for each in range(3)],
    "customers": [customer(each) for each in (1, 2, 3)],
    "articles": [article(each) for each in (1, 2, 3)],
    "projects": [project(each) for each in (1, 2, 3)],
    "orders": [order(each) for each in (1, 2, 3)],
    "customerinvoicedrafts": [],
    "customerinvoices": [],
}

ERROR_ID = "3fa7da17-eeb2-48f6-997d-0be158f4cba4"
QUOTA = {
    "ErrorCode": 4010,
    "DeveloperErrorMessage": "API calls quota exceeded! maximum admitted 600 per Minute. Try again in 55 seconds.",
    "ErrorId": ERROR_ID,
}
NO_MODULE = {
    "ErrorCode": 4002,
    "DeveloperErrorMessage": "ForbiddenRequestException - No access to module: api_standard",
    "ErrorId": ERROR_ID,
    "Errors": None,
}
NOT_AUTHORIZED = {
    "ErrorCode": 4005,
    "DeveloperErrorMessage": "AuthorizationException - Authorization has been denied for this request.",
    "ErrorId": ERROR_ID,
}


def error(code: int, text: str, **complaints: str) -> Json:
    """An error body; each complaint is a field and its message."""
    errors = [
        {"Field": name, "ErrorCode": str(code), "Message": said, "Key": name} for name, said in complaints.items()
    ]
    return {"ErrorCode": code, "DeveloperErrorMessage": text, "ErrorId": ERROR_ID, "Errors": errors or None}


def json_of(body: str | bytes) -> Json:
    """What an answer says."""
    found: Json = json.loads(body)
    return found


def as_bytes(body: Json) -> bytes:
    return json.dumps(body).encode()
