"""Every sales document that the books hold, page by page, with what on it may be a reference of ours.

This asks the books what is there. The export asks them whether something is there, by other questions, so that
what the one overlooks the other finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounting.protocol import Ledger
from accounting.types import Receipt, Rejected, SalesDocumentRecord
from integrations.recognising.references import evident_references, possible_references

# Their clock may be behind ours.
MARGIN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A sales document and everything on it that may be a reference of ours; `evident` surely is one."""

    document: SalesDocumentRecord
    references: frozenset[str]
    evident: tuple[str, ...]

    @property
    def remote_ids(self) -> list[str]:
        """Its own id, and those of the documents that it was made of."""
        return [self.document.remote_id, *(each.remote_id for each in self.document.made_of)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A page of the books. `count` includes the credit notes, which repeat what they credit and are never ours."""

    sightings: Sequence[Sighting]
    unreadable: Sequence[Rejected]
    count: int


def scan(ledger: Ledger, *, since: datetime) -> Iterator[Sheet]:
    """Everything changed since then, and perhaps more. Network: one GET per page. Raises when it cannot go on."""
    for batch in ledger.documents(since=since):
        yield Sheet(
            sightings=[sight(each) for each in batch.records if not each.is_credit],
            unreadable=batch.rejected,
            count=len(batch.records) + len(batch.rejected),
        )


def sight(document: SalesDocumentRecord) -> Sighting:
    return Sighting(
        document=document,
        references=frozenset(possible_references(document.texts)),
        evident=tuple(evident_references(document.texts)),
    )


def receipt_of(document: SalesDocumentRecord, reference: str = "") -> Receipt:
    """The document as a look-up would have given it."""
    return Receipt(
        stage=document.stage,
        remote_id=document.remote_id,
        number=document.number,
        reference=reference,
        customer_remote_id=document.customer_remote_id,
        currency=document.currency,
        totals=document.totals,
    )


def name_of_document(document: SalesDocumentRecord | Receipt) -> str:
    """How people find it over there: what it is, and its number where it has one."""
    return f"{document.stage} {document.number or document.remote_id}"
