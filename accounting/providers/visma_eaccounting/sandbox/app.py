"""The stand-in for Visma eAccounting: its API and its identity server as one WSGI application."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from accounting.providers.visma_eaccounting.sandbox import control, login
from accounting.providers.visma_eaccounting.sandbox.books import KEY, Books
from accounting.providers.visma_eaccounting.sandbox.call import JSON, Call, respond, respond_refusal
from accounting.providers.visma_eaccounting.sandbox.errors import CODES, Refusal, refuse, unauthorized
from accounting.providers.visma_eaccounting.sandbox.identity import Client, Grant, Identity
from accounting.providers.visma_eaccounting.sandbox.people import People
from accounting.providers.visma_eaccounting.sandbox.routes import MAP, ROUTES, Route
from accounting.providers.visma_eaccounting.sandbox.schema import Json
from accounting.providers.visma_eaccounting.sandbox.seed import seed_companies
from accounting.providers.visma_eaccounting.sandbox.switches import ServiceSwitches
from accounting.sandbox import Clock, Deed, Entry, Options, RateLimit

CODE_OF_STATUS = {400: 2000, 401: 4005, 403: 4007, 404: 3000, 409: 4000, 429: 4010, 500: 5000, 503: 5001}


class Sandbox:
    """Visma eAccounting as far as this project uses it, with two companies or more. All state lives here."""

    key = KEY
    label = "Visma eAccounting"

    def __init__(
        self,
        *,
        seed: int = 1,
        customers: int | None = None,
        articles: int | None = None,
        projects: int | None = None,
        orders: int | None = None,
        rate_limit: int | None = None,
        companies: int = 0,
        clients: Sequence[Client] = (),
    ) -> None:
        self.options = Options(
            seed=seed,
            customers=customers,
            articles=articles,
            projects=projects,
            orders=orders,
            rate_limit=rate_limit,
            companies=companies,
        )
        self.clock = Clock()
        self._clients = list(clients) or [default_client()]
        self.reset()

    def reset(self) -> None:
        """Everything as it was at the start; tokens and codes are void."""
        self.clock.offset *= 0
        self.switches = ServiceSwitches()
        if self.options.rate_limit is not None:
            self.switches.rate_limit = self.options.rate_limit
        self.companies: dict[str, Books] = seed_companies(self.options, self.clock, self.switches)
        self.people = People(len(self.companies))
        self.identity = Identity(self._clients, self.clock, self.switches)
        self.desk = login.Desk(self.identity, self.companies, self.people)
        self.rate = RateLimit(self.switches.rate_limit, self.clock)

    @property
    def books(self) -> Books:
        """The first company's."""
        return next(iter(self.companies.values()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        area, _, rest = request.path.lstrip("/").partition("/")
        if area.lower() == "identity":
            response = self.desk.respond(request, rest.lower())
        elif area.lower() == "v2":
            response = self._api(request, f"/{rest.lower().rstrip('/')}", entry_of(environ))
        else:
            response = Response(b"", status=404)
        return response(environ, start_response)

    def grant(
        self, *, user: str = "", company: str = "", scopes: str = "ea:api offline_access ea:sales ea:accounting"
    ) -> Json:
        """Tokens as after a login, for a test that is not about the login."""
        grant = Grant(
            self._clients[0].id,
            user or self.people.first,
            company or self.books.id,
            frozenset(scopes.split()),
        )
        return self.identity.tokens(grant)

    def deeds(self) -> list[Deed]:
        return [deed for books in self.companies.values() for deed in list(books.deeds.values())]

    def refusal(self, status: int) -> tuple[str, bytes]:
        if status not in CODE_OF_STATUS:
            return "text/html", b"<html><body><h1>Service unavailable</h1></body></html>"
        code = CODE_OF_STATUS[status]
        text = quota_text(self.switches.rate_limit or 600, 55) if code == 4010 else CODES[code][1]
        return JSON, msgspec.json.encode({"ErrorCode": code, "DeveloperErrorMessage": text, "ErrorId": str(uuid4())})

    def environment(self, base: str) -> dict[str, str]:
        client = self._clients[0]
        return {
            "VISMA_EACCOUNTING_API_URL": f"{base}/{KEY}/v2",
            "VISMA_EACCOUNTING_IDENTITY_URL": f"{base}/{KEY}/identity",
            "VISMA_EACCOUNTING_CLIENT_ID": client.id,
            "VISMA_EACCOUNTING_CLIENT_SECRET": client.secret,
        }

    def describe(self) -> Json:
        return control.describe(self)

    def switch(self, order: Json) -> Json:
        return control.switch(self, order)

    def change_records(self, order: Json) -> Json:
        return control.change_records(self, order)

    def sign_in(self, order: Json) -> Json:
        return control.sign_in(self, order)

    def _api(self, request: Request, path: str, entry: Entry) -> Response:
        try:
            number, args = MAP.bind("stand-in").match(path, method=request.method)
        except NotFound:
            return Response(b"", status=404)
        except MethodNotAllowed as error:
            return Response(b"", status=405, headers={"Allow": ", ".join(error.valid_methods or ())})
        route = ROUTES[number]
        entry.route = route.path
        try:
            grant = self._authorize(request, entry)
            self._count(route, grant)
            books = self.companies[grant.company]
            with books.lock:
                self._admit(books, route, grant)
                return respond(route.handler(Call(books, grant, request, entry, dict(args))), books)
        except Refusal as refusal:
            return respond_refusal(refusal, str(uuid4()))

    def _authorize(self, request: Request, entry: Entry) -> Grant:
        """What the request's token grants. Raises Refusal 4005."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.identity.check(token.strip()) if kind.lower() == "bearer" else None
        if grant is None:
            raise unauthorized()
        entry.client, entry.company = grant.client, grant.company
        return grant

    def _count(self, route: Route, grant: Grant) -> None:
        """Raises Refusal 4010 for one request too many of this client on this endpoint."""
        self.rate.limit = self.switches.rate_limit
        wait = self.rate.wait((grant.client, route.method, route.path))
        if wait:
            after = wait if self.switches.retry_after else 0
            raise Refusal(4010, quota_text(self.rate.limit, wait), retry_after=after)

    def _admit(self, books: Books, route: Route, grant: Grant) -> None:
        """Whether company, user and scopes permit the operation. Raises Refusal with a 403."""
        company_admits(books, writes=route.method != "GET")
        client = self.identity.clients[grant.client]
        if books.switches.real_company and client.sandbox_only:
            raise refuse(4034, "A sandbox client cannot be used with this company.")
        if not self.people.may_use_api(grant.user):
            raise refuse(4011, "The authenticated user has no access to the API.")
        if "ea:api" not in grant.scopes or not route.scopes & grant.scopes:
            raise refuse(4006, f"The token lacks one of the scopes {', '.join(sorted(route.scopes))}.")
        if route.module and not getattr(books.switches, route.module):
            raise Refusal(4002, f"No access to module: {route.module}", status=403)
        if books.switches.product_variant not in route.variants:
            raise refuse(4009, "The company's product variant has no access to this.")


def company_admits(books: Books, *, writes: bool) -> None:
    """Whether the company lets anybody in. Raises Refusal 4002, 4003, 4004, 4012 or 4019, all 403."""
    switches = books.switches
    if not switches.api_standard:
        raise Refusal(4002, "No access to module: api_standard", status=403)
    if switches.company_status == 0:
        raise refuse(4004, "The company is not active.")
    if not switches.startup_guide_completed:
        raise refuse(4003, "The company is not active, or the startup guide is not completed.")
    if not switches.licence_accepted:
        raise refuse(4012, "The licence agreement is not accepted.")
    if writes and switches.company_status == 2:
        raise refuse(4019, "The company can only be read.")


def quota_text(limit: int, wait: int) -> str:
    return f"API calls quota exceeded! maximum admitted {limit} per Minute. Try again in {wait} seconds."


def entry_of(environ: WSGIEnvironment) -> Entry:
    """The request's entry in the journal; one for nobody when the stand-in runs without a stage."""
    entry: Entry | None = environ.get("sandbox.entry")
    if entry is not None:
        return entry
    now = Clock().now()
    return Entry(number=0, at=now, provider=KEY, method=environ["REQUEST_METHOD"], path=environ["PATH_INFO"], query="")


def default_client() -> Client:
    """The client that the project is configured with, else one for the demo."""
    return Client(
        os.environ.get("VISMA_EACCOUNTING_CLIENT_ID") or "fieldledger-demo",
        os.environ.get("VISMA_EACCOUNTING_CLIENT_SECRET") or "fieldledger-demo-secret",
    )


def stand_in(options: Options) -> Sandbox:
    """The stand-in for the command `sandbox`."""
    return Sandbox(
        seed=options.seed,
        customers=options.customers,
        articles=options.articles,
        projects=options.projects,
        orders=options.orders,
        rate_limit=options.rate_limit,
        companies=options.companies,
    )
