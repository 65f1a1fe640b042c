"""Customers of the books become customers of the firm: created, recognised, changed, and asked about."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from accounting.types import Address, Contact, CustomerRecord, TermsRecord
from fieldwork.models import ContactPerson, Customer, Organization
from integrations.models import Case, Connection, Link, LinkDecision, StreamSetting
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


def someone(remote_id: str = "c1", number: str = "2001", name: str = "Eken Bygg AB", **more: Any) -> CustomerRecord:
    return CustomerRecord(
        remote_id=remote_id, number=number, name=name, is_company=more.pop("is_company", True), **more
    )


def everything() -> CustomerRecord:
    return someone(
        organisation_number="556016-0680",
        vat_number="SE556016068001",
        email="info@eken.example",
        phone="08-123",
        mobile="070-123",
        website="eken.example",
        address=Address(street="Ekvägen 1", street2="Box 2", postcode="123 45", city="Solna", country="FI"),
        delivery_name="Lagret",
        delivery_address=Address(street="Lagervägen 2", postcode="543 21", city="Kista", country="SE"),
        contact=Contact(name="Eva von Ek", email="eva@eken.example", phone="08-9", mobile="070-9"),
        currency="EUR",
        discount_percent=Decimal("12.5"),
        terms_remote_id="t30",
        note="Ring first",
    )


def test_every_field_arrives(acme: FakeCompany, read: Read, organization: Organization) -> None:
    acme.put(TermsRecord(remote_id="t30", name="30 dagar netto", days=30), everything())

    read("terms")
    run = read("customers")

    assert (run.state, run.read, run.created) == ("done", 1, 1)
    made = Customer.objects.get()
    assert (made.organization, made.number, made.name, made.is_company) == (organization, "2001", "Eken Bygg AB", True)
    assert (made.organisation_number, made.vat_number) == ("556016-0680", "SE556016068001")
    assert (made.email, made.phone, made.mobile, made.website) == (
        "info@eken.example",
        "08-123",
        "070-123",
        "eken.example",
    )
    assert (made.street, made.street2, made.postcode, made.city, made.country) == (
        "Ekvägen 1",
        "Box 2",
        "123 45",
        "Solna",
        "FI",
    )
    assert (made.delivery_name, made.delivery_street, made.delivery_postcode) == ("Lagret", "Lagervägen 2", "543 21")
    assert (made.delivery_city, made.delivery_country, made.currency) == ("Kista", "SE", "EUR")
    assert (made.discount_percent, made.terms_of_payment) == (Decimal("12.5"), "30 dagar netto")
    assert (made.note, made.active) == ("Ring first", True)
    person = made.contact_persons.get()
    assert (person.first_name, person.last_name, person.is_reference) == ("Eva", "von Ek", True)
    assert (person.email, person.direct_phone, person.mobile) == ("eva@eken.example", "08-9", "070-9")
    link = Link.objects.get(kind="customer")
    assert (link.remote_id, link.remote_number, link.origin) == ("c1", "2001", "imported")
    assert (link.local_model, link.local_id) == ("fieldwork.Customer", made.pk)


def test_what_the_books_leave_out_comes_from_the_company(acme: FakeCompany, read: Read) -> None:
    acme.put(someone(is_company=False))

    read("customers")

    made = Customer.objects.get()
    assert (made.country, made.currency, made.is_company) == ("SE", "SEK", False)
    assert not ContactPerson.objects.exists()


def test_a_change_over_there_arrives_and_ours_stays(acme: FakeCompany, read: Read, connection: Connection) -> None:
    StreamSetting.objects.filter(connection=connection, stream="contacts").update(enabled=False)
    acme.put(someone(contact=Contact(name="Eva Ek"), note="theirs"))
    read("customers")
    Customer.objects.update(note="The key is under the mat")
    ContactPerson.objects.create(customer=Customer.objects.get(), first_name="Olle")
    acme.put(someone(name="Eken Bygg & Son AB", contact=Contact(name="Anna Alm"), note="still theirs"))

    run = read("customers")

    assert (run.created, run.updated) == (0, 1)
    changed = Customer.objects.get()
    assert (changed.name, changed.note) == ("Eken Bygg & Son AB", "The key is under the mat")
    assert sorted(changed.contact_persons.values_list("first_name", "is_reference")) == [
        ("Anna", True),
        ("Olle", False),
    ]


def test_create_only_leaves_existing_ones_alone(acme: FakeCompany, read: Read, connection: Connection) -> None:
    acme.put(someone())
    read("customers")
    StreamSetting.objects.filter(connection=connection, stream="customers").update(overwrite=False)
    read("customers")
    acme.put(someone(name="Renamed over there"), someone("c2", "2002", "New"))

    run = read("customers")

    assert (run.created, run.updated, run.unchanged) == (1, 0, 1)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Eken Bygg AB", "New"}
    assert read("customers", full=True).unchanged == 2


class TestRecognised:
    """Without a link, strong signs tell which of our customers one is."""

    @pytest.mark.parametrize("written", ["716400-1234", "7164001234", "167164001234", "SE716400123401", "716400 1234"])
    def test_by_organisation_number_however_it_is_written(
        self, acme: FakeCompany, read: Read, customer: Customer, written: str
    ) -> None:
        acme.put(someone(name="Brf Eken", organisation_number=written))

        run = read("customers")

        assert (run.created, run.updated) == (0, 1)
        adopted = Customer.objects.get()
        assert (adopted.pk, adopted.name, adopted.number) == (customer.pk, "Brf Eken", "2001")
        assert Link.objects.get().origin == "adopted"

    def test_by_number_and_name(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        acme.put(someone(number="1001", name="bostadsrättsföreningen  EKEN."))

        read("customers")

        assert Customer.objects.get().pk == customer.pk

    def test_private_persons_by_e_mail_and_name(
        self, acme: FakeCompany, read: Read, organization: Organization
    ) -> None:
        local = Customer.objects.create(
            organization=organization, name="Anna Alm", is_company=False, email="anna@alm.example"
        )
        acme.put(someone(name="Anna Alm", email="Anna@Alm.example", is_company=False))

        read("customers")

        assert Customer.objects.get().pk == local.pk

    @pytest.mark.parametrize(
        "twin",
        [
            {"number": "", "email": "", "organisation_number": ""},
            {"number": "77", "email": "kassor@eken.example", "address": Address(postcode="999 99")},
        ],
    )
    def test_never_by_name_alone(self, acme: FakeCompany, read: Read, customer: Customer, twin: dict[str, str]) -> None:
        acme.put(someone(name=customer.name, **twin))

        run = read("customers")

        assert run.created == 1
        assert Customer.objects.count() == 2

    @pytest.mark.parametrize(
        "signs",
        [
            {"email": "Styrelsen@eken.example"},
            {"address": Address(postcode="12345")},
            {"vat_number": "SE716400123401", "name": "Something else"},
        ],
    )
    def test_too_much_alike_to_make_a_second_it_is_asked_about(
        self, acme: FakeCompany, read: Read, customer: Customer, signs: dict[str, Any]
    ) -> None:
        acme.put(someone(**{"number": "77", "name": "bostadsrättsföreningen eken", **signs}))

        runs = [read("customers"), read("customers", full=True)]

        assert [(run.created, run.rejected) for run in runs] == [(0, 1), (0, 1)]
        assert Customer.objects.get() == customer
        case = Case.objects.get()
        assert (case.code, case.values["ours"], case.values["number"]) == ("look_alike", str(customer.pk), "77")

    def test_told_apart_they_are_two(
        self, acme: FakeCompany, read: Read, connection: Connection, customer: Customer
    ) -> None:
        acme.put(someone(organisation_number=customer.organisation_number))
        LinkDecision.objects.create(
            books=connection.books,
            kind="customer",
            remote_id="c1",
            local_model=customer._meta.label,
            local_id=customer.pk,
            verdict=LinkDecision.Verdict.DIFFERENT,
        )

        assert read("customers").created == 1
        assert Link.objects.get().local_id != customer.pk

    def test_not_in_another_organization(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        other = Organization.objects.create(name="Other", slug="other")
        Customer.objects.update(organization=other)
        acme.put(someone(organisation_number=customer.organisation_number))

        read("customers")

        assert Customer.objects.filter(organization=other).get().name == customer.name
        assert Customer.objects.count() == 2

    def test_two_who_may_be_it_are_asked_about(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        Customer.objects.create(
            organization=customer.organization, number="1002", name="Twin", organisation_number="7164001234"
        )
        acme.put(someone(organisation_number="716400-1234"))

        runs = [read("customers"), read("customers", full=True)]

        assert [(run.created, run.rejected) for run in runs] == [(0, 1), (0, 1)]
        case = Case.objects.get()
        assert (case.code, case.subject_kind, case.subject_id, case.times) == ("look_alike", "remote_customer", "c1", 2)
        assert Customer.objects.count() == 2
        assert not Link.objects.exists()

    def test_the_number_decides_between_two(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        Customer.objects.create(
            organization=customer.organization, number="2001", name="Branch", organisation_number="7164001234"
        )
        acme.put(someone(number="2001", organisation_number="716400-1234"))

        read("customers")

        assert Link.objects.get().local_id == Customer.objects.get(number="2001").pk
        assert not Case.objects.exists()

    def test_two_branches_with_one_organisation_number_are_two(
        self, acme: FakeCompany, read: Read, customer: Customer
    ) -> None:
        acme.put(*(someone(f"c{n}", f"300{n}", f"Branch {n}", organisation_number="716400-1234") for n in (1, 2)))

        run = read("customers")

        assert (run.created, run.updated) == (1, 1)
        assert Customer.objects.count() == Link.objects.count() == 2


class TestNumbers:
    """A number belongs to one customer; the second comes without it."""

    def test_two_over_there_with_one_number_both_come(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "2001", "First"), someone("c2", "2001", "Second"), someone("c3", "2003", "Third"))

        runs = [read("customers"), read("customers", full=True)]

        assert [run.created for run in runs] == [3, 0]
        assert list(Customer.objects.order_by("name").values_list("name", "number")) == [
            ("First", "2001"),
            ("Second", ""),
            ("Third", "2003"),
        ]
        assert [(case.code, case.subject_id) for case in Case.objects.all()] == [("number_taken", "c2")]

    def test_on_two_pages_too(self, acme: FakeCompany, read: Read) -> None:
        acme.page_size = 1
        acme.put(someone("c1", "2001", "First"), someone("c2", "2001", "Second"))

        assert read("customers").created == 2
        assert set(Customer.objects.values_list("number", flat=True)) == {"2001", ""}

    def test_among_very_many_too(self, acme: FakeCompany, read: Read) -> None:
        acme.page_size = 60
        numbers = [*range(100), 7, *range(101, 120)]
        acme.put(*(someone(f"c{place}", str(number), f"N{place}") for place, number in enumerate(numbers)))

        runs = [read("customers"), read("customers", full=True)]

        assert [(run.state, run.created, run.unchanged) for run in runs] == [("done", 120, 0), ("done", 0, 120)]
        assert Customer.objects.get(name="N100").number == ""
        assert [(case.code, case.subject_id) for case in Case.objects.all()] == [("number_taken", "c100")]

    def test_among_very_many_one_of_ours_is_recognised(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        acme.put(*(someone(f"c{n}", str(n), f"N{n}") for n in range(60)))
        acme.put(someone("c60", "60", "Brf Eken", organisation_number=customer.organisation_number))

        run = read("customers")

        assert (run.created, run.updated) == (60, 1)
        assert Customer.objects.get(pk=customer.pk).name == "Brf Eken"

    def test_one_of_ours_keeps_its_number(self, acme: FakeCompany, read: Read, customer: Customer) -> None:
        acme.put(someone(number="1001", name="Somebody else"))

        read("customers")

        assert Customer.objects.get(number="1001").pk == customer.pk
        assert Customer.objects.get(name="Somebody else").number == ""
        assert "1001 Bostadsrättsföreningen Eken" in Case.objects.get().values["other"]

    def test_swapped_numbers_do_not_stop_the_page(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "1", "First"), someone("c2", "2", "Second"))
        read("customers")
        acme.put(someone("c1", "2", "First"), someone("c2", "1", "Second"))

        run = read("customers")

        assert (run.state, run.updated) == ("done", 2)


class TestLeftOut:
    """One record that does not fit never stops the others."""

    def test_an_unreadable_one(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "1"), someone("c3", "3"))
        acme.put_bad(CustomerRecord, "c2")

        run = read("customers")

        assert (run.state, run.read, run.created, run.rejected) == ("done", 3, 2, 1)
        case = Case.objects.get()
        assert (case.code, case.subject_id, case.subject_label) == ("unreadable", "c2", "Illegible c2")
        assert case.detail

    def test_one_that_is_too_long(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "1", "x" * 201), someone("c2", "2", "Short"))

        run = read("customers")

        assert (run.created, run.rejected) == (1, 1)
        case = Case.objects.get()
        assert (case.code, case.field) == ("too_long", "name")

    def test_one_whose_contact_is_too_long(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone(contact=Contact(name="x" * 101)))

        assert read("customers").rejected == 1
        assert Case.objects.get().field == "first_name"

    def test_its_case_closes_when_it_is_repaired(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "1", "x" * 201))
        acme.put_bad(CustomerRecord, "c2")
        read("customers")
        acme.put(someone("c1", "1", "Short"), someone("c2", "2", "Readable"))

        run = read("customers")

        assert run.created == 2
        assert not Case.objects.filter(state="open").exists()

    def test_its_case_closes_when_it_is_gone(self, acme: FakeCompany, read: Read) -> None:
        acme.put(someone("c1", "1"))
        acme.put_bad(CustomerRecord, "c2")
        read("customers")
        acme.take_away(CustomerRecord, "c2")

        read("customers", full=True)

        assert not Case.objects.filter(state="open").exists()
