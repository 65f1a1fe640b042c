"""What the control desk can do here: flip switches, and play the bookkeeper, the owner and the vendor.

{"company": "1718001", "switches": {"project": false, "retry_after": "date"}}
{"resource": "customers", "action": "change", "where": {"customerNumber": 1001}, "values": {"city": "Ribe"}}
{"resource": "orders/drafts", "action": "send", "id": 12}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from accounting.providers.economic.sandbox import hooks, sale
from accounting.providers.economic.sandbox.books import KEY, Books
from accounting.providers.economic.sandbox.errors import Refusal
from accounting.providers.economic.sandbox.fields import DECODER, Json
from accounting.providers.economic.sandbox.install import BadRequest
from accounting.providers.economic.sandbox.people import PASSWORD
from accounting.providers.economic.sandbox.switches import AgreementSwitches, ServiceSwitches, flip, names
from accounting.sandbox import BadOrder

if TYPE_CHECKING:
    from accounting.providers.economic.sandbox.app import Sandbox


def describe(sandbox: Sandbox) -> Json:
    """Everything a person needs to use the stand-in."""
    return {
        "label": sandbox.label,
        "api": f"/{KEY}/rest",
        "services": f"/{KEY}/apis",
        "installation": f"/{KEY}/secure",
        "clients": [{"id": sandbox.app.public_token, "secret": sandbox.app.secret_token}],
        "users": [
            {"email": person.email, "password": PASSWORD, "role": person.role} for person in sandbox.people.all()
        ],
        "companies": [summary(books) for books in sandbox.agreements.values()],
        "switches": asdict(sandbox.switches),
        "rate_limited": sandbox.answering.refused,
        "busiest_minute": sandbox.answering.busiest,
    }


def summary(books: Books) -> Json:
    return {
        "id": str(books.number),
        "name": books.name,
        "organisation_number": books.company["companyIdentificationNumber"],
        "switches": asdict(books.switches),
        "records": {key: len(table) for key, table in books.tables.items()},
    }


def switch(sandbox: Sandbox, order: Json) -> Json:
    """Flips switches of the service and the agreement, and carries out `revoke_tokens`. Raises BadOrder."""
    wanted = dict(order.get("switches", {}))
    books = agreement_of(sandbox, order)
    done: Json = {}
    if wanted.pop("revoke_tokens", False):
        done["revoked"] = sandbox.grants.revoke_all(agreement=books.number if "company" in order else 0)
    unknown = wanted.keys() - {*names(ServiceSwitches), *names(AgreementSwitches)}
    if unknown:
        there_are = sorted([*names(ServiceSwitches), *names(AgreementSwitches), "revoke_tokens"])
        raise BadOrder(f"There is no switch {', '.join(sorted(unknown))}; there are {', '.join(there_are)}.")
    with books.lock:
        flip(sandbox.switches, {name: wanted[name] for name in wanted.keys() & names(ServiceSwitches)})
        flip(books.switches, {name: wanted[name] for name in wanted.keys() & names(AgreementSwitches)})
    return {**done, "service": asdict(sandbox.switches), "company": asdict(books.switches)}


def agreement_of(sandbox: Sandbox, order: Json) -> Books:
    """The agreement that an order names by number, name or CVR number; the first when it names none."""
    wanted = order.get("company")
    for books in sandbox.agreements.values():
        known = (None, "", books.number, str(books.number), books.name, books.company["companyIdentificationNumber"])
        if wanted in known:
            return books
    there_are = ", ".join(f"{books.number} {books.name}" for books in sandbox.agreements.values())
    raise BadOrder(f"There is no company {wanted!r}; there are {there_are}.")


def change_records(sandbox: Sandbox, order: Json) -> Json:
    """Carries out one action on the records that the order finds; gives them as they are now. Raises BadOrder."""
    books = agreement_of(sandbox, order)
    resource, action = order.get("resource", ""), order.get("action", "change")
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
    table = books.tables[resource]
    where = order.get("where", {})
    keys = [order["id"]] if "id" in order else list(table.keys)
    records = [record for key in keys if (record := table.get(key)) is not None]
    found = [each for each in records if all(each.get(name) == value for name, value in where.items())]
    if not found:
        raise BadOrder(f"No record of {resource} fits {order.get('id') or where}.")
    return found


def add(books: Books, resource: str, values: Json) -> Json:
    """A record as somebody over there might have made it; no rule is asked, so it may be odd."""
    table = books.tables[resource]
    record: Json = {"lastUpdated": books.stamp(), "self": "https://restapi.e-conomic.com/"}
    if table.key not in values:
        record[table.key] = books.next_number(resource)
    record |= values
    table.put(record)
    return record


def change(books: Books, resource: str, record: Json, values: Json) -> Json:
    """Members set, and the stamp with them."""
    changed = {**record, **values}
    if "lastUpdated" in record and "lastUpdated" not in values:
        changed["lastUpdated"] = books.stamp()
    books.tables[resource].put(changed)
    return changed


def remove(books: Books, resource: str, record: Json, values: Json) -> Json:
    """Gone; what is made next may get its number."""
    key = record[books.tables[resource].key]
    books.tables[resource].remove(key)
    books.removed(resource, key)
    return record


def copy(books: Books, resource: str, record: Json, values: Json) -> Json:
    """The same again under another number, as a person makes a new document from an old one."""
    number = sale.numbered(books, resource)
    twin = {**record, **values, sale.NUMBERS[resource]: number, "lastUpdated": books.stamp()}
    twin["soap"] = {sale.HANDLES[resource]: {"id": books.count("handle", start=291)}}
    books.tables[resource].put(twin)
    return twin


def send(books: Books, resource: str, record: Json, values: Json) -> Json:
    return sale.send_order(books, record)


def reopen(books: Books, resource: str, record: Json, values: Json) -> Json:
    return sale.reopen_order(books, record)


def upgrade(books: Books, resource: str, record: Json, values: Json) -> Json:
    return sale.upgrade_order(books, record)


def book(books: Books, resource: str, record: Json, values: Json) -> Json:
    draft = record if resource == "invoices/drafts" else sale.upgrade_order(books, record)
    return sale.book_draft(books, draft)


def call(books: Books, resource: str, record: Json, values: Json) -> Json:
    """The request that the service would make after an event; `values` are those of the merge fields."""
    return hooks.call_of(record, values)


ACTIONS: dict[tuple[str, str], Callable[[Books, str, Json, Json], Json]] = {
    ("", "change"): change,
    ("", "remove"): remove,
    ("orders/drafts", "copy"): copy,
    ("invoices/drafts", "copy"): copy,
    ("orders/drafts", "send"): send,
    ("orders/sent", "reopen"): reopen,
    ("orders/drafts", "upgrade"): upgrade,
    ("orders/sent", "upgrade"): upgrade,
    ("orders/drafts", "book"): book,
    ("orders/sent", "book"): book,
    ("invoices/drafts", "book"): book,
    ("webhooks", "call"): call,
}


def sign_in(sandbox: Sandbox, order: Json) -> Json:
    """Where the browser comes back to after a person added the app. Raises BadOrder: on "Cancel" nobody comes back."""
    user: Any = order.get("user") or sandbox.people.first
    if sandbox.people.find(user) is None:
        raise BadOrder(f"There is no user {user!r}.")
    if order.get("deny"):
        raise BadOrder("Who cancels on the installation page stays there.")
    try:
        number = agreement_of(sandbox, order).number
        return {"location": sandbox.desk.sign_in(order.get("url", ""), user=user, agreement=number)}
    except BadRequest as problem:
        raise BadOrder(str(problem)) from None
