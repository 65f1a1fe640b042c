"""One firm with one connection to Acme Books, and a completed job: what every engine test starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounting import providers, registry
from accounting.auth import Tokens
from accounting.models import Books
from accounting.types import Question
from fieldwork.models import (
    Customer,
    HourType,
    Material,
    Membership,
    Organization,
    User,
    WorkOrder,
    WorkOrderLine,
    WorkOrderStatus,
)
from integrations.connections import open_ledger
from integrations.models import (
    Answer,
    Connection,
    ConnectionSettings,
    Credential,
    Lease,
    Licence,
    Run,
    StreamSetting,
)
from integrations.pipelines import PIPELINES
from integrations.sync import Reader, read_stream
from tests.integrations.exporting import Worker

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

PROVIDERS_OF_TESTS = str(Path(__file__).parents[1] / "providers")
TOKEN = "acme-token"

Read = Callable[..., Run]


@pytest.fixture(autouse=True)
def acme_books() -> Iterator[None]:
    """Acme Books among the providers that the registry finds."""
    providers.__path__.append(PROVIDERS_OF_TESTS)
    registry.all_providers.cache_clear()
    yield
    providers.__path__.remove(PROVIDERS_OF_TESTS)
    registry.all_providers.cache_clear()


@pytest.fixture
def asks_about_records(acme_books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acme Books asks for terms of payment and codings too."""
    provider = registry.provider_for("acme_books")
    more: tuple[Question, ...] = import_module("accounting.providers.acme_books").ABOUT_RECORDS
    asking = replace(provider, questions=(*provider.questions, *more))  # type: ignore[type-var]
    monkeypatch.setitem(registry.all_providers(), "acme_books", asking)


@pytest.fixture
def acme(acme_books: None) -> Iterator[FakeCompany]:
    """The books over there: empty, and open to the token of `connection`."""
    fake = import_module("accounting.providers.acme_books.company")
    fake.COMPANIES[TOKEN] = fake.new_company()
    yield fake.COMPANIES[TOKEN]
    fake.COMPANIES.clear()


@pytest.fixture
def organization(db: None) -> Organization:
    return Organization.objects.create(name="Rör & Värme AB", slug="ror-varme", organisation_number="556016-0680")


@pytest.fixture
def owner(organization: Organization) -> User:
    user = User.objects.create_user(username="owner", email="owner@ror.example", password="secret")
    Membership.objects.create(user=user, organization=organization, role=Membership.Role.OWNER)
    return user


@pytest.fixture
def statuses(organization: Organization) -> dict[str, WorkOrderStatus]:
    """The steps of a job by name: planned, done (triggers the export), invoiced, stuck, cancelled."""
    phase = WorkOrderStatus.Phase
    steps = [
        WorkOrderStatus(name="planned", phase=phase.OPEN),
        WorkOrderStatus(name="done", phase=phase.COMPLETED, triggers_export=True),
        WorkOrderStatus(name="invoiced", phase=phase.COMPLETED, set_after_success=True),
        WorkOrderStatus(name="stuck", phase=phase.COMPLETED, set_after_failure=True),
        WorkOrderStatus(name="cancelled", phase=phase.CANCELLED),
    ]
    for position, step in enumerate(steps):
        step.organization, step.position = organization, position
        step.save()
    return {step.name: step for step in steps}


@pytest.fixture
def books(db: None) -> Books:
    return Books.objects.create(
        provider="acme_books",
        environment="https://api.acme.example",
        remote_id="acme-company-1",
        name="Rör & Värme AB",
        organisation_number="556016-0680",
        country="SE",
        currency="SEK",
        features=["orders", "projects"],
        read_at=timezone.now(),
    )


@pytest.fixture
def connection(
    organization: Organization, owner: User, books: Books, statuses: dict[str, WorkOrderStatus], acme: FakeCompany
) -> Connection:
    """Active, licensed, signed in with a token that does not expire, its one question answered, read once before."""
    made = Connection.objects.create(
        organization=organization,
        provider="acme_books",
        books=books,
        state=Connection.State.ACTIVE,
        connected_by=owner,
        connected_at=timezone.now(),
        next_due_at=timezone.now(),
    )
    ConnectionSettings.objects.create(
        connection=made, cut_off_date=date(2020, 1, 1), saved_at=timezone.now(), attach_pdf=False
    )
    Credential.objects.create(connection=made, secret=Credential.pack(made, Tokens(access_token=TOKEN)), version=1)
    Licence.objects.create(
        organization=organization, provider="acme_books", starts_on=timezone.localdate() - timedelta(days=30)
    )
    StreamSetting.objects.bulk_create(
        StreamSetting(connection=made, stream=stream, last_success_at=timezone.now()) for stream in PIPELINES
    )
    Answer.objects.create(connection=made, question="layout", value="std", label="Standard")
    return made


@pytest.fixture
def reader(connection: Connection) -> Reader:
    """A worker with the lease of the connection."""
    lease = Lease.take(connection, owner="test")
    assert lease is not None
    return Reader(connection=connection, ledger=open_ledger(connection), lease=lease)


@pytest.fixture
def read(reader: Reader) -> Read:
    """`read("customers")` is one run of that stream, `full=True` one of everything."""

    def run(stream: str, *, full: bool = False) -> Run:
        return read_stream(reader, PIPELINES[stream], full=full)

    return run


@pytest.fixture
def worker(connection: Connection, acme: FakeCompany) -> Worker:
    """`worker.run()` empties the outbox as far as it can be."""
    return Worker(connection=connection, acme=acme)


@pytest.fixture
def customer(organization: Organization) -> Customer:
    return Customer.objects.create(
        organization=organization,
        number="1001",
        name="Bostadsrättsföreningen Eken",
        organisation_number="716400-1234",
        email="styrelsen@eken.example",
        street="Ekvägen 1",
        postcode="123 45",
        city="Solna",
    )


@pytest.fixture
def material(organization: Organization) -> Material:
    return Material.objects.create(
        organization=organization, number="R22", name="Pipe 22 mm", unit="m", price=Decimal("89.50")
    )


@pytest.fixture
def hour_type(organization: Organization) -> HourType:
    return HourType.objects.create(
        organization=organization, number="TIM", name="Plumber's time", unit="tim", price=Decimal(650)
    )


@pytest.fixture
def work_order(
    organization: Organization,
    statuses: dict[str, WorkOrderStatus],
    customer: Customer,
    material: Material,
    hour_type: HourType,
    owner: User,
) -> WorkOrder:
    """An open job with 3 m of pipe, 2.5 hours and a text."""
    order = WorkOrder.objects.create(
        organization=organization,
        number="1187",
        customer=customer,
        title="Leaking radiator",
        your_reference="Eva Ek",
        status=statuses["planned"],
        assigned_to=owner,
    )
    kind = WorkOrderLine.Kind
    WorkOrderLine.objects.bulk_create(
        [
            WorkOrderLine(
                work_order=order,
                position=1,
                kind=kind.MATERIAL,
                material=material,
                text="Pipe 22 mm",
                quantity=Decimal(3),
                unit="m",
                unit_price=Decimal("89.50"),
            ),
            WorkOrderLine(
                work_order=order,
                position=2,
                kind=kind.HOURS,
                hour_type=hour_type,
                text="Plumber's time",
                quantity=Decimal("2.5"),
                unit="tim",
                unit_price=Decimal(650),
                performed_by=owner,
            ),
            WorkOrderLine(work_order=order, position=3, kind=kind.TEXT, text="Radiator in the kitchen replaced."),
        ]
    )
    return order
