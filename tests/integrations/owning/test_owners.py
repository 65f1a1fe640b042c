"""Who decides about a field: the books, we, the newest, or a person. What loses stays in the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounting.types import Address, ArticleRecord, CustomerRecord, UnitRecord
from fieldwork.models import Customer, Material
from integrations.history import note
from integrations.linking.by_hand import unlink
from integrations.models import Agreement, Case, Change, FieldOwner, PlanEntry, StreamSetting
from integrations.owning.deciding import Side, decide
from integrations.owning.groups import GROUPS
from integrations.pipelines import PIPELINES
from integrations.placing.records import CUSTOMER, HOUR_TYPE, MATERIAL
from integrations.planning.rehearsing import rehearse

pytestmark = pytest.mark.django_db(transaction=True)

Owner = FieldOwner.Owner
Say = Callable[..., None]
EVA = CustomerRecord(
    remote_id="c1",
    number="5012",
    name="Eken",
    is_company=True,
    phone="08-1",
    email="a@eken.example",
    address=Address(street="Ekvägen 1", postcode="111 11", city="Solna", country="SE"),
)
PIPE = ArticleRecord(remote_id="a1", number="R22", name="Pipe", unit_remote_id="m", price=Decimal(10))


@pytest.fixture
def say(connection) -> Say:
    """`say(customer_contact="ask")` is what the owner saves."""

    def save(**owners: str) -> None:
        for group, owner in owners.items():
            FieldOwner.objects.update_or_create(connection=connection, group=group, defaults={"owner": owner})

    return save


@pytest.fixture
def came(acme, read, say) -> Callable[..., Customer]:
    """The customer came under these owners, and both sides agree."""

    def bring(**owners: str) -> Customer:
        say(**owners)
        acme.put(EVA)
        read("customers")
        return Customer.objects.get()

    return bring


def edit(customer: Customer, **values: str) -> None:
    """Somebody changes our record on its page."""
    old = {name: getattr(customer, name) for name in values}
    Customer.objects.filter(pk=customer.pk).update(**values)
    note(customer, source=Change.Source.HERE, fields={name: (old[name], values[name]) for name in values})


def here(customer: Customer, *names: str) -> tuple[str, ...]:
    customer.refresh_from_db()
    return tuple(getattr(customer, name) for name in names)


def test_without_a_word_the_books_decide_and_nothing_is_kept(acme, read, came):
    customer = came()
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2"))

    read("customers")

    assert here(customer, "phone") == ("08-2",)
    assert not Agreement.objects.exists()
    assert not Case.objects.exists()


def test_without_a_word_what_was_changed_here_stays_until_the_books_change_it_too(acme, read, came):
    customer = came()
    edit(customer, phone="070-9")
    edit(customer, phone="070-99")
    acme.put(replace(EVA, email="b@eken.example"))
    read("customers")
    acme.put(replace(EVA, email="c@eken.example"))
    read("customers", full=True)
    assert here(customer, "phone", "email") == ("070-99", "c@eken.example")

    acme.put(replace(EVA, phone="08-2", email="c@eken.example"))
    read("customers")

    assert here(customer, "phone") == ("08-2",)
    assert Change.objects.latest("at").fields == {"phone": ["070-99", "08-2"]}


def test_edits_cost_a_page_two_statements_more(acme, read, came):
    edited, plain = came(), replace(EVA, remote_id="c2", number="5013", name="Linden", email="l@linden.example")
    acme.put(plain)
    read("customers")
    before = len(statements(acme, read, plain, phone="08-5"))
    edit(edited, phone="070-9")

    assert len(statements(acme, read, EVA, email="b@eken.example")) == before + 2
    assert len(statements(acme, read, plain, phone="08-6")) == before + 1


def statements(acme, read, record: CustomerRecord, **changes: str) -> list[str]:
    """What reading this changed record asks of the database."""
    acme.put(replace(record, **changes))
    with CaptureQueriesContext(database) as captured:
        read("customers")
    return [each["sql"] for each in captured]


def test_what_the_books_took_back_after_it_was_sent_is_theirs(acme, read, came):
    customer = came()
    edit(customer, phone="070-9")
    note(customer, source=Change.Source.SENT, fields={"phone": ("08-1", "070-9")})
    acme.put(replace(EVA, email="b@eken.example"))

    read("customers")

    assert here(customer, "phone", "email") == ("08-1", "b@eken.example")


def test_what_was_changed_before_the_link_was_made_is_not_kept(acme, read, came):
    customer = came()
    edit(customer, phone="070-9")
    note(customer, source=Change.Source.HERE, what=Change.What.LINKED, fields={"remote_id": ("", "c1")})
    acme.put(replace(EVA, email="b@eken.example"))

    read("customers")

    assert here(customer, "phone", "email") == ("08-1", "b@eken.example")


def test_without_a_word_an_address_that_both_changed_is_theirs_as_a_whole(acme, read, came):
    customer = came()
    edit(customer, street="Vår gata 3")
    acme.put(replace(EVA, address=replace(EVA.address, postcode="222 22", city="Lund")))

    read("customers")

    assert here(customer, "street", "postcode", "city") == ("Ekvägen 1", "222 22", "Lund")


def test_an_address_changed_here_alone_stays_as_a_whole(acme, read, came):
    customer = came()
    edit(customer, street="Vår gata 3", city="Malmö")
    acme.put(replace(EVA, email="b@eken.example"))

    read("customers")

    assert here(customer, "street", "postcode", "city") == ("Vår gata 3", "111 11", "Malmö")


def test_what_is_given_to_the_books_is_as_they_have_it_from_the_next_read_on(acme, read, came, say):
    customer = came()
    edit(customer, phone="070-9")
    read("customers")
    assert here(customer, "phone") == ("070-9",)

    say(customer_contact=Owner.BOOKS)
    run = read("customers")

    assert here(customer, "phone") == ("08-1",)
    assert run.full
    assert not Agreement.objects.exists()


def test_ours_are_never_overwritten(acme, read, came):
    customer = came(customer_contact=Owner.OURS)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2", name="Eken AB"))

    read("customers")

    assert here(customer, "phone", "name") == ("070-9", "Eken AB")
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", [Owner.DEFAULT, Owner.NEWEST, Owner.ASK])
def test_an_address_from_there_and_a_phone_from_here_both_survive(acme, read, came, who):
    customer = came(customer_contact=who, customer_address=who)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, address=replace(EVA.address, street="Nya vägen 2"), email="b@eken.example"))

    read("customers")

    assert here(customer, "street", "phone", "email") == ("Nya vägen 2", "070-9", "b@eken.example")
    assert not Case.objects.exists()


def test_both_changed_the_same_field_and_she_is_asked(acme, read, came):
    customer = came(customer_contact=Owner.ASK)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2"))

    run = read("customers")

    case = Case.objects.get()
    assert here(customer, "phone") == ("070-9",)
    assert (case.code, case.values["ours_phone"], case.values["theirs_phone"]) == ("both_changed", "070-9", "08-2")
    assert run.rejected == 1


@pytest.mark.parametrize(("side", "stays", "lost"), [(Side.BOOKS, "08-2", "070-9"), (Side.OURS, "070-9", "08-2")])
def test_what_is_decided_stands_and_what_lost_is_in_the_history(acme, read, came, owner, side, stays, lost):
    customer = came(customer_contact=Owner.ASK)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2"))
    read("customers")

    assert decide(Case.objects.get(), side, owner)

    decided = Change.objects.get(what=Change.What.DECIDED)
    assert here(customer, "phone") == (stays,)
    assert (decided.fields, decided.by) == ({"phone": [lost, stays]}, owner)
    assert Case.objects.get().state == Case.State.CLOSED
    assert not decide(Case.objects.get(), side, owner)
    read("customers", full=True)
    assert here(customer, "phone") == (stays,)
    assert Case.objects.count() == 1


def test_what_was_chosen_for_one_field_does_not_hold_for_another(acme, read, came, owner):
    customer = came(customer_contact=Owner.ASK)
    edit(customer, phone="070-9", email="vi@eken.example")
    acme.put(replace(EVA, phone="08-2", email="de@eken.example"))
    read("customers")

    decide(Case.objects.get(), Side.OURS, owner, but={"email": Side.BOOKS})

    assert here(customer, "phone", "email") == ("070-9", "de@eken.example")
    read("customers", full=True)
    assert here(customer, "phone", "email") == ("070-9", "de@eken.example")
    assert Case.objects.count() == 1


def test_a_conflict_stays_open_when_everything_is_read_again_and_ends_when_both_say_the_same(acme, read, came):
    customer = came(customer_contact=Owner.ASK)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2"))
    read("customers")

    read("customers", full=True)
    assert Case.objects.get().state == Case.State.OPEN

    acme.put(replace(EVA, phone="070-9"))
    read("customers")
    assert Case.objects.get().state == Case.State.CLOSED
    assert here(customer, "phone") == ("070-9",)


def test_an_address_is_decided_as_a_whole(acme, read, came):
    customer = came(customer_address=Owner.ASK)
    edit(customer, street="Vår gata 3")
    acme.put(replace(EVA, address=replace(EVA.address, postcode="222 22", city="Lund")))

    read("customers")

    assert here(customer, "street", "postcode", "city") == ("Vår gata 3", "111 11", "Solna")
    assert Case.objects.get().code == "both_changed"


def test_the_newest_is_ours_when_it_was_changed_after_the_last_read(acme, read, came):
    customer = came(customer_contact=Owner.NEWEST)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2"))

    read("customers")

    assert here(customer, "phone") == ("070-9",)
    assert Change.objects.get(what=Change.What.DECIDED).fields == {"phone": ["08-2", "070-9"]}


def test_the_newest_is_theirs_when_ours_was_changed_before_the_last_read(acme, read, came):
    customer = came(customer_contact=Owner.NEWEST)
    edit(customer, phone="070-9")
    StreamSetting.objects.update(last_success_at=timezone.now())
    acme.put(replace(EVA, phone="08-2"))

    read("customers")

    assert here(customer, "phone") == ("08-2",)
    assert Change.objects.get(source=Change.Source.BOOKS).fields == {"phone": ["070-9", "08-2"]}


def test_who_begins_to_be_asked_is_asked_about_what_differs_already(acme, read, came, say):
    customer = came()
    edit(customer, phone="070-9")

    say(customer_contact=Owner.ASK)
    read("customers")

    assert Case.objects.get().values["theirs_phone"] == "08-1"
    assert here(customer, "phone") == ("070-9",)


def test_a_price_of_ours_stays_while_the_name_follows(acme, read, say):
    say(article_price=Owner.OURS)
    acme.put(UnitRecord(remote_id="m", name="Meter", abbreviation="m"), PIPE)
    read("units")
    read("articles")
    Material.objects.update(price=Decimal("12.50"))
    acme.put(replace(PIPE, name="Pipe 22", price=Decimal(11)))

    read("articles")

    material = Material.objects.get()
    assert (material.name, material.price) == ("Pipe 22", Decimal("12.50"))


def test_a_price_that_both_changed_is_decided(acme, read, say, owner):
    say(article_price=Owner.ASK)
    acme.put(UnitRecord(remote_id="m", name="Meter", abbreviation="m"), PIPE)
    read("units")
    read("articles")
    Material.objects.update(price=Decimal("12.50"))
    acme.put(replace(PIPE, price=Decimal(11)))
    read("articles")

    decide(Case.objects.get(), Side.BOOKS, owner)

    assert Material.objects.get().price == Decimal(11)
    assert Change.objects.get().fields == {"price": ["12.5", "11"]}


def test_ten_thousand_agreements_cost_no_statement_each(acme, read, say):
    say(customer_contact=Owner.ASK)
    acme.put(*(replace(EVA, remote_id=f"c{n}", number=str(n), name=f"Nr {n}") for n in range(60)))
    read("customers")
    acme.put(*(replace(EVA, remote_id=f"c{n}", number=str(n), name=f"Nr {n}", phone="1") for n in range(3)))
    with CaptureQueriesContext(database) as few:
        read("customers")
    acme.put(*(replace(EVA, remote_id=f"c{n}", number=str(n), name=f"Nr {n}", phone="2") for n in range(40)))

    with CaptureQueriesContext(database) as many:
        read("customers")

    # SQLite writes many rows with as many executions of one statement.
    distinct = [{each["sql"].split(" VALUES ")[0].split("(SELECT value")[0] for each in seen} for seen in (few, many)]
    assert len(distinct[1]) <= len(distinct[0]) + 1


def test_every_column_is_one_that_an_import_writes():
    targets = {target.model: target for target in (CUSTOMER, MATERIAL, HOUR_TYPE)}
    for group in GROUPS:
        for model in group.models:
            assert set(group.columns) <= targets[model].owned
    columns = [(model, column) for group in GROUPS for model in group.models for column in group.columns]
    assert len(columns) == len(set(columns))


def test_what_was_agreed_with_one_record_does_not_hold_for_another(read, came, connection, owner):
    customer = came(customer_contact=Owner.ASK)
    assert Agreement.objects.get().agreed["phone"] == "08-1"

    unlink(connection, customer, by=owner)

    assert not Agreement.objects.exists()


def test_a_plan_shows_what_would_be_overwritten_and_what_not(acme, came, connection):
    customer = came(customer_contact=Owner.OURS)
    edit(customer, phone="070-9")
    acme.put(replace(EVA, phone="08-2", name="Eken AB"))

    entries: list[PlanEntry] = []
    rehearse(connection, [PIPELINES["customers"]], tell=entries.extend)

    [changes] = [str(entry.changes) for entry in entries if entry.action == "update"]
    assert "Eken AB" in changes
    assert "08-2" not in changes
