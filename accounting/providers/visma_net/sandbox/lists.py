"""The ERP's lists: bare arrays whose rows say how many there are, pages in an envelope, and lists without pages.

Unknown parameters are ignored. So is a date without its condition, and every filter while the switch says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.call import Call, Result
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.moments import filter_moment, restyled
from accounting.providers.visma_net.sandbox.values import DECODER, ENCODER

DEFAULT_SIZE = 100
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda at, limit: at > limit,
    ">=": lambda at, limit: at >= limit,
    "<": lambda at, limit: at < limit,
    "<=": lambda at, limit: at <= limit,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """How a table is listed: `equal` maps parameters to members, `hidden` members to the flags that show them."""

    table: str
    shape: str = "rows"
    equal: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)


LISTS: dict[str, Listed] = {
    "organization": Listed(table="organization", shape="plain"),
    "branch": Listed(table="branch", shape="plain"),
    "financialPeriod": Listed(table="financialPeriod", shape="plain"),
    "currency": Listed(table="currency", shape="plain"),
    "unitofmeasure": Listed(table="unitofmeasure", shape="plain"),
    "vatCategory": Listed(table="vatCategory", shape="plain"),
    "paymentmethod": Listed(table="paymentmethod", shape="plain"),
    "customer/customerClass": Listed(table="customerClass", shape="plain"),
    "creditTerm": Listed(table="creditTerm", shape="envelope"),
    "vatZone": Listed(table="vatZone"),
    "warehouse": Listed(table="warehouse"),
    "inventory/itemClass": Listed(table="itemClass"),
    "inventory/itemPostClass": Listed(table="itemPostClass"),
    "salesordertype": Listed(table="salesordertype"),
    "customer": Listed(
        table="customer",
        equal={
            "name": "name",
            "status": "status",
            "corporateId": "corporateId",
            "vatRegistrationId": "vatRegistrationId",
            "email": "mainContact.email",
            "phone": "mainContact.phone1",
        },
    ),
    "inventory": Listed(
        table="inventory",
        equal={"inventoryNumber": "inventoryNumber", "status": "status", "description": "description"},
        hidden={"warehouseDetails": "expandWarehouseDetail", "crossReferences": "expandCrossReference"},
    ),
    "project": Listed(table="project", equal={"status": "status", "publicId": "publicId"}),
    "customerinvoice": Listed(
        table="customerinvoice",
        equal={
            "status": "status",
            "customer": "customer.number",
            "project": "project.id",
            "externalReference": "externalReference",
            "customerRefNumber": "customerRefNumber",
            "paymentReference": "paymentReference",
        },
    ),
}


def give_list(call: Call, listed: Listed) -> Result:
    """The list as the request asks for it. Raises Refusal for a page that is no number."""
    books = call.books
    keys = chosen(call, listed)
    if listed.shape == "plain":
        return answer(books, b"[" + b",".join(rendered(call, listed, keys)) + b"]")
    number, size = whole(call, "pageNumber", 1), min(whole(call, "pageSize", DEFAULT_SIZE), books.service.page_cap)
    part = rendered(call, listed, keys[(number - 1) * size : number * size])
    if listed.shape == "envelope":
        head = {"pageNumber": number, "pageSize": size, "totalCount": len(keys)}
        return answer(books, ENCODER.encode(head)[:-1] + b',"records":[' + b",".join(part) + b"]}")
    meta = b',"metadata":' + ENCODER.encode({"totalCount": len(keys), "maxPageSize": books.service.page_cap}) + b"}"
    return answer(books, b"[" + b",".join(raw[:-1] + meta for raw in part) + b"]")


def answer(books: Books, body: bytes) -> Result:
    return Result(200, restyled(body, books.service.stamps))


def rendered(call: Call, listed: Listed, keys: Sequence[str]) -> list[bytes]:
    """The rows, without what only a flag shows."""
    raw = call.books.tables[listed.table].raw
    away = [name for name, flag in listed.hidden.items() if call.query(flag).lower() != "true"]
    if not away:
        return [raw[key] for key in keys]
    records = (DECODER.decode(raw[key]) for key in keys)
    return [ENCODER.encode({name: value for name, value in record.items() if name not in away}) for record in records]


def whole(call: Call, name: str, default: int) -> int:
    said = call.query(name)
    if not said:
        return default
    if not said.isdigit() or int(said) < 1:
        raise Refusal(f"The value '{said}' is not valid for {name}.")
    return int(said)


def chosen(call: Call, listed: Listed) -> list[str]:
    """Keys of the rows that the filters leave, in the order of the table."""
    books, table = call.books, call.books.tables[listed.table]
    keys = list(table.raw)
    if books.service.filters == "ignored":
        return keys
    for name, path in listed.equal.items():
        wanted = call.query(name)
        if wanted:
            fitting = set(table.equal(path, wanted))
            keys = [key for key in keys if key in fitting]
    for name, stamps in (
        ("lastModifiedDateTime", table.changed),
        ("availabilityLastModifiedDateTime", books.availability),
    ):
        keys = changed(call, name, stamps, keys)
    return keys


def changed(call: Call, name: str, stamps: dict[str, float], keys: list[str]) -> list[str]:
    """The keys whose stamp fits the filter of that name, which needs its condition too."""
    said, comparison = call.query(name), COMPARISONS.get(call.query(f"{name}Condition"))
    if not said or comparison is None:
        return keys
    limit = filter_moment(said, call.books.service.filter_zone)
    if limit is None:
        raise Refusal(f"The value '{said}' is not valid for {name}.")
    return [key for key in keys if key in stamps and comparison(stamps[key], limit)]
