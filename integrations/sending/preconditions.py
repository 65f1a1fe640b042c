"""Everything that must hold before an operation is sent, all of it checked at once and without the network.

What does not hold is a `Problem` with a stable code, a sentence that names the record, and the place of its
repair. Records that must exist in the books first are named as `missing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounting.protocol import problems as problems_of_rules
from accounting.types import Document, Problem, gettext_noop
from fieldwork.models import WorkOrder
from integrations.exports import CHANGES, EXPORTS, SALES, Need, Record, kind_for, our_values
from integrations.models import Connection, Link, Operation
from integrations.recognising.arrangements import read_arrangements
from integrations.recognising.counterparts import Counterparts, counterparts_with, links_around, records_among
from integrations.sending.queueing import WENT_OUT, is_before_cut_off
from integrations.sending.usability import (
    Creation,
    problems_of_activity,
    problems_of_creation,
    problems_of_needed,
    problems_of_terms,
)
from integrations.shaping import article_of
from integrations.trouble.questions import problems_of_questions


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the checks of a batch read beside the records: one set of statements for all of them.

    `documents` holds, by work order, the operations of all its documents, of every revision and in all books; `orders`
    the sales order of these books that it came from.
    """

    connection: Connection
    creation: Creation
    licensed: bool
    documents: Mapping[UUID, Sequence[Operation]]
    orders: Mapping[UUID, Link]


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """The document as it would be sent, what stands in its way, and what must be created before it."""

    document: Document
    problems: Sequence[Problem]
    missing: Sequence[Need]


def read_surroundings(
    connection: Connection, operations: Sequence[Operation], records: Iterable[Record]
) -> Surroundings:
    """Three statements, however many records."""
    ids = {operation.local_id for operation in operations} | ids_around(records)
    outbox = list(Operation.objects.filter(local_id__in=ids).exclude(kind__in=CHANGES).select_related("books"))
    here = [each for each in outbox if each.books_id == connection.books_id]
    links = links_around(connection, ids, here)
    arranged = read_arrangements(connection)
    return Surroundings(
        connection=connection,
        creation=Creation(
            connection=connection,
            known=counterparts_with(connection, arranged, records_among(here, links)),
            operations={each.local_id: each for each in here if each.kind not in SALES},
        ),
        licensed=arranged.licensed,
        documents=documents_among(outbox),
        orders={link.local_id: link for link in links if is_imported_order(link) and link.local_id in ids},
    )


def ids_around(records: Iterable[Record]) -> set[UUID]:
    """The records, what must be in the books before them, and the projects of work orders."""
    ids: set[UUID] = set()
    for record in records:
        ids |= {record.pk, *(each.pk for each in needs_of(record))}
        if isinstance(record, WorkOrder) and record.project_id:
            ids.add(record.project_id)
    return ids


def needs_of(record: Record) -> list[Need]:
    """What must be in the books before the record's document can be sent."""
    return EXPORTS[SALES[0] if isinstance(record, WorkOrder) else kind_for(record)].needs(record)


def documents_among(operations: Iterable[Operation]) -> dict[UUID, list[Operation]]:
    found: dict[UUID, list[Operation]] = {}
    for each in operations:
        if each.kind in SALES:
            found.setdefault(each.local_id, []).append(each)
    return found


def is_imported_order(link: Link) -> bool:
    """The sales order that a work order came from and that is still there."""
    return link.kind == "sales_order" and link.gone_at is None and link.origin != Link.Origin.EXPORTED


def check(operation: Operation, record: Record, around: Surroundings) -> Readiness:
    """Whether the operation can be sent now, and what is in its way."""
    known = around.creation.known
    document = EXPORTS[operation.kind].build(record, operation.reference, known)
    needs = needs_of(record)
    missing = [each for each in needs if known.of(kind_for(each), each.pk) is None]
    problems = [
        *problems_of_connection({operation.kind, *map(kind_for, missing)}, around),
        *problems_of_record(operation, record, around),
        *problems_of_values(operation.kind, record, known),
        *(problem for each in missing for problem in problems_of_values(kind_for(each), each, known)),
        *(problem for each in needs for problem in problems_of_needed(each, around.creation)),
    ]
    if isinstance(record, WorkOrder):
        problems += problems_of_rules(around.connection.ledger_provider, document, known.company)
    return Readiness(document=document, problems=once(problems), missing=missing)


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once. Of a question without an answer, or of missing lines, the accounting system's rules
    know as well: one sentence is enough."""
    kept: dict[tuple[str, ...], Problem] = {}
    for each in problems:
        is_shared = each.where == "connection" or each.field == "lines"
        key = (each.where, each.field, each.local_id, "" if is_shared and each.field else each.code)
        kept.setdefault(key, each)
    return list(kept.values())


# --- the connection -------------------------------------------------------------


def problems_of_connection(kinds: set[str], around: Surroundings) -> Iterator[Problem]:
    """What is missing before anything of these kinds can be sent at all."""
    provider = around.connection.ledger_provider
    if not around.licensed:
        yield Problem(
            code="licence_missing",
            sentence=gettext_noop("There is no valid licence for %(provider)s."),
            where="connection",
            field="licence",
            values={"provider": provider.label},
        )
    if not kinds <= {document.kind for document in provider.writes}:
        yield Problem(
            code="kind_not_offered",
            sentence=gettext_noop("%(provider)s does not take documents of this kind."),
            where="connection",
            field="document_kind",
            values={"provider": provider.label},
        )
    known = around.creation.known
    yield from problems_of_questions(provider.questions, kinds, answers=known.answers, gone=known.gone_answers)


def problems_of_values(document: str, record: Record, known: Counterparts) -> Iterator[Problem]:
    """Values of ours that must be translated, and nobody has said into what."""
    for kind, value in known.unmapped(document, our_values(record)):
        yield Problem(
            code="value_not_mapped",
            sentence=gettext_noop("“%(value)s” stands for nothing in the books yet (%(kind)s)."),
            where="connection",
            field=kind.key,
            local_id=value[:100],
            values={"value": value, "kind": kind.label},
        )


# --- the record -----------------------------------------------------------------


def problems_of_record(operation: Operation, record: Record, around: Surroundings) -> Iterator[Problem]:
    if isinstance(record, WorkOrder):
        yield from problems_of_work_order(operation, record, around)
        return
    yield from problems_of_activity(record, around.creation.known)
    yield from problems_of_creation(record, around.creation)


def problems_of_work_order(operation: Operation, work_order: WorkOrder, around: Surroundings) -> Iterator[Problem]:
    if not work_order.is_completed:
        yield problem_of_work_order(work_order, "not_completed", NOT_COMPLETED)
    if is_before_cut_off(around.connection, work_order) and not operation.released:
        yield problem_of_work_order(work_order, "before_cut_off", BEFORE_CUT_OFF, field="completed_at")
    yield from problems_of_other_documents(operation, work_order, around)
    if work_order.customer is None:
        yield problem_of_work_order(work_order, "customer_missing", NO_CUSTOMER, field="customer")
    elif work_order.customer.terms_of_payment:
        yield from problems_of_terms(work_order.customer, around.creation.known)
    if not any(article_of(line, work_order.organization) for line in work_order.lines.all()):
        yield problem_of_work_order(work_order, "lines_missing", NO_LINES, field="lines")
    yield from problems_of_unbilled_lines(work_order)


def problems_of_unbilled_lines(work_order: WorkOrder) -> Iterator[Problem]:
    """A price that no article carries would stand on the document as a text, and not be billed."""
    for line in work_order.lines.all():
        if line.amount and article_of(line, work_order.organization) is None:
            yield Problem(
                code="line_without_article",
                sentence=NO_ARTICLE,
                where="line",
                local_id=str(line.pk),
                values={"number": work_order.number, "text": line.text},
            )


def problems_of_other_documents(operation: Operation, work_order: WorkOrder, around: Surroundings) -> Iterator[Problem]:
    """The same work must not be billed twice: a second document needs somebody who has seen the first.

    While the first is not certain, nobody can have seen it.
    """
    order = around.orders.get(work_order.pk)
    if order and operation.kind != order.kind and not operation.released:
        yield problem_of_work_order(
            work_order, "order_stands", ORDER_STANDS, order=order.remote_number, books=around.connection.label
        )
    for sent in around.documents.get(work_order.pk, ()):
        if sent.pk == operation.pk or sent.state not in WENT_OUT:
            continue
        if sent.state == Operation.State.DONE and (operation.released or operation.target_id == sent.pk):
            continue
        here = sent.books_id == operation.books_id
        yield problem_of_work_order(
            work_order,
            "sent_before" if here else "sent_to_other_books",
            SENT_BEFORE if here else SENT_ELSEWHERE,
            document=sent.remote_number or sent.reference,
            books=str(sent.books),
        )


def problem_of_work_order(
    work_order: WorkOrder, what: str, sentence: str, *, field: str = "", **values: str
) -> Problem:
    return Problem(
        code=f"work_order_{what}",
        sentence=sentence,
        where="work_order",
        field=field,
        values={"number": work_order.number, **values},
    )


NOT_COMPLETED = gettext_noop("Work order %(number)s is not completed.")
BEFORE_CUT_OFF = gettext_noop("Work order %(number)s was completed before the cut-off date.")
NO_CUSTOMER = gettext_noop("Work order %(number)s has no customer.")
NO_LINES = gettext_noop("Work order %(number)s has no lines with material or hours.")
NO_ARTICLE = gettext_noop(
    "“%(text)s” on work order %(number)s has a price and no article. Choose a material for it, or an article for such "
    "lines in the settings."
)
ORDER_STANDS = gettext_noop(
    "Work order %(number)s came from order %(order)s, which still stands in %(books)s. Invoice the order there, or "
    "send this all the same and close the order, so that the work is not billed twice."
)
SENT_BEFORE = gettext_noop("An earlier revision of work order %(number)s was sent already: %(document)s in %(books)s.")
SENT_ELSEWHERE = gettext_noop("Work order %(number)s was sent to other books: %(document)s in %(books)s.")
