"""What changed on our customer comes to the customer in the books: named fields, once, and over nobody's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting import registry
from accounting.errors import AccountingError, Refused, TryLater, Unclear, UnexpectedAnswer
from accounting.types import ContactDocument, CustomerDocument
from fieldwork.models import ContactPerson, Customer, User
from integrations.export import create_now
from integrations.models import Attempt, Connection, FieldOwner, Lease, Link, Operation
from integrations.revising import ChangeRefused, give_up, preview_customer_update, update_customer_now
from tests.integrations.exporting import Worker, open_codes

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany, StoredDocument

State = Operation.State
NOON = datetime(2041, 5, 20, 12, tzinfo=UTC)
LOST = Unclear("Nothing came back.")
CHANGED = {"email": "ny@eken.example", "street": "Ekvägen 2", "phone": "08-123 45 67", "terms_of_payment": "60 days"}


class Killed(BaseException):
    """The process ends here, as with kill -9."""


@pytest.fixture(autouse=True)
def noon(time_machine: Any) -> Callable[..., None]:
    time_machine.move_to(NOON, tick=False)
    return lambda **span: time_machine.move_to(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def theirs(connection: Connection, acme: FakeCompany, customer: Customer, owner: User) -> StoredDocument:
    """The customer in the books, as it was before something changed here."""
    made = create_now(connection, customer, by=owner)
    Customer.objects.filter(pk=customer.pk).update(**CHANGED)
    return acme.documents[made.remote_id]


def give_to_the_books(connection: Connection, *groups: str) -> None:
    for group in groups:
        FieldOwner.objects.create(connection=connection, group=group, owner=FieldOwner.Owner.BOOKS)


def document(stored: StoredDocument) -> CustomerDocument:
    assert isinstance(stored.document, CustomerDocument)
    return stored.document


def state_of(operation: Operation) -> str:
    operation.refresh_from_db()
    return operation.state


# --- the preview ----------------------------------------------------------------


@pytest.mark.parametrize("keeps_people", [False, True])
def test_the_preview_shows_each_field_before_and_after_and_writes_nothing(
    connection: Connection,
    acme: FakeCompany,
    customer: Customer,
    theirs: StoredDocument,
    keeps_people: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The reference person too, whether a field of the customer over there or a record of their own."""
    if not keeps_people:
        provider = registry.provider_for("acme_books")
        fewer = replace(provider, writes=provider.writes - {ContactDocument})  # type: ignore[type-var]
        monkeypatch.setitem(registry.all_providers(), "acme_books", fewer)
    writes = dict(acme.writes)
    ContactPerson.objects.create(
        customer=customer, first_name="Eva", last_name="Ek", email="eva@eken.example", is_reference=True
    )

    preview = preview_customer_update(connection, customer)

    assert [(row.field, row.before, row.after) for row in preview.rows if row.differs] == [
        ("address", "Ekvägen 1, 123 45 Solna, SE", "Ekvägen 2, 123 45 Solna, SE"),
        ("phone", "", "08-123 45 67"),
        ("email", "styrelsen@eken.example", "ny@eken.example"),
        ("contact", "", "Eva Ek, eva@eken.example"),
    ]
    assert preview.version == "1"
    assert acme.writes == writes


def test_what_is_empty_here_is_not_offered(connection: Connection, customer: Customer, theirs: StoredDocument) -> None:
    Customer.objects.filter(pk=customer.pk).update(email="", website="")

    fields = [row.field for row in preview_customer_update(connection, customer).rows]

    assert "email" not in fields
    assert "terms_of_payment" not in fields


@pytest.mark.parametrize(
    ("name", "value"),
    [("organisation_number", "7164001234"), ("postcode", "12345"), ("email", "Styrelsen@Eken.example")],
)
def test_another_way_to_write_the_same_is_no_change(
    connection: Connection, customer: Customer, acme: FakeCompany, owner: User, name: str, value: str
) -> None:
    create_now(connection, customer, by=owner)
    Customer.objects.filter(pk=customer.pk).update(**{name: value})

    assert preview_customer_update(connection, customer).fields == []


def test_what_was_given_to_the_books_is_never_offered(
    connection: Connection, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    give_to_the_books(connection, "customer_address", "customer_contact")

    preview = preview_customer_update(connection, customer)

    assert [row.field for row in preview.rows] == ["name", "organisation_number"]
    assert preview.kept == ("Postal address", "Phone", "E-mail", "Website")


def test_what_was_given_to_the_books_is_not_overwritten_there_whoever_asks(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    give_to_the_books(connection, "customer_address")
    before = document(theirs)

    operation = update_customer_now(connection, customer, ["email", "address"], by=owner)

    assert operation.fields == ["email"]
    assert document(theirs) == replace(before, email="ny@eken.example")
    with pytest.raises(ChangeRefused, match="alone keeps these fields"):
        update_customer_now(connection, customer, ["address"], by=owner)


def test_an_update_that_waits_leaves_out_what_is_given_to_the_books_meanwhile(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User, worker: Worker
) -> None:
    before = document(theirs)
    busy = Lease.take(connection, owner="another")
    assert busy is not None
    operation = update_customer_now(connection, customer, ["email", "address"], by=owner)
    give_to_the_books(connection, "customer_address")
    busy.release()

    worker.run()

    assert state_of(operation) == State.DONE
    assert document(theirs) == replace(before, email="ny@eken.example")


def test_who_is_not_in_the_books_cannot_be_updated(
    connection: Connection, acme: FakeCompany, customer: Customer, owner: User
) -> None:
    with pytest.raises(ChangeRefused, match="not in the books"):
        preview_customer_update(connection, customer)


# --- the update -----------------------------------------------------------------


def test_only_the_named_fields_are_overwritten_and_never_the_terms_of_payment(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    before = document(theirs)

    operation = update_customer_now(connection, customer, ["email", "address", "terms_remote_id"], by=owner)

    assert operation.state == State.DONE
    assert document(theirs) == replace(
        before, email="ny@eken.example", address=replace(before.address, street="Ekvägen 2")
    )
    assert acme.writes["update"] == 1


def test_what_was_there_and_what_came_is_kept_as_evidence(
    connection: Connection, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    operation = update_customer_now(connection, customer, ["email"], by=owner)

    sent = operation.attempts.get(purpose=Attempt.Purpose.SEND)
    assert sent.evidence == {"before": {"email": "styrelsen@eken.example"}, "after": {"email": "ny@eken.example"}}
    assert sent.outcome == "done"


def test_books_that_show_it_already_are_not_written_to(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    theirs.document = replace(document(theirs), email="ny@eken.example")
    acme.put(*[replace(record_of(acme), email="ny@eken.example")])

    operation = update_customer_now(connection, customer, ["email"], by=owner)

    assert operation.state == State.DONE
    assert acme.writes["update"] == 0


def record_of(acme: FakeCompany) -> Any:
    import msgspec

    from accounting.types import CustomerRecord

    [(_, entry)] = acme.entries[CustomerRecord].values()
    return msgspec.json.decode(entry.raw, type=CustomerRecord)


def test_it_is_read_back(
    connection: Connection, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    operation = update_customer_now(connection, customer, ["email"], by=owner)

    worker.run()

    operation.refresh_from_db()
    assert operation.verified_at == NOON
    assert operation.attempts.get(purpose=Attempt.Purpose.READ_BACK).outcome == "as expected"
    assert open_codes() == []


def test_books_that_do_not_show_what_they_took_are_a_case(
    connection: Connection, acme: FakeCompany, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    before = record_of(acme)
    operation = update_customer_now(connection, customer, ["email"], by=owner)
    acme.put(before)

    worker.run()

    assert state_of(operation) == State.DONE
    assert open_codes() == ["change_not_shown"]


def test_pressed_twice_it_is_one_update(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    first = update_customer_now(connection, customer, ["email"], by=owner)
    second = update_customer_now(connection, customer, ["email"], by=owner)

    assert first != second
    assert [first.state, second.state] == [State.DONE, State.DONE]
    assert acme.writes["update"] == 1


def test_while_a_worker_is_busy_it_waits_and_takes_over_what_is_asked_for_next(
    connection: Connection, acme: FakeCompany, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    busy = Lease.take(connection, owner="another")
    assert busy is not None
    first = update_customer_now(connection, customer, ["email"], by=owner)
    second = update_customer_now(connection, customer, ["phone"], by=owner)
    assert (first, first.state) == (second, State.QUEUED)
    busy.release()

    worker.run()

    assert state_of(first) == State.DONE
    assert (document(theirs).phone, document(theirs).email) == ("08-123 45 67", "styrelsen@eken.example")


def test_nothing_chosen_is_refused_in_words(
    connection: Connection, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    with pytest.raises(ChangeRefused, match="at least one"):
        update_customer_now(connection, customer, ["terms_remote_id"], by=owner)


# --- when something goes wrong --------------------------------------------------


def test_a_lost_answer_is_looked_for_by_id_and_not_sent_again(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    noon: Callable[..., None],
) -> None:
    acme.fail("update", LOST, after_commit=True)
    operation = update_customer_now(connection, customer, ["email"], by=owner)
    assert operation.state == State.IN_DOUBT
    finds = acme.count("find")

    noon(seconds=30)
    worker.run()

    assert state_of(operation) == State.DONE
    assert (acme.writes["update"], acme.count("find")) == (1, finds)


def test_what_never_arrived_is_sent_again_after_the_last_look(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    noon: Callable[..., None],
) -> None:
    acme.fail("update", LOST)
    operation = update_customer_now(connection, customer, ["email"], by=owner)

    noon(seconds=30)
    worker.run()
    assert state_of(operation) == State.IN_DOUBT
    noon(minutes=35)
    worker.run()

    assert state_of(operation) == State.DONE
    assert document(theirs).email == "ny@eken.example"
    assert acme.writes["update"] == 2


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_was_killed_at_it_leaves_doubt_and_another_finishes(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    noon: Callable[..., None],
    arrived: bool,
) -> None:
    acme.fail("update", Killed(), after_commit=arrived)
    with pytest.raises(Killed):
        update_customer_now(connection, customer, ["email"], by=owner)
    operation = Operation.objects.get(kind="customer_update")
    assert operation.state == State.SENDING

    for minutes in (0, 1, 3, 11, 40):
        noon(minutes=minutes)
        worker.run()

    assert state_of(operation) == State.DONE
    assert document(theirs).email == "ny@eken.example"
    assert acme.writes["update"] == (1 if arrived else 2)


def test_a_change_over_there_meanwhile_is_read_and_decided_again(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    noon: Callable[..., None],
) -> None:
    acme.witness = meddle(theirs, times=2)
    operation = update_customer_now(connection, customer, ["email"], by=owner)
    assert (operation.state, operation.conflicts) == (State.QUEUED, 1)

    for _time in range(3):
        noon(minutes=20)
        worker.turn()

    assert state_of(operation) == State.DONE
    assert document(theirs).email == "ny@eken.example"


def meddle(theirs: StoredDocument, *, times: int) -> Callable[[str, str], None]:
    """Somebody over there saves the customer just before our update arrives."""
    left = [times]

    def witness(verb: str, kind: str) -> None:
        if verb == "update" and left[0]:
            left[0] -= 1
            theirs.receipt = replace(theirs.receipt, version=str(int(theirs.receipt.version) + 1))

    return witness


def test_after_three_conflicts_it_is_a_case(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    noon: Callable[..., None],
) -> None:
    acme.witness = meddle(theirs, times=99)
    operation = update_customer_now(connection, customer, ["email"], by=owner)
    for _time in range(6):
        noon(minutes=20)
        worker.turn()

    assert (state_of(operation), operation.problem_code) == (State.BLOCKED, "conflict")
    assert open_codes() == ["conflict"]
    assert document(theirs).email == "styrelsen@eken.example"


@pytest.mark.parametrize(
    ("error", "state", "codes"),
    [
        (Refused("No such e-mail.", field="email"), State.REFUSED, ["refused"]),
        (TryLater("busy"), State.QUEUED, []),
        (UnexpectedAnswer("HTML"), State.IN_DOUBT, []),
    ],
)
def test_what_the_books_say_becomes_of_it(
    connection: Connection,
    acme: FakeCompany,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    error: AccountingError,
    state: str,
    codes: list[str],
) -> None:
    acme.fail("update", error)

    operation = update_customer_now(connection, customer, ["email"], by=owner)

    assert operation.state == state
    assert open_codes() == codes


def test_a_rule_of_the_accounting_system_stops_it_until_it_holds(
    connection: Connection, acme: FakeCompany, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    Customer.objects.filter(pk=customer.pk).update(postcode="")
    operation = update_customer_now(connection, customer, ["address"], by=owner)
    assert (operation.state, open_codes()) == (State.BLOCKED, ["postcode_missing"])
    worker.run()
    assert state_of(operation) == State.BLOCKED

    Customer.objects.filter(pk=customer.pk).update(postcode="123 46")
    worker.run()

    assert state_of(operation) == State.DONE
    assert open_codes() == []


def test_a_rule_about_another_field_does_not_stop_it(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    Customer.objects.filter(pk=customer.pk).update(postcode="")

    assert update_customer_now(connection, customer, ["email"], by=owner).state == State.DONE


def test_a_customer_who_is_gone_over_there_is_a_case_that_can_be_given_up(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    del acme.documents[theirs.receipt.remote_id]
    operation = update_customer_now(connection, customer, ["email"], by=owner)
    assert (operation.state, open_codes()) == (State.BLOCKED, ["customer_gone"])

    give_up(operation)

    assert (state_of(operation), open_codes()) == (State.CANCELLED, [])


def test_an_update_does_not_count_as_the_creation_of_the_customer(
    connection: Connection, acme: FakeCompany, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    acme.fail("update", Refused("No."))
    update_customer_now(connection, customer, ["email"], by=owner)

    assert create_now(connection, customer, by=owner).state == State.DONE
    assert Link.objects.filter(kind="customer").count() == 1
