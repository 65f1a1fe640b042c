"""Where a customer stands in the books: the panel on the customer's page, and the page with everything about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounting.models import TermsOfPayment
from accounting.types import Address, CustomerRecord
from fieldwork.models import Customer, WorkOrder
from integrations.exports import CONTACT_UPDATE, CUSTOMER_UPDATE, SALES
from integrations.models import Case, Change, Connection, Link, Operation, ValueMap
from integrations.presenting.panels import LOOKS_LIKE_ANOTHER, address_of, address_of_link, cases_of
from integrations.recognising.counterparts import default_terms
from integrations.recognising.duplicates import LookAlike, look_alikes, normal
from integrations.recognising.pairing import Reason
from integrations.sending.queueing import live_connection

FROM_BOOKS = (Change.Source.BOOKS, Change.Source.SENT)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The last time that something went from here to the books, or came from there."""

    at: datetime
    words: str | Promise


@dataclass(frozen=True, kw_only=True)
class CustomerPanel:
    """`operation` is the one that creates the customer over there; a customer who was read or linked has none.

    `update` is the last one that overwrites something there. `elsewhere` are the links to other books.
    """

    customer: Customer
    connection: Connection | None
    link: Link | None
    operation: Operation | None
    cases: Sequence[Case]
    address: str
    update: Operation | None = None
    last_exchange: Exchange | None = None
    elsewhere: Sequence[Link] = ()

    @property
    def is_linked(self) -> bool:
        """Also when the books' record has its link with another customer of ours, who is the same."""
        return self.link is not None or (self.operation is not None and self.operation.state == Operation.State.DONE)

    @property
    def number(self) -> str:
        found = self.link or self.operation
        return found.remote_number if found else ""

    @property
    def may_add(self) -> bool:
        return self.connection is not None and self.link is None and self.operation is None

    @property
    def may_link(self) -> bool:
        return self.may_add or (self.may_retry and not self.is_linked)

    @property
    def is_on_its_way(self) -> bool:
        return not self.is_linked and self.operation is not None and self.operation.is_open

    @property
    def is_being_updated(self) -> bool:
        return self.update is not None and self.update.is_open

    @property
    def update_stopped(self) -> bool:
        return self.update is not None and self.update.state in Operation.NEEDS_PERSON

    @property
    def may_retry(self) -> bool:
        return self.operation is not None and self.operation.state in Operation.NEEDS_PERSON

    @property
    def waits_for_decision(self) -> bool:
        """Somebody in the books looks like this customer, and a person says whether it is another."""
        return self.may_retry and any(case.code == LOOKS_LIKE_ANOTHER for case in self.cases)


def customer_panel(customer: Customer) -> CustomerPanel:
    """Four statements."""
    connection = live_connection(customer.organization)
    operations = operations_of([customer.pk]) if connection else ()
    return panel_among(customer, connection, links=links_of([customer.pk]) if connection else (), operations=operations)


def panel_among(
    customer: Customer, connection: Connection | None, *, links: Iterable[Link], operations: Iterable[Operation]
) -> CustomerPanel:
    """The same by what was read already, also of other records. One statement."""
    cases = cases_of("customer", customer.pk)
    if connection is None:
        return CustomerPanel(customer=customer, connection=None, link=None, operation=None, cases=cases, address="")
    own = [each for each in links if each.local_id == customer.pk]
    link = next((each for each in own if each.books_id == connection.books_id and each.kind == "customer"), None)
    newest = newest_operations(connection, customer, operations)
    operation = newest.get("customer")
    return CustomerPanel(
        customer=customer,
        connection=connection,
        link=link,
        operation=operation,
        update=newest.get(CUSTOMER_UPDATE),
        cases=cases,
        address=address_of_link(connection, link) or address_of(connection, operation),
        last_exchange=last_exchange(link, newest.values()),
        elsewhere=[each for each in own if each.books_id != connection.books_id],
    )


def links_of(ids: Iterable[UUID]) -> QuerySet[Link]:
    """In whatever books, each with the last event of the history that came from there or went there."""
    exchanges = Change.objects.filter(
        subject_id=OuterRef("local_id"), books=OuterRef("books"), source__in=FROM_BOOKS
    ).order_by("-at")
    told = {name: Subquery(exchanges.values(name)[:1]) for name in ("at", "source")}
    links = Link.objects.filter(local_id__in=list(ids)).select_related("books")
    return links.annotate(exchanged_at=told["at"], exchanged_by=told["source"])


def operations_of(ids: Iterable[UUID]) -> QuerySet[Operation]:
    """Whatever creates or updates these records or is a document of theirs, in whatever books, the oldest first."""
    kinds = ("customer", CUSTOMER_UPDATE, "contact", CONTACT_UPDATE, *SALES)
    return Operation.objects.filter(local_id__in=list(ids), kind__in=kinds).order_by("created_at")


def newest_operations(
    connection: Connection, customer: Customer, operations: Iterable[Operation]
) -> dict[str, Operation]:
    """The newest creation and the newest update. What a person has taken back stands for nothing any more."""
    ours = (each for each in operations if each.local_id == customer.pk and each.books_id == connection.books_id)
    return {each.kind: each for each in ours if each.state != Operation.State.SUPERSEDED}


WAYS: dict[str, str | Promise] = {
    Change.Source.BOOKS: _("read from there"),
    Change.Source.SENT: _("sent there"),
    Link.Origin.IMPORTED: _("read from there"),
    Link.Origin.ADOPTED: _("recognised there"),
    Link.Origin.EXPORTED: _("sent there"),
}


def last_exchange(link: Link | None, operations: Iterable[Operation]) -> Exchange | None:
    """The newest of what the history, the link and the operations tell; a link made by hand exchanged nothing."""
    told: list[tuple[datetime, str]] = [
        (each.done_at, Change.Source.SENT) for each in operations if each.done_at and each.state == Operation.State.DONE
    ]
    if link is not None and link.origin in WAYS:
        told.append((link.created_at, link.origin))
    if link is not None and (at := getattr(link, "exchanged_at", None)):
        told.append((at, getattr(link, "exchanged_by", "")))
    if not told:
        return None
    at, way = max(told)
    return Exchange(at=at, words=WAYS[way])


# --- before somebody is added ---------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class There:
    """A customer of the books who has no link yet, and what they have in common with ours."""

    record: CustomerRecord
    reasons: list[Reason]


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What the page shows before a customer is created in the books.

    `there` is None when the books could not be searched.
    """

    alike: Sequence[LookAlike]
    there: Sequence[There] | None
    terms: Sequence[TermsOfPayment]
    chosen_terms: str

    @property
    def is_doubtful(self) -> bool:
        return bool(self.alike or self.there)


def addition(
    connection: Connection, customer: Customer, there: Sequence[CustomerRecord] | None, *, chosen: str | None = None
) -> Addition:
    terms = list(TermsOfPayment.objects.filter(books=connection.books, active=True, for_sales=True))
    return Addition(
        alike=[each for each in look_alikes(connection, customer) if each.link is None or not each.link.gone_at],
        there=None if there is None else [There(record=each, reasons=reasons_of(customer, each)) for each in there],
        terms=terms,
        chosen_terms=terms_for(connection, customer, terms) if chosen is None else chosen,
    )


def reasons_of(customer: Customer, record: CustomerRecord) -> list[Reason]:
    marks = {
        Reason.NUMBER: (customer.number, record.number),
        Reason.ORGANISATION_NUMBER: (normal(customer.organisation_number), normal(record.organisation_number)),
        Reason.EMAIL: (customer.email.lower(), record.email.lower()),
    }
    return [reason for reason, (ours, theirs) in marks.items() if ours and ours == theirs]


def terms_for(connection: Connection, customer: Customer, terms: Iterable[TermsOfPayment]) -> str:
    """The remote id of the terms of payment to preselect: the customer's own, else the default of the settings."""
    known = {each.name.lower(): each.remote_id for each in terms}
    own = customer.terms_of_payment.strip().lower()
    if own:
        maps = connection.value_maps.filter(kind=ValueMap.Kind.TERMS_OF_PAYMENT, ours__iexact=own)
        known |= {each.ours.lower(): each.theirs for each in maps}
    answers = dict(connection.answers.values_list("question", "value"))
    return known.get(own, "") or default_terms(connection.ledger_provider, answers, set(known.values()))


# --- before somebody is linked --------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field of ours beside theirs."""

    label: str | Promise
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.ours.casefold().split() != self.theirs.casefold().split()


def side_by_side(customer: Customer, record: CustomerRecord) -> list[Row]:
    """By what people recognise a customer: ours, and the one of the books."""
    own = Address(street=customer.street, postcode=customer.postcode, city=customer.city)
    return [
        Row(label=_("Name"), ours=customer.name, theirs=record.name),
        Row(label=_("Customer number"), ours=customer.number, theirs=record.number),
        Row(
            label=_("Organisation number"),
            ours=customer.organisation_number,
            theirs=record.organisation_number,
        ),
        Row(label=_("Address"), ours=in_one_line(own), theirs=in_one_line(record.address)),
        Row(label=_("E-mail"), ours=customer.email, theirs=record.email),
        Row(label=_("Phone"), ours=customer.phone, theirs=record.phone),
    ]


def in_one_line(address: Address) -> str:
    place = f"{address.postcode} {address.city}".strip()
    return ", ".join(each for each in (address.street, place) if each)


# --- documents ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A document of one of the customer's work orders, in whatever state."""

    operation: Operation
    address: str


def documents_of(connection: Connection, customer: Customer) -> list[Sent]:
    """The newest fifty. One statement."""
    orders = WorkOrder.objects.filter(customer=customer).values("pk")
    found = Operation.objects.filter(books=connection.books_id, kind__in=SALES, local_id__in=orders)
    newest = found.exclude(state=Operation.State.SUPERSEDED).select_related("asked_by").order_by("-created_at")[:50]
    return [Sent(operation=each, address=address_of(connection, each)) for each in newest]
