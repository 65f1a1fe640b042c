"""Changes to what exists. Nothing is changed that somebody else changed meanwhile.

The ERP takes the version that one has seen, and the sales order service insists on it.
"""

from __future__ import annotations

from accounting.client import Client
from accounting.errors import Conflict, Refused
from accounting.providers.visma_net.lists import Listing, Lists, Shape
from accounting.providers.visma_net.names import order_path, segment
from accounting.providers.visma_net.payloads import article_changes, customer_changes
from accounting.providers.visma_net.receipts import FoundInvoice, WholeOrder
from accounting.providers.visma_net.resources import OrderLine
from accounting.providers.visma_net.sale_payloads import invoice_changes, order_changes, order_lines
from accounting.providers.visma_net.writing import Writer, afterwards, if_match
from accounting.types import (
    ArticleDocument,
    CustomerDocument,
    Document,
    InvoiceDraft,
    Receipt,
    SalesOrder,
    Stage,
    gettext_noop,
)

# Changes of these change the rows of an order or invoice.
ROWS = frozenset({"lines", "prices_include_vat"})


def change(
    erp: Client, orders: Client, receipt: Receipt, current: Receipt, document: Document, fields: frozenset[str]
) -> None:
    """Changes just `fields`. `current` is the document as it is now. Raises Conflict or Refused."""
    if receipt.version and receipt.version != current.version:
        raise Conflict(gettext_noop("This was changed in the accounting system meanwhile."))
    writer, version = Writer(erp), current.version
    match document:
        case CustomerDocument():
            path = f"v1/customer/{segment(receipt.remote_id)}"
            writer.put(path, customer_changes(document, fields), version=version)
        case ArticleDocument():
            # The only resource without versions.
            writer.put(f"v1/inventory/{segment(receipt.remote_id)}", article_changes(document, fields))
        case InvoiceDraft():
            change_invoice(erp, current, document, fields)
        case SalesOrder():
            change_order(erp, orders, current, document, fields)
        case _:
            raise TypeError(f"{type(document).__name__} cannot be changed here")


def change_invoice(erp: Client, current: Receipt, document: InvoiceDraft, fields: frozenset[str]) -> None:
    """The head and the lines in one request. Raises Refused when it is booked."""
    if current.stage is not Stage.DRAFT:
        raise Refused(gettext_noop("It is released already and cannot be changed."))
    path = f"v1/customerinvoice/{segment(current.remote_id)}"
    numbers: list[int] = []
    if fields & ROWS:
        found = erp.get(path, FoundInvoice).value
        numbers = [line.line_number for line in found.invoice_lines or () if line.line_number is not None]
    Writer(erp).put(path, invoice_changes(document, fields, numbers), version=current.version)


def change_order(erp: Client, orders: Client, current: Receipt, document: SalesOrder, fields: frozenset[str]) -> None:
    """The lines, then the head with our reference: who finds the reference on it finds the lines too.

    New lines are added before the old ones go, so a refusal leaves what was there. Whatever goes wrong after that
    leaves the outcome unknown, and may be done again: all lines that are there then go.
    """
    path, version = order_path(current.remote_id), current.version
    if not fields & ROWS:
        patch_head(orders, path, document, fields, version)
        return
    replace_lines(erp, orders, path, document, version)
    afterwards(lambda: patch_head(orders, path, document, fields, version_of(orders, path)))


def patch_head(orders: Client, path: str, document: SalesOrder, fields: frozenset[str], version: str) -> None:
    if head := order_changes(document, fields):
        orders.patch(path, head, bytes, headers=if_match(version))


def replace_lines(erp: Client, orders: Client, path: str, document: SalesOrder, version: str) -> None:
    lists = Lists(erp, orders, 500)
    rows = Listing(path=f"{path}/lines", shape=Shape.ORDERS)
    old = [str(line.line_id) for line in lists.everything(rows, OrderLine) if line.line_id is not None]
    orders.post(f"{path}/lines", {"lines": order_lines(document)}, bytes, headers=if_match(version))
    if old:
        afterwards(lambda: take_out(orders, path, old))


def take_out(orders: Client, path: str, line_ids: list[str]) -> None:
    headers = if_match(version_of(orders, path))
    orders.delete(f"{path}/lines", params={"ids": ",".join(line_ids)}, headers=headers)


def version_of(orders: Client, path: str) -> str:
    return orders.get(path, WholeOrder).value.version or ""
