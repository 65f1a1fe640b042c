"""Customers, their people and their places."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import ModelSchema, Query, Router, Status

from fieldwork.api.door import ApiRequest
from fieldwork.api.forms import ContactPersonFields, CustomerFields, WorkSiteFields
from fieldwork.api.records import own, page_of, save_record
from fieldwork.api.values import STRICT, NamedParams, Page, RecordParams, needs
from fieldwork.models import ContactPerson, Customer, WorkSite

SEARCH_IN = ("number", "name", "organisation_number", "email", "phone", "mobile", "city")
router = Router(tags=["Customers"])


class CustomerIn(ModelSchema):
    model_config = STRICT

    class Meta:
        model = Customer
        fields = CustomerFields.Meta.fields
        fields_optional = "__all__"


class CustomerOut(ModelSchema):
    class Meta:
        model = Customer
        fields = ("id", *CustomerFields.Meta.fields, "created_at", "updated_at")


class ContactPersonIn(ModelSchema):
    model_config = STRICT

    class Meta:
        model = ContactPerson
        fields = ContactPersonFields.Meta.fields
        fields_optional = "__all__"


class ContactPersonOut(ModelSchema):
    customer: UUID

    class Meta:
        model = ContactPerson
        fields = ("id", *ContactPersonFields.Meta.fields)

    @staticmethod
    def resolve_customer(person: ContactPerson) -> UUID:
        return person.customer_id


class WorkSiteIn(ModelSchema):
    model_config = STRICT

    class Meta:
        model = WorkSite
        fields = WorkSiteFields.Meta.fields
        fields_optional = "__all__"


class WorkSiteOut(ModelSchema):
    customer: UUID

    class Meta:
        model = WorkSite
        fields = ("id", *WorkSiteFields.Meta.fields)

    @staticmethod
    def resolve_customer(site: WorkSite) -> UUID:
        return site.customer_id


@router.get("/customers", response=Page[CustomerOut], summary="List customers")
def list_customers(request: ApiRequest, params: Query[RecordParams]) -> dict[str, Any]:
    return page_of(request, Customer.objects.for_organization(request.firm), params, search_in=SEARCH_IN)


@router.post("/customers", response={201: CustomerOut}, summary="Add a customer", openapi_extra=needs("name"))
def create_customer(request: ApiRequest, given: CustomerIn) -> Status[Customer]:
    """Country and currency are the firm's, unless something else is given."""
    offered = {"country": request.firm.country, "currency": request.firm.currency}
    customer = Customer(organization=request.firm)
    return Status(
        201, save_record(request, CustomerFields, customer, given, initial=offered, organization=request.firm)
    )


@router.get("/customers/{uuid:pk}", response=CustomerOut, summary="A customer")
def get_customer(request: ApiRequest, pk: UUID) -> Customer:
    return own(request, Customer, pk)


@router.patch("/customers/{uuid:pk}", response=CustomerOut, summary="Change a customer")
def change_customer(request: ApiRequest, pk: UUID, given: CustomerIn) -> Customer:
    """What is not given stays as it is."""
    customer = own(request, Customer, pk)
    changed: Customer = save_record(request, CustomerFields, customer, given, organization=request.firm)
    return changed


# --- people ---------------------------------------------------------------------


@router.get(
    "/customers/{uuid:pk}/contact-persons", response=Page[ContactPersonOut], summary="List a customer's contact persons"
)
def list_contact_persons(request: ApiRequest, pk: UUID, params: Query[NamedParams]) -> dict[str, Any]:
    return page_of(request, ContactPerson.objects.filter(customer=own(request, Customer, pk)), params)


@router.post(
    "/customers/{uuid:pk}/contact-persons",
    response={201: ContactPersonOut},
    summary="Add a contact person",
    openapi_extra=needs("first_name"),
)
def create_contact_person(request: ApiRequest, pk: UUID, given: ContactPersonIn) -> Status[ContactPerson]:
    """One who becomes the reference person takes that place from another."""
    customer = own(request, Customer, pk)
    person = ContactPerson(customer=customer)
    return Status(201, save_record(request, ContactPersonFields, person, given, customer=customer))


@router.get("/contact-persons/{uuid:pk}", response=ContactPersonOut, summary="A contact person")
def get_contact_person(request: ApiRequest, pk: UUID) -> ContactPerson:
    return own(request, ContactPerson, pk)


@router.patch("/contact-persons/{uuid:pk}", response=ContactPersonOut, summary="Change a contact person")
def change_contact_person(request: ApiRequest, pk: UUID, given: ContactPersonIn) -> ContactPerson:
    person = own(request, ContactPerson, pk, "customer")
    changed: ContactPerson = save_record(request, ContactPersonFields, person, given, customer=person.customer)
    return changed


# --- places ---------------------------------------------------------------------


@router.get("/customers/{uuid:pk}/work-sites", response=Page[WorkSiteOut], summary="List a customer's work sites")
def list_work_sites(request: ApiRequest, pk: UUID, params: Query[NamedParams]) -> dict[str, Any]:
    return page_of(request, WorkSite.objects.filter(customer=own(request, Customer, pk)), params)


@router.post(
    "/customers/{uuid:pk}/work-sites",
    response={201: WorkSiteOut},
    summary="Add a work site",
    openapi_extra=needs("name"),
)
def create_work_site(request: ApiRequest, pk: UUID, given: WorkSiteIn) -> Status[WorkSite]:
    customer = own(request, Customer, pk)
    site = WorkSite(customer=customer)
    offered = {"country": customer.country}
    return Status(201, save_record(request, WorkSiteFields, site, given, initial=offered, customer=customer))


@router.get("/work-sites/{uuid:pk}", response=WorkSiteOut, summary="A work site")
def get_work_site(request: ApiRequest, pk: UUID) -> WorkSite:
    return own(request, WorkSite, pk)


@router.patch("/work-sites/{uuid:pk}", response=WorkSiteOut, summary="Change a work site")
def change_work_site(request: ApiRequest, pk: UUID, given: WorkSiteIn) -> WorkSite:
    site = own(request, WorkSite, pk, "customer")
    changed: WorkSite = save_record(request, WorkSiteFields, site, given, customer=site.customer)
    return changed
