"""Where the contact persons of a customer stand in the books, for books that keep several of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.types import ContactDocument
from fieldwork.models import ContactPerson, Customer
from integrations.exports import CONTACT_UPDATE
from integrations.models import Connection, Link, Operation
from integrations.sending.queueing import live_connection

KINDS = ("contact", "customer")
WRITES = ("contact", CONTACT_UPDATE)


@dataclass(frozen=True, kw_only=True)
class People:
    """A customer's persons: whom the books have, and what is on its way there.

    `is_linked` says whether the customer is there: before that, nobody can be added. `operations` are the newest.
    """

    connection: Connection
    is_linked: bool
    linked: frozenset[UUID]
    operations: Mapping[UUID, Operation]

    def may_add(self, person: ContactPerson) -> bool:
        if person.pk in self.linked or not (person.active and self.is_linked):
            return False
        operation = self.operations.get(person.pk)
        return operation is None or operation.state in Operation.NEEDS_PERSON


def people_of(customer: Customer, persons: Sequence[ContactPerson]) -> People | None:
    """Three statements. None where the books keep persons, if at all, on the customer's own record."""
    connection = live_connection(customer.organization)
    if connection is None or not keeps_persons(connection):
        return None
    ids = [person.pk for person in persons]
    here = {"books": connection.books_id, "local_id__in": [*ids, customer.pk]}
    links = Link.objects.filter(kind__in=KINDS, **here)
    return people_among(
        connection, customer, links, Operation.objects.filter(kind__in=WRITES, **here).order_by("created_at")
    )


def people_among(
    connection: Connection, customer: Customer, links: Iterable[Link], operations: Iterable[Operation]
) -> People:
    """The same by what was read already, also of other kinds and books."""
    here = (each for each in links if each.books_id == connection.books_id and each.kind in KINDS)
    linked = frozenset(each.local_id for each in here if each.gone_at is None)
    own = (each for each in operations if each.books_id == connection.books_id and each.kind in WRITES)
    return People(
        connection=connection,
        is_linked=customer.pk in linked,
        linked=linked,
        operations={each.local_id: each for each in own},
    )


def keeps_persons(connection: Connection) -> bool:
    return ContactDocument in connection.ledger_provider.writes
