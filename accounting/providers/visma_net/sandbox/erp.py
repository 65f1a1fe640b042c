"""The ERP's operations: lists, single records, and what can be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from werkzeug.routing import Map, Rule

from accounting.providers.visma_net.sandbox import customers, files, inventory, invoices
from accounting.providers.visma_net.sandbox.books import VERSIONED, Books
from accounting.providers.visma_net.sandbox.call import Call, Result, etag_fits
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.lists import LISTS, answer, give_list
from accounting.providers.visma_net.sandbox.values import DECODER, ENCODER, Json


@dataclass(frozen=True, slots=True)
class Route:
    """`right` is the last part of the scope that it needs."""

    method: str
    path: str
    handler: Callable[[Call], Result]
    right: str = "read"


NOT_HERE = {"customer": "Customer", "inventory": "InventoryItem", "project": "Project", "customerinvoice": "Invoice"}


def found(call: Call, table: str, key: str) -> Json:
    """Raises Refusal 404."""
    record = call.books.tables[table].get(key)
    if record is None:
        empty = call.books.service.not_found == "empty"
        noun = NOT_HERE.get(table, table)
        raise Refusal("" if empty else f"{noun} '{key}' cannot be found in the system.", status=404)
    return record


def give_one(table: str, call: Call) -> Result:
    return shown(call, table, found(call, table, call.key("key")))


def give_internal(table: str, member: str, call: Call) -> Result:
    keys = call.books.tables[table].equal(member, int(call.args["id"]))
    return shown(call, table, found(call, table, keys[0] if keys else ""))


def shown(call: Call, table: str, record: Json) -> Result:
    body = answer(call.books, ENCODER.encode(record)).content
    version = record.get(VERSIONED.get(table, ""))
    return Result(200, body, {"ETag": f'"{version}"'} if version else {})


def check_version(call: Call, table: str, record: Json) -> None:
    """Raises Refusal 412 when the request was made for another version; without one anybody may write."""
    if etag_fits(call, record[VERSIONED[table]]) is False:
        raise Refusal(f"{NOT_HERE[table]} version does not match with If-Match header", status=412)


def made(call: Call, path: str) -> Result:
    """201 without a body: where the new record is stands in the Location."""
    style = call.books.service.locations
    if style == "missing":
        return Result(201)
    address = f"/v1/{path}" if style == "relative" else f"{call.base}/v1/{path}"
    return Result(201, None, {"Location": address.replace("https://", "http://") if style == "http" else address})


def written(call: Call, table: str, record: Json, path: str) -> Result:
    """What a PUT answers."""
    style, version = call.books.service.put_answers, record[VERSIONED[table]]
    if style == "200":
        return Result(200, ENCODER.encode(record), {"ETag": f'"{version}"'})
    if style == "location":
        return Result(204, None, {"Location": f"{call.base}/v1/{path}"})
    return Result(204, None, {"ETag": f'"{version}"'})


# --- customers and items -------------------------------------------------------


def post_customer(call: Call) -> Result:
    record = customers.create_customer(call.books, call.values())
    remember_customer(call, record, new=True)
    return made(call, f"customer/{quote(record['number'], safe='')}")


def put_customer(call: Call) -> Result:
    record = found(call, "customer", call.key("key"))
    check_version(call, "customer", record)
    changed = call.books.put("customer", customers.applied(call.books, record, call.values()))
    remember_customer(call, changed)
    return written(call, "customer", changed, f"customer/{quote(changed['number'], safe='')}")


def remember_customer(call: Call, record: Json, *, new: bool = False) -> None:
    if new or ("customer", record["number"]) in call.books.deeds:
        references = customers.references_of(record)
        call.books.created("customer", record["number"], references=references, request=call.entry.number)


def post_item(call: Call) -> Result:
    record = inventory.create_item(call.books, call.values())
    remember_item(call, record, new=True)
    return made(call, f"inventory/{quote(record['inventoryNumber'], safe='')}")


def put_item(call: Call) -> Result:
    record = found(call, "inventory", call.key("key"))
    changed = call.books.put("inventory", inventory.applied(call.books, record, call.values()))
    remember_item(call, changed)
    return written(call, "inventory", changed, f"inventory/{quote(changed['inventoryNumber'], safe='')}")


def remember_item(call: Call, record: Json, *, new: bool = False) -> None:
    if new or ("inventory", record["inventoryNumber"]) in call.books.deeds:
        name = {"description": record["description"]}
        call.books.created("inventory", record["inventoryNumber"], references=name, request=call.entry.number)


# --- invoices --------------------------------------------------------------------


def post_invoice(call: Call) -> Result:
    record = invoices.create_invoice(call.books, call.values())
    invoices.remember(call.books, record, request=call.entry.number)
    return made(call, f"customerinvoice/{record['referenceNumber']}")


def put_invoice(call: Call) -> Result:
    record = found(call, "customerinvoice", call.key("key"))
    check_version(call, "customerinvoice", record)
    changed = invoices.change_invoice(call.books, record, call.values())
    invoices.remember(call.books, changed)
    return written(call, "customerinvoice", changed, f"customerinvoice/{changed['referenceNumber']}")


def delete_invoice(call: Call) -> Result:
    invoices.delete_invoice(call.books, found(call, "customerinvoice", call.key("key")))
    return Result(204)


def release_invoice(call: Call) -> Result:
    """Begins in the background and says so; nobody is told when it is done."""
    record = found(call, "customerinvoice", call.key("key"))
    check_version(call, "customerinvoice", record)
    if record["hold"]:
        raise Refusal("Document is on hold and cannot be released.")
    call.books.later(1, partial(invoices.release, call.books, record["referenceNumber"]))
    return Result(200, {"actionId": call.books.new_id(), "actionResult": "Queued"})


# --- background --------------------------------------------------------------------


def give_job(call: Call) -> Result:
    """A queued operation: begun, and some polls later finished, whatever it came to."""
    job = found_job(call)
    job["polls"] += 1
    finished = job["polls"] > call.books.service.background_polls
    state = job["state"]
    return Result(200, state if finished else {**state, "status": "Started", "statusCode": 0, "responseHeaders": {}})


def give_job_content(call: Call) -> Result:
    return Result(200, found_job(call)["content"] or b"null")


def found_job(call: Call) -> Json:
    job = call.books.jobs.get(call.args["key"])
    if job is None:
        raise Refusal("The background operation cannot be found.", status=404)
    return job


def queued(call: Call, result: Result) -> Result:
    """202 for an operation that is carried out behind the scenes; here it is done already."""
    books, id = call.books, call.books.new_id()
    failed = result.status >= 400
    headers: object = dict(result.headers)
    if books.service.background_location == "list":
        headers = {name: [value] for name, value in result.headers.items()}
    elif books.service.background_location == "missing":
        headers = {}
    content = result.content if isinstance(result.content, bytes) else None
    state = {
        "id": id,
        "status": "Finished",
        "statusCode": result.status,
        "receivedUtc": books.clock.now().isoformat().replace("+00:00", "Z"),
        "errorMessage": "",
        "originalUri": call.request.path,
        "hasResponseContent": bool(content),
        "hasRequestContent": bool(call.request.get_data()),
        "contentLocation": f"{call.base}/v1/background/{id}/content" if failed else "",
        "responseHeaders": headers,
    }
    books.jobs[id] = {"polls": 0, "state": state, "content": content}
    return Result(202, {"id": id, "stateLocation": f"{call.base}/v1/background/{id}"})


# --- routes ----------------------------------------------------------------------

ROUTES: list[Route] = [
    *(Route("GET", f"/v1/{path}", lambda call, each=each: give_list(call, each)) for path, each in LISTS.items()),  # type: ignore[misc]
    *(
        Route("GET", f"/v1/{table}/<key>", partial(give_one, table))
        for table in ("customer", "inventory", "project", "customerinvoice", "branch", "vatCategory")
    ),
    Route("GET", "/v1/customer/internal/<int:id>", partial(give_internal, "customer", "internalId")),
    Route("GET", "/v1/inventory/internal/<int:id>", partial(give_internal, "inventory", "inventoryId")),
    Route("GET", "/v1/project/internal/<int:id>", partial(give_internal, "project", "internalID")),
    Route("POST", "/v1/customer", post_customer, "create"),
    Route("PUT", "/v1/customer/<key>", put_customer, "update"),
    Route("POST", "/v1/inventory", post_item, "create"),
    Route("PUT", "/v1/inventory/<key>", put_item, "update"),
    Route("POST", "/v2/customerinvoice", post_invoice, "create"),
    Route("PUT", "/v1/customerinvoice/<key>", put_invoice, "update"),
    Route("DELETE", "/v1/customerinvoice/<key>", delete_invoice, "delete"),
    Route("POST", "/v1/customerinvoice/<key>/action/release", release_invoice, "update"),
    Route("POST", "/v1/customerinvoice/<key>/attachment", files.post_to_invoice, "create"),
    Route("POST", "/v2/salesorder/orderType/<type>/<id>/attachment", files.post_to_order, "create"),
    Route("DELETE", "/v1/salesorder/<type>/<id>/attachment/<file>", files.delete_from_order, "delete"),
    Route("GET", "/v1/background/<key>", give_job),
    Route("GET", "/v1/background/<key>/content", give_job_content),
]
MAP = Map(
    [Rule(route.path, endpoint=number, methods=[route.method]) for number, route in enumerate(ROUTES)],
    strict_slashes=False,
)


def books_of_records(books: Books, table: str) -> list[Json]:
    """Every record of a table, decoded: for the control desk."""
    return [DECODER.decode(raw) for raw in books.tables[table].raw.values()]
