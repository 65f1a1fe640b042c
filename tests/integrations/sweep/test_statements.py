"""No page needs more of the database when the firm is large."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.crowd import fill
from fieldwork.models import Customer, WorkOrder
from integrations.models import Case, Operation, Run
from tests.integrations.sweep.addresses import routes
from tests.integrations.sweep.world import Firm

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MOST = 15
RECORDS = 20_000
# Pages for whoever has a link: nobody else finds anything there.
FOR_GUESTS = {"authorise", "authorise_here", "authorised"}
# What a list is asked besides being opened.
LISTS = {
    "customer_list": ("q=nummer+19", "page=200", "sort=name"),
    "work_order_list": ("q=radiator+19", "page=200", "status=done"),
    "material_list": ("q=R", "page=2"),
    "hour_type_list": ("q=T", "page=2"),
    "project_list": ("q=Stam", "page=2"),
    "inbox": ("page=2", "q=A0"),
    "runs": ("page=2",),
    "plan": ("page=2", "action=create"),
    "linking": ("group=certain", "group=likely", "group=none"),
    "links_made": ("page=2",),
    "rules": ("page=2",),
    "suggest": ("q=R",),
}


def test_every_page_of_a_large_firm_takes_few_statements(owner, firm):
    fill(firm.connection, count=RECORDS, by=firm.people["owner"])

    taken = {address: statements(owner, address) for _, address in pages(firm)}

    assert len(taken) > 50
    assert {address: count for address, count in taken.items() if count > MOST} == {}


def pages(firm: Firm) -> list[tuple[str, str]]:
    """The name and address of every page, about the records with most around them, and of lists further on."""
    busy = {**firm.ids, **busiest(firm)}
    found = [(route.name, route.about(busy)) for route in routes() if route.name not in FOR_GUESTS]
    return [
        (name, f"{address}?{query}" if query else address)
        for name, address in found
        for query in ("", *LISTS.get(name, ()))
    ]


def busiest(firm: Firm) -> dict[str, object]:
    order = WorkOrder.objects.get(organization=firm.organization, number="A000004")
    operation = Operation.objects.get(local_id=order.pk)
    return {
        "customers": Customer.objects.get(organization=firm.organization, number="K000000").pk,
        "work-orders": order.pk,
        "operations": operation.pk,
        "inbox": Case.objects.get(operation=operation).pk,
        "runs": Run.objects.filter(connection=firm.connection).latest("read").pk,
    }


def statements(browser: Client, address: str) -> int:
    """How many statements the page took; none for what is no page, like the figures for machines."""
    with CaptureQueriesContext(database) as captured:
        answer = browser.get(address, headers={"host": "127.0.0.1"})
    assert answer.status_code in {200, 302, 405}, (address, answer.status_code)
    if not answer["Content-Type"].startswith("text/html"):
        return 0
    return sum(1 for each in captured if "SAVEPOINT" not in each["sql"])
