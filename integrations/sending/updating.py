"""Brings what changed on our customer to the customer in the books: named fields, and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounting.errors import NotFound
from accounting.protocol import Ledger, ShowsRecords, person_kept
from accounting.protocol import problems as problems_of_rules
from accounting.types import (
    Address,
    Contact,
    ContactDocument,
    CustomerDocument,
    CustomerRecord,
    Problem,
    Receipt,
    Stage,
    gettext_noop,
)
from fieldwork.models import Customer
from integrations.exports import build_customer, freeze, load_records, thaw
from integrations.history import note
from integrations.models import Attempt, Change, Connection, Operation
from integrations.recognising.counterparts import Counterparts, read_counterparts
from integrations.sending.asking import CUSTOMER_FIELDS, PARTS, ChangeRefused, ours_to_change
from integrations.sending.outcomes import PRECONDITIONS, Blocked
from integrations.sending.sights import Sight, stopped

LABELS = {
    "name": _("Name"),
    "organisation_number": _("Organisation number"),
    "address": _("Postal address"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "website": _("Website"),
    "contact": _("Contact person"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field that the update would overwrite over there. `before` is what the books have."""

    field: str
    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class CustomerPreview:
    """What an update would do. `version` is that of the customer over there: another one means that somebody
    changed it meanwhile. `kept` names what the owner has given to the books, and is never overwritten there."""

    rows: tuple[Row, ...]
    version: str
    kept: tuple[str, ...] = ()

    @property
    def fields(self) -> list[str]:
        """The fields that would change."""
        return [row.field for row in self.rows if row.differs]


def preview_update(connection: Connection, ledger: Ledger, customer: Customer) -> CustomerPreview:
    """The fields that we know something about, before and after. Writes nothing. Network: two GETs.

    Raises ChangeRefused when there is nobody to update, and what the books say.
    """
    record = load_records(customer._meta.label, [customer.pk])[customer.pk]
    known = read_counterparts(connection, [customer.pk])
    counterpart = known.of("customer", customer.pk)
    if counterpart is None or counterpart.gone:
        raise ChangeRefused(str(_("This customer is not in the books.")))
    if not isinstance(ledger, ShowsRecords):
        raise ChangeRefused(str(_("This accounting system does not show single customers.")))
    try:
        receipt, theirs = read_theirs(ledger, counterpart.remote_id)
    except NotFound:
        raise ChangeRefused(str(_("This customer is not in the books any more."))) from None
    ours = completed(document_of(record, known), theirs)
    names = fields_of(connection)
    free = ours_to_change(connection, names)
    rows = [row_of(name, ours, theirs) for name in free if is_given(ours, name)]
    kept = tuple(str(LABELS[name]) for name in names if name not in free)
    return CustomerPreview(rows=tuple(rows), version=receipt.version, kept=kept)


def fields_of(connection: Connection) -> list[str]:
    """What the books keep on the customer itself: of some, people are records of their own."""
    keeps_people = ContactDocument in connection.ledger_provider.writes
    return [name for name in CUSTOMER_FIELDS if not (keeps_people and name == "contact")]


def row_of(name: str, ours: CustomerDocument, theirs: CustomerRecord) -> Row:
    before, after = in_words(getattr(theirs, name)), in_words(getattr(ours, name))
    is_same = not differing([name], ours, theirs)
    return Row(field=name, label=str(LABELS[name]), before=before, after=before if is_same else after)


# --- the change -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CustomerChange:
    """`free` are the fields that were sent, or, before that, those that were not given to the books meanwhile."""

    operation: Operation
    document: CustomerDocument
    remote_id: str
    free: list[str]

    @property
    def fields(self) -> list[str]:
        return [name for name in self.free if is_given(self.document, name)]

    def look(self, ledger: Ledger) -> Sight:
        if not isinstance(ledger, ShowsRecords):
            raise stopped(self.operation, "update_not_offered", NOT_OFFERED)
        try:
            receipt, theirs = read_theirs(ledger, self.remote_id)
        except NotFound:
            raise stopped(self.operation, "customer_gone", GONE, code=PRECONDITIONS) from None
        ours = completed(self.document, theirs)
        different = differing(self.fields, ours, theirs)
        return Sight(
            receipt=receipt,
            is_there=not different,
            payload=freeze(ours),
            evidence={"before": dict(values_of(different, theirs)), "after": dict(values_of(different, ours))},
        )

    def send(self, ledger: Ledger, sight: Sight) -> Receipt:
        document = thaw("customer", sight.payload)
        return ledger.update(sight.receipt, document, frozenset(self.fields))

    def record(self, receipt: Receipt) -> None:
        """What was sent, and only that, stands in the history of the customer."""
        sent = self.operation.attempts.filter(purpose=Attempt.Purpose.SEND).order_by("started_at").last()
        record = Customer.objects.filter(pk=self.operation.local_id).first()
        if sent is None or record is None:
            return
        before, after = (sent.evidence.get(each, {}) for each in ("before", "after"))
        fields = {name: (before.get(name, ""), after[name]) for name in after}
        note(
            record,
            source=Change.Source.SENT,
            fields=fields,
            books=self.operation.books,
            by=self.operation.asked_by,
        )


def customer_change(connection: Connection, operation: Operation) -> CustomerChange:
    """As it was sent, once it was. Raises Blocked."""
    known = read_counterparts(connection, [operation.local_id])
    counterpart = known.of("customer", operation.local_id)
    if counterpart is None or counterpart.gone:
        raise stopped(operation, "customer_gone", GONE, code=PRECONDITIONS)
    free = list(operation.fields)
    if operation.payload and operation.state in (Operation.State.IN_DOUBT, Operation.State.DONE):
        document = thaw("customer", operation.payload)
        assert isinstance(document, CustomerDocument)
    else:
        free = ours_to_change(connection, free)
        document = document_now(operation, known, free)
    return CustomerChange(operation=operation, document=document, remote_id=counterpart.remote_id, free=free)


def document_now(operation: Operation, known: Counterparts, names: list[str]) -> CustomerDocument:
    """Raises Blocked with what the accounting system's rules say about the fields that change."""
    record = load_records(operation.local_model, [operation.local_id]).get(operation.local_id)
    if record is None:
        raise stopped(operation, "record_missing", RECORD_MISSING)
    document = document_of(record, known)
    touched = set(names).union(*(PARTS.get(name, set()) for name in names))
    problems = problems_of_rules(known.connection.ledger_provider, document, known.company)
    if found := [own(problem, record) for problem in problems if problem.field in touched]:
        raise Blocked(found)
    return document


def document_of(record: Customer, known: Counterparts) -> CustomerDocument:
    """The customer as the books would keep them: some keep less of the reference person than we know."""
    document = build_customer(record, record.number, known)
    return replace(document, contact=person_kept(known.connection.ledger_provider, document.contact))


def own(problem: Problem, record: Customer) -> Problem:
    return replace(problem, local_id=problem.local_id or str(record.pk))


# --- ours and theirs ------------------------------------------------------------


def read_theirs(ledger: Ledger, remote_id: str) -> tuple[Receipt, CustomerRecord]:
    """Network: two GETs. The version is read first: a change between the two is noticed as a conflict."""
    assert isinstance(ledger, ShowsRecords)
    receipt = ledger.fetch(Receipt(stage=Stage.CUSTOMER, remote_id=remote_id))
    return receipt, ledger.record(CustomerRecord, remote_id)


def completed(ours: CustomerDocument, theirs: CustomerRecord) -> CustomerDocument:
    """Ours, with theirs where we know nothing: an update never takes away what it was not asked about."""
    country = ours.address.country or theirs.address.country
    contact = ours.contact
    if contact.name == theirs.contact.name:
        known = {
            each.name: getattr(contact, each.name) or getattr(theirs.contact, each.name) for each in fields(contact)
        }
        contact = Contact(**known)
    return replace(ours, address=replace(ours.address, country=country), contact=contact)


def is_given(ours: CustomerDocument, name: str) -> bool:
    """Whether we know something about it. What is empty here does not empty it over there."""
    value = getattr(ours, name)
    if isinstance(value, Address):
        return bool(value.street or value.postcode or value.city)
    return bool(value.name) if isinstance(value, Contact) else bool(value)


def differing(names: Iterable[str], ours: CustomerDocument, theirs: CustomerRecord) -> list[str]:
    return [name for name in names if alike(name, getattr(ours, name)) != alike(name, getattr(theirs, name))]


def alike(name: str, value: Any) -> Any:
    """The value without what accounting systems write in their own way: spaces, hyphens, capitals."""
    if isinstance(value, Address):
        return replace(value, postcode=letters(value.postcode), country=value.country.upper())
    if isinstance(value, Contact):
        return replace(value, phone=letters(value.phone), mobile=letters(value.mobile), email=value.email.lower())
    return WITHOUT_FORM.get(name, str.strip)(value)


def letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum() or each == "+").lower()


def address_on_the_web(text: str) -> str:
    return text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


WITHOUT_FORM: Mapping[str, Callable[[str], str]] = {
    "organisation_number": letters,
    "phone": letters,
    "email": str.lower,
    "website": address_on_the_web,
}


def values_of(names: Iterable[str], customer: CustomerDocument | CustomerRecord) -> Iterator[tuple[str, str]]:
    yield from ((name, in_words(getattr(customer, name))) for name in names)


def in_words(value: Any) -> str:
    """A field on one line."""
    if isinstance(value, Address):
        place = f"{value.postcode} {value.city}".strip()
        return ", ".join(part for part in (value.street, value.street2, place, value.country) if part)
    if isinstance(value, Contact):
        return ", ".join(part for part in (value.name, value.email, value.phone, value.mobile) if part)
    return str(value)


GONE = gettext_noop("%(record)s is not in the books any more, so nothing can be updated there.")
NOT_OFFERED = gettext_noop(
    "%(record)s cannot be updated, because this accounting system does not show single customers."
)
RECORD_MISSING = gettext_noop("%(record)s does not exist any more.")
