"""What the owner does not want is left out, unless something here stands for it; a changed mind reads everything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from accounting.types import (
    ArticleRecord,
    ContactRecord,
    CustomerRecord,
    OrderState,
    SalesOrderRecord,
    UnitRecord,
    WorkSiteRecord,
)
from fieldwork.models import ContactPerson, Customer, Material, Organization, WorkOrder
from integrations.models import Case, Connection, Link, StreamSetting
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


def wish(connection: Connection, stream: str, **filters: Any) -> None:
    StreamSetting.objects.filter(connection=connection, stream=stream).update(**filters)


def someone(remote_id: str, *, active: bool = True, **more: Any) -> CustomerRecord:
    return CustomerRecord(
        remote_id=remote_id, number=more.pop("number", remote_id), name="Eken", is_company=True, active=active, **more
    )


def article(number: str, *, is_service: bool = False, active: bool = True) -> ArticleRecord:
    return ArticleRecord(
        remote_id=number, number=number, name="Pipe", unit_remote_id="u1", is_service=is_service, active=active
    )


def test_who_is_not_active_stays_out_and_comes_when_wanted(
    acme: FakeCompany, read: Read, connection: Connection
) -> None:
    wish(connection, "customers", only_active=True)
    acme.put(someone("c1"), someone("c2", active=False))

    run = read("customers")
    assert (run.created, run.skipped) == (1, 1)
    wish(connection, "customers", only_active=False)
    run = read("customers")

    assert (run.full, run.created) == (True, 1)


def test_who_is_here_already_is_followed_all_the_same(acme: FakeCompany, read: Read, connection: Connection) -> None:
    acme.put(someone("c1"))
    read("customers")
    wish(connection, "customers", only_active=True)
    acme.put(someone("c1", active=False))

    read("customers")

    assert Customer.objects.get().active is False


def test_one_of_ours_is_linked_although_it_is_not_wanted(
    acme: FakeCompany, read: Read, connection: Connection, organization: Organization
) -> None:
    Customer.objects.create(organization=organization, number="c1", name="Eken")
    wish(connection, "customers", only_active=True)
    acme.put(someone("c1", active=False))

    read("customers")

    assert Link.objects.get().origin == "adopted"


def test_people_and_places_of_those_left_out_stay_out_silently(
    acme: FakeCompany, read: Read, connection: Connection
) -> None:
    wish(connection, "customers", only_active=True)
    acme.put(
        someone("c1", active=False),
        ContactRecord(remote_id="e1", customer_remote_id="c1", name="Eva"),
        WorkSiteRecord(remote_id="w1", customer_remote_id="c1", name="Yard"),
    )

    runs = [read(stream) for stream in ("customers", "contacts", "work_sites")]

    assert [run.skipped for run in runs] == [1, 1, 1]
    assert not ContactPerson.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(("wanted", "numbers"), [("goods", ["a1"]), ("services", ["a2"]), ("", ["a1", "a2"])])
def test_articles_of_one_kind_only(
    acme: FakeCompany, read: Read, connection: Connection, wanted: str, numbers: list[str]
) -> None:
    wish(connection, "articles", articles=wanted)
    acme.put(UnitRecord(remote_id="u1", name="styck", abbreviation="st"))
    acme.put(article("a1"), article("a2", is_service=True))
    read("units")

    read("articles")

    assert sorted(Material.objects.values_list("number", flat=True)) == numbers


def test_orders_from_a_day_on(acme: FakeCompany, read: Read, connection: Connection) -> None:
    wish(connection, "sales_orders", starts_on=date(2026, 11, 1))
    acme.put(someone("c1"))
    acme.put(
        *(
            SalesOrderRecord(
                remote_id=number,
                number=number,
                state=OrderState.CONFIRMED,
                customer_remote_id="c1",
                ordered_on=day,
            )
            for number, day in (("1", date(2026, 10, 31)), ("2", date(2026, 11, 1)), ("3", None))
        )
    )
    read("customers")

    runs = [read("sales_orders"), read("sales_orders")]

    assert sorted(WorkOrder.objects.values_list("number", flat=True)) == ["SO-2", "SO-3"]
    assert [run.full for run in runs][1] is False


def ordered_by(remote_id: str) -> SalesOrderRecord:
    return SalesOrderRecord(
        remote_id="o1", number="1042", state=OrderState.CONFIRMED, customer_remote_id=remote_id, ordered_on=None
    )


def test_customers_come_with_their_orders_and_nobody_else_does(
    acme: FakeCompany, read: Read, connection: Connection
) -> None:
    wish(connection, "customers", only_needed=True)
    acme.put(
        someone("c1"),
        someone("c2"),
        ContactRecord(remote_id="e1", customer_remote_id="c2", name="Eva"),
        ordered_by("c2"),
    )
    streams = ("customers", "contacts", "sales_orders")

    first = [read(stream) for stream in streams]
    second = [read(stream) for stream in streams]

    assert [run.created for run in first] == [0, 0, 0]
    assert [run.created for run in second] == [1, 1, 1]
    assert (Customer.objects.get().number, ContactPerson.objects.get().first_name) == ("c2", "Eva")
    assert WorkOrder.objects.get().customer == Customer.objects.get()
    assert not Case.objects.filter(state=Case.State.OPEN).exists()


def test_while_nobody_new_is_needed_customers_are_read_as_ever(
    acme: FakeCompany, read: Read, connection: Connection
) -> None:
    wish(connection, "customers", only_needed=True)
    acme.put(someone("c1"), someone("c2"), ordered_by("c2"))
    for _turn in range(3):
        read("customers")
        read("sales_orders")

    acme.put(someone("c3"))
    run = read("customers")

    assert (run.full, run.created) == (False, 0)


def test_a_customer_of_ours_is_linked_although_nothing_needs_it(
    acme: FakeCompany, read: Read, connection: Connection, organization: Organization
) -> None:
    Customer.objects.create(organization=organization, number="c1", name="Eken")
    wish(connection, "customers", only_needed=True)
    acme.put(someone("c1"), someone("c2"))

    read("customers")

    assert Link.objects.get().remote_id == "c1"
    assert Customer.objects.count() == 1
