"""Whether a customer or an article can be used on a document: there and active, or such that it can be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from accounting.protocol import problems as problems_of_rules
from accounting.types import Problem, gettext_noop
from fieldwork.models import ContactPerson, Customer, HourType, Material
from integrations.exports import EXPORTS, Need, Standing, kind_for, name_of, reference_of
from integrations.models import Connection, Operation
from integrations.recognising.counterparts import Counterparts
from integrations.recognising.duplicates import Match, match

INACTIVE = {
    "customer": gettext_noop("Customer %(number)s %(name)s is not active."),
    "material": gettext_noop("Material %(number)s %(name)s is archived."),
    "hour_type": gettext_noop("Hour type %(number)s %(name)s is archived."),
    "contact_person": gettext_noop("Contact person %(name)s is not active."),
}
GONE = {
    "customer": gettext_noop("Customer %(number)s %(name)s is no longer in the books."),
    "material": gettext_noop("Material %(number)s %(name)s is no longer in the books."),
    "hour_type": gettext_noop("Hour type %(number)s %(name)s is no longer in the books."),
    "contact_person": gettext_noop("Contact person %(name)s is no longer in the books."),
}
SWITCHED_OFF = {
    "customer": gettext_noop("Customer %(number)s %(name)s is not in the books, and new customers are not created."),
    "material": gettext_noop("Material %(number)s %(name)s is not in the books, and new articles are not created."),
    "hour_type": gettext_noop("Hour type %(number)s %(name)s is not in the books, and new articles are not created."),
}
STOPPED = {
    "customer": gettext_noop("Customer %(number)s %(name)s could not be created in the books: %(reason)s"),
    "material": gettext_noop("Material %(number)s %(name)s could not be created in the books: %(reason)s"),
    "hour_type": gettext_noop("Hour type %(number)s %(name)s could not be created in the books: %(reason)s"),
}
NO_CODING = {
    "material": gettext_noop(
        "Material %(number)s %(name)s has %(vat)s %% VAT, and the coding chosen for new materials has another rate."
    ),
    "hour_type": gettext_noop(
        "Hour type %(number)s %(name)s has %(vat)s %% VAT, and the coding chosen for new hour types has another rate."
    ),
}
LOOKS_LIKE = gettext_noop(
    "Customer %(number)s %(name)s may be %(other)s, who is in the books already. Link them, or say that they are two."
)
TERMS_UNKNOWN = gettext_noop(
    "Customer %(number)s %(name)s has the terms of payment “%(terms)s”, which the books do not know."
)


@dataclass(frozen=True, kw_only=True)
class Creation:
    """What creating a record depends on. `operations` are those that create the records in question."""

    connection: Connection
    known: Counterparts
    operations: Mapping[UUID, Operation]
    _matches: dict[UUID, Match] = field(default_factory=dict)

    def match(self, customer: Customer) -> Match:
        """Who in the books the customer is or may be, looked for once."""
        if customer.pk not in self._matches:
            self._matches[customer.pk] = match(self.connection, customer)
        return self._matches[customer.pk]


def problems_of_needed(record: Need, creation: Creation) -> Iterator[Problem]:
    """Why a document cannot use the record, or why the record cannot be created first."""
    yield from problems_of_activity(record, creation.known)
    if creation.known.of(kind_for(record), record.pk) is not None:
        return
    yield from problems_of_stopped(record, creation.operations.get(record.pk))
    if isinstance(record, Customer) and creation.match(record).certain:
        return
    if not may_create(record, creation.connection):
        yield problem_of(record, "not_in_books", SWITCHED_OFF[name_of(record)])
        return
    yield from problems_of_creation(record, creation)


def problems_of_activity(record: Standing, known: Counterparts) -> Iterator[Problem]:
    """What was archived, here or over there, goes on no new document."""
    if not record.active:
        yield problem_of(record, "inactive", INACTIVE[name_of(record)], field="active")
    found = known.of(kind_for(record), record.pk)
    if found is not None and found.gone:
        yield problem_of(record, "gone", GONE[name_of(record)])


def problems_of_stopped(record: Need, operation: Operation | None) -> Iterator[Problem]:
    """Its creation was tried and needs somebody. What its own preconditions say is found here anyway."""
    if operation is None or operation.state in Operation.OPEN or operation.problem_code == "preconditions":
        return
    reason = operation.problem or operation.get_state_display()
    yield problem_of(record, "not_created", STOPPED[name_of(record)], reason=str(reason))


def may_create(record: Need, connection: Connection) -> bool:
    """Whether the settings let documents bring along what is missing."""
    settings = connection.settings
    return settings.create_missing_customers if isinstance(record, Customer) else settings.create_missing_articles


def problems_of_creation(record: Standing, creation: Creation) -> Iterator[Problem]:
    """What the accounting system's rules, and ours, say about creating the record."""
    operation = creation.operations.get(record.pk)
    if isinstance(record, Customer):
        yield from problems_of_terms(record, creation.known)
        if not (operation and operation.released):
            yield from problems_of_look_alikes(record, creation)
    elif isinstance(record, Material | HourType):
        yield from problems_of_coding(record, creation.known)
    reference = reference_of(record, creation.connection.pinned_books)
    document = EXPORTS[kind_for(record)].build(record, reference, creation.known)
    provider = creation.connection.ledger_provider
    for problem in problems_of_rules(provider, document, creation.known.company):
        yield replace(problem, local_id=problem.local_id or str(record.pk))


def problems_of_coding(item: Material | HourType, known: Counterparts) -> Iterator[Problem]:
    if known.codings.would_change_vat(is_service=isinstance(item, HourType), vat_percent=item.vat_percent):
        vat = f"{item.vat_percent.normalize():f}"
        yield problem_of(item, "vat_without_coding", NO_CODING[name_of(item)], field="vat_percent", vat=vat)


def problems_of_terms(customer: Customer, known: Counterparts) -> Iterator[Problem]:
    """Terms of payment that the books do not know must not silently become the default ones."""
    terms = customer.terms_of_payment.strip()
    if terms and known.terms and terms.lower() not in known.terms:
        yield problem_of(customer, "terms_unknown", TERMS_UNKNOWN, field="terms_of_payment", terms=terms)


def problems_of_look_alikes(customer: Customer, creation: Creation) -> Iterator[Problem]:
    """Somebody in the books may be this customer; creating another is a person's decision."""
    for alike in creation.match(customer).doubtful:
        yield looks_like(customer, str(alike.customer))


def looks_like(customer: Customer, other: str) -> Problem:
    return problem_of(customer, "looks_like_another", LOOKS_LIKE, other=other)


def problem_of(record: Standing, what: str, sentence: str, *, field: str = "", **values: str) -> Problem:
    """A problem whose code begins with customer, contact or article, as that is where it is repaired."""
    where = kind_for(record)
    if isinstance(record, ContactPerson):
        named = {"name": record.full_name}
    else:
        named = {"number": record.number, "name": record.name}
    return Problem(
        code=f"{where}_{what}",
        sentence=sentence,
        where=where,
        field=field,
        local_id=str(record.pk),
        values=named | values,
    )
