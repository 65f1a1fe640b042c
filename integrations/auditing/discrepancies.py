"""Where the books and our operations disagree, as entries for the inbox. No database and no network here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext_noop

from accounting.types import Receipt, Rejected, SalesDocumentRecord
from fieldwork.models import WorkOrder
from integrations.auditing.scanning import Sighting, name_of_document
from integrations.models import Connection, Operation
from integrations.trouble.cases import Finding, Subject
from integrations.trouble.reporting import connection_subject, own_subject

GONE = "not_there"
CHANGED = "changed_in_books"
TWICE = "twice_in_books"
NOT_RECORDED = "not_recorded"
UNKNOWN = "unknown_in_books"
UNREADABLE = "unreadable_in_books"
MANY_GONE = "many_not_there"

# What a person may leave as it is. The rest is over when it is repaired.
ACCEPTABLE = frozenset({GONE, CHANGED, TWICE, NOT_RECORDED, UNKNOWN, UNREADABLE})
DOCUMENT = "document"

Found = tuple[Subject, Finding]


# --- of an operation ------------------------------------------------------------


def gone(operation: Operation, provider: str) -> Found:
    return own_subject(operation), Finding(
        code=GONE,
        sentence=GONE_SENTENCE,
        values={
            "record": operation.local_label,
            "provider": provider,
            "document": f"{operation.stage} {operation.remote_number or operation.remote_id}",
        },
        where="work_order",
        field="document",
    )


def twice(operation: Operation, documents: Iterable[SalesDocumentRecord | Receipt], provider: str) -> Found:
    names = ", ".join(sorted(name_of_document(each) for each in documents))
    return own_subject(operation), Finding(
        code=TWICE,
        sentence=TWICE_SENTENCE,
        values={"record": operation.local_label, "provider": provider, "documents": names},
        where="work_order",
        field="document",
    )


def changes(operation: Operation, document: SalesDocumentRecord, provider: str) -> Iterator[Found]:
    """What the books now have instead of what they had when we read the document back."""
    theirs = document.totals.total if document.totals else None
    pairs = [
        ("customer", operation.payload.get("customer_remote_id", ""), document.customer_remote_id),
        ("currency", operation.currency, document.currency),
        ("total", operation.total, theirs),
    ]
    for name, before, now in pairs:
        if before not in ("", None, now) and now not in ("", None):
            yield (
                own_subject(operation),
                Finding(
                    code=CHANGED,
                    sentence=CHANGED_SENTENCES[name],
                    values={
                        "record": operation.local_label,
                        "provider": provider,
                        "before": str(before),
                        "now": str(now),
                        "document": name_of_document(document),
                    },
                    where="work_order",
                    field=name,
                ),
            )


def not_recorded(operation: Operation, document: SalesDocumentRecord, provider: str) -> Found:
    stopped = operation.state in Operation.NEEDS_PERSON
    return own_subject(operation), Finding(
        code=NOT_RECORDED,
        sentence=NOT_RECORDED_SENTENCE if stopped else NOT_TO_BE_SENT_SENTENCE,
        values={"record": operation.local_label, "provider": provider, "document": name_of_document(document)},
        where="work_order",
        field="document",
    )


def forgotten(work_order: WorkOrder, document: SalesDocumentRecord, provider: str) -> Found:
    """A document of a work order that nothing here remembers to have sent."""
    subject = Subject(kind="work_order", id=str(work_order.pk), label=str(work_order))
    values = {"record": str(work_order), "provider": provider, **place_of(document)}
    return subject, Finding(
        code=NOT_RECORDED, sentence=FORGOTTEN_SENTENCE, values=values, where="work_order", field="document"
    )


# --- of a document --------------------------------------------------------------


def unknown(sighting: Sighting, provider: str) -> Found:
    document, reference = sighting.document, ", ".join(sighting.evident)
    subject = Subject(kind=DOCUMENT, id=document.remote_id, label=f"{reference} ({name_of_document(document)})")
    values = {"provider": provider, "reference": reference, **place_of(document)}
    return subject, Finding(code=UNKNOWN, sentence=UNKNOWN_SENTENCE, values=values, where="books")


def unreadable(rejected: Rejected, provider: str) -> Found:
    subject = Subject(kind=DOCUMENT, id=rejected.remote_id, label=rejected.remote_id)
    values = {"provider": provider, "document": rejected.remote_id, "remote_id": rejected.remote_id}
    return subject, Finding(
        code=UNREADABLE, sentence=UNREADABLE_SENTENCE, values=values, where="books", detail=rejected.sentence
    )


def many_unknown(connection: Connection, sightings: Sequence[Sighting]) -> Found:
    """One entry for all of them: so many at once have one reason."""
    values = {
        "provider": connection.label,
        "count": str(len(sightings)),
        "references": ", ".join(each.evident[0] for each in sightings[:5]),
    }
    return connection_subject(connection), Finding(
        code=UNKNOWN, sentence=MANY_UNKNOWN_SENTENCE, values=values, where="connection", field="many"
    )


def place_of(document: SalesDocumentRecord) -> dict[str, str]:
    """What an entry remembers of a document that no operation knows, so that it can be asked for again."""
    return {"document": name_of_document(document), "stage": document.stage.value, "remote_id": document.remote_id}


def many_gone(connection: Connection, count: int) -> Found:
    return connection_subject(connection), Finding(
        code=MANY_GONE,
        sentence=MANY_GONE_SENTENCE,
        values={"provider": connection.label, "count": str(count)},
        where="connection",
    )


GONE_SENTENCE = gettext_noop(
    "%(record)s was sent, but %(provider)s no longer has it (%(document)s). If it was deleted by mistake, open the "
    "work order again, complete it and send it anew. Nothing is sent again by itself."
)
TWICE_SENTENCE = gettext_noop("%(record)s is in %(provider)s more than once: %(documents)s. Remove all but one there.")
NOT_RECORDED_SENTENCE = gettext_noop(
    "%(record)s does not count as sent here, but it is in %(provider)s (%(document)s). Try it again: it is recognised "
    "there and not sent a second time."
)
NOT_TO_BE_SENT_SENTENCE = gettext_noop(
    "%(record)s is not to be sent, or was replaced by a newer revision, but it is in %(provider)s (%(document)s). Look "
    "whether it is meant to be there."
)
FORGOTTEN_SENTENCE = gettext_noop(
    "%(record)s is in %(provider)s (%(document)s), but nothing here remembers that it was sent. Restore the links."
)
CHANGED_SENTENCES = {
    "customer": gettext_noop("%(record)s: in %(provider)s the document now has another customer than the one sent."),
    "currency": gettext_noop("%(record)s: in %(provider)s the currency is now %(now)s, and was %(before)s."),
    "total": gettext_noop("%(record)s: in %(provider)s the total is now %(now)s, and was %(before)s when it was sent."),
}
MANY_GONE_SENTENCE = gettext_noop(
    "%(count)s documents that were sent are not among those that %(provider)s shows. Nothing was concluded from that. "
    "Check that the right company and permissions are used."
)
UNKNOWN_SENTENCE = gettext_noop(
    "%(provider)s has a document with our reference %(reference)s (%(document)s), and nothing here knows it. After a "
    "restore, restore the links. Otherwise look whether it is meant to be there."
)
MANY_UNKNOWN_SENTENCE = gettext_noop(
    "%(provider)s has %(count)s documents with references of ours that nothing here knows of: %(references)s … "
    "Restore the links before anything else is sent."
)
UNREADABLE_SENTENCE = gettext_noop(
    "A document in %(provider)s (%(document)s) cannot be read, so it could not be compared with ours."
)
