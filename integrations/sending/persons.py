"""Brings what changed on a reference person to that person's record in the books, where people have records there.

Where they have none, the reference person is a field of the customer: see updating.py.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from django.utils import timezone

from accounting.errors import NotFound
from accounting.protocol import Ledger, ShowsRecords, person_kept
from accounting.protocol import problems as problems_of_rules
from accounting.types import Contact, ContactDocument, ContactRecord, Receipt, Stage
from fieldwork.models import ContactPerson, Customer, User
from integrations.exports import CONTACT_UPDATE, build_contact, freeze, load_records, name_of, thaw
from integrations.history import note
from integrations.models import Attempt, Change, Connection, Operation
from integrations.recognising.counterparts import Counterparts, read_counterparts
from integrations.sending.asking import OVER, ask_again
from integrations.sending.outcomes import PRECONDITIONS, Blocked
from integrations.sending.sights import Sight, stopped
from integrations.sending.updating import GONE, LABELS, NOT_OFFERED, RECORD_MISSING, Row, alike, in_words


def person_to_update(connection: Connection, customer: Customer) -> ContactPerson | None:
    """The customer's reference person, where the books have a record for them or could be given one."""
    if ContactDocument not in connection.ledger_provider.writes:
        return None
    return customer.contact_persons.filter(is_reference=True, active=True).first()


def preview_person(connection: Connection, ledger: Ledger, person: ContactPerson) -> Row | None:
    """The person over there and here; None for one who has gone from the books. Network: two GETs at the most."""
    known = read_counterparts(connection, [person.pk, person.customer_id])
    counterpart = known.of("contact", person.pk)
    ours = document_of(person, "", known).contact
    if counterpart is None:
        return row_of("", in_words(ours))
    if counterpart.gone or not isinstance(ledger, ShowsRecords):
        return None
    try:
        _, theirs = read_theirs(ledger, counterpart.remote_id)
    except NotFound:
        return None
    ours = completed(ours, theirs)
    before = in_words(theirs)
    return row_of(before, in_words(ours) if differs(ours, theirs) else before)


def row_of(before: str, after: str) -> Row:
    return Row(field="contact", label=str(LABELS["contact"]), before=before, after=after)


def queue_person_update(connection: Connection, person: ContactPerson, *, by: User | None) -> Operation:
    """The operation that brings the person to the books. One that has not been sent yet stands for both."""
    updates = Operation.objects.filter(books=connection.books_id, kind=CONTACT_UPDATE, local_id=person.pk)
    waiting = updates.exclude(state__in=OVER).first()
    if waiting is None:
        made = Operation(
            organization_id=connection.organization_id,
            books=connection.pinned_books,
            kind=CONTACT_UPDATE,
            business_key=f"{name_of(person)}:{person.pk}:update:{updates.count() + 1}",
            local_model=person._meta.label,
            local_id=person.pk,
            local_label=str(person)[:200],
            due_at=timezone.now(),
            asked_by=by,
            fields=["contact"],
        )
        Operation.objects.bulk_create([made], ignore_conflicts=True)
        waiting = updates.get(business_key=made.business_key)
    return ask_again(waiting, by=by)


# --- the change -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PersonChange:
    operation: Operation
    person: ContactPerson
    document: ContactDocument
    remote_id: str

    def look(self, ledger: Ledger) -> Sight:
        if not isinstance(ledger, ShowsRecords):
            raise stopped(self.operation, "update_not_offered", NOT_OFFERED)
        try:
            receipt, theirs = read_theirs(ledger, self.remote_id)
        except NotFound:
            raise stopped(self.operation, "contact_gone", GONE, code=PRECONDITIONS) from None
        ours = completed(self.document.contact, theirs)
        return Sight(
            receipt=receipt,
            is_there=not differs(ours, theirs),
            payload=freeze(replace(self.document, contact=ours)),
            evidence={"before": {"contact": in_words(theirs)}, "after": {"contact": in_words(ours)}},
        )

    def send(self, ledger: Ledger, sight: Sight) -> Receipt:
        return ledger.update(sight.receipt, thaw("contact", sight.payload), frozenset({"contact"}))

    def record(self, receipt: Receipt) -> None:
        """What was sent stands in the history of the customer."""
        sent = self.operation.attempts.filter(purpose=Attempt.Purpose.SEND).order_by("started_at").last()
        if sent is None:
            return
        before, after = (sent.evidence.get(each, {}).get("contact", "") for each in ("before", "after"))
        note(
            self.person,
            source=Change.Source.SENT,
            fields={"contact": (before, after)},
            books=self.operation.books,
            by=self.operation.asked_by,
        )


def person_change(connection: Connection, operation: Operation) -> PersonChange:
    """As it was sent, once it was. Raises Blocked."""
    person = load_records(operation.local_model, [operation.local_id]).get(operation.local_id)
    if person is None:
        raise stopped(operation, "record_missing", RECORD_MISSING)
    known = read_counterparts(connection, [person.pk, person.customer_id])
    counterpart = known.of("contact", person.pk)
    if counterpart is None or counterpart.gone:
        raise stopped(operation, "contact_gone", GONE, code=PRECONDITIONS)
    if operation.payload and operation.state in (Operation.State.IN_DOUBT, Operation.State.DONE):
        document = thaw("contact", operation.payload)
        assert isinstance(document, ContactDocument)
    else:
        document = document_now(operation, person, known)
    return PersonChange(operation=operation, person=person, document=document, remote_id=counterpart.remote_id)


def document_now(operation: Operation, person: ContactPerson, known: Counterparts) -> ContactDocument:
    """Raises Blocked with what the accounting system's rules say about the person."""
    document = document_of(person, operation.reference, known)
    if found := problems_of_rules(known.connection.ledger_provider, document, known.company):
        raise Blocked([replace(each, local_id=each.local_id or str(person.pk)) for each in found])
    return document


def document_of(person: ContactPerson, reference: str, known: Counterparts) -> ContactDocument:
    """The person as the books would keep them."""
    document = build_contact(person, reference, known)
    return replace(document, contact=person_kept(known.connection.ledger_provider, document.contact))


# --- ours and theirs ------------------------------------------------------------


def read_theirs(ledger: Ledger, remote_id: str) -> tuple[Receipt, Contact]:
    """Network: two GETs. The version is read first: a change between the two is noticed as a conflict."""
    assert isinstance(ledger, ShowsRecords)
    receipt = ledger.fetch(Receipt(stage=Stage.CONTACT, remote_id=remote_id))
    record = ledger.record(ContactRecord, remote_id)
    return receipt, Contact(name=record.name, email=record.email, phone=record.phone, mobile=record.mobile)


def completed(ours: Contact, theirs: Contact) -> Contact:
    """Ours, with theirs where we know nothing."""
    return Contact(**{each.name: getattr(ours, each.name) or getattr(theirs, each.name) for each in fields(ours)})


def differs(ours: Contact, theirs: Contact) -> bool:
    return bool(alike("contact", ours) != alike("contact", theirs))
