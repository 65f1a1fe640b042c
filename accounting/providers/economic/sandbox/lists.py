"""Lists as the two hosts give them: the legacy envelope with page numbers, the services' cursor, pages and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.call import Call, Result
from accounting.providers.economic.sandbox.errors import Refusal
from accounting.providers.economic.sandbox.fields import ENCODER, Json, queryable
from accounting.providers.economic.sandbox.filters import Condition, Parser
from accounting.providers.economic.sandbox.table import Key, Table
from accounting.providers.economic.sandbox.wire import REST

DEFAULT_SIZE, LARGEST_SIZE = 20, 1000
# Marked as filterable by the vendor, and refused or broken all the same.
REFUSED = {
    "products": {
        "inventory.packageVolume",
        "inventory.grossWeight",
        "inventory.netWeight",
        "inventory.recommendedCostPrice",
    },
    "employees": {"email", "phone"},
    "invoices/drafts": {"references.customerContact.customer.customerNumber"},
    "invoices/booked": {"references.customerContact.customer.customerNumber"},
}
BROKEN = {
    "orders/drafts": {"paymentTerms.paymentTermsNumber"},
    "orders/sent": {"paymentTerms.paymentTermsNumber"},
    "orders/archived": {"paymentTerms.paymentTermsNumber"},
    "products": {"departmentalDistribution.departmentalDistributionNumber"},
}
ALSO = {"customers": {"pNumber": "string"}}


# --- the legacy host -------------------------------------------------------------------


def page(call: Call, name: str, *, among: Sequence[Key] | None = None, path: str = "") -> Result:
    """One page of a table in the legacy envelope; `among` keeps to those keys. Raises Refusal."""
    books, query = call.books, call.query
    table = books.tables[name]
    wanted = whole(query.get("pagesize", str(DEFAULT_SIZE)), LARGEST_SIZE, "pagesize", least=1)
    size = min(wanted, books.service.page_cap)
    skip = whole(query.get("skippages", "0"), 10**9, "skippages", least=0)
    keys = found(books, name, query)
    everything: Sequence[Key] = table.keys if among is None else among
    if among is not None:
        chosen = set(among)
        keys = [key for key in keys if key in chosen]
    keys = visible(books, name, keys)
    part = [table.items[key] for key in keys[skip * size : (skip + 1) * size]]
    return Result(
        200, envelope(path or name, call.raw_query, part, skip=skip, size=size, total=len(keys), all=len(everything))
    )


def found(books: Books, name: str, query: Mapping[str, str]) -> Sequence[Key]:
    """Keys of everything that the query asks for, in its order."""
    text, sort = query.get("filter", ""), query.get("sort", "")
    condition = legacy_condition(books, name, text) if text else None
    return books.tables[name].find(condition, legacy_order(name, sort), name=(text, sort))


def legacy_condition(books: Books, name: str, text: str) -> Condition:
    off = {field for each in books.service.not_filterable for table, _, field in [each.partition(".")] if table == name}
    types = {**queryable(name, "F"), **ALSO.get(name, {})}
    allowed = {path: type_ for path, type_ in types.items() if path not in REFUSED.get(name, set()) | off}

    def refuse(sentence: str) -> Refusal:
        extra = {"allowedFilteringFields": sorted(allowed)}
        return Refusal(400, "", "Could not parse query string filter.", lines=[sentence], extra=extra)

    if any(f"{field}$" in text for field in BROKEN.get(name, ())):
        raise Refusal(500, "EMU500", "Unhandled exception")
    return Parser(text, allowed, refuse).parse()


def legacy_order(name: str, sort: str) -> list[tuple[str, bool]]:
    order = []
    for part in filter(None, sort.split(",")):
        member = part.lstrip("-~")
        if member not in queryable(name, "S"):
            raise Refusal(400, "", "Could not parse query string sort parameter", lines=[f"Cannot sort by '{member}'."])
        order.append((member.split(".")[0], part.startswith("-")))
    return order


def visible(books: Books, name: str, keys: Sequence[Key]) -> Sequence[Key]:
    """Without what was made too recently to appear in lists."""
    if not books.service.lists_lag:
        return keys
    latest = books.clock.now().timestamp() - books.service.lists_lag
    return [key for key in keys if books.born.get((name, key), 0) <= latest]


def envelope(path: str, query: str, part: Sequence[bytes], *, skip: int, size: int, total: int, all: int) -> bytes:
    """The list as it goes over the wire."""
    last = max(0, -(-total // size) - 1)
    base = f"{REST}/{path}?pagesize={size}" + (f"&{query}" if query else "")
    pages: Json = {
        "skipPages": skip,
        "pageSize": size,
        "maxPageSizeAllowed": 1000,
        "results": total,
        "resultsWithoutFilter": all,
        "firstPage": f"{base}&skippages=0",
    }
    if skip:
        pages["previousPage"] = f"{base}&skippages={min(skip - 1, last)}"
    if skip < last:
        pages["nextPage"] = f"{base}&skippages={skip + 1}"
    pages["lastPage"] = f"{base}&skippages={last}"
    create = {"description": f"Create in {path}", "href": f"{REST}/{path}", "httpMethod": "post"}
    tail = b'],"pagination":' + ENCODER.encode(pages) + b',"metaData":' + ENCODER.encode({"create": create})
    tail += b',"self":' + ENCODER.encode(base) + b"}"
    return b"".join([b'{"collection":[', b",".join(part), tail])


def whole(text: str, most: int, name: str, *, least: int) -> int:
    """A whole number of the query string. Raises Refusal E04810."""
    if not text.isdigit() or not least <= int(text) <= most:
        sentence = f"{name} must be a positive whole number between {least} and {most}"
        raise Refusal(400, "E04810", f"Bad query: {sentence}", lines=[sentence])
    return int(text)


# --- the services ------------------------------------------------------------------------

NUMBER = {"number": "integer", "customerNumber": "integer", "userInterfaceNumber": "integer"}
SERVICE_FILTERS: dict[str, dict[str, str]] = {
    "contacts": {
        **NUMBER,
        "name": "string",
        "email": "string",
        "eInvoiceId": "string",
        "lastUpdated": "string",
        "isDeleted": "boolean",
        "active": "boolean",
    },
    "deliverylocations": {
        **NUMBER,
        "city": "string",
        "country": "string",
        "isBarred": "boolean",
        "lastUpdated": "string",
    },
    "projects": {
        "number": "integer",
        "name": "string",
        "customerNumber": "integer",
        "projectGroupNumber": "integer",
        "isClosed": "boolean",
        "isBarred": "boolean",
        "isMainProject": "boolean",
        "lastUpdated": "string",
        "otherReference": "string",
    },
}


def service_condition(name: str, text: str, types: Mapping[str, str] | None = None) -> Condition | None:
    def refuse(sentence: str) -> Refusal:
        return Refusal(400, "BadFilterRequest", "Bad filter request", lines=[sentence])

    return Parser(text, types or SERVICE_FILTERS[name], refuse).parse() if text else None


def cursor_page(call: Call, name: str) -> Result:
    """`{"items", "cursor"}`: the cursor names the first item of the next page, and is absent on the last."""
    table: Table = call.books.tables[name]
    text = call.query.get("filter", "")
    keys = table.find(service_condition(name, text), name=("cursor", text))
    return cut(keys, call, lambda key: table.raw[key])


def cut(keys: Sequence[Key], call: Call, render: Callable[[Key], bytes]) -> Result:
    """The page that begins at the call's cursor. Raises Refusal for a cursor that is no key."""
    cursor, size = call.query.get("cursor", ""), call.books.service.cursor_size
    if len(cursor) > 50 or (cursor and not cursor.isdigit()):
        raise Refusal(400, "InvalidCursor", "The cursor is not valid.")
    rest = [key for key in keys if not cursor or int(key) >= int(cursor)]
    body = b'{"items":[' + b",".join(map(render, rest[:size])) + b"]"
    if len(rest) > size:
        body += b',"cursor":' + ENCODER.encode(str(rest[size]))
    return Result(200, body + b"}")


def paged(call: Call, name: str) -> Result:
    """A bare array. Never past the first 10 000 items."""
    table = call.books.tables[name]
    size = whole(call.query.get("pagesize", "20"), 100, "PageSize", least=1)
    skip = whole(call.query.get("skippages", "0"), 100, "SkipPages", least=0)
    text = call.query.get("filter", "")
    keys = table.find(service_condition(name, text), name=("paged", text))[: 100 * 100]
    return Result(200, b"[" + b",".join(table.raw[key] for key in keys[skip * size : (skip + 1) * size]) + b"]")


def count(call: Call, name: str) -> Result:
    text = call.query.get("filter", "")
    keys = call.books.tables[name].find(service_condition(name, text), name=("count", text))
    return Result(200, str(len(keys)).encode())
