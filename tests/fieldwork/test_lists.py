"""Lists: searched, filtered, in pages, and as cheap with many rows as with few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import Customer, Project, User, WorkOrder
from tests.fieldwork.conftest import Firm


@pytest.fixture
def office(sign_in: Callable[[User], Client], firm: Firm) -> Client:
    return sign_in(firm.coordinator)


def names(client: Client, page: str, /, **query: str) -> list[str]:
    """The records on the page, by name or title."""
    listing = client.get(reverse(f"fieldwork:{page}"), query).context["listing"]
    return [getattr(record, "title", None) or record.name for record in listing.page]


@pytest.fixture
def customers(firm: Firm) -> None:
    rows = [
        {"name": "Åkessons Åkeri AB", "number": "2001", "city": "Göteborg", "organisation_number": "556016-0680"},
        {"name": "Öbergs El AB", "number": "2002", "city": "Åmål", "email": "info@oberg.example"},
        {"name": "Eva Ek", "number": "2003", "is_company": False, "mobile": "070-174 06 01"},
        {"name": "Gamla Bolaget AB", "number": "2004", "active": False},
    ]
    firm.customer.delete()
    for row in rows:
        Customer.objects.create(organization=firm.organization, **row)


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("åkeri", ["Åkessons Åkeri AB"]),
        ("ÖBERGS", ["Öbergs El AB"]),
        ("ab åmål", ["Öbergs El AB"]),
        ("2003", ["Eva Ek"]),
        ("556016", ["Åkessons Åkeri AB"]),
        ("070-174", ["Eva Ek"]),
        ("oberg.example", ["Öbergs El AB"]),
        ("finns inte", []),
    ],
)
def test_search_finds_every_word_in_any_column(
    office: Client, customers: None, searched: str, found: list[str]
) -> None:
    assert names(office, "customer_list", q=searched) == found


def test_a_filter_without_a_choice_is_not_shown(firm: Firm, office: Client) -> None:
    WorkOrder.objects.all().delete()
    firm.organization.work_order_statuses.all().delete()

    assert 'class="chip"' not in office.get("/work-orders/").content.decode()


def test_chips_narrow_and_are_kept_by_the_search(office: Client, customers: None) -> None:
    assert names(office, "customer_list", kind="False") == ["Eva Ek"]
    assert names(office, "customer_list", active="False") == ["Gamla Bolaget AB"]
    assert names(office, "customer_list", active="True", q="AB") == ["Åkessons Åkeri AB", "Öbergs El AB"]

    text = office.get(reverse("fieldwork:customer_list"), {"active": "True"}).content.decode()
    assert '<input type="hidden" name="active" value="True">' in text


def test_a_filter_that_does_not_exist_is_ignored(office: Client, firm: Firm) -> None:
    firm.work_order()

    assert names(office, "work_order_list", status="nonsense", page="nonsense") == ["Byt kran"]


def test_work_orders_are_filtered_by_the_firms_own_statuses(office: Client, firm: Firm) -> None:
    firm.work_order(number="1", title="Planerat")
    firm.work_order(number="2", title="Påbörjat", status=firm.statuses["started"])

    assert names(office, "work_order_list", status=str(firm.statuses["started"].pk)) == ["Påbörjat"]


def test_projects_show_how_many_work_orders_they_collect(office: Client, firm: Firm) -> None:
    firm.work_order(project=firm.project)
    Project.objects.create(organization=firm.organization, number="24-001", name="Gammalt", status="finished")

    listing = office.get(reverse("fieldwork:project_list")).context["listing"]

    assert [(project.name, project.work_order_count) for project in listing.page] == [
        ("Gammalt", 0),
        ("Projekt hos rorfirman", 1),
    ]
    assert names(office, "project_list", status="finished") == ["Gammalt"]


def test_fifty_rows_make_a_page_and_links_keep_the_search(office: Client, firm: Firm) -> None:
    Customer.objects.bulk_create(
        Customer(organization=firm.organization, name=f"Bolag {number:03}") for number in range(120)
    )

    listing = office.get(reverse("fieldwork:customer_list"), {"q": "Bolag", "page": "2"}).context["listing"]

    assert [customer.name for customer in listing.page][:1] == ["Bolag 050"]
    assert len(listing.page) == 50
    assert [(str(link.label), link.chosen) for link in listing.page_links] == [("1", False), ("2", True), ("3", False)]
    assert "q=Bolag" in listing.page_links[0].address


@pytest.mark.parametrize("page", ["customer_list", "material_list", "hour_type_list", "project_list"])
def test_an_empty_list_says_what_belongs_here_and_offers_the_first_step(office: Client, firm: Firm, page: str) -> None:
    for records in (Project, Customer):
        records.objects.for_organization(firm.organization).delete()
    firm.material.delete()
    firm.hour_type.delete()

    text = office.get(reverse(f"fieldwork:{page}")).content.decode()

    assert "stand here" in text
    assert reverse(f"fieldwork:{page.removesuffix('_list')}_create") in text


def test_an_empty_search_offers_the_way_back(office: Client, firm: Firm) -> None:
    text = office.get(reverse("fieldwork:customer_list"), {"q": "finns inte"}).content.decode()

    assert "Nothing fits the search and the filters." in text


@pytest.mark.parametrize("count", [1, 45])
def test_the_list_of_work_orders_costs_the_same_statements_whatever_its_length(
    office: Client, firm: Firm, count: int, django_assert_max_num_queries: Callable
) -> None:
    for number in range(count):
        firm.work_order(number=str(number))

    with django_assert_max_num_queries(14):
        office.get(reverse("fieldwork:work_order_list"))
    assert WorkOrder.objects.count() == count
