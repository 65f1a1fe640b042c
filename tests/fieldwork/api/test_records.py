"""Programs list, find, add and change the firm's records by the rules of its pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldwork.models import ContactPerson, Customer, Material, Project, WorkSite
from tests.fieldwork.api.conftest import errors_in, kind_of

pytestmark = pytest.mark.django_db


# --- adding and changing --------------------------------------------------------


def test_a_customer_is_added_with_the_firms_country_and_currency(caller, firm):
    firm.organization.currency = "NOK"
    firm.organization.save()

    answer = caller.post("/customers", {"name": "Villa Ek", "external_id": "C-1", "discount_percent": "2.50"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["name"], told["country"], told["currency"], told["active"]) == ("Villa Ek", "SE", "NOK", True)
    assert (told["external_id"], told["discount_percent"]) == ("C-1", "2.50")
    assert Customer.objects.get(pk=told["id"]).organization == firm.organization


def test_what_is_not_given_stays(caller, firm):
    firm.customer.phone = "070-1"
    firm.customer.save()

    answer = caller.patch(f"/customers/{firm.customer.pk}", {"email": "ny@kund.example"})

    assert answer.status_code == 200, answer.content
    firm.customer.refresh_from_db()
    assert (firm.customer.email, firm.customer.phone, firm.customer.number) == ("ny@kund.example", "070-1", "10001")


def test_the_rules_are_those_of_the_pages(caller, firm):
    answer = caller.post("/customers", {"number": "10001", "email": "no address", "discount_percent": "101"})

    assert (answer.status_code, kind_of(answer)) == (422, "invalid")
    assert set(errors_in(answer)) == {"#/name", "#/number", "#/email", "#/discount_percent"}
    assert Customer.objects.filter(organization=firm.organization).count() == 1


def test_a_name_that_nobody_knows_is_an_error(caller):
    answer = caller.post("/customers", {"name": "Villa Ek", "adress": "Storgatan 1"})

    assert errors_in(answer) == {"#/adress": "extra_forbidden"}


def test_the_sentence_comes_in_the_language_that_was_asked_for(caller):
    answer = caller.post("/customers", {"number": "10001"}, Accept_Language="sv")

    assert "används redan" in answer.content.decode()


@pytest.mark.parametrize("amount", [10.5, 10, "10,50", "1e3", "NaN", "Infinity", ""])
def test_an_amount_is_text_with_a_point(caller, amount):
    answer = caller.post("/materials", {"number": "K1", "name": "Koppling", "price": amount})

    assert set(errors_in(answer)) == {"#/price"}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_an_amount_means_the_same_in_every_language(caller, language):
    answer = caller.post(
        "/materials", {"number": "K1", "name": "Koppling", "price": "1234.5000"}, Accept_Language=language
    )

    assert answer.json()["price"] == "1234.5000"
    assert Material.objects.get(number="K1").price == Decimal("1234.5")


def test_an_external_id_belongs_to_one_record_of_the_firm(caller, firm, stranger):
    Customer.objects.create(organization=stranger.organization, name="Deras", external_id="C-1")
    caller.patch(f"/customers/{firm.customer.pk}", {"external_id": "C-1"})

    answer = caller.post("/customers", {"name": "En till", "external_id": "C-1"})

    assert errors_in(answer) == {"#/external_id": "unique"}
    assert caller.patch(f"/customers/{firm.customer.pk}", {"external_id": "C-1"}).status_code == 200


def test_a_contact_person_who_becomes_the_reference_takes_the_place(caller, firm):
    former = ContactPerson.objects.create(customer=firm.customer, first_name="Ann", is_reference=True)

    answer = caller.post(f"/customers/{firm.customer.pk}/contact-persons", {"first_name": "Bo", "is_reference": True})

    assert answer.json()["customer"] == str(firm.customer.pk)
    former.refresh_from_db()
    assert not former.is_reference
    changed = caller.patch(f"/contact-persons/{former.pk}", {"mobile": "070-2"})
    assert (changed.json()["mobile"], changed.json()["first_name"]) == ("070-2", "Ann")
    listed = caller.get(f"/customers/{firm.customer.pk}/contact-persons").json()["items"]
    assert {each["first_name"] for each in listed} == {"Ann", "Bo"}


def test_a_work_site_is_added_and_renamed(caller, firm):
    taken = caller.post(f"/customers/{firm.customer.pk}/work-sites", {"name": "Källaren"})
    added = caller.post(f"/customers/{firm.customer.pk}/work-sites", {"name": "Vinden"})
    renamed = caller.patch(f"/work-sites/{added.json()['id']}", {"name": "Loftet"})

    assert set(errors_in(taken)) == {"#/name"}
    assert (renamed.json()["name"], renamed.json()["country"]) == ("Loftet", "SE")
    assert caller.get(f"/work-sites/{added.json()['id']}").json()["name"] == "Loftet"
    assert WorkSite.objects.filter(customer=firm.customer).count() == 2


def test_a_project_names_its_customer_by_id(caller, firm, stranger):
    added = caller.post("/projects", {"number": "26", "name": "Stam", "customer": str(firm.customer.pk)})
    foreign = caller.post("/projects", {"number": "27", "name": "Stam", "customer": str(stranger.customer.pk)})
    early = caller.post("/projects", {"number": "28", "name": "X", "starts_on": "2026-02-01", "ends_on": "2026-01-01"})

    assert added.json()["customer"] == str(firm.customer.pk)
    assert errors_in(foreign) == {"#/customer": "invalid_choice"}
    assert set(errors_in(early)) == {"#/ends_on"}
    assert caller.patch(f"/projects/{added.json()['id']}", {"status": "finished"}).json()["status"] == "finished"
    assert Project.objects.get(number="26").customer == firm.customer


def test_an_hour_type_is_added_and_changed(caller, firm):
    added = caller.post("/hour-types", {"number": "A200", "name": "Resa", "price": "450.00"})

    changed = caller.patch(f"/hour-types/{added.json()['id']}", {"price": "475.00"})

    assert (added.json()["unit"], changed.json()["price"]) == ("tim", "475.0000")
    assert caller.get(f"/hour-types/{added.json()['id']}").json()["number"] == "A200"


# --- finding --------------------------------------------------------------------


def test_records_are_found_by_number_external_id_and_words(caller, firm):
    caller.patch(f"/materials/{firm.material.pk}", {"external_id": "M/7"})
    Material.objects.create(organization=firm.organization, number="X1", name="Annat")

    for query in ("number=R22", "external_id=M/7", "q=r%C3%B6r"):
        assert [each["number"] for each in caller.get(f"/materials?{query}").json()["items"]] == ["R22"], query


@pytest.mark.parametrize("kind", ["customers", "materials", "hour-types", "projects", "work-orders"])
def test_only_what_was_changed_since_is_listed(caller, firm, kind):
    firm.work_order()
    [record] = caller.get(f"/{kind}").json()["items"]
    moment = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert len(caller.get(f"/{kind}?changed_since={record['updated_at']}").json()["items"]) == 1
    assert caller.get(f"/{kind}?changed_since={moment}").json()["items"] == []
    assert caller.get(f"/{kind}?changed_since=2026-11-20T08:00:00").status_code == 422


def test_a_change_of_many_rows_counts_as_a_change(caller, firm):
    before = firm.material.updated_at

    Material.objects.filter(pk=firm.material.pk).update(active=False)

    firm.material.refresh_from_db()
    assert firm.material.updated_at > before


def test_pages_hold_every_record_once(caller, firm):
    Customer.objects.bulk_create(Customer(organization=firm.organization, name=f"Kund {n}") for n in range(24))

    seen, address, pages = [], "/customers?limit=10", 0
    while address:
        page = caller.get(address).json()
        seen += [each["id"] for each in page["items"]]
        address, pages = (page["next"] or "").partition("/api/v1")[2], pages + 1

    assert (pages, len(seen), len(set(seen))) == (3, 25, 25)


@pytest.mark.parametrize("kind", ["customers", "materials", "work-orders"])
def test_a_page_takes_the_same_statements_however_full_it_is(caller, firm, kind):
    firm.work_order()
    few = statements(caller, f"/{kind}")
    for number in range(30):
        firm.work_order(number=f"2{number:03}")
    Customer.objects.bulk_create(Customer(organization=firm.organization, name=f"Kund {n}") for n in range(30))
    Material.objects.bulk_create(
        Material(organization=firm.organization, number=f"B{n}", name="Rör") for n in range(30)
    )

    assert len(caller.get(f"/{kind}").json()["items"]) == 31
    assert statements(caller, f"/{kind}") == few <= 3


@pytest.mark.long
def test_twenty_thousand_customers_are_read_page_by_page(caller, firm):
    Customer.objects.bulk_create(
        (Customer(organization=firm.organization, name=f"Kund {n}") for n in range(20_000)), batch_size=2000
    )

    seen, address = set(), "/customers?limit=200"
    while address:
        page = caller.get(address).json()
        seen |= {each["id"] for each in page["items"]}
        address = (page["next"] or "").partition("/api/v1")[2]

    assert len(seen) == 20_001


def statements(caller, path: str) -> int:
    with CaptureQueriesContext(database) as captured:
        assert caller.get(path).status_code == 200
    # The first request of a minute takes one more to begin the count.
    ours = ("SAVEPOINT", 'UPDATE "fieldwork_apikey"')
    return sum(1 for each in captured if not any(word in each["sql"] for word in ours))
