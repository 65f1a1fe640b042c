"""Serves the customers page by page in the accounting system's own format, from bytes made beforehand.

GET /<count>/v2/customers?$page&$pagesize[&$filter=ChangedUtc ge <moment>]
GET /version/<0 or 1>       which version is served: in version 1 one customer in a hundred has changed
GET /requests               how many pages were asked for since the last time
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import msgspec

from bench.people import changed_at, person

SERVER_TIME = ("2025-09-01T00:00:00.000Z", "2025-10-01T00:00:00.000Z")


class Shelf:
    """The customers as JSON, in both versions."""

    def __init__(self, count: int) -> None:
        self.records = [msgspec.json.encode(person(number)) for number in range(count)]
        self.changed = {number: msgspec.json.encode(person(number, 1)) for number in range(0, count, 100)}

    def since(self, moment: str, version: int) -> list[bytes]:
        """All of them, or those that changed at or after the moment."""
        served = [self.changed.get(n, raw) if version else raw for n, raw in enumerate(self.records)]
        if not moment:
            return served
        wanted = datetime.fromisoformat(moment)
        return [raw for number, raw in enumerate(served) if changed_at(number, version) >= wanted]


class Library:
    def __init__(self, counts: list[int]) -> None:
        self.shelves = {str(count): Shelf(count) for count in counts}
        self.version = 0
        self.requests = 0
        self._found: tuple[tuple[str, str, int], list[bytes]] = (("", "", -1), [])

    def answer(self, target: str) -> bytes:
        address = urlsplit(target)
        first, _, rest = address.path.strip("/").partition("/")
        if first == "version":
            self.version = int(rest)
            return b"{}"
        if first == "requests":
            asked, self.requests = self.requests, 0
            return str(asked).encode()
        self.requests += 1
        return self._page(first, {name: values[0] for name, values in parse_qs(address.query).items()})

    def _page(self, count: str, query: dict[str, str]) -> bytes:
        number, size = int(query.get("$page", 1)), int(query.get("$pagesize", 50))
        question = (count, query.get("$filter", "").rpartition(" ")[2], self.version)
        if self._found[0] != question:
            self._found = (question, self.shelves[count].since(question[1], self.version))
        found = self._found[1]
        meta = {
            "CurrentPage": number,
            "PageSize": size,
            "TotalNumberOfPages": max(1, -(-len(found) // size)),
            "TotalNumberOfResults": len(found),
            "ServerTimeUtc": SERVER_TIME[self.version],
        }
        data = b",".join(found[(number - 1) * size : number * size])
        return b'{"Meta":' + msgspec.json.encode(meta) + b',"Data":[' + data + b"]}"


class Connection(asyncio.Protocol):
    """HTTP/1.1 with kept connections, as far as a GET without body needs it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for request in requests:
            body = self._library.answer(request.split(b" ", 2)[1].decode())
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self._transport.write(head.encode() + body)


async def serve(counts: list[int]) -> None:
    """Prints its port once it is ready."""
    library = Library(counts)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(library), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve([int(count) for count in sys.argv[1:]]))
