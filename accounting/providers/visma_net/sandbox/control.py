"""What the control desk can do here: flip switches, and play the accountant, the administrator and the vendor.

{"company": "Fjordlys Elektro AS", "switches": {"approved": false, "filters": "ignored"}}
{"resource": "customer", "action": "change", "where": {"number": "10001"}, "values": {"status": "OnHold"}}
{"resource": "customerinvoice", "action": "release", "id": "300004"}
{"resource": "salesorder", "action": "convert", "id": "SO/001003"}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from accounting.providers.visma_net.sandbox import inventory, invoices, orders
from accounting.providers.visma_net.sandbox.books import KEY, TABLES, Books
from accounting.providers.visma_net.sandbox.errors import OrderRefusal, Refusal
from accounting.providers.visma_net.sandbox.login import BadAuthorization
from accounting.providers.visma_net.sandbox.moments import erp_stamp, order_stamp
from accounting.providers.visma_net.sandbox.people import PASSWORD
from accounting.providers.visma_net.sandbox.switches import CompanySwitches, ServiceSwitches, flip, names
from accounting.providers.visma_net.sandbox.values import DECODER, Json
from accounting.sandbox import BadOrder

if TYPE_CHECKING:
    from accounting.providers.visma_net.sandbox.app import Sandbox


def describe(sandbox: Sandbox) -> Json:
    """Everything a person needs to use the stand-in."""
    return {
        "label": sandbox.label,
        "api": f"/{KEY}/erp",
        "orders": f"/{KEY}/orders",
        "identity": f"/{KEY}/identity",
        "clients": [{"id": client.id, "secret": client.secret} for client in sandbox.identity.clients.values()],
        "users": [
            {"email": person.email, "password": PASSWORD, "role": person.role} for person in sandbox.people.all()
        ],
        "companies": [summary(books) for books in sandbox.companies.values()],
        "customer_tenant": sandbox.customer_tenant,
        "switches": asdict(sandbox.switches),
        "refused_grants": sandbox.identity.refused,
        "rate_limited": sandbox.rate.refused,
    }


def summary(books: Books) -> Json:
    return {
        "id": books.id,
        "tenant_id": books.id,
        "name": books.name,
        "organisation_number": books.org_number,
        "switches": asdict(books.switches),
        "records": {key: len(table) for key, table in books.tables.items()},
    }


def switch(sandbox: Sandbox, order: Json) -> Json:
    """Flips switches of the service and the company, and carries out `revoke_tokens`. Raises BadOrder."""
    wanted = dict(order.get("switches", {}))
    books = company_of(sandbox, order)
    done: Json = {}
    if wanted.pop("revoke_tokens", False):
        done["revoked"] = sandbox.identity.revoke_all(tenant=books.id if order.get("company") else "")
    if unknown := wanted.keys() - {*names(ServiceSwitches), *names(CompanySwitches)}:
        there_are = sorted([*names(ServiceSwitches), *names(CompanySwitches), "revoke_tokens"])
        raise BadOrder(f"There is no switch {', '.join(sorted(unknown))}; there are {', '.join(there_are)}.")
    with books.lock:
        flip(sandbox.switches, {name: wanted[name] for name in wanted.keys() & names(ServiceSwitches)})
        flip(books.switches, {name: wanted[name] for name in wanted.keys() & names(CompanySwitches)})
    return {**done, "service": asdict(sandbox.switches), "company": asdict(books.switches)}


def company_of(sandbox: Sandbox, order: Json) -> Books:
    """The company that an order names by tenant id, name or organisation number; the first when it names none."""
    wanted = order.get("company")
    for books in sandbox.companies.values():
        if wanted in (None, "", books.id, books.name, books.org_number):
            return books
    there_are = ", ".join(books.name for books in sandbox.companies.values())
    raise BadOrder(f"There is no company {wanted!r}; there are {there_are}.")


def change_records(sandbox: Sandbox, order: Json) -> Json:
    """Carries out one action on the records that the order finds; gives them as they are now. Raises BadOrder."""
    books, resource, action = company_of(sandbox, order), order.get("resource", ""), order.get("action", "change")
    if resource not in books.tables:
        raise BadOrder(f"There is no resource {resource!r}; there are {', '.join(books.tables)}.")
    # Numbers arrive as they are stored, never as floats.
    values: Json = DECODER.decode(msgspec.json.encode(order.get("values", {})))
    with books.lock:
        if action == "add":
            return {"records": [add(books, resource, values)]}
        act = ACTIONS.get((resource, action)) or ACTIONS.get(("", action))
        if act is None:
            there_are = ", ".join(sorted({name for _, name in ACTIONS}))
            raise BadOrder(f"Nobody can {action!r} {resource}; there are {there_are}, add.")
        try:
            return {"records": [act(books, resource, key, values) for key in wanted(books, resource, order)]}
        except (Refusal, OrderRefusal) as refusal:
            raise BadOrder(str(refusal)) from None


def wanted(books: Books, resource: str, order: Json) -> list[str]:
    """Keys of the records that the order means. Raises BadOrder when there are none."""
    table, where = books.tables[resource], order.get("where", {})
    found = []
    for key in [order["id"]] if "id" in order else list(table.raw):
        record = table.get(key)
        if record is not None and all(record.get(name) == value for name, value in where.items()):
            found.append(key)
    if not found:
        raise BadOrder(f"No record of {resource} fits {order.get('id') or where}.")
    return found


def add(books: Books, resource: str, values: Json) -> Json:
    """A record as somebody at the company might have made it; no rule is asked, so it may be odd."""
    key = TABLES[resource]
    number: Any = values.get(key) or str(books.take_number("internal") + 90000)
    return keep(books, resource, {key: number, **values})


def keep(books: Books, resource: str, record: Json) -> Json:
    """Stores the record with its stamps, whatever is odd about it."""
    if resource != "salesorder":
        record = {"createdDateTime": erp_stamp(books.now()), **record} if resource in CREATED else record
        return books.put(resource, record)
    key = record.get("key") or f"{record['type']}/{record['orderId']}"
    record = {**record, "key": key, "lastModified": order_stamp(books.now()), "version": books.new_version()}
    books.tables["salesorder"].put(key, record, books.now())
    return record


CREATED = frozenset({"customer", "customerinvoice"})


def change(books: Books, resource: str, key: str, values: Json) -> Json:
    """Members set, and the stamps with them."""
    return keep(books, resource, {**(books.tables[resource].get(key) or {}), **values})


def remove(books: Books, resource: str, key: str, values: Json) -> Json:
    record = books.tables[resource].get(key) or {}
    books.tables[resource].remove(key)
    books.removed(resource, key)
    return record


def release(books: Books, resource: str, key: str, values: Json) -> Json:
    return invoices.book(books, books.tables[resource].get(key) or {})


def stock(books: Books, resource: str, key: str, values: Json) -> Json:
    """Somebody counted: `{"quantity": 12}`."""
    inventory.set_stock(books, key, Decimal(values.get("quantity", 0)))
    return books.tables[resource].get(key) or {}


def set_status(status: str, books: Books, resource: str, key: str, values: Json) -> Json:
    record = {**(books.tables[resource].get(key) or {}), "status": status}
    return orders.store(books, record)


def convert(books: Books, resource: str, key: str, values: Json) -> Json:
    """The order is delivered and invoiced, and its invoice released."""
    return convert_order(books, books.tables[resource].get(key) or {})


def convert_order(books: Books, order: Json) -> Json:
    lines = [
        {
            "operation": "Insert",
            "inventorynumber": line["inventory"]["id"],
            "description": line["description"],
            "quantity": line["quantity"],
            "unitpriceincurrency": line["unitPrice"],
            "discountpercent": line["discountPercent"],
        }
        for line in order["lines"]
    ]
    carrier = books.service.reference_on_invoice.lower()
    body = {"customernumber": order["customerId"], "credittermsid": order["termsId"], "invoicelines": lines}
    if carrier != "nowhere" and order["order"]:
        body[carrier] = order["order"]
    invoice = invoices.create_invoice(books, body)
    shipment = f"S{invoice['referenceNumber']}"
    for line in invoice["invoiceLines"]:
        line |= {"soOrderType": order["type"], "soOrderNbr": order["orderId"], "soShipmentNbr": shipment}
    invoice = invoices.book(books, invoice)
    shipped = {
        "id": shipment,
        "date": order["date"],
        "invoiceId": invoice["referenceNumber"],
        "invoiceType": "Invoice",
        "type": "Issue",
    }
    shipments = [*order["shipments"], shipped]
    orders.remember(books, orders.store(books, {**order, "status": "Completed", "shipments": shipments}))
    return invoice


ACTIONS: dict[tuple[str, str], Callable[[Books, str, str, Json], Json]] = {
    ("", "change"): change,
    ("", "remove"): remove,
    ("inventory", "count"): stock,
    ("customerinvoice", "release"): release,
    ("salesorder", "open"): partial(set_status, "Open"),
    ("salesorder", "hold"): partial(set_status, "Hold"),
    ("salesorder", "cancel"): partial(set_status, "Cancelled"),
    ("salesorder", "convert"): convert,
}


def sign_in(sandbox: Sandbox, order: Json) -> Json:
    """Where the browser comes back to after a person granted (or with `deny` refused) access. Raises BadOrder."""
    user: Any = order.get("user") or sandbox.people.first
    if not sandbox.people.knows(user, PASSWORD):
        raise BadOrder(f"There is no user {user!r}.")
    company = company_of(sandbox, order)
    try:
        location = sandbox.desk.sign_in(
            order.get("url", ""), user=user, company=company.id, deny=bool(order.get("deny"))
        )
    except BadAuthorization as problem:
        raise BadOrder(str(problem)) from None
    return {"location": location}
