"""Contact persons and work sites come after their customers, and are recognised there by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accounting.types import Address, Contact, ContactRecord, CustomerRecord, WorkSiteRecord
from fieldwork.models import ContactPerson, Customer, WorkSite
from integrations.models import Case, Connection, Link, StreamSetting
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

EKEN = CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True)
ALMEN = CustomerRecord(remote_id="c2", number="2", name="Almen", is_company=True)


def eva(remote_id: str = "e1", **more: Any) -> ContactRecord:
    told = {"customer_remote_id": "c1", "name": "Eva von Ek", "email": "eva@eken.example", **more}
    return ContactRecord(remote_id=remote_id, **told)


def yard(remote_id: str = "w1", **more: Any) -> WorkSiteRecord:
    return WorkSiteRecord(remote_id=remote_id, **{"customer_remote_id": "c1", "name": "The yard", **more})


def names(model: type[Any] = ContactPerson) -> list[tuple[str, bool]]:
    return sorted((str(each), each.active) for each in model.objects.all())


@pytest.fixture
def customers(acme: FakeCompany, read: Read) -> None:
    """Two customers have come already."""
    acme.put(EKEN, ALMEN)
    read("customers")


# --- people ---------------------------------------------------------------------


@pytest.mark.usefixtures("customers")
def test_a_person_comes_with_everything(acme: FakeCompany, read: Read) -> None:
    acme.put(eva(phone="08-9", mobile="070-9"))

    runs = [read("contacts"), read("contacts", full=True)]

    assert [(run.created, run.updated, run.unchanged) for run in runs] == [(1, 0, 0), (0, 0, 1)]
    made = ContactPerson.objects.get()
    assert (made.customer.name, made.first_name, made.last_name) == ("Eken", "Eva", "von Ek")
    assert (made.email, made.direct_phone, made.mobile) == ("eva@eken.example", "08-9", "070-9")
    assert (made.is_reference, made.active) == (False, True)


@pytest.mark.usefixtures("customers")
def test_a_change_over_there_arrives(acme: FakeCompany, read: Read) -> None:
    acme.put(eva())
    read("contacts")
    acme.put(eva(name="Eva Alm", customer_remote_id="c2"))

    read("contacts")

    changed = ContactPerson.objects.get()
    assert (changed.full_name, changed.customer.name) == ("Eva Alm", "Almen")


@pytest.mark.usefixtures("customers")
def test_one_of_ours_is_recognised_by_name_at_the_same_customer(acme: FakeCompany, read: Read) -> None:
    ours, others = (
        ContactPerson.objects.create(customer=each, first_name="Eva", last_name="Von Ek")
        for each in Customer.objects.order_by("number")
    )
    acme.put(eva())

    runs = [read("contacts"), read("contacts")]

    assert [run.created for run in runs] == [0, 0]
    assert Link.objects.get(kind="contact").local_id == ours.pk
    others.refresh_from_db()
    assert others.email == ""


@pytest.mark.usefixtures("customers")
def test_two_of_one_name_over_there_are_two_here(acme: FakeCompany, read: Read) -> None:
    acme.put(eva(), eva("e2", email="other@eken.example"))

    read("contacts")

    assert names() == [("Eva von Ek", True), ("Eva von Ek", True)]


@pytest.mark.usefixtures("customers")
def test_two_of_one_name_here_are_a_question(acme: FakeCompany, read: Read) -> None:
    for _each in range(2):
        ContactPerson.objects.create(customer=Customer.objects.get(number="1"), first_name="Eva", last_name="von Ek")
    acme.put(eva())

    read("contacts")

    case = Case.objects.get()
    assert case.code == "look_alike"
    assert case.values["others"] == "Eva von Ek, Eva von Ek"


def test_a_person_waits_for_the_customer_and_comes_then(acme: FakeCompany, read: Read) -> None:
    acme.put(eva(changed_at=acme.clock().replace(year=2025)))
    read("contacts")
    assert (Case.objects.get().code, ContactPerson.objects.exists()) == ("customer_not_linked", False)
    acme.put(EKEN)
    read("customers")

    run = read("contacts")

    assert (run.full, run.created) == (True, 1)
    assert not Case.objects.filter(state="open").exists()


@pytest.mark.usefixtures("customers")
def test_who_is_not_active_does_not_come_and_who_becomes_so_is_archived(acme: FakeCompany, read: Read) -> None:
    acme.put(eva(), eva("e2", name="Bo Ek", active=False), eva("e3", name=""), eva("e4", customer_remote_id=""))

    run = read("contacts")
    acme.put(eva(active=False))
    read("contacts")

    assert (run.created, run.skipped, run.rejected) == (1, 3, 0)
    assert names() == [("Eva von Ek", False)]


@pytest.mark.usefixtures("customers")
def test_who_vanished_is_archived_and_comes_back(acme: FakeCompany, read: Read) -> None:
    acme.put(*(eva(f"e{n}", name=f"Eva {n}") for n in range(3)))
    read("contacts")
    acme.take_away(ContactRecord, "e1")

    run = read("contacts", full=True)
    gone = names()
    acme.put(eva("e1", name="Eva 1"))
    read("contacts")

    assert run.archived == 1
    assert gone == [("Eva 0", True), ("Eva 1", False), ("Eva 2", True)]
    assert names() == [("Eva 0", True), ("Eva 1", True), ("Eva 2", True)]


# --- the reference person of the customer's own record ---------------------------------


def test_the_reference_person_becomes_the_linked_one(acme: FakeCompany, read: Read) -> None:
    acme.put(CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True, contact=Contact(name="Eva Ek")))
    acme.put(eva(name="Eva Ek", mobile="070-1"))
    read("customers")
    read("contacts")

    person = ContactPerson.objects.get()
    assert (person.full_name, person.mobile, person.is_reference) == ("Eva Ek", "070-1", True)


def test_another_reference_person_over_there_renames_nobody(acme: FakeCompany, read: Read) -> None:
    acme.put(CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True, contact=Contact(name="Eva Ek")))
    acme.put(eva(name="Eva Ek"), eva("e2", name="Bo Alm"))
    read("customers")
    read("contacts")
    acme.put(CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True, contact=Contact(name="Bo Alm")))

    read("customers")

    assert names() == [("Bo Alm", True), ("Eva Ek", True)]


# --- work sites -----------------------------------------------------------------


@pytest.mark.usefixtures("customers")
def test_a_work_site_comes_with_its_address(acme: FakeCompany, read: Read) -> None:
    address = Address(street="Gården 1", street2="Port B", postcode="123 45", city="Solna", country="NO")
    acme.put(yard(address=address), yard("w2", name="", address=Address(street="Torget 2", city="Solna")))

    runs = [read("work_sites"), read("work_sites", full=True)]

    assert [(run.created, run.unchanged) for run in runs] == [(2, 0), (0, 2)]
    made = WorkSite.objects.get(name="The yard")
    assert (made.street, made.postcode, made.city, made.country) == ("Gården 1, Port B", "123 45", "Solna", "NO")
    nameless = WorkSite.objects.exclude(pk=made.pk).get()
    assert (nameless.name, nameless.country) == ("Torget 2, Solna", "SE")


@pytest.mark.usefixtures("customers")
def test_a_place_that_comes_twice_is_there_once(acme: FakeCompany, read: Read) -> None:
    acme.put(yard(), yard("w2", name="the Yard"), yard("w3", customer_remote_id="c2"))

    runs = [read("work_sites"), read("work_sites", full=True)]

    assert [(run.created, run.skipped, run.rejected) for run in runs] == [(2, 1, 0), (0, 1, 0)]


@pytest.mark.usefixtures("customers")
def test_a_site_of_ours_is_recognised_by_name(acme: FakeCompany, read: Read) -> None:
    ours = WorkSite.objects.create(customer=Customer.objects.get(number="1"), name="the YARD")
    acme.put(yard(address=Address(city="Solna")))

    read("work_sites")

    changed = WorkSite.objects.get()
    assert (changed.pk, changed.city) == (ours.pk, "Solna")


def test_a_site_waits_for_its_customer(acme: FakeCompany, read: Read) -> None:
    acme.put(yard(), yard("w2", customer_remote_id=""), yard("w3", name=""))

    run = read("work_sites")

    assert (run.rejected, run.skipped) == (1, 2)
    assert Case.objects.get().code == "customer_not_linked"


@pytest.mark.usefixtures("customers")
def test_a_site_that_vanished_is_archived(acme: FakeCompany, read: Read) -> None:
    acme.put(yard(), yard("w2", name="The barn"))
    read("work_sites")
    acme.take_away(WorkSiteRecord, "w1")

    read("work_sites", full=True)

    assert names(WorkSite) == [("The barn", True), ("The yard", False)]


@pytest.mark.usefixtures("customers")
def test_a_stream_that_is_switched_off_leaves_the_reference_person_to_the_customer(
    acme: FakeCompany, read: Read, connection: Connection
) -> None:
    StreamSetting.objects.filter(connection=connection, stream="contacts").update(enabled=False)
    for name in ("Eva Ek", "Bo Alm"):
        acme.put(CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True, contact=Contact(name=name)))
        read("customers")

    assert names() == [("Bo Alm", True)]
