"""Files on invoices and orders: uploaded as forms, one revision after the other under the same name."""

from __future__ import annotations

from accounting.providers.visma_net.sandbox.call import Call, Result
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.values import Json

KIND = "attachment"


def post_to_invoice(call: Call) -> Result:
    record = call.books.tables["customerinvoice"].get(call.key("key"))
    if record is None:
        raise Refusal("The invoice cannot be found in the system.", status=404)
    id, files = with_file(call, record)
    call.books.put("customerinvoice", {**record, "attachments": files})
    return Result(201, None, {"Location": f"{call.base}/v1/attachment/{id}"})


def post_to_order(call: Call) -> Result:
    record = order_of(call)
    id, files = with_file(call, record)
    keep_order(call, {**record, "attachments": files})
    return Result(201, None, {"Location": f"{call.base}/v1/attachment/{id}"})


def delete_from_order(call: Call) -> Result:
    record = order_of(call)
    files = record.get("attachments") or []
    left = [each for each in files if each["id"] != call.args["file"]]
    if len(left) == len(files):
        raise Refusal("The file cannot be found in the system.", status=404)
    keep_order(call, {**record, "attachments": left})
    call.books.removed(KIND, call.args["file"])
    return Result(204)


def order_of(call: Call) -> Json:
    record = call.books.tables["salesorder"].get(f"{call.args['type']}/{call.args['id']}")
    if record is None:
        raise Refusal("The sales order cannot be found in the system.", status=404)
    return record


def keep_order(call: Call, record: Json) -> None:
    """A file changes the version of its order."""
    record["version"] = call.books.new_version()
    call.books.tables["salesorder"].put(record["key"], record, call.books.now())


def with_file(call: Call, record: Json) -> tuple[str, list[Json]]:
    """The id of the uploaded file, and all files with it. Raises Refusal when there is none in the form."""
    file = next(iter(call.request.files.values()), None)
    if file is None or not file.filename:
        raise Refusal("The request has no file.")
    files: list[Json] = list(record.get("attachments") or [])
    known = next((each for each in files if each["name"] == file.filename), None)
    if known is not None:
        known["revision"] += 1
        return str(known["id"]), files
    id = str(call.books.new_id())
    call.books.created(KIND, id, request=call.entry.number)
    return id, [*files, {"name": file.filename, "id": id, "revision": 1}]
