"""Pages of single records: what is typed is saved, and what is wrong is said beside the field."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import ContactPerson, Customer, HourType, Material, Project, User, WorkSite
from tests.fieldwork.conftest import Firm


@pytest.fixture
def office(sign_in: Callable[[User], Client], firm: Firm) -> Client:
    return sign_in(firm.coordinator)


def shown(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"fieldwork:{name}", args=args)).content.decode()


CUSTOMER = {
    "name": "Åkessons Åkeri AB",
    "is_company": "on",
    "number": "10777",
    "organisation_number": "556016-0680",
    "country": "se",
    "currency": "sek",
    "discount_percent": "2.5",
    "active": "on",
}


def test_a_new_customer_is_saved_and_shown(office: Client, firm: Firm) -> None:
    answer = office.post(reverse("fieldwork:customer_create"), CUSTOMER)

    customer = Customer.objects.get(name="Åkessons Åkeri AB")
    assert answer.url == reverse("fieldwork:customer_detail", args=[customer.pk])
    assert (customer.organization, customer.country, customer.currency) == (firm.organization, "SE", "SEK")
    assert customer.discount_percent == Decimal("2.50")


def test_a_number_in_use_is_said_beside_the_field_and_nothing_typed_is_lost(office: Client, firm: Firm) -> None:
    answer = office.post(reverse("fieldwork:customer_create"), {**CUSTOMER, "number": "10001"})

    text = answer.content.decode()
    assert answer.context["form"].errors["number"] == ["The number 10001 is in use already."]
    assert "Åkessons Åkeri AB" in text
    assert Customer.objects.count() == 1


def test_another_firms_number_is_free(office: Client, firm: Firm, stranger: Firm) -> None:
    Customer.objects.filter(pk=stranger.customer.pk).update(number="10777")

    office.post(reverse("fieldwork:customer_create"), CUSTOMER)

    assert Customer.objects.filter(number="10777").count() == 2


def test_a_customer_keeps_its_own_number_when_saved(office: Client, firm: Firm) -> None:
    office.post(reverse("fieldwork:customer_edit", args=[firm.customer.pk]), {**CUSTOMER, "number": "10001"})

    firm.customer.refresh_from_db()
    assert (firm.customer.number, firm.customer.name) == ("10001", "Åkessons Åkeri AB")


def test_terms_of_payment_that_others_have_are_offered(office: Client, firm: Firm, stranger: Firm) -> None:
    for number in ("1", "2"):
        Customer.objects.create(
            organization=firm.organization, number=number, name=number, terms_of_payment="30 dagar netto"
        )
    Customer.objects.filter(pk=stranger.customer.pk).update(terms_of_payment="10 dagar netto")

    text = office.get(reverse("fieldwork:suggest", args=["terms"]), {"q": "dagar"}).content.decode()

    assert (text.count("30 dagar netto"), text.count("10 dagar netto")) == (1, 0)


def test_the_company_page_shows_people_places_and_work(office: Client, firm: Firm) -> None:
    ContactPerson.objects.create(customer=firm.customer, first_name="Eva", last_name="Ek", is_reference=True)
    order = firm.work_order()

    text = shown(office, "customer_detail", firm.customer.pk)

    assert "Eva Ek" in text
    assert firm.work_site.name in text
    assert order.title in text


def test_of_hundreds_of_people_and_places_the_company_page_shows_the_beginning(office: Client, firm: Firm) -> None:
    ContactPerson.objects.bulk_create(
        ContactPerson(customer=firm.customer, first_name=f"Eva-{n:02}") for n in range(30)
    )
    WorkSite.objects.bulk_create(WorkSite(customer=firm.customer, name=f"Trapphus-{n:02}") for n in range(30))
    address = reverse("fieldwork:customer_detail", args=[firm.customer.pk])

    page = shown(office, "customer_detail", firm.customer.pk)
    in_full = office.get(address, {"all": "work-sites"}).content.decode()

    assert ["Eva-05" in page, "Eva-29" in page] == [True, False]
    assert ["Trapphus-05" in page, "Trapphus-29" in page] == [True, False]
    assert "?all=work-sites#work-sites" in page
    assert ["Eva-29" in in_full, "Trapphus-29" in in_full] == [False, True]
    assert "?all=work-sites" not in in_full


def test_a_new_reference_person_takes_the_place_of_the_former(office: Client, firm: Firm) -> None:
    former = ContactPerson.objects.create(customer=firm.customer, first_name="Bo", is_reference=True)

    office.post(
        reverse("fieldwork:contact_person_create", args=[firm.customer.pk]),
        {"first_name": "Eva", "is_reference": "on"},
    )

    former.refresh_from_db()
    assert former.is_reference is False
    assert ContactPerson.objects.get(is_reference=True).first_name == "Eva"


def test_a_contact_person_is_removed_after_a_second_click(office: Client, firm: Firm) -> None:
    person = ContactPerson.objects.create(customer=firm.customer, first_name="Eva")
    address = reverse("fieldwork:contact_person_remove", args=[person.pk])

    office.get(address)
    assert ContactPerson.objects.count() == 1

    office.post(address)
    assert ContactPerson.objects.count() == 0


def test_a_work_site_in_use_stays_and_it_is_said_why(office: Client, firm: Firm) -> None:
    firm.work_order(work_site=firm.work_site)

    answer = office.post(reverse("fieldwork:work_site_remove", args=[firm.work_site.pk]), follow=True)

    assert "is in use on a work order and stays" in answer.content.decode()
    assert WorkSite.objects.filter(pk=firm.work_site.pk).exists()


def test_two_work_sites_of_a_customer_have_different_names(office: Client, firm: Firm) -> None:
    address = reverse("fieldwork:work_site_create", args=[firm.customer.pk])

    answer = office.post(address, {"name": "Källaren", "country": "SE"})

    assert list(answer.context["form"].errors) == ["name"]
    office.post(address, {"name": "Vinden", "country": "SE"})
    assert WorkSite.objects.filter(customer=firm.customer).count() == 2


@pytest.mark.parametrize(("page", "model"), [("material", Material), ("hour_type", HourType)])
def test_the_catalogue_is_added_to_and_changed(office: Client, firm: Firm, page: str, model: type) -> None:
    typed = {"number": "X1", "name": "Nytt", "unit": "st", "price": "12.50", "vat_percent": "25", "currency": "SEK"}

    office.post(reverse(f"fieldwork:{page}_create"), {**typed, "active": "on"})
    item = model.objects.get(number="X1")
    office.post(reverse(f"fieldwork:{page}_edit", args=[item.pk]), {**typed, "price": "13.75"})

    item.refresh_from_db()
    assert (item.organization, item.price, item.active) == (firm.organization, Decimal("13.7500"), False)


def test_prices_are_typed_with_a_comma_in_swedish(office: Client, firm: Firm) -> None:
    User.objects.filter(pk=firm.coordinator.pk).update(language="sv")
    typed = {"number": "X1", "name": "Nytt", "price": "12,50", "vat_percent": "25,00", "currency": "SEK"}

    office.post(reverse("fieldwork:material_create"), typed)

    assert Material.objects.get(number="X1").price == Decimal("12.5000")


@pytest.mark.parametrize("typed", ["10001", "Kund hos rorfirman", "10001 Kund hos rorfirman"])
def test_a_projects_customer_is_found_by_number_or_name(office: Client, firm: Firm, typed: str) -> None:
    project = {"number": "25-9", "name": "Nytt", "customer": typed, "starts_on": "2026-01-01", "status": "active"}

    office.post(reverse("fieldwork:project_create"), project)

    assert Project.objects.get(number="25-9").customer == firm.customer


def test_a_projects_customer_that_is_not_found_or_not_clear_is_said(office: Client, firm: Firm) -> None:
    for number in ("1", "2"):
        Customer.objects.create(organization=firm.organization, number=number, name="Lars Andersson")
    project = {"number": "25-9", "name": "Nytt", "starts_on": "2026-01-01", "status": "active"}
    address = reverse("fieldwork:project_create")

    unknown = office.post(address, {**project, "customer": "Kund hos elfirman"})
    unclear = office.post(address, {**project, "customer": "Lars Andersson"})

    assert unknown.context["form"].errors["customer"] == [
        "Nothing is called “Kund hos elfirman”. Type the number or the whole name."
    ]
    assert unclear.context["form"].errors["customer"] == ["Several are called “Lars Andersson”. Type the number."]
    assert 'value="Lars Andersson"' in unclear.content.decode()


def test_a_project_does_not_end_before_it_starts(office: Client, firm: Firm) -> None:
    dates = {"starts_on": "2026-05-01", "ends_on": "2026-04-30"}

    answer = office.post(
        reverse("fieldwork:project_create"), {"number": "25-9", "name": "Nytt", "status": "active", **dates}
    )

    assert list(answer.context["form"].errors) == ["ends_on"]


def test_language_and_time_zone_are_the_persons_own_choice(office: Client, firm: Firm) -> None:
    office.post(reverse("fieldwork:profile"), {"language": "sv", "time_zone": "Europe/Helsinki"})

    firm.coordinator.refresh_from_db()
    assert (firm.coordinator.language, firm.coordinator.time_zone) == ("sv", "Europe/Helsinki")


def test_a_time_zone_that_does_not_exist_is_refused(office: Client, firm: Firm) -> None:
    answer = office.post(reverse("fieldwork:profile"), {"language": "sv", "time_zone": "Europe/Atlantis"})

    assert list(answer.context["form"].errors) == ["time_zone"]
