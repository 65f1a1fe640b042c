"""What the demo did, figure by figure, beside what the stand-ins' own ledger says of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.request import ProxyHandler, build_opener

from django.db.models import QuerySet

from fieldwork.models import Organization
from integrations.exports import ATTACHMENT, EXPORTS
from integrations.models import Case, Link, Operation, Run
from integrations.pipelines import PIPELINES

Ledger = dict[str, Any]
FILES = "attachment"
COUNTS = ("read", "created", "updated", "unchanged", "skipped", "rejected")


def read_ledger(base: str, provider: str) -> Ledger:
    """Every document and request that the stand-in for `provider` at `base` has seen."""
    # Never through a proxy of the machine: the address is on loopback.
    with build_opener(ProxyHandler({})).open(f"{base}/control/ledger?provider={provider}", timeout=30) as answer:
        return json.load(answer, parse_float=Decimal)


class Summary:
    """`agrees` when both sides tell the same story: the same documents, once each, with the same totals."""

    def __init__(self, organization: Organization, ledger: Ledger) -> None:
        self._organization = organization
        there = [each for each in ledger["documents"] if each["removed_at"] is None]
        self._theirs = {each["id"]: each for each in there if FILES not in each["kind"]}
        # Not every accounting system counts files among its documents.
        self._files = len(there) - len(self._theirs)
        self._requests = len(ledger["requests"])
        self._sent = list(self._done().filter(kind__in=EXPORTS, remote_id__in=self._ids_sent_by_us()))
        self._attached = self._done().filter(kind=ATTACHMENT).count()

    @property
    def agrees(self) -> bool:
        ours = Counter(each.remote_id for each in self._sent)
        same_files = self._files in (0, self._attached)
        return ours == Counter(self._theirs.keys()) and all(map(self._has_same_total, self._sent)) and same_files

    def lines(self) -> Iterator[str]:
        yield ""
        yield row("From the books", *COUNTS)
        for stream, counts in self._imported():
            yield row(stream, *counts)
        yield ""
        yield row("To the books", "ours", "theirs", "total")
        for kind in sorted({each.kind for each in self._sent}):
            sent = [each for each in self._sent if each.kind == kind]
            there = sum(each.remote_id in self._theirs for each in sent)
            yield row(
                kind.replace("_", " "), len(sent), there, sum((each.total or Decimal(0) for each in sent), Decimal())
            )
        yield row("all documents", len(self._sent), len(self._theirs))
        yield row("attached PDFs", self._attached, self._files or "not told")
        yield row("in the inbox", Case.objects.filter(organization=self._organization, state=Case.State.OPEN).count())
        yield row("requests", self._requests)
        yield ""
        yield "Every figure agrees with the ledger." if self.agrees else "The ledger says something else!"

    def _done(self) -> QuerySet[Operation]:
        return Operation.objects.filter(organization=self._organization, state=Operation.State.DONE)

    def _ids_sent_by_us(self) -> Iterable[str]:
        """Not those that were recognised there instead of being sent."""
        books = self._done().values("books")
        return Link.objects.filter(books__in=books, origin=Link.Origin.EXPORTED).values_list("remote_id", flat=True)

    def _has_same_total(self, operation: Operation) -> bool:
        if operation.total is None:
            return True
        return operation.total in self._theirs[operation.remote_id]["totals"].values()

    def _imported(self) -> Iterator[tuple[str, list[int]]]:
        """Per stream the counts of the first read, the one that brought everything."""
        counts: dict[str, list[int]] = {}
        for run in Run.objects.filter(connection__organization=self._organization, full=True):
            so_far = counts.get(run.stream, [0] * len(COUNTS))
            counts[run.stream] = [total + getattr(run, name) for total, name in zip(so_far, COUNTS, strict=True)]
        for name, pipeline in PIPELINES.items():
            if name in counts:
                yield str(pipeline.label), counts[name]


def row(label: str, *cells: object) -> str:
    """One line of the table, figures to the right."""
    return f"  {label:<24}" + "".join(f"{cell!s:>12}" for cell in cells)
