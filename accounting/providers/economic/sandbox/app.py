"""The stand-in for e-conomic: legacy REST, the services and the installation page as one WSGI application."""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from accounting.providers.economic.sandbox import control, install
from accounting.providers.economic.sandbox.answering import Answering, Kept
from accounting.providers.economic.sandbox.books import KEY, Books
from accounting.providers.economic.sandbox.call import Call
from accounting.providers.economic.sandbox.errors import Refusal, code_of, legacy_body, not_found
from accounting.providers.economic.sandbox.fields import ENCODER, Json
from accounting.providers.economic.sandbox.grants import DEMO, App, Grants
from accounting.providers.economic.sandbox.people import People
from accounting.providers.economic.sandbox.routes import AREAS, Route
from accounting.providers.economic.sandbox.seed import seed_agreements
from accounting.providers.economic.sandbox.switches import ServiceSwitches
from accounting.sandbox import Clock, Deed, Entry, Options


class Sandbox:
    """e-conomic as far as this project uses it, with three agreements or more. All state lives here."""

    key = KEY
    label = "e-conomic"

    def __init__(self, options: Options | None = None, *, app: App | None = None) -> None:
        self.options = options or Options()
        self.app = app or default_app()
        self.clock = Clock()
        self.reset()

    def reset(self) -> None:
        """Everything as it was at the start; every token is void."""
        self.clock.offset *= 0
        self.switches = ServiceSwitches()
        if self.options.rate_limit is not None:
            self.switches.rate_limit = self.options.rate_limit
        self.agreements: dict[int, Books] = seed_agreements(self.options, self.clock, self.switches)
        self.people = People(len(self.agreements))
        self.grants = Grants()
        self.desk = install.Desk(self.app, self.grants, self.agreements, self.people)
        self.answering = Answering(self.switches, self.clock)

    @property
    def books(self) -> Books:
        """The first agreement's."""
        return next(iter(self.agreements.values()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        area, _, rest = request.path.lstrip("/").partition("/")
        if area == "secure":
            response = self.desk.respond(request, rest)
        elif area in AREAS:
            response = self._api(request, area, f"/{rest}", entry_of(environ))
        else:
            response = Response(b"", status=404)
        return response(environ, start_response)

    def grant(self, *, user: str = "", agreement: int = 0) -> str:
        """A token as after "Add app", for a test that is not about that."""
        return self.grants.give(user=user or self.people.first, agreement=agreement or self.books.number).token

    def deeds(self) -> list[Deed]:
        return [deed for books in self.agreements.values() for deed in list(books.deeds.values())]

    def refusal(self, status: int) -> tuple[str, bytes]:
        """In the legacy host's shape, which the services' clients must not trip over either."""
        if status not in (400, 401, 403, 404, 405, 409, 415, 429, 500):
            return "text/html", b"<html><body><h1>Service unavailable</h1></body></html>"
        refusal = Refusal(status, f"EMU{status}", code_of(status))
        return "application/json", ENCODER.encode(legacy_body(refusal, log_id(), self.clock.now()))

    def environment(self, base: str) -> dict[str, str]:
        return {
            "ECONOMIC_API_URL": f"{base}/{KEY}/rest",
            "ECONOMIC_OPENAPI_URL": f"{base}/{KEY}/apis",
            "ECONOMIC_INSTALL_URL": f"{base}/{KEY}/secure/{install.START}",
            "ECONOMIC_APP_PUBLIC_TOKEN": self.app.public_token,
            "ECONOMIC_APP_SECRET_TOKEN": self.app.secret_token,
        }

    def describe(self) -> Json:
        return control.describe(self)

    def switch(self, order: Json) -> Json:
        return control.switch(self, order)

    def change_records(self, order: Json) -> Json:
        return control.change_records(self, order)

    def sign_in(self, order: Json) -> Json:
        return control.sign_in(self, order)

    # --- one request ---

    def _api(self, request: Request, area: str, path: str, entry: Entry) -> Response:
        log = log_id()
        books: Books | None = None
        kept: Kept | None = None
        try:
            books, is_demo = self._authorize(request, entry)
            self.answering.spend(books)
            route, args = self._route(request, area, path)
            entry.route = route.path
            kept = self.answering.kept(books, request, path)
            if kept and kept.response:
                return kept.again()
            with books.lock:
                self._admit(books, route, is_demo=is_demo)
                result = route.handler(Call(books, request, entry, args))
                response = self.answering.success(result, request, area, books, log)
        except Refusal as refusal:
            response = self.answering.refusal(refusal, area, books, log)
        if kept:
            kept.keep(response, refusals=self.switches.refusals_are_kept)
        return response

    def _authorize(self, request: Request, entry: Entry) -> tuple[Books, bool]:
        """The agreement behind the two tokens, and whether it is the demo login. Raises Refusal 401."""
        secret = request.headers.get("X-AppSecretToken", "")
        token = request.headers.get("X-AgreementGrantToken", "")
        if (secret, token) == (DEMO, DEMO) or request.args.get("demo") == "true":
            entry.client, entry.company = DEMO, str(self.books.number)
            return self.books, True
        grant = self.grants.find(token) if secret == self.app.secret_token else None
        if grant is None:
            raise Refusal(401, "EMU401", "Unauthorized access.")
        entry.client, entry.company = self.app.name, str(grant.agreement)
        return self.agreements[grant.agreement], False

    def _route(self, request: Request, area: str, path: str) -> tuple[Route, dict[str, str]]:
        """Raises Refusal 404 or 405."""
        urls, routes = AREAS[area]
        try:
            number, args = urls.bind("stand-in").match(path, method=request.method)
        except NotFound:
            raise not_found() from None
        except MethodNotAllowed:
            raise Refusal(405, "EMU405", "The HTTP method is not supported on this resource.") from None
        return routes[number], {name: str(value) for name, value in args.items()}

    def _admit(self, books: Books, route: Route, *, is_demo: bool) -> None:
        """Raises Refusal 403 for what the app's roles do not cover, and for every write of the demo login."""
        if is_demo and route.method != "GET":
            raise Refusal(403, "EMU403", "The demo agreement can only be read.")
        if "SuperUser" not in books.switches.roles and not route.roles & set(books.switches.roles):
            raise Refusal(403, "EMU403", "The app does not have the required roles.")


def log_id() -> str:
    return f"{uuid4().hex[:16]}-CPH"


def entry_of(environ: WSGIEnvironment) -> Entry:
    """The request's entry in the journal; one for nobody when the stand-in runs without a stage."""
    entry: Entry | None = environ.get("sandbox.entry")
    if entry is not None:
        return entry
    now = Clock().now()
    return Entry(number=0, at=now, provider=KEY, method=environ["REQUEST_METHOD"], path=environ["PATH_INFO"], query="")


def default_app() -> App:
    """The app that the project is configured with, else one for the demo."""
    return App(
        os.environ.get("ECONOMIC_APP_PUBLIC_TOKEN") or "fieldledger-public",
        os.environ.get("ECONOMIC_APP_SECRET_TOKEN") or "fieldledger-secret",
    )


def stand_in(options: Options) -> Sandbox:
    """The stand-in for the command `sandbox`."""
    return Sandbox(options)
