"""What can be written to the books, one declaration per kind, and how each document is made of our rows.

Building a document reads rows that are loaded already and counterparts that are resolved already: no
database, no network, the same rows give the same document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.db import models
from django.db.models import Prefetch, QuerySet

from accounting.models import Books
from accounting.types import (
    Address,
    ArticleDocument,
    Contact,
    ContactDocument,
    CustomerDocument,
    Document,
    DocumentLine,
    InvoiceDraft,
    OurValue,
    SalesDocument,
    SalesOrder,
)
from fieldwork.models import ContactPerson, Customer, HourType, Material, WorkOrder, WorkOrderLine, WorkSite
from integrations.recognising.counterparts import Counterparts
from integrations.recognising.references import reference_for
from integrations.shaping import article_of, billed_quantity, in_order, introduction

Need = Customer | Material | HourType
Standing = Need | ContactPerson
Record = Standing | WorkOrder
Build = Callable[[Any, str, Counterparts], Document]

NAMES: dict[type[models.Model], str] = {
    WorkOrder: "work_order",
    Customer: "customer",
    Material: "material",
    HourType: "hour_type",
    ContactPerson: "contact_person",
}


@dataclass(frozen=True, kw_only=True)
class Export:
    """One kind of write: our rows in, their document out.

    Kinds of one `family` are looked for together, and families are sent in the order of `EXPORTS`:
    what others depend on comes first. `needs` names the records that must be in the books before.
    """

    kind: str
    family: str
    document: type[Document]
    build: Build
    needs: Callable[[Any], list[Need]]


def freeze(document: Document) -> dict[str, Any]:
    """The document as plain JSON values, to be kept as it was sent."""
    frozen: dict[str, Any] = msgspec.to_builtins(document)
    return frozen


def thaw(kind: str, payload: Mapping[str, Any]) -> Document:
    """The document that was frozen."""
    return msgspec.convert(payload, type=EXPORTS[kind].document, strict=False)


def name_of(record: models.Model) -> str:
    """work_order, customer, material, hour_type or contact_person: how cases and keys call this kind of record."""
    return NAMES[type(record)]


def load_records(local_model: str, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """The records with everything that their documents are made of. A constant number of statements."""
    return {record.pk: record for record in QUERIES[local_model]().filter(pk__in=list(ids))}


def work_orders_to_send() -> QuerySet[WorkOrder]:
    orders = WorkOrder.objects.select_related(
        "organization__default_material", "customer", "work_site", "project", "status"
    )
    lines = WorkOrderLine.objects.select_related("material", "hour_type")
    return orders.prefetch_related(Prefetch("lines", lines), "customer__contact_persons")


def customers_to_send() -> QuerySet[Customer]:
    return Customer.objects.prefetch_related("contact_persons")


QUERIES: dict[str, Callable[[], QuerySet[Any]]] = {
    WorkOrder._meta.label: work_orders_to_send,
    Customer._meta.label: customers_to_send,
    Material._meta.label: Material.objects.all,
    HourType._meta.label: HourType.objects.all,
    ContactPerson._meta.label: lambda: ContactPerson.objects.select_related("customer__organization"),
}

# --- references -----------------------------------------------------------------


def reference_of(record: Record, books: Books) -> str:
    """Our reference of the record's document.

    A work order's is the same whether it becomes a draft or an order, so that a look-up finds either.
    A record with a number of its own goes by that.
    """
    number = "" if isinstance(record, ContactPerson) else record.number.strip()
    if number and not isinstance(record, WorkOrder):
        return number
    revision = record.revision if isinstance(record, WorkOrder) else 1
    kind = name_of(record)
    return reference_for(record.organization, books, kind=kind, record_id=record.pk, revision=revision, number=number)


# --- values that the provider has records for ------------------------------------


def our_values(record: Record) -> dict[OurValue, str]:
    """What a provider may want translated of the record; a work order's are those of its customer."""
    if isinstance(record, WorkOrder):
        return our_values(record.customer) if record.customer else {}
    if isinstance(record, Customer):
        return {
            OurValue.TERMS_OF_PAYMENT: record.terms_of_payment,
            OurValue.COUNTRY: record.country,
            OurValue.CURRENCY: record.currency,
            OurValue.CUSTOMER_KIND: "company" if record.is_company else "private",
        }
    if isinstance(record, ContactPerson):
        return {}
    return {OurValue.UNIT: record.unit, OurValue.VAT_PERCENT: f"{record.vat_percent.normalize():f}"}


# --- customers ------------------------------------------------------------------


def build_customer(customer: Customer, reference: str, known: Counterparts) -> CustomerDocument:
    return CustomerDocument(
        reference=reference,
        number=customer.number,
        name=customer.name,
        is_company=customer.is_company,
        organisation_number=customer.organisation_number,
        vat_number=customer.vat_number,
        email=customer.email,
        phone=customer.phone,
        mobile=customer.mobile,
        website=customer.website,
        address=Address(
            street=customer.street,
            street2=customer.street2,
            postcode=customer.postcode,
            city=customer.city,
            country=customer.country,
        ),
        delivery_name=customer.delivery_name,
        delivery_address=delivery_address(customer),
        contact=reference_person(customer),
        currency=customer.currency,
        discount_percent=customer.discount_percent,
        terms_remote_id=known.terms_id(customer.terms_of_payment),
        answers=known.answers,
        mapped=known.mapped("customer", our_values(customer)),
    )


def delivery_address(customer: Customer) -> Address:
    return Address(
        street=customer.delivery_street,
        street2=customer.delivery_street2,
        postcode=customer.delivery_postcode,
        city=customer.delivery_city,
        country=customer.delivery_country,
    )


def reference_person(customer: Customer) -> Contact:
    """Who is named on the customer's documents, or nobody."""
    person = next((each for each in customer.contact_persons.all() if each.is_reference and each.active), None)
    return Contact() if person is None else contact_of(person)


def contact_of(person: ContactPerson) -> Contact:
    return Contact(name=person.full_name, email=person.email, phone=person.direct_phone, mobile=person.mobile)


def build_contact(person: ContactPerson, reference: str, known: Counterparts) -> ContactDocument:
    customer = known.remote_id("customer", person.customer_id)
    return ContactDocument(reference=reference, customer_remote_id=customer, contact=contact_of(person))


# --- articles -------------------------------------------------------------------


def build_article(item: Material | HourType, reference: str, known: Counterparts) -> ArticleDocument:
    is_service = isinstance(item, HourType)
    return ArticleDocument(
        reference=reference,
        number=item.number,
        name=item.name,
        text=item.short_text,
        is_service=is_service,
        unit_remote_id=known.unit_id(item.unit),
        coding_remote_id=known.codings.for_article(is_service=is_service, vat_percent=item.vat_percent),
        price=item.net_price,
        vat_percent=item.vat_percent,
        ean=item.ean,
        answers=known.answers,
        mapped=known.mapped("article", our_values(item)),
    )


# --- work orders ----------------------------------------------------------------


def build_sale(
    work_order: WorkOrder, reference: str, known: Counterparts, *, into: type[SalesDocument]
) -> SalesDocument:
    """The work order as an order or a draft. Our prices never include VAT; the provider adds it where it must."""
    customer, site = work_order.customer, work_order.work_site
    contact = reference_person(customer) if customer else Contact()
    lines = (build_line(line, work_order, known) for line in billed_lines(work_order))
    return into(
        reference=reference,
        customer_remote_id=known.remote_id("customer", work_order.customer_id),
        customer_is_company=customer is None or customer.is_company,
        work_order_number=work_order.number,
        currency=work_order.organization.currency,
        dated=work_order.ordered_on if into is SalesOrder else known.today,
        deliver_on=work_order.delivery_on,
        your_reference=work_order.your_reference or contact.name,
        title=work_order.title,
        terms_remote_id=known.own_terms_id(customer.terms_of_payment if customer else ""),
        delivery_name=site.name if site else "",
        delivery_address=site_address(site) if site else Address(),
        prices_include_vat=False,
        lines=(*(DocumentLine(text=text) for text in introduction(work_order)), *lines),
        answers=known.answers,
        mapped=known.mapped(into.kind, our_values(work_order)),
    )


def site_address(site: WorkSite) -> Address:
    return Address(street=site.street, postcode=site.postcode, city=site.city, country=site.country)


def billed_lines(work_order: WorkOrder) -> list[WorkOrderLine]:
    """In the order of the document, without empty texts."""
    firm = work_order.organization
    return [line for line in in_order(work_order.lines.all(), firm) if line.text or article_of(line, firm)]


def build_line(line: WorkOrderLine, work_order: WorkOrder, known: Counterparts) -> DocumentLine:
    item = article_of(line, work_order.organization)
    if item is None:
        return DocumentLine(text=line.text, local_id=str(line.pk))
    return DocumentLine(
        article_remote_id=known.remote_id("article", item.pk),
        text=line.text or item.name,
        quantity=billed_quantity(line, work_order.organization, known.connection.settings.hour_words),
        unit=line.unit or item.unit,
        unit_price=line.unit_price,
        vat_percent=item.vat_percent,
        discount_percent=line.discount_percent,
        project_remote_id=known.project_id(work_order.project_id),
        local_id=str(line.pk),
    )


def needs_of_work_order(work_order: WorkOrder) -> list[Need]:
    """Its customer and each of its articles once, in the order of the lines."""
    items = [article_of(line, work_order.organization) for line in work_order.lines.all()]
    return list(dict.fromkeys(each for each in [work_order.customer, *items] if each is not None))


def needs_nothing(record: Need) -> list[Need]:
    return []


def needs_customer(person: ContactPerson) -> list[Need]:
    return [person.customer]


EXPORTS = {
    export.kind: export
    for export in (
        Export(
            kind="customer", family="customer", document=CustomerDocument, build=build_customer, needs=needs_nothing
        ),
        Export(kind="contact", family="contact", document=ContactDocument, build=build_contact, needs=needs_customer),
        Export(kind="article", family="article", document=ArticleDocument, build=build_article, needs=needs_nothing),
        Export(
            kind="sales_order",
            family="sale",
            document=SalesOrder,
            build=partial(build_sale, into=SalesOrder),
            needs=needs_of_work_order,
        ),
        Export(
            kind="invoice_draft",
            family="sale",
            document=InvoiceDraft,
            build=partial(build_sale, into=InvoiceDraft),
            needs=needs_of_work_order,
        ),
    )
}
SALES = tuple(export.kind for export in EXPORTS.values() if export.family == "sale")

# What is done to records and documents that are in the books already: sending/changing.py.
CHANGE = "change"
CUSTOMER_UPDATE, CONTACT_UPDATE = "customer_update", "contact_update"
TAKING_BACK, ATTACHMENT = "taking_back", "attachment"
CHANGES = (CUSTOMER_UPDATE, CONTACT_UPDATE, TAKING_BACK, ATTACHMENT)

FAMILIES = (*dict.fromkeys(export.family for export in EXPORTS.values()), CHANGE)


def kinds_of(family: str) -> list[str]:
    if family == CHANGE:
        return list(CHANGES)
    return [export.kind for export in EXPORTS.values() if export.family == family]


def kind_for(record: Standing) -> str:
    """The kind of write for a record that stands on its own: customer, contact or article."""
    if isinstance(record, ContactPerson):
        return "contact"
    return "customer" if isinstance(record, Customer) else "article"
