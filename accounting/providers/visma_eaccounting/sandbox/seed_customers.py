"""The hand-written customers as a client would post them."""

from __future__ import annotations

from accounting.providers.visma_eaccounting.sandbox.schema import Json
from accounting.providers.visma_eaccounting.sandbox.seed_data import Company, Person


def company_body(company: Company) -> Json:
    digits = "".join(each for each in company.org_number if each.isdigit())
    vat_number = company.vat_number or (f"SE{digits}01" if company.vat_registered and company.country == "SE" else None)
    delivery = company.delivery or (None, None, None)
    return {
        "CustomerNumber": company.number,
        "Name": company.name,
        "CorporateIdentityNumber": company.org_number,
        "InvoiceAddress1": company.address,
        "InvoicePostalCode": company.postal_code,
        "InvoiceCity": company.city,
        "InvoiceCountryCode": company.country,
        "DeliveryAddress1": delivery[0],
        "DeliveryPostalCode": delivery[1],
        "DeliveryCity": delivery[2],
        "EmailAddress": company.email,
        "Telephone": company.phone,
        "ContactPersonName": company.contact,
        "CurrencyCode": company.currency,
        "VatNumber": vat_number,
        "ReverseChargeOnConstructionServices": company.reverse_charge,
        "IsPrivatePerson": False,
        "IsActive": company.active,
        "Note": company.note,
    }


def person_body(person: Person) -> Json:
    return {
        "CustomerNumber": person.number,
        "Name": person.name,
        "CorporateIdentityNumber": person.personal_number,
        "InvoiceAddress1": person.address,
        "InvoicePostalCode": person.postal_code,
        "InvoiceCity": person.city,
        "InvoiceCountryCode": "SE",
        "EmailAddress": person.email,
        "MobilePhone": person.mobile,
        "CurrencyCode": "SEK",
        "IsPrivatePerson": True,
        "IsActive": person.active,
        "PropertyType": 2 if person.property_reference else None,
        "PropertyReference": person.property_reference,
        "Note": person.note,
    }
