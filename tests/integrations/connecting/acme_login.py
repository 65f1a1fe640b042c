"""Where one signs in to Acme Books: a login server on a free port, and the page that adds an app.

It speaks to `login.py` over real HTTP. Whoever gets a token from it finds his company behind that token.
"""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit


@dataclass(kw_only=True)
class LoginServer:
    """`tenants` are the companies by tenant, `refusals` the error codes of tenants that let nobody in.

    A tenant in `authenticates_only` gets a token that opens nothing. `forms` are the token requests.
    """

    url: str = ""
    tenants: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    authenticates_only: set[str] = field(default_factory=set)
    life: int = 3600
    forms: list[dict[str, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint."""
        with self.lock:
            self.forms.append(form)
            tenant = form.get("tenant", "")
            if (form.get("client_id"), form.get("client_secret")) != ("acme-client", "acme-secret"):
                return 400, {"error": "invalid_client"}
            if tenant in self.refusals:
                return 400, {"error": self.refusals[tenant]}
            if tenant not in self.tenants and tenant not in self.authenticates_only:
                return 400, {"error": "invalid_tenant"}
            token = f"token-{next(self.numbers)}"
            if tenant in self.tenants:
                companies()[token] = self.tenants[tenant]
            return 200, {"access_token": token, "expires_in": self.life, "token_type": "Bearer"}

    def add_app(self, address: str, company: Any = None, *, cancel: bool = False) -> str:
        """Where the browser goes after somebody has added the app in his company, or thought better of it."""
        host = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(host, timeout=5)
        token = f"grant-{next(self.numbers)}"
        if company is not None:
            companies()[token] = company
        connection.request("GET", address.removeprefix(self.url) + ("" if cancel else f"&granted={token}"))
        location = connection.getresponse().getheader("Location", "")
        connection.close()
        return location


def companies() -> dict[str, Any]:
    return import_module("accounting.providers.acme_books.company").COMPANIES


@contextmanager
def login_server() -> Iterator[LoginServer]:
    told = LoginServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, content = told.answer(dict(parse_qsl(body)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def do_GET(self) -> None:
            """Redirects as the page does: no state, and nothing at all after "Cancel"."""
            query = parse_qs(urlsplit(self.path).query)
            granted = query.get("granted")
            self.send_response(302)
            self.send_header("Location", query["back"][0] + (f"?{urlencode({'grant': granted[0]})}" if granted else ""))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Quiet: what went wrong shows in the answers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
