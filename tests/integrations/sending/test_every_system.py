"""A completed work order with every accounting system that has a stand-in, over real HTTP: its draft, with its PDF.

No system is named: what is found is tried.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounting.protocol import TakesAttachments
from accounting.registry import provider_for
from accounting.types import Receipt, Stage
from fieldwork.models import Customer, Material, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.services import complete_work_order
from integrations.connections import open_ledger
from integrations.export import send_due
from integrations.models import Connection, Lease, Link, Operation
from integrations.pipelines import PIPELINES
from integrations.sync import Reader, read_stream
from tests.integrations.connecting.test_every_system import SYSTEMS, System, browser, stages, system  # noqa: F401
from tests.integrations.exporting import open_codes

# One login of each is enough here.
USUAL = [(key, login) for key, login in SYSTEMS if login == provider_for(key).logins[0].key]

pytestmark = [
    pytest.mark.parametrize("system", USUAL, indirect=True, ids="-".join),
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
]


@pytest.fixture
def connection(system: System, browser: Client) -> Connection:  # noqa: F811
    """Connected, every question answered, customers and articles read once."""
    made = system.connected(browser)
    ledger = open_ledger(made)
    for question in made.ledger_provider.questions:
        for choice in list(ledger.choices(question.key))[:1]:
            made.answers.create(question=question.key, value=choice.value, label=choice.label)
    made.organization.currency = made.pinned_books.currency
    made.organization.save()
    made.settings.saved_at = timezone.now()
    made.settings.save()
    lease = Lease.take(made, owner=uuid4().hex)
    assert lease is not None
    for stream in ("units", "codings", "terms", "customers", "articles"):
        read_stream(Reader(connection=made, ledger=ledger, lease=lease), PIPELINES[stream], full=True)
    lease.release()
    return made


@pytest.fixture
def work_order(connection: Connection, statuses: dict[str, WorkOrderStatus]) -> WorkOrder:
    """For a customer of the books, with a material that is not there yet."""
    links = Link.objects.filter(books=connection.books, kind="customer")
    customers = Customer.objects.filter(pk__in=links.values("local_id"), is_company=True, active=True)
    customer = customers.filter(currency__in=["", connection.organization.currency]).order_by("number")[0]
    article = Material.objects.create(
        organization=connection.organization, number="NY1", name="Pipe", unit="st", price=Decimal(25)
    )
    made = WorkOrder.objects.create(
        organization=connection.organization,
        number="1187",
        customer=customer,
        title="Burst pipe",
        status=next(iter(statuses.values())),
    )
    WorkOrderLine.objects.create(
        work_order=made,
        kind=WorkOrderLine.Kind.MATERIAL,
        material=article,
        text=article.name,
        quantity=Decimal(2),
        unit_price=Decimal("100.00"),
    )
    return made


def turn(connection: Connection) -> None:
    lease = Lease.take(connection, owner=uuid4().hex)
    assert lease is not None
    send_due(connection, lease, open_ledger(connection))
    lease.release()


def test_the_draft_has_the_work_orders_pdf(connection: Connection, work_order: WorkOrder) -> None:
    complete_work_order(work_order, by=None)

    turn(connection)

    sale = Operation.objects.get(kind="invoice_draft")
    assert (sale.state, sale.problem) == (Operation.State.DONE, "")
    attached = Operation.objects.get(kind="attachment")
    assert (attached.state, attached.problem) == (Operation.State.DONE, "")
    assert attached.verified_at is not None
    assert open_codes(subject_kind="work_order") == []
    ledger = open_ledger(connection)
    assert isinstance(ledger, TakesAttachments)
    receipt = Receipt(stage=Stage(sale.stage), remote_id=sale.remote_id, reference=sale.reference)
    assert list(ledger.attachments(receipt)) == [attached.remote_id]
