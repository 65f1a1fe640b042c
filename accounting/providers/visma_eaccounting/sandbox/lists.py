"""Lists as the service gives them: `Meta` and `Data`, paged, filtered, sorted, with chosen members.

Unknown `$` parameters are tolerated, as the vendor's server does.
"""

from __future__ import annotations

from collections.abc import Sequence

from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.call import Call, Result
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.moments import PER_SECOND, parse_ticks, ticks_of
from accounting.providers.visma_eaccounting.sandbox.odata import (
    Condition,
    Pseudo,
    compile_filter,
    compile_order,
    kind_of,
)
from accounting.providers.visma_eaccounting.sandbox.odata_words import bad_query
from accounting.providers.visma_eaccounting.sandbox.schema import DECODER, ENCODER
from accounting.providers.visma_eaccounting.sandbox.table import Table

DEFAULT_SIZE = 50
# Members that are put together for the answer and cannot be searched; a filter on them is refused.
COMPUTED = {
    "customers": {"UnpaidInvoicesAmount", "IsFutureInvoiceDateAllowed", "RequiresReferenceNumber", "LastInvoiceDate"},
    "articles": {"StockValue", "ShowStockInformation", "NetPriceWithDiscount", "CodingName", "UnitName"},
    "users": {"IsCurrentUser", "DaysSinceSignup"},
}


def page(call: Call, key: str, *, among: frozenset[str] | None = None) -> Result:
    """One page of a table; `among` keeps to those ids. Raises Refusal 6000 or 6001."""
    query = {name.lower(): value for name, value in call.request.args.items()}
    table = call.books.table(key)
    number = whole(query.get("$page", "1"), "$page")
    size = min(whole(query.get("$pagesize", str(DEFAULT_SIZE)), "$pagesize"), call.books.service.page_cap)
    ids = chosen(call.books, key, query, among)
    if call.books.service.lists_lag:
        ids = visible(call.books, key, ids)
    part = [table.raw[id] for id in ids[(number - 1) * size : number * size]]
    if query.get("$select"):
        part = narrowed(table, part, query["$select"], forbidden(call.books, key))
    return Result(200, envelope(call.books, part, number=number, size=size, total=len(ids)))


def chosen(books: Books, key: str, query: dict[str, str], among: frozenset[str] | None) -> Sequence[str]:
    """Ids of everything that the query asks for, in its order."""
    table = books.tables[key]
    no = forbidden(books, key)
    condition = filter_of(key, table, query, no)
    order = compile_order(query["$orderby"], table.schema, forbidden=no) if query.get("$orderby") else []
    ids = table.find(condition, order, name=(query.get("$filter"), query.get("$orderby"), no))
    if key == "customerinvoices" and query.get("modifiedsinceutc"):
        since = moment(query["modifiedsinceutc"])
        newer = {id for id in ids if parse_ticks((table.get(id) or {})["ModifiedUtc"]) >= since}
        ids = [id for id in ids if id in newer]
    return ids if among is None else [id for id in ids if id in among]


def filter_of(key: str, table: Table, query: dict[str, str], no: frozenset[str]) -> Condition | None:
    """The compiled `$filter`, if there is one."""
    if not query.get("$filter"):
        return None
    return compile_filter(query["$filter"], table.schema, forbidden=no, extra=PSEUDO.get(key))


# The kind of an article's coding: 1 is goods, 2 is service.
PSEUDO = {"articles": {"CodingType": Pseudo("number", "IsServiceArticle", lambda service: 2 if service else 1)}}


def forbidden(books: Books, key: str) -> frozenset[str]:
    """Members of the table that cannot be queried."""
    switched = [name.partition(".") for name in books.service.not_filterable]
    return frozenset(COMPUTED.get(key, set())) | {member for table, _, member in switched if table == key}


def visible(books: Books, key: str, ids: Sequence[str]) -> list[str]:
    """Without what was made too recently to appear in lists."""
    latest = ticks_of(books.clock.now()) - books.service.lists_lag * PER_SECOND
    return [id for id in ids if books.born.get((key, id), 0) <= latest]


def narrowed(table: Table, part: list[bytes], select: str, no: frozenset[str]) -> list[bytes]:
    """The records with the chosen members only."""
    members = [name.strip() for name in select.split(",")]
    for name in members:
        if name not in table.schema.fields:
            kind_of(name, table.schema, no)
    records = (DECODER.decode(raw) for raw in part)
    return [ENCODER.encode({name: record.get(name) for name in members}) for record in records]


def envelope(books: Books, part: Sequence[bytes], *, number: int, size: int, total: int) -> bytes:
    """The list as it goes over the wire."""
    meta = {
        "CurrentPage": number,
        "PageSize": size,
        "TotalNumberOfPages": -(-total // size) or books.service.pages_of_nothing,
        "TotalNumberOfResults": total,
        "ServerTimeUtc": books.stamp(),
    }
    head = b'{"Meta":' + ENCODER.encode(meta) + b',"Data":['
    if not part:
        return head + b"]}"
    # One join: a page of a thousand is two megabytes, and every copy of it counts.
    if len(part) == 1:
        return head + part[0] + b"]}"
    return b",".join([head + part[0], *part[1:-1], part[-1] + b"]}"])


def whole(text: str, name: str) -> int:
    """A positive whole number of the query string. Raises Refusal 6000."""
    if not text.isdigit() or int(text) < 1:
        raise bad_query(f"The value '{text}' is not valid for {name}.")
    return int(text)


def moment(text: str) -> int:
    """A moment of the query string. Raises Refusal 6001."""
    try:
        return parse_ticks(text)
    except ValueError:
        raise refuse(6001, f"'{text}' is not a valid DateTime.") from None
