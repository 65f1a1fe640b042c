"""Puts the work order as a PDF on its document in the books."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounting.errors import NotFound
from accounting.protocol import Ledger, TakesAttachments
from accounting.types import AttachmentDocument, Receipt, gettext_noop
from fieldwork.models import WorkOrder
from fieldwork.pdf import file_name, work_order_pdf, work_orders_to_print
from integrations.exports import ATTACHMENT
from integrations.models import Connection, Operation
from integrations.sending.asking import can_attach
from integrations.sending.looking import Sought, as_sent, born, find_all
from integrations.sending.sights import Sight, stopped
from integrations.sending.verification import receipt_of

State = Operation.State


@dataclass(frozen=True, kw_only=True)
class Attachment:
    connection: Connection
    operation: Operation
    target: Operation
    work_order: WorkOrder

    @property
    def name(self) -> str:
        return file_name(self.work_order, self.operation.reference)

    def look(self, ledger: Ledger) -> Sight:
        takes = taking(ledger)
        receipt = receipt_of(self.target)
        try:
            names = takes.attachments(receipt)
        except NotFound:
            receipt = self.where_it_is_now(ledger)
            names = takes.attachments(receipt)
        own = next((remote_id for remote_id, name in names.items() if name == self.name), "")
        if own:
            return Sight(receipt=filed(receipt, own), is_there=True)
        return Sight(receipt=receipt, is_there=False, payload={"name": self.name})

    def where_it_is_now(self, ledger: Ledger) -> Receipt:
        """The document that a draft became. Raises Blocked when there is none. Network: what one `find` takes."""
        document = as_sent(self.connection, self.target)
        sought = Sought(operation=self.target, document=document, since=born(self.target, document))
        found = find_all(ledger, [sought])[self.target.reference]
        if not found:
            raise stopped(self.operation, "attachment_without_document", NO_DOCUMENT)
        return found[0]

    def send(self, ledger: Ledger, sight: Sight) -> Receipt:
        """Network: one POST, after a former revision's file was taken off the document."""
        takes = taking(ledger)
        for former in self.former_files():
            take_off(takes, sight.receipt, former)
        pdf = work_order_pdf(self.work_order)
        attachment = AttachmentDocument(reference=self.operation.reference, name=self.name, data=pdf)
        return filed(sight.receipt, takes.attach(sight.receipt, attachment))

    def former_files(self) -> list[str]:
        """The ids of our files from the time before a later revision was written over the document."""
        if self.target.target_id is None:
            return []
        former = Operation.objects.filter(kind=ATTACHMENT, target=self.target.target_id, state=State.DONE)
        return list(former.values_list("remote_id", flat=True))

    def record(self, receipt: Receipt) -> None:
        """The operation itself holds the id of the file."""


def attachment_change(connection: Connection, operation: Operation) -> Attachment | None:
    """None when the document is not that of the work order any more. Raises Blocked."""
    target = operation.target
    if target is None or target.state != State.DONE:
        return None
    work_order = load_for_pdf(operation)
    if work_order is None or work_order.revision > operation.revision:
        return None
    if not can_attach(connection):
        raise stopped(operation, "attachments_not_offered", NOT_OFFERED, provider=connection.label)
    return Attachment(connection=connection, operation=operation, target=target, work_order=work_order)


def load_for_pdf(operation: Operation) -> WorkOrder | None:
    """The work order with everything that its PDF shows."""
    return work_orders_to_print().filter(pk=operation.local_id).first()


def taking(ledger: Ledger) -> TakesAttachments:
    assert isinstance(ledger, TakesAttachments)
    return ledger


def take_off(ledger: TakesAttachments, receipt: Receipt, remote_id: str) -> None:
    try:
        ledger.detach(receipt, remote_id)
    except NotFound:
        return  # somebody was faster, and that is all we want


def filed(receipt: Receipt, remote_id: str) -> Receipt:
    """What the operation is done with: the file, where the document stands."""
    return Receipt(stage=receipt.stage, remote_id=remote_id)


def why_not_attached(connection: Connection, operation: Operation) -> str:
    """Why no PDF follows this document; empty when one does, or will."""
    return "" if operation.followers.filter(kind=ATTACHMENT).exists() else why_none_is_attached(connection)


def why_none_is_attached(connection: Connection) -> str:
    """Why a document that no PDF follows has none."""
    if not can_attach(connection):
        return _("%(provider)s takes no attachments for its documents.") % {"provider": connection.label}
    if not connection.settings.attach_pdf:
        return _("Attaching the work order is switched off in the settings.")
    return _("It was not sent by us, or before attaching was switched on.")


NO_DOCUMENT = gettext_noop("The PDF of %(record)s could not be attached: its document is not in the books any more.")
NOT_OFFERED = gettext_noop("The PDF of %(record)s was not attached: %(provider)s takes no attachments.")
