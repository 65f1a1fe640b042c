"""One pill, one word, one colour for each state, everywhere the same. The word says it, the colour only helps.

And each problem in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounting.types import Problem, Stage
from integrations.exports import ATTACHMENT, CONTACT_UPDATE, CUSTOMER_UPDATE, TAKING_BACK
from integrations.models import Case, Connection, Link, Operation, Run
from integrations.wording import fill_in

Words = str | Promise


@dataclass(frozen=True)
class Pill:
    words: Words
    colour: str


@dataclass(frozen=True)
class Former:
    """A work order whose present revision is not in the books, but whose earlier one is, by this operation."""

    operation: Operation


Thing = Connection | Operation | Former | Run | Link

NOT_IN_THE_BOOKS = Pill(gettext_lazy("Not in the books"), "grey")
LINKED = Pill(gettext_lazy("Linked"), "green")
NOT_CONNECTED = Pill(gettext_lazy("Not connected"), "grey")
NEEDS_YOU = Pill(gettext_lazy("Needs you"), "red")

CONNECTION_PILLS = {
    Connection.State.CONFIRMING: Pill(gettext_lazy("Waiting for your confirmation"), "amber"),
    Connection.State.ACTIVE: Pill(gettext_lazy("Connected"), "green"),
    Connection.State.RECONNECT: Pill(gettext_lazy("Reconnect needed"), "red"),
    Connection.State.PAUSED: Pill(gettext_lazy("Paused"), "grey"),
    Connection.State.DISCONNECTED: Pill(gettext_lazy("Disconnected"), "grey"),
}
OPERATION_PILLS = {
    Operation.State.QUEUED: Pill(gettext_lazy("Waiting"), "blue"),
    Operation.State.CLAIMED: Pill(gettext_lazy("Waiting"), "blue"),
    Operation.State.SENDING: Pill(gettext_lazy("Sending"), "blue"),
    Operation.State.IN_DOUBT: Pill(gettext_lazy("In doubt, checking"), "amber"),
    Operation.State.BLOCKED: NEEDS_YOU,
    Operation.State.REFUSED: NEEDS_YOU,
    Operation.State.FAILED: NEEDS_YOU,
    Operation.State.CANCELLED: Pill(gettext_lazy("Do not send"), "grey"),
    Operation.State.SUPERSEDED: Pill(gettext_lazy("Replaced by a newer revision"), "grey"),
    Operation.State.TAKEN_BACK: Pill(gettext_lazy("Taken back"), "grey"),
}
# What was done to something that is in the books.
CHANGE_PILLS = {
    CUSTOMER_UPDATE: Pill(gettext_lazy("Updated"), "green"),
    CONTACT_UPDATE: Pill(gettext_lazy("Updated"), "green"),
    TAKING_BACK: Pill(gettext_lazy("Taken back"), "grey"),
    ATTACHMENT: Pill(gettext_lazy("Attached"), "green"),
}
RUN_PILLS = {
    Run.State.RUNNING: Pill(gettext_lazy("Running"), "blue"),
    Run.State.WAITING: Pill(gettext_lazy("Waiting"), "amber"),
    Run.State.DONE: Pill(gettext_lazy("Done"), "green"),
    Run.State.FAILED: Pill(gettext_lazy("Stopped"), "red"),
}
STAGES = {
    Stage.CUSTOMER: gettext_lazy("Customer %(number)s"),
    Stage.CONTACT: gettext_lazy("In the books"),
    Stage.ARTICLE: gettext_lazy("Article %(number)s"),
    Stage.ORDER: gettext_lazy("Order %(number)s"),
    Stage.DRAFT: gettext_lazy("Draft %(number)s"),
    Stage.INVOICE: gettext_lazy("Booked %(number)s"),
}

# Values that name documents by stage and number.
DOCUMENTS = frozenset({"document", "documents"})


def drawn(thing: Thing | None) -> SafeString:
    """The pill as a page shows it."""
    pill = pill_for(thing)
    return format_html('<span class="pill {}">{}</span>', pill.colour, pill.words)


def pill_for(thing: Thing | None) -> Pill:
    """The pill of a connection, an operation, a run or a link; nothing yet means: not in the books."""
    if thing is None:
        return NOT_IN_THE_BOOKS
    if isinstance(thing, Connection):
        return connection_pill(thing)
    if isinstance(thing, Operation):
        return operation_pill(thing)
    if isinstance(thing, Link):
        return link_pill(thing)
    if isinstance(thing, Former):
        return former_pill(thing.operation)
    return run_pill(thing)


def connection_pill(connection: Connection) -> Pill:
    if connection.state == Connection.State.ACTIVE and connection.is_waiting(timezone.now()):
        until = time_format(timezone.localtime(connection.wait_until), "TIME_FORMAT")
        return Pill(_("Limited until %(time)s") % {"time": until}, "amber")
    return CONNECTION_PILLS[Connection.State(connection.state)]


def operation_pill(operation: Operation) -> Pill:
    if operation.state == Operation.State.DONE and operation.kind in CHANGE_PILLS:
        return CHANGE_PILLS[operation.kind]
    if operation.state == Operation.State.DONE:
        return Pill(document_name(operation.stage, operation.remote_number), "green")
    return OPERATION_PILLS[Operation.State(operation.state)]


def former_pill(operation: Operation) -> Pill:
    document = document_name(operation.stage, operation.remote_number)
    return Pill(_("%(document)s, earlier revision") % {"document": document}, "amber")


def link_pill(link: Link) -> Pill:
    """What came from the books goes by its number there."""
    if link.kind == "sales_order":
        return Pill(document_name(Stage.ORDER, link.remote_number), "green")
    return LINKED


def run_pill(run: Run) -> Pill:
    if run.state == Run.State.DONE and run.rejected:
        return Pill(_("Done with warnings, %(count)s need you") % {"count": run.rejected}, "amber")
    return RUN_PILLS[Run.State(run.state)]


def document_name(stage: str, number: str) -> str:
    """Draft 1042, Order 233: what stands in the books, with its number where it has one."""
    if stage not in STAGES:
        return _("Sent")
    return (str(STAGES[Stage(stage)]) % {"number": number}).strip()


def in_words(told: Case | Problem) -> str:
    """What happened, or would happen, in the reader's language."""
    named = {name: documents_in_words(told.values[name]) for name in DOCUMENTS & set(told.values)}
    return fill_in(told.sentence, {**told.values, **named})


def documents_in_words(named: str) -> str:
    """ "draft 1042, order 233" as a reader says it; what does not begin with a stage stays."""
    parts = (each.partition(" ") for each in named.split(", "))
    return ", ".join(
        document_name(stage, number) if stage in STAGES else stage + gap + number for stage, gap, number in parts
    )
