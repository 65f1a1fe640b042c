"""The sales order service: pages from zero, versions that must be named, the type as part of the key."""

from __future__ import annotations

import re

from werkzeug.routing import Map, Rule

from accounting.providers.visma_net.sandbox import order_answers, orders
from accounting.providers.visma_net.sandbox.call import Call, Result, etag_fits
from accounting.providers.visma_net.sandbox.erp import Route
from accounting.providers.visma_net.sandbox.errors import OrderRefusal
from accounting.providers.visma_net.sandbox.moments import order_moment
from accounting.providers.visma_net.sandbox.table import Table
from accounting.providers.visma_net.sandbox.values import ENCODER, Json

LARGEST_PAGE = 1000
SECTIONS = frozenset(
    {
        "none", "billing", "payment", "financialinformation", "shipping", "customer", "owner", "origin", "note",
        "freight", "attachments", "all",
    }
)  # fmt: skip
ORDER_BY = re.compile(r"(created|lastModified|orderId)( (asc|desc))?", re.IGNORECASE)


def give_list(call: Call) -> Result:
    """A page of short orders. Raises OrderRefusal for parameters that make no sense."""
    size, index = whole(call, "pageSize", 100), whole(call, "pageIndex", 0)
    size = min(size, LARGEST_PAGE)
    table = call.books.tables["salesorder"]
    keys = chosen(call, table)
    part = [table.get(key) or {} for key in keys[index * size : (index + 1) * size]]
    more = (index + 1) * size < len(keys)
    content = {
        "nextPage": f"{call.request.path}?pageIndex={index + 1}&pageSize={size}" if more else None,
        "totalCount": len(keys),
        "value": [order_answers.in_list(record) for record in part],
    }
    return Result(200, ENCODER.encode(content))


def chosen(call: Call, table: Table) -> list[str]:
    keys = list(table.raw)
    if kind := call.args.get("type"):
        keys = [key for key in keys if key.startswith(f"{kind}/")]
    if call.books.service.filters == "ignored":
        return keys
    for name, path in (("customerId", "customerId"), ("status", "status")):
        if wanted := call.query(name):
            fitting = set(table.equal(path, wanted))
            keys = [key for key in keys if key in fitting]
    if said := call.query("modifiedSince"):
        since = order_moment(said)
        if since is None:
            raise OrderRefusal(400, f"The value '{said}' is not valid for modifiedSince.")
        newer = set(table.since(since))
        keys = [key for key in keys if key in newer]
    if (order := call.query("orderBy")) and not ORDER_BY.fullmatch(order):
        raise OrderRefusal(400, f"The value '{order}' is not valid for orderBy.")
    return keys


def whole(call: Call, name: str, default: int) -> int:
    said = call.query(name)
    if not said:
        return default
    if not said.isdigit():
        raise OrderRefusal(400, f"The value '{said}' is not valid for {name}.")
    return int(said)


def found(call: Call) -> Json:
    """The order of that type and number. Raises OrderRefusal 404."""
    record = call.books.tables["salesorder"].get(f"{call.args['type']}/{call.args['id']}")
    if record is None:
        raise OrderRefusal(404, f"The sales order {call.args['type']} {call.args['id']} does not exist.")
    return record


def mine_to_change(call: Call) -> Json:
    """The order, of which the request names the present version. Raises OrderRefusal 404, 428 or 412."""
    record = found(call)
    match etag_fits(call, record["version"]):
        case None:
            raise OrderRefusal(428, "The request must have the header If-Match.")
        case False:
            raise OrderRefusal(412, "The order was changed meanwhile.")
    return record


def sections_of(call: Call) -> set[str]:
    said = {part.strip().lower() for value in call.request.args.getlist("expand") for part in value.split(",")}
    said.discard("")
    if unknown := said - SECTIONS:
        raise OrderRefusal(400, f"The value '{', '.join(unknown)}' is not valid for expand.")
    return said


def give_order(call: Call) -> Result:
    record = found(call)
    content = order_answers.in_full(call.books, record, sections_of(call))
    return Result(200, ENCODER.encode(content), {"ETag": f'"{record["version"]}"'})


def give_lines(call: Call) -> Result:
    record = found(call)
    size, index = whole(call, "pageSize", 100), whole(call, "pageIndex", 0)
    lines = [order_answers.line(each) for each in record["lines"]]
    part = lines[index * size : (index + 1) * size]
    more = (index + 1) * size < len(lines)
    content = {"nextPage": "more" if more else None, "totalCount": len(lines), "value": part}
    return Result(200, ENCODER.encode(content), {"ETag": f'"{record["version"]}"'})


def give_shipments(call: Call) -> Result:
    return Result(200, ENCODER.encode(found(call)["shipments"]))


def post_order(call: Call) -> Result:
    record = orders.create_order(call.books, call.json())
    orders.remember(call.books, record, request=call.entry.number)
    style = call.books.service.locations
    if style == "missing":
        return Result(201)
    path = f"/api/v3/SalesOrders/{record['key']}"
    return Result(201, None, {"Location": path if style == "relative" else f"{call.base}{path}"})


def patch_order(call: Call) -> Result:
    return accepted(call, orders.change_order(call.books, mine_to_change(call), call.json()))


def delete_order(call: Call) -> Result:
    orders.delete_order(call.books, mine_to_change(call))
    return Result(202)


def post_lines(call: Call) -> Result:
    return accepted(call, orders.add_lines(call.books, mine_to_change(call), call.json().get("lines") or []))


def patch_lines(call: Call) -> Result:
    return accepted(call, orders.patch_lines(call.books, mine_to_change(call), call.json().get("lines") or []))


def delete_lines(call: Call) -> Result:
    ids = [each for each in call.query("ids").split(",") if each]
    if not ids or not all(each.isdigit() for each in ids):
        raise OrderRefusal(400, "The parameter ids is needed.")
    return accepted(call, orders.delete_lines(call.books, mine_to_change(call), [int(each) for each in ids]))


def accepted(call: Call, record: Json) -> Result:
    orders.remember(call.books, record)
    return Result(202, None, {"ETag": f'"{record["version"]}"'})


ONE = "/api/v3/SalesOrders/<type>/<id>"
ROUTES: list[Route] = [
    Route("GET", "/api/v3/SalesOrders", give_list),
    Route("GET", "/api/v3/SalesOrders/<type>", give_list),
    Route("GET", ONE, give_order),
    Route("GET", f"{ONE}/lines", give_lines),
    Route("GET", f"{ONE}/shipment", give_shipments),
    Route("POST", "/api/v3/SalesOrders", post_order, "write"),
    Route("PATCH", ONE, patch_order, "write"),
    Route("DELETE", ONE, delete_order, "write"),
    Route("POST", f"{ONE}/lines", post_lines, "write"),
    Route("PATCH", f"{ONE}/lines", patch_lines, "write"),
    Route("DELETE", f"{ONE}/lines", delete_lines, "write"),
]
MAP = Map(
    [Rule(route.path, endpoint=number, methods=[route.method]) for number, route in enumerate(ROUTES)],
    strict_slashes=False,
)
