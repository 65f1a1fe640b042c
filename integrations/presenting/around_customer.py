"""What a customer's page shows of the books: the customer, its people and its work orders, all read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fieldwork.models import ContactPerson, Customer, WorkOrder
from integrations.models import Connection, Link, Operation
from integrations.presenting.customers import CustomerPanel, links_of, operations_of, panel_among
from integrations.presenting.panels import Standing, states_among
from integrations.presenting.people import People, keeps_persons, people_among
from integrations.sending.preconditions import is_imported_order
from integrations.sending.queueing import live_connection


@dataclass(frozen=True, kw_only=True)
class Around:
    """`people` is None where the books keep persons, if at all, on the customer's own record; `states` are by the id
    of the work order."""

    panel: CustomerPanel
    people: People | None
    states: Mapping[UUID, Standing]


def around_customer(customer: Customer, persons: Iterable[ContactPerson], work_orders: Iterable[WorkOrder]) -> Around:
    """Four statements, however many persons and work orders."""
    orders = list(work_orders)
    connection = live_connection(customer.organization)
    ids = [customer.pk, *(each.pk for each in persons), *(each.pk for each in orders)]
    links, operations = list(links_of(ids)), list(operations_of(ids))
    has_people = connection is not None and keeps_persons(connection)
    return Around(
        panel=panel_among(customer, connection, links=links, operations=operations),
        people=people_among(connection, customer, links, operations) if connection and has_people else None,
        states=states_of_orders(connection, orders, links, operations),
    )


def states_of_orders(
    connection: Connection | None, orders: Sequence[WorkOrder], links: Sequence[Link], operations: Sequence[Operation]
) -> Mapping[UUID, Standing]:
    """Of several books the books of record win."""
    ids = {each.pk for each in orders}
    own = [each for each in operations if each.local_id in ids]
    own.sort(key=lambda each: connection is not None and each.books_id == connection.books_id)
    imported: dict[UUID, Standing] = {
        each.local_id: each for each in links if each.local_id in ids and is_imported_order(each)
    }
    return imported | states_among(orders, own)
