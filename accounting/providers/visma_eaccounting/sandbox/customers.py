"""Customers: numbers, check digits, VAT numbers, and when one may be deleted."""

from __future__ import annotations

import re

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import FieldError, Refusal, invalid, refuse
from accounting.providers.visma_eaccounting.sandbox.schema import Json

NO_VAT_NUMBER = "VatNumber can not be null or empty when using ReverseChargeOnConstructionServices"
VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{8,12}", re.IGNORECASE)
SWEDISH_VAT_NUMBER = re.compile(r"SE\d{10}01", re.IGNORECASE)
# Tables in which a customer may be used, and so cannot be deleted.
USED_IN = ("orders", "customerinvoicedrafts", "customerinvoices", "projects")


def write_customer(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The customer as it is stored: a new one, or `before` replaced. Raises Refusal."""
    check_choices(books, values)
    check_members(values)
    check_numbers(books, values)
    number = values["CustomerNumber"] or (before["CustomerNumber"] if before else None)
    record = {
        **{name: before[name] for name in READ_ONLY if before and name in before},
        **values,
        "Id": before["Id"] if before else books.new_id(),
        "CustomerNumber": take_number(books, number, before),
        "CurrencyCode": values["CurrencyCode"] or books.currency,
        "InvoiceCountryCode": (values["InvoiceCountryCode"] or books.country).upper(),
        "TermsOfPayment": books.tables["termsofpayments"].get(values["TermsOfPaymentId"]),
        "ChangedUtc": books.stamp(),
    }
    books.tables["customers"].put(record)
    return record


READ_ONLY = ("LastInvoiceDate", "UnpaidInvoicesAmount", "IsFutureInvoiceDateAllowed", "MessageThreads", "Notes")


def check_choices(books: Books, values: Json) -> None:
    """Whether everything that is chosen from a list is on it. Raises Refusal 2000."""
    terms = books.existing("termsofpayments", values["TermsOfPaymentId"], member="TermsOfPaymentId")
    if not terms["AvailableForSales"]:
        raise refuse(2000, "The terms of payment cannot be used for sales.", field="TermsOfPaymentId")
    lists = {
        "CurrencyCode": "currencies",
        "InvoiceCountryCode": "countries",
        "DeliveryCountryCode": "countries",
        "DeliveryMethodId": "deliverymethods",
        "DeliveryTermId": "deliveryterms",
    }
    for member, table in lists.items():
        value = values[member]
        if value:
            books.existing(table, value.upper() if table in ("currencies", "countries") else value, member=member)


def check_members(values: Json) -> None:
    """Rules between members of one customer. Raises Refusal 2000 with all of them."""
    errors = []
    if values["ReverseChargeOnConstructionServices"] and not values["VatNumber"]:
        errors.append(FieldError("VatNumber", "FieldIsRequired", NO_VAT_NUMBER))
    if values["VatNumber"] and not values["InvoiceCountryCode"]:
        errors.append(FieldError("InvoiceCountryCode", "FieldIsRequired", "A VAT number needs InvoiceCountryCode."))
    if values["EmailAddresses"] and not values["EmailAddress"]:
        errors.append(FieldError("EmailAddress", "FieldIsRequired", "EmailAddresses needs EmailAddress."))
    if len(values["EmailAddresses"] or ()) > 5:
        errors.append(FieldError("EmailAddresses", "OutOfRange", "There can be at most 5 EmailAddresses."))
    if values["DeliveryBasedVat"]:
        errors += [
            FieldError(name, "FieldIsRequired", f"DeliveryBasedVat needs {name}.")
            for name in ("DeliveryCity", "DeliveryCountryCode", "DeliveryPostalCode")
            if not values[name]
        ]
    if errors:
        raise invalid(errors)


def check_numbers(books: Books, values: Json) -> None:
    """Check digits and registers. Raises Refusal 4008, 4025, 4035 or 4100."""
    country = (values["InvoiceCountryCode"] or books.country).upper()
    number = (values["CorporateIdentityNumber"] or "").replace("-", "").replace(" ", "")
    if number and country == "SE" and not (number.isdigit() and len(number) >= 10 and luhn.is_valid(number[-10:])):
        raise refuse(
            4008, f"{values['CorporateIdentityNumber']} has a wrong check digit.", field="CorporateIdentityNumber"
        )
    if values["VatNumber"]:
        check_vat_number(books, values["VatNumber"])
    if values["ForceBookkeepVat"] and (books.tables["countries"].get(country) or {}).get("IsEuMember"):
        raise refuse(4035, "ForceBookkeepVat is for countries outside the EU.", field="ForceBookkeepVat")


def check_vat_number(books: Books, number: str) -> None:
    """The register of VAT numbers, which may be down. Raises Refusal 4025 or 4100."""
    if books.service.vat_register == "down":
        raise refuse(
            4100, "The VAT number could not be checked: the external service does not answer.", field="VatNumber"
        )
    plain = number.replace(" ", "").replace("-", "").upper()
    good = VAT_NUMBER.fullmatch(plain) is not None
    if plain.startswith("SE"):
        good = SWEDISH_VAT_NUMBER.fullmatch(plain) is not None and luhn.is_valid(plain[2:12])
    if not good or plain in books.service.vat_numbers_unknown:
        raise refuse(4025, f"{number} is not a valid VAT number.", field="VatNumber")


def take_number(books: Books, wanted: str | None, before: Json | None) -> str:
    """The customer's number: its own, or the next one. Raises Refusal 4000 when somebody else has it."""
    table = books.tables["customers"]
    if wanted is None:
        number = str(books.take_number("customer"))
        while table.equal("CustomerNumber", number):
            number = str(books.take_number("customer"))
        return number
    others = [id for id in table.equal("CustomerNumber", wanted) if before is None or id != before["Id"]]
    if others:
        raise conflict(books, f"A customer with number {wanted} exists already.", "CustomerNumber")
    if wanted.isdigit():
        books.next_numbers["customer"] = max(books.next_numbers["customer"], int(wanted) + 1)
    return wanted


def conflict(books: Books, text: str, member: str) -> Refusal:
    """What a number that is taken gives; its HTTP status is not documented."""
    error = FieldError(member, "4000", text)
    return Refusal(4000, text, errors=[error], status=books.service.conflict_status)


def delete_customer(books: Books, customer: Json) -> None:
    """Raises Refusal 4001 when something refers to the customer."""
    for table in USED_IN:
        if books.tables[table].equal("CustomerId", customer["Id"]):
            raise refuse(4001, f"The customer is used in {table} and cannot be deleted.")
    books.tables["customers"].remove(customer["Id"])
