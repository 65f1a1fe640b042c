"""How people and places at a customer become ours: they stand at a customer who has come before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounting.types import ContactRecord, WorkSiteRecord
from fieldwork.models import ContactPerson, WorkSite
from integrations.among import among
from integrations.models import Link
from integrations.placing.context import Context, Known
from integrations.placing.matching import LINKED, Candidate, Candidates, is_linked, name_key, nothing_to_find
from integrations.placing.records import Around, Placed, Placement, Skipped, customer_not_linked, split_name
from integrations.placing.upsert import Target

PERSON_COLUMNS = ("customer_id", "first_name", "last_name", "email", "direct_phone", "mobile", "active")
PERSON = Target(model=ContactPerson, columns=PERSON_COLUMNS, owned=frozenset(PERSON_COLUMNS))
SITE_COLUMNS = ("customer_id", "name", "street", "postcode", "city", "country", "active")
SITE = Target(model=WorkSite, columns=SITE_COLUMNS, owned=frozenset(SITE_COLUMNS))

AtCustomer = ContactRecord | WorkSiteRecord


def place_person(record: ContactRecord, known: Known | None, context: Context, around: Around) -> Placement:
    """A contact person. Whether it is the one that documents name, the customer's record says, or the firm."""
    if not record.name.strip() or not record.customer_remote_id:
        return Skipped("nobody's, or without a name")
    if not record.active and known is None:
        return Skipped("not active")
    customer = around.mentioned.get(("customer", record.customer_remote_id))
    if customer is None:
        return nowhere(_("Contact person"), record.name, record, context)
    first, last = split_name(record.name)
    return Placed(PERSON, (customer.id, first, last, record.email, record.phone, record.mobile, record.active))


def place_work_site(record: WorkSiteRecord, known: Known | None, context: Context, around: Around) -> Placement:
    """A work site. Of two places with one name at a customer, the first to come is ours."""
    name, key = site_name(record), site_key(record)
    if not name or not record.customer_remote_id:
        return Skipped("nobody's, or without an address")
    if known is None and (not record.active or key in around.taken):
        return Skipped("not active, or here already")
    customer = around.mentioned.get(("customer", record.customer_remote_id))
    if customer is None:
        return nowhere(_("Work site"), name, record, context)
    around.taken.add(key)
    address = record.address
    street = ", ".join(part for part in (address.street, address.street2) if part)
    country = address.country or context.country
    return Placed(SITE, (customer.id, name, street, address.postcode, address.city, country, record.active))


def nowhere(what: str, name: str, record: AtCustomer, context: Context) -> Placement:
    """Its customer is not here: to come, or not wanted."""
    setting = context.filters.get("customers")
    if setting and (setting.only_active or setting.only_needed):
        return Skipped("at nobody who is wanted")
    return customer_not_linked(what, name, record.customer_remote_id)


def site_name(record: WorkSiteRecord) -> str:
    """Its name, or where it is."""
    address = record.address
    return record.name or ", ".join(part for part in (address.street, address.city) if part)


# --- recognising: by the name, at the same customer ----------------------------------


def recognise_person(record: ContactRecord, candidates: Candidates) -> list[Candidate]:
    return candidates.with_key(key_of(record.customer_remote_id, record.name))


def recognise_work_site(record: WorkSiteRecord, candidates: Candidates) -> list[Candidate]:
    return candidates.with_key(site_key(record))


def site_key(record: WorkSiteRecord) -> str:
    return key_of(record.customer_remote_id, site_name(record))


def key_of(customer_remote_id: str, name: str) -> str:
    return f"{customer_remote_id}:{name_key(name)}"


# --- what the database knows of these records: at most two SELECTs --------------------


def find_around_people(context: Context, records: Sequence[ContactRecord]) -> Around:
    customers = linked_customers(context, records)
    mentioned = mention(context, customers)
    if nothing_to_find(context, "contact", [ContactPerson], len(records)):
        return Around(mentioned=mentioned)
    rows = at_customers(context, ContactPerson.objects.all(), "contact", customers)
    label = ContactPerson._meta.label
    found = [
        Candidate(label, pk, "", f"{first} {last}", linked, key=key_of(customers[customer], f"{first} {last}"))
        for pk, customer, linked, first, last in rows.values_list("pk", "customer", LINKED, "first_name", "last_name")
    ]
    sent = [local_id for kind, local_id, _reference in context.being_sent if kind == "contact"]
    return Around(candidates=Candidates(found, being_sent=sent), mentioned=mentioned)


def find_around_work_sites(context: Context, records: Sequence[WorkSiteRecord]) -> Around:
    """With the names that are taken by places of the books: those are not there twice."""
    customers = linked_customers(context, records)
    alive = Link.objects.filter(books=context.books, kind="work_site", local_id=OuterRef("pk"), gone_at=None)
    rows = at_customers(context, WorkSite.objects.all(), "work_site", customers).annotate(stands=Exists(alive))
    label = WorkSite._meta.label
    found, taken = [], set()
    for pk, customer, linked, stands, name in rows.values_list("pk", "customer", LINKED, "stands", "name"):
        key = key_of(customers[customer], name)
        found.append(Candidate(label, pk, "", name, linked, key=key))
        if stands:
            taken.add(key)
    return Around(candidates=Candidates(found), mentioned=mention(context, customers), taken=taken)


def linked_customers(context: Context, records: Sequence[AtCustomer]) -> dict[UUID, str]:
    """By our id the remote ids of the customers that these records mention."""
    remote_ids = {each.customer_remote_id for each in records}
    links = Link.objects.filter(among("remote_id", remote_ids), books=context.books, kind="customer")
    return dict(links.values_list("local_id", "remote_id"))


def mention(context: Context, customers: Mapping[UUID, str]) -> dict[tuple[str, str], Known]:
    planned = context.planned.links if context.planned else {}
    label = "fieldwork.Customer"
    return planned | {("customer", remote_id): Known(label, local_id) for local_id, remote_id in customers.items()}


def at_customers(context: Context, ours: QuerySet[Any], kind: str, customers: Mapping[UUID, str]) -> QuerySet[Any]:
    """The people or places of these customers, each with whether it is linked."""
    rows = ours.filter(among("customer__pk", customers)).order_by()
    return rows.annotate(**{LINKED: is_linked(context, kind)})
