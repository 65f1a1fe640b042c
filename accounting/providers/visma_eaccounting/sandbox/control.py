"""What the control desk can do here: flip switches, and play the accountant, the owner and the vendor.

{"company": "556812-4472", "switches": {"sales_standard": false, "refresh_tokens": "reusable"}}
{"resource": "customers", "action": "change", "where": {"CustomerNumber": "10001"}, "values": {"InvoiceCity": "Borås"}}
{"resource": "customerinvoicedrafts", "action": "convert", "id": "…"}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from accounting.providers.visma_eaccounting.sandbox import drafts, orders
from accounting.providers.visma_eaccounting.sandbox.books import KEY, Books
from accounting.providers.visma_eaccounting.sandbox.errors import Refusal
from accounting.providers.visma_eaccounting.sandbox.login import BadAuthorization
from accounting.providers.visma_eaccounting.sandbox.people import PASSWORD
from accounting.providers.visma_eaccounting.sandbox.schema import DECODER, ENCODER, Json, complete
from accounting.providers.visma_eaccounting.sandbox.switches import CompanySwitches, ServiceSwitches, flip, names
from accounting.providers.visma_eaccounting.sandbox.table import Table
from accounting.sandbox import BadOrder

if TYPE_CHECKING:
    from accounting.providers.visma_eaccounting.sandbox.app import Sandbox


def describe(sandbox: Sandbox) -> Json:
    """Everything a person needs to use the stand-in."""
    return {
        "label": sandbox.label,
        "api": f"/{KEY}/v2",
        "identity": f"/{KEY}/identity",
        "clients": [{"id": client.id, "secret": client.secret} for client in sandbox.identity.clients.values()],
        "users": [
            {"email": person.email, "password": PASSWORD, "role": person.role} for person in sandbox.people.all()
        ],
        "companies": [summary(books) for books in sandbox.companies.values()],
        "switches": asdict(sandbox.switches),
        "refused_grants": sandbox.identity.refused,
        "rate_limited": sandbox.rate.refused,
        "busiest_minute": sandbox.rate.busiest,
    }


def summary(books: Books) -> Json:
    return {
        "id": books.id,
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
        done["revoked"] = sandbox.identity.revoke_all(user=order.get("user", ""))
    unknown = wanted.keys() - {*names(ServiceSwitches), *names(CompanySwitches)}
    if unknown:
        there_are = sorted([*names(ServiceSwitches), *names(CompanySwitches), "revoke_tokens"])
        raise BadOrder(f"There is no switch {', '.join(sorted(unknown))}; there are {', '.join(there_are)}.")
    with books.lock:
        flip(sandbox.switches, {name: wanted[name] for name in wanted.keys() & names(ServiceSwitches)})
        flip(books.switches, {name: wanted[name] for name in wanted.keys() & names(CompanySwitches)})
    return {**done, "service": asdict(sandbox.switches), "company": asdict(books.switches)}


def company_of(sandbox: Sandbox, order: Json) -> Books:
    """The company that an order names by id, name or organisation number; the first when it names none."""
    wanted = order.get("company")
    for books in sandbox.companies.values():
        if wanted in (None, books.id, books.name, books.org_number):
            return books
    raise BadOrder(
        f"There is no company {wanted!r}; there are {', '.join(b.name for b in sandbox.companies.values())}."
    )


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
            raise BadOrder(
                f"Nobody can {action!r} {resource}; there are {', '.join(sorted({a for _, a in ACTIONS}))}, add."
            )
        try:
            return {"records": [act(books, resource, record, values) for record in wanted(books, resource, order)]}
        except Refusal as refusal:
            raise BadOrder(refusal.text) from None


def wanted(books: Books, resource: str, order: Json) -> list[Json]:
    """The records that the order means. Raises BadOrder when there are none."""
    table = books.table(resource)
    where = order.get("where", {})
    found = []
    for id in [order["id"]] if "id" in order else list(table.raw):
        record = table.get(id)
        if record is not None and all(record.get(name) == value for name, value in where.items()):
            # An account does not show the id under which it is kept.
            found.append({table.key: id, **record})
    if not found:
        raise BadOrder(f"No record of {resource} fits {order.get('id') or where}.")
    return found


def add(books: Books, resource: str, values: Json) -> Json:
    """A record as somebody at the company might have made it; no rule is asked, so it may be odd."""
    table = books.tables[resource]
    record = {"Id": books.new_id(), **values}
    if table.stamp:
        record.setdefault(table.stamp, books.stamp())
    if resource == "customers" and "CustomerNumber" not in values:
        record["CustomerNumber"] = str(books.take_number("customer"))
    return put_as_said(table, record, values)


def put_as_said(table: Table, record: Json, values: Json) -> Json:
    """Stores the record; a null that was asked for stays one, even where the vendor allows none."""
    nulls = {name: None for name, value in values.items() if value is None}
    odd = {**complete(table.schema, record), **nulls}
    table.put_raw(str(record[table.key]), ENCODER.encode(odd), record)
    return odd


def change(books: Books, resource: str, record: Json, values: Json) -> Json:
    """Members set, and the stamp with them."""
    table = books.tables[resource]
    changed = {**record, **values}
    if table.stamp and table.stamp not in values:
        changed[table.stamp] = books.stamp()
    return put_as_said(table, changed, values)


def remove(books: Books, resource: str, record: Json, values: Json) -> Json:
    books.tables[resource].remove(record[books.tables[resource].key])
    books.removed(resource, record["Id"])
    return record


def copy(books: Books, resource: str, record: Json, values: Json) -> Json:
    """The same again under another id, as a person makes a new document from an old one."""
    twin = {**record, **values, "Id": books.new_id()}
    if resource == "customerinvoicedrafts":
        books.draft_dates[twin["Id"]] = drafts.own_date(books, record["Id"])
    return add(books, resource, twin)


def convert_draft(books: Books, resource: str, record: Json, values: Json) -> Json:
    invoice = drafts.convert_draft(books, record, None, keep_date=False)
    books.removed(resource, record["Id"], became=invoice["Id"])
    return invoice


def convert_order(books: Books, resource: str, record: Json, values: Json) -> Json:
    return orders.convert_order(books, record, other_costs=None)


def pay(books: Books, resource: str, record: Json, values: Json) -> Json:
    """The customer has paid, all of it or what `values` leaves as RemainingAmount."""
    rest = Decimal(values.get("RemainingAmount", 0))
    status = record["PaymentStatus"] if rest else 0
    paid = {"PaymentStatus": status, "RemainingAmount": rest, "RemainingAmountInvoiceCurrency": rest}
    return change(books, resource, record, {"PaymentDate": books.today().isoformat(), **paid})


def order_step(step: Callable[[Books, Json], Json]) -> Callable[[Books, str, Json, Json], Json]:
    return lambda books, resource, record, values: step(books, record)


ACTIONS: dict[tuple[str, str], Callable[[Books, str, Json, Json], Json]] = {
    ("", "change"): change,
    ("", "remove"): remove,
    ("", "copy"): copy,
    ("customerinvoicedrafts", "convert"): convert_draft,
    ("orders", "confirm"): order_step(orders.confirm),
    ("orders", "ship"): order_step(orders.ship),
    ("orders", "take_back"): order_step(orders.take_back),
    ("orders", "convert"): convert_order,
    ("customerinvoices", "pay"): pay,
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
