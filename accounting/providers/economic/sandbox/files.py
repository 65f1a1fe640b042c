"""The PDF of a draft: one, without a name of its own, uploaded as a form."""

from __future__ import annotations

from accounting.providers.economic.sandbox.call import Call, Result
from accounting.providers.economic.sandbox.errors import Refusal, not_found
from accounting.providers.economic.sandbox.handlers import Handler, existing
from accounting.providers.economic.sandbox.table import Key

LARGEST = 9_000_000
PDF = "application/pdf"


def read_file(table: str) -> Handler:
    def handle(call: Call) -> Result:
        data = call.books.files.get(place_of(call, table))
        if data is None:
            raise not_found("E06000")
        return Result(200, data, content_type=PDF)

    return handle


def put_file(table: str) -> Handler:
    """One that is there already is replaced."""

    def handle(call: Call) -> Result:
        place = place_of(call, table)
        file = next(iter(call.request.files.values()), None)
        data = file.read() if file else b""
        if not data.startswith(b"%PDF-") or len(data) > LARGEST:
            raise Refusal(400, "EMU011", "The attachment must be a PDF of at most 9.0 MB.")
        call.books.attach(*place, data, request=call.entry.number)
        return Result(201, {"file": f"{existing(call, table)['attachment']}/file"})

    return handle


def delete_file(table: str) -> Handler:
    def handle(call: Call) -> Result:
        if not call.books.detach(*place_of(call, table)):
            raise not_found("E06000")
        return Result(204)

    return handle


def place_of(call: Call, table: str) -> tuple[str, Key]:
    """Raises Refusal 404 where there is no such draft."""
    record = existing(call, table)
    return table, record[call.books.tables[table].key]
