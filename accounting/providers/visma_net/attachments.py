"""Files on sales documents. The sales order service takes none itself: those of its orders go to the ERP too."""

from __future__ import annotations

from accounting.client import Client, form_with_file
from accounting.errors import Refused
from accounting.providers.visma_net.names import order_path, segment
from accounting.providers.visma_net.resources import Resource
from accounting.providers.visma_net.writing import Writer
from accounting.types import AttachmentDocument, Receipt, Stage, gettext_noop


class File(Resource):
    id: str | None = None
    name: str | None = None


class Holder(Resource):
    """A document with its files."""

    attachments: list[File] | None = None


def files_of(erp: Client, orders: Client, receipt: Receipt) -> dict[str, str]:
    """Names by id. Network: one GET."""
    if receipt.stage is Stage.ORDER:
        holder = orders.get(order_path(receipt.remote_id), Holder, params={"expand": "Attachments"}).value
    else:
        holder = erp.get(f"v1/customerinvoice/{segment(receipt.remote_id)}", Holder).value
    return {each.id: each.name or "" for each in holder.attachments or () if each.id}


def put_file(erp: Client, receipt: Receipt, attachment: AttachmentDocument) -> str:
    """The id of the file. Network: one POST. A file of the same name becomes the next revision of it."""
    form = form_with_file(attachment.name, attachment.data)
    return Writer(erp).create(f"{path_of(receipt, 'v2/salesorder/orderType')}/attachment", form)


def remove_file(erp: Client, receipt: Receipt, file_id: str) -> None:
    """Raises Refused for an invoice: from that a file is taken by hand only."""
    if receipt.stage is not Stage.ORDER:
        raise Refused(gettext_noop("A file can be taken off an invoice only in the accounting system itself."))
    Writer(erp).delete(f"{path_of(receipt, 'v1/salesorder')}/attachment/{segment(file_id)}")


def path_of(receipt: Receipt, orders: str) -> str:
    """The document's place at the ERP; an order's begins in one of several ways."""
    if receipt.stage is not Stage.ORDER:
        return f"v1/customerinvoice/{segment(receipt.remote_id)}"
    kind, _, number = receipt.remote_id.partition("/")
    return f"{orders}/{segment(kind)}/{segment(number)}"
