"""A page costs the same few statements whatever its size, and next to nothing when nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounting.types import (
    ArticleRecord,
    CodingRecord,
    Contact,
    ContactRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    Record,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)
from fieldwork.models import ContactPerson, Customer, Organization, Project
from integrations.models import Link
from integrations.pipelines import PIPELINES
from integrations.sync import Reader, read_stream
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

MOST = 6
UNCHANGED = 2
# One look at the old values of what changed.
KEEPS_HISTORY = {"customers": 1, "contacts": 1}
# The first page that changes a customer asks whether anybody has ever edited one here.
ONCE_PER_RUN = {"customers": 1}
HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def unit(n: int) -> UnitRecord:
    return UnitRecord(remote_id=f"u{n}", name=f"Unit {n}", abbreviation="tim" if n % 2 else f"s{n}")


def coding(n: int) -> CodingRecord:
    return CodingRecord(remote_id=f"k{n}", name=f"Coding {n}", is_service=bool(n % 2), vat_percent=Decimal(25))


def terms(n: int) -> TermsRecord:
    return TermsRecord(remote_id=f"t{n}", name=f"{n} days", days=n)


def customer(n: int) -> CustomerRecord:
    return CustomerRecord(
        remote_id=f"c{n}",
        number=f"K{n}",
        name=f"Customer {n}",
        is_company=bool(n % 3),
        organisation_number=f"55{n:04}-1234",
        email=f"c{n}@example.com",
        contact=Contact(name=f"Eva {n}"),
        terms_remote_id="t1",
    )


def person(n: int) -> ContactRecord:
    return ContactRecord(remote_id=f"e{n}", customer_remote_id=f"c{n % 10}", name=f"Eva Ek {n}", email="e@example.com")


def work_site(n: int) -> WorkSiteRecord:
    return WorkSiteRecord(remote_id=f"w{n}", customer_remote_id=f"c{n % 10}", name=f"Yard {n}")


def article(n: int) -> ArticleRecord:
    """Every second one is hours."""
    return ArticleRecord(
        remote_id=f"a{n}", number=f"A{n}", name=f"Article {n}", unit_remote_id=f"u{n % 2}", coding_remote_id="k1"
    )


def project(n: int) -> ProjectRecord:
    return ProjectRecord(remote_id=f"p{n}", number=f"P{n}", name=f"Project {n}", customer_remote_id=f"c{n % 10}")


def order(n: int) -> SalesOrderRecord:
    lines = (
        OrderLineRecord(article_remote_id="a0", text="Pipe", quantity=Decimal(1), unit_price=Decimal(n)),
        OrderLineRecord(article_remote_id="a1", text="Work", quantity=Decimal(2), project_remote_id="p1"),
        OrderLineRecord(text="A text"),
    )
    return SalesOrderRecord(
        remote_id=f"o{n}",
        number=str(n),
        state=OrderState.CONFIRMED,
        customer_remote_id=f"c{n % 10}",
        lines=lines,
    )


MAKE: dict[str, Callable[[int], Record]] = {
    "units": unit,
    "codings": coding,
    "terms": terms,
    "customers": customer,
    "contacts": person,
    "work_sites": work_site,
    "articles": article,
    "projects": project,
    "sales_orders": order,
}


def statements_per_page(reader: Reader, stream: str) -> list[int]:
    """How many statements each page of a full read took; what begins and ends the run is not a page's."""
    ends: list[int] = []
    with CaptureQueriesContext(database) as captured:
        reader.report = lambda run: ends.append(len(captured))
        run = read_stream(reader, PIPELINES[stream], full=True)
    assert (run.state, run.rejected) == ("done", 0)
    texts = [each["sql"] for each in captured]
    begins = [next(n for n, text in enumerate(texts, 1) if text.startswith('INSERT INTO "integrations_run"')), *ends]
    spans = [texts[begin:end] for begin, end in zip(begins, ends, strict=False)][: run.pages]
    return [sum(1 for text in span if not text.startswith(HOUSEKEEPING)) for span in spans]


def prepare(acme: FakeCompany, read: Read, stream: str) -> None:
    """Ten records of every stream before this one, so that references lead somewhere."""
    for name, make in MAKE.items():
        if name == stream:
            return
        acme.put(*(make(n) for n in range(10)))
        read(name)


@pytest.fixture
def person_of_ours(customer: Customer) -> ContactPerson:
    return ContactPerson.objects.create(customer=customer, first_name="Olle")


@pytest.fixture
def unlinked_project(organization: Organization) -> Project:
    """With this one, the customer, the person and the articles of ours, every page must look whether it knows them."""
    return Project.objects.create(organization=organization, number="ours", name="Ours")


@pytest.mark.parametrize("size", [10, 100, 500])
@pytest.mark.parametrize("stream", MAKE)
@pytest.mark.usefixtures("person_of_ours", "material", "hour_type", "unlinked_project")
def test_new_unchanged_and_changed_pages(acme: FakeCompany, read: Read, reader: Reader, stream: str, size: int) -> None:
    prepare(acme, read, stream)
    acme.page_size = size
    records = [MAKE[stream](n) for n in range(2 * size)]
    acme.put(*records)

    first = statements_per_page(reader, stream)
    unchanged = statements_per_page(reader, stream)
    acme.put(*records)  # now with another stamp
    changed = statements_per_page(reader, stream)
    acme.put(*(MAKE[stream](n) for n in range(2 * size, 4 * size)))
    new = statements_per_page(reader, stream)

    assert [len(pages) for pages in (first, unchanged, changed, new)] == [2, 2, 2, 4]
    assert max(first) <= MOST
    assert max(unchanged) <= UNCHANGED
    assert changed[0] <= MOST + KEEPS_HISTORY.get(stream, 0) + ONCE_PER_RUN.get(stream, 0)
    assert changed[1] <= MOST + KEEPS_HISTORY.get(stream, 0)
    assert max(new) <= MOST
    assert Link.objects.filter(kind=PIPELINES[stream].kind).count() == 4 * size


def test_every_stream_is_counted() -> None:
    assert set(MAKE) == set(PIPELINES)
