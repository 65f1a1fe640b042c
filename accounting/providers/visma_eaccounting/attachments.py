"""Files on sales documents: each kind of document has a list of ids, and each file is asked for by its own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

from accounting.cleaning import remote_id
from accounting.client import Client
from accounting.errors import NotFound
from accounting.providers.visma_eaccounting.payloads import Body
from accounting.providers.visma_eaccounting.receipts import KINDS
from accounting.providers.visma_eaccounting.resources import Resource
from accounting.types import AttachmentDocument, Receipt, Stage

PATH = "salesdocumentattachments"
# The last part of the address, by where the document stands.
KINDS_OF_DOCUMENTS: Mapping[Stage, str] = {
    Stage.DRAFT: "customerinvoicedraft",
    Stage.ORDER: "order",
    Stage.INVOICE: "customerinvoice",
}


class Holder(Resource):
    """A document, with the ids of its files."""

    sales_document_attachments: list[str] | None = None


class File(Resource):
    id: str | None = None
    original_filename: str | None = None


class FileBody(Body, kw_only=True):
    """`dockument_id` is spelled so by the vendor."""

    content_type: str
    file_name: str
    dockument_id: str
    data: str


def files_of(client: Client, receipt: Receipt) -> dict[str, str]:
    """Names by id. Network: one GET for the document, and one for each file."""
    path = f"{KINDS[receipt.stage].path}/{quote(receipt.remote_id, safe='')}"
    ids = [remote_id(each) for each in client.get(path, Holder).value.sales_document_attachments or ()]
    return {each: name for each in ids if (name := name_of(client, each)) is not None}


def name_of(client: Client, file_id: str) -> str | None:
    """None when the file was removed since its document was read."""
    try:
        return client.get(f"{PATH}/{quote(file_id, safe='')}", File).value.original_filename or ""
    except NotFound:
        return None


def put_file(client: Client, receipt: Receipt, attachment: AttachmentDocument) -> str:
    """The id of the file. Network: one POST."""
    found = client.post(f"{PATH}/{KINDS_OF_DOCUMENTS[receipt.stage]}", file_body(receipt, attachment), File).value
    return remote_id(found.id)


def file_body(receipt: Receipt, attachment: AttachmentDocument) -> FileBody:
    return FileBody(
        content_type="application/pdf",
        file_name=attachment.name,
        dockument_id=receipt.remote_id,
        data=base64.b64encode(attachment.data).decode(),
    )


def remove_file(client: Client, receipt: Receipt, file_id: str) -> None:
    document, file = quote(receipt.remote_id, safe=""), quote(file_id, safe="")
    client.delete(f"{PATH}/{KINDS_OF_DOCUMENTS[receipt.stage]}/{document}/{file}")
