"""What was tried for a work order, in plain words and in its order: when, what we did, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.exports import ATTACHMENT, TAKING_BACK
from integrations.models import Attempt, Operation
from integrations.presenting.pills import document_name
from integrations.wording import retell

Words = str | Promise
Purpose = Attempt.Purpose
MOST = 100

# By purpose and outcome, for documents.
SAID: Mapping[tuple[str, str], Words] = {
    (Purpose.LOOK, ""): gettext_lazy("Searching the books"),
    (Purpose.LOOK, "absent"): gettext_lazy("Searched the books: not there"),
    (Purpose.LOOK, "found"): gettext_lazy("Searched the books: found it, linked"),
    (Purpose.LOOK, "lost"): gettext_lazy("Searched the books, but was interrupted"),
    (Purpose.LOOK, "Blocked"): gettext_lazy("Looked, and stopped: somebody has to decide"),
    (Purpose.SEND, ""): gettext_lazy("Sending"),
    (Purpose.SEND, "lost"): gettext_lazy("Sent, but was interrupted before the answer"),
    (Purpose.SEND, "Unclear"): gettext_lazy("Sent, and got no usable answer"),
    (Purpose.SEND, "UnexpectedAnswer"): gettext_lazy("Sent, and got an answer that cannot be read"),
    (Purpose.SEND, "Refused"): gettext_lazy("Sent, and was refused"),
    (Purpose.SEND, "NotAllowed"): gettext_lazy("Sent, and is not allowed"),
    (Purpose.SEND, "ReconnectNeeded"): gettext_lazy("Not sent: the login was refused"),
    (Purpose.SEND, "TryLater"): gettext_lazy("Not taken now: tried again later"),
    (Purpose.SEND, "Conflict"): gettext_lazy("Somebody changed it over there meanwhile: looked again"),
    (Purpose.READ_BACK, "as expected"): gettext_lazy("Read back: as expected, to the smallest coin"),
    (Purpose.READ_BACK, "different"): gettext_lazy("Read back: it differs from what we sent"),
    (Purpose.COMPARE, "moved on"): gettext_lazy("Compared with the books: it moved on"),
    (Purpose.COMPARE, "restored"): gettext_lazy("Found again in the books, link restored"),
}
SENT: Mapping[str, Words] = {
    TAKING_BACK: gettext_lazy("Removed from the books"),
    ATTACHMENT: gettext_lazy("Attached the PDF"),
}
LOOKED: Mapping[tuple[str, str], Words] = {
    (TAKING_BACK, "absent"): gettext_lazy("Looked: the draft is still there"),
    (TAKING_BACK, "found"): gettext_lazy("Looked: the draft is gone"),
    (ATTACHMENT, "absent"): gettext_lazy("Looked at the document: no PDF there yet"),
    (ATTACHMENT, "found"): gettext_lazy("Looked at the document: the PDF is there"),
}
READ_AGAIN: Mapping[tuple[str, str], Words] = {
    (TAKING_BACK, "as expected"): gettext_lazy("Looked again: the draft is gone"),
    (ATTACHMENT, "as expected"): gettext_lazy("Looked again: the PDF is there"),
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One step. `sentence` is what the accounting system said, `facts` are for support."""

    at: datetime
    words: str
    who: str = ""
    sentence: str = ""
    facts: str = ""
    is_trouble: bool = False


def events_of(operations: Sequence[Operation]) -> list[Event]:
    """Of all the work order's operations together, the newest first. One statement."""
    by_id = {each.pk: each for each in operations}
    attempts = Attempt.objects.filter(operation__in=by_id).order_by("-started_at")[:MOST]
    tried = [event_of(each, by_id[each.operation_id]) for each in attempts]
    return sorted([*tried, *(own for each in operations for own in milestones(each))], key=when, reverse=True)


def when(event: Event) -> datetime:
    return event.at


def milestones(operation: Operation) -> Iterator[Event]:
    """What people asked for, and what is decided."""
    who = str(operation.asked_by or "")
    yield Event(at=operation.created_at, words=begun(operation), who=who)
    if operation.state == Operation.State.IN_DOUBT and operation.doubt_since:
        yield Event(
            at=operation.doubt_since,
            words=_("In doubt: the books are searched before anything is sent again"),
            is_trouble=True,
        )


def begun(operation: Operation) -> str:
    if operation.kind == TAKING_BACK:
        return _("To be taken back")
    if operation.kind == ATTACHMENT:
        return _("The PDF is to follow")
    if operation.target_id:
        return _("Revision %(revision)s is to update the document") % {"revision": operation.revision}
    if operation.revision > 1:
        return _("Revision %(revision)s is to be sent") % {"revision": operation.revision}
    return _("To be sent")


def event_of(attempt: Attempt, operation: Operation) -> Event:
    trouble = attempt.outcome not in ("", "absent", "found", "done", "as expected", "restored", "moved on")
    return Event(
        at=attempt.ended_at or attempt.started_at,
        words=words_for(attempt, operation),
        sentence=retell(attempt.sentence) if attempt.sentence else "",
        facts=facts_of(attempt),
        is_trouble=trouble,
    )


def words_for(attempt: Attempt, operation: Operation) -> str:
    key = (operation.kind, attempt.outcome)
    if attempt.purpose == Purpose.SEND and attempt.outcome == "done":
        return done_in_words(attempt, operation)
    if attempt.purpose == Purpose.LOOK and key in LOOKED:
        return str(LOOKED[key])
    if attempt.purpose == Purpose.READ_BACK and key in READ_AGAIN:
        return str(READ_AGAIN[key])
    known = SAID.get((attempt.purpose, attempt.outcome))
    if known is not None:
        return str(known)
    if attempt.purpose == Purpose.LOOK:
        return _("Could not look") if operation.kind in SENT else _("Searched the books, without an answer")
    return f"{attempt.get_purpose_display()}: {attempt.outcome}"


def done_in_words(attempt: Attempt, operation: Operation) -> str:
    if operation.kind in SENT:
        return str(SENT[operation.kind])
    number = attempt.evidence.get("number") or operation.remote_number
    document = document_name(operation.stage, number)
    if operation.target_id:
        return _("Updated: %(document)s") % {"document": document}
    return _("Sent: %(document)s") % {"document": document}


def facts_of(attempt: Attempt) -> str:
    """For the vendor's support: the answer's status and error id."""
    parts = [f"HTTP {attempt.status}" if attempt.status else "", attempt.error_id]
    return " · ".join(part for part in parts if part)
