"""Takes a document back that is still a draft in the books, and lets the work order stand where it stood before."""

from __future__ import annotations

from dataclasses import dataclass

from accounting.errors import Conflict, NotFound
from accounting.protocol import Ledger
from accounting.types import Receipt, Stage, gettext_noop
from integrations.models import Connection, Link, Operation
from integrations.sending.looking import Sought, as_sent, born, find_all
from integrations.sending.sights import Sight, stopped
from integrations.sending.statuses import show_taken_back
from integrations.sending.verification import receipt_of
from integrations.trouble.reporting import close_cases_of

State = Operation.State


@dataclass(frozen=True, kw_only=True)
class Removal:
    connection: Connection
    operation: Operation
    target: Operation

    def look(self, ledger: Ledger) -> Sight:
        """Gone is what we want. A draft that became something else is gone as well, and must not count as removed."""
        receipt = receipt_of(self.target)
        try:
            current = ledger.fetch(receipt)
        except NotFound:
            self.refuse_booked(ledger)
            return Sight(receipt=receipt, is_there=True)
        if current.stage is not Stage.DRAFT:
            raise stopped(self.operation, "not_a_draft", NOT_A_DRAFT, document=name_of(current))
        return Sight(receipt=current, is_there=False, payload={"remote_id": current.remote_id})

    def refuse_booked(self, ledger: Ledger) -> None:
        """Raises Blocked when the draft is gone because it was booked. Network: what one `find` takes."""
        document = as_sent(self.connection, self.target)
        sought = Sought(operation=self.target, document=document, since=born(self.target, document))
        if others := find_all(ledger, [sought])[self.target.reference]:
            raise stopped(self.operation, "not_a_draft", NOT_A_DRAFT, document=", ".join(map(name_of, others)))

    def send(self, ledger: Ledger, sight: Sight) -> Receipt:
        try:
            ledger.remove(sight.receipt)
        except NotFound as error:
            # Gone since we looked: the next look tells whether it was booked.
            raise Conflict(error.sentence, status=error.status, error_id=error.error_id) from error
        return sight.receipt

    def record(self, receipt: Receipt) -> None:
        if Operation.objects.filter(pk=self.target.pk).take_back():
            show_taken_back(self.target)
        links = Link.objects.filter(books=self.target.books_id, kind=self.target.kind, local_id=self.target.local_id)
        links.filter(remote_id=self.target.remote_id).delete()
        close_cases_of(self.target)


def removal_change(connection: Connection, operation: Operation) -> Removal | None:
    """None when the document was given to a later revision, or is taken back already."""
    target = operation.target
    is_over = operation.state == State.DONE
    if target is None or (target.state != State.DONE and not is_over):
        return None
    return Removal(connection=connection, operation=operation, target=target)


def name_of(receipt: Receipt) -> str:
    """As the inbox puts it into the reader's words."""
    return f"{receipt.stage} {receipt.number or receipt.remote_id}"


NOT_A_DRAFT = gettext_noop(
    "%(record)s cannot be taken back, because it is more than a draft by now: %(document)s. Credit it in the "
    "accounting system instead."
)
