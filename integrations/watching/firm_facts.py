"""Facts about a firm's own day: what waits for somebody, and what should have reached the books and did not.

Nothing here needs an error to have happened. That work is done and nothing arrives is the alarm. Each judges what
was seen, and asks for nothing more.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from accounting.types import gettext_noop
from integrations.watching.facts import THRESHOLDS, Fact, Judge, Level, open_page
from integrations.watching.sighting import FRIDAY, Sighting, judge_of

# Fewer documents a day than this are too few to tell what is usual.
FEW = 4

INBOX_EMPTY = gettext_noop("Nothing waits in the inbox.")
INBOX = gettext_noop("Problems that wait in the inbox: %(count)s, the oldest since %(since)s: %(first)s.")
# A stream has a name of ours, which is translated.
INBOX_STREAM = gettext_noop("Problems that wait in the inbox: %(count)s, the oldest since %(since)s: %(stream)s.")
ALL_SENT = gettext_noop("Finished work orders are sent.")
UNSENT = gettext_noop(
    "Finished work orders that have not been sent: %(count)s, the oldest of %(since)s. Each says on its page what "
    "it waits for."
)
EXPORTS_AS_USUAL = gettext_noop("As much is sent as usual.")
NOTHING_SENT = gettext_noop(
    "Nothing has been sent to %(books)s since %(day)s began, although finished work orders wait: %(count)s. Check "
    "in the settings that sending is on, and which status of a work order triggers it."
)
FEWER_SENT = gettext_noop(
    "Documents sent to %(books)s since %(day)s began: %(sent)s, where %(usual)s a day are usual. Finished work "
    "orders that wait: %(count)s."
)
LICENSED = gettext_noop("The licence is valid.")
LICENCE_ENDS = gettext_noop(
    "The licence for %(provider)s ends on %(day)s, and with it reading and sending. The administrator of this "
    "installation extends it."
)
UNLICENSED = gettext_noop(
    "There is no licence for %(provider)s today, so nothing is read or sent. The administrator of this installation "
    "adds one."
)


def firm_facts(seen: Sighting) -> Iterator[Fact]:
    judge = judge_of(seen)
    yield licence(judge, seen)
    yield cases(judge, seen)
    if seen.is_active:
        yield unsent(judge, seen)
    yield exports(judge, seen)


def licence(judge: Judge, seen: Sighting) -> Fact:
    """By its last day; of several the latest counts, and one without a last day never ends."""
    today = seen.now.astimezone(seen.zone).date()
    ends = [each.ends_on for each in seen.licences if each.is_active(today)]
    if not ends:
        return judge.alarm("licence", UNLICENSED, provider=seen.connection.label)
    if None in ends:
        return judge.well("licence", LICENSED)
    last_day = max(day for day in ends if day)
    level = THRESHOLDS["licence"].level(today - last_day)
    if level is Level.OK:
        return judge.well("licence", LICENSED)
    say = judge.alarm if level is Level.ALARM else judge.warning
    return say("licence", LICENCE_ENDS, provider=seen.connection.label, day=last_day.isoformat())


def cases(judge: Judge, seen: Sighting) -> Fact:
    oldest = seen.oldest_case
    if oldest is None:
        return judge.well("cases", INBOX_EMPTY)
    return judge.aged(
        "cases",
        since=oldest.first_seen_at,
        well=INBOX_EMPTY,
        ill=INBOX_STREAM if oldest.subject_kind == "stream" else INBOX,
        remedy=open_page(gettext_noop("Open the inbox"), "integrations:inbox", for_owner=False),
        count=seen.cases,
        first=oldest.subject_label,
        stream=oldest.subject_label,
    )


def unsent(judge: Judge, seen: Sighting) -> Fact:
    """Finished, to be sent by itself, and neither in the books nor waiting in the inbox."""
    return judge.aged(
        "unsent",
        since=seen.unexplained.oldest,
        well=ALL_SENT,
        ill=UNSENT,
        remedy=open_page(gettext_noop("Show the work orders"), "fieldwork:work_order_list", for_owner=False),
        count=seen.unexplained.to_send,
    )


# --- what did not happen ----------------------------------------------------------------


def exports(judge: Judge, seen: Sighting) -> Fact:
    """Whether the last working day brought documents to the books, when finished work orders were there to send.

    Looks at the work and the result only, whatever the settings between them say, except that sending is off.
    """
    if not seen.could_send:
        return judge.well("exports", EXPORTS_AS_USUAL)
    connection, began, waiting = seen.connection, seen.day_began, seen.unexplained
    sent = sum(count for day, count in seen.documents.items() if day >= began.date())
    remedy = open_page(gettext_noop("Open the settings"), "integrations:settings", connection.pk)
    told: dict[str, Any] = {"books": connection.label, "day": began.date().isoformat(), "remedy": remedy}
    if not sent and waiting.waiting_before:
        return judge.alarm("exports", NOTHING_SENT, since=began, count=waiting.waiting_before, **told)
    usual = usual_documents(seen)
    if usual >= FEW and sent * 2 < usual and waiting.waiting * 2 >= usual:
        return judge.warning("exports", FEWER_SENT, sent=sent, usual=usual, count=waiting.waiting, **told)
    return judge.well("exports", EXPORTS_AS_USUAL)


def usual_documents(seen: Sighting) -> int:
    """How many documents a working day brings: the median of those four weeks' days that brought any."""
    before = seen.day_began.date()
    counts = [count for day, count in seen.documents.items() if day < before and day.weekday() <= FRIDAY]
    return round(statistics.median(counts)) if counts else 0
