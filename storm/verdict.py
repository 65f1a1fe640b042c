"""What became of everything that was accepted: our outbox held against the stand-in's own ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from django.db.models import Exists, OuterRef

from accounting.sandbox import Deed
from fieldwork.models import WorkOrder
from integrations.exports import ATTACHMENT, SALES
from integrations.models import Case, Operation
from storm.world import World

State = Operation.State


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`lost`, `doubled` and `silent` must be empty; each entry says what and where."""

    accepted: int
    done: int
    in_inbox: int
    still_open: int
    documents: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.silent or self.still_open)

    def as_row(self) -> dict[str, int]:
        """The figures, lists as their lengths."""
        return {name: len(value) if isinstance(value, list) else value for name, value in asdict(self).items()}


def judge(world: World) -> Verdict:
    """The verdict on the world as it is now."""
    deeds = [deed for deed in world.stand_in.deeds() if deed.removed_at is None]
    operations = list(Operation.objects.exclude(state=State.SUPERSEDED).select_related("books"))
    inbox = [each for each in operations if each.state in Operation.NEEDS_PERSON]
    return Verdict(
        accepted=len(operations),
        done=sum(each.state == State.DONE for each in operations),
        in_inbox=len(inbox),
        still_open=sum(each.state in Operation.OPEN for each in operations),
        documents=len(deeds),
        lost=[*without_operation(), *without_document(operations, deeds)],
        doubled=[*without_owner(operations, deeds), *same_reference(operations, deeds)],
        silent=without_case(inbox),
    )


def without_operation() -> Iterator[str]:
    """Jobs that were finished and of which the outbox knows nothing."""
    known = Operation.objects.filter(kind__in=SALES, local_id=OuterRef("pk"), revision=OuterRef("revision"))
    for order in WorkOrder.objects.filter(~Exists(known), completed_at__isnull=False):
        yield f"{order} was finished and never queued"


def without_document(operations: list[Operation], deeds: list[Deed]) -> Iterator[str]:
    there = {place_of_deed(deed) for deed in deeds}
    for each in operations:
        if each.kind in (*SALES, ATTACHMENT) and each.state == State.DONE and place_of(each) not in there:
            yield f"{each} is done and not in the books"


def without_owner(operations: list[Operation], deeds: list[Deed]) -> Iterator[str]:
    """Documents that were created and that no operation, or more than one, takes for its own."""
    owners = Counter(place_of(each) for each in operations if each.state == State.DONE)
    for deed in deeds:
        if (count := owners[place_of_deed(deed)]) != 1:
            yield f"{deed.kind} {deed.number or deed.id} belongs to {count} operations"


Place = tuple[str, str]


def place_of(operation: Operation) -> Place:
    """Company and id: many systems count from one in each company."""
    return operation.books.remote_id, operation.remote_id


def place_of_deed(deed: Deed) -> Place:
    return deed.company, deed.id


def same_reference(operations: list[Operation], deeds: list[Deed]) -> Iterator[str]:
    """Two documents for one revision of one job."""
    references = {each.reference for each in operations if each.kind in SALES}
    carried = Counter(
        reference
        for deed in deeds
        for reference in {word for text in texts_of(deed) for word in text.split()} & references
    )
    for reference, times in carried.items():
        if times > 1:
            yield f"{reference} stands on {times} documents"


def texts_of(deed: Deed) -> list[str]:
    return [text for text in [*deed.texts, *deed.references.values()] if text]


def without_case(inbox: list[Operation]) -> list[str]:
    """What stopped and does not say so in the inbox."""
    cases = Case.objects.filter(state=Case.State.OPEN)
    told = set(cases.values_list("operation_id", flat=True))
    # One case about the connection speaks for all operations that it stops.
    if cases.filter(subject_kind="connection").exists():
        return []
    return [f"{each} is {each.state} without a case: {each.problem}" for each in inbox if each.pk not in told]
