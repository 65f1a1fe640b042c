"""The stand-in for Visma.net ERP: the ERP, the sales order service and the login server as one WSGI application."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid4, uuid5
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed, NotFound

from accounting.providers.visma_net.sandbox import control, erp, login, order_service
from accounting.providers.visma_net.sandbox.books import KEY, Books
from accounting.providers.visma_net.sandbox.call import Call, Result, respond
from accounting.providers.visma_net.sandbox.erp import Route
from accounting.providers.visma_net.sandbox.errors import JSON, PROBLEM, TITLES, LicenceRefusal, OrderRefusal, Refusal
from accounting.providers.visma_net.sandbox.identity import ALL_SERVICE_SCOPES, Client, Grant, Identity
from accounting.providers.visma_net.sandbox.people import People
from accounting.providers.visma_net.sandbox.seed import seed_companies
from accounting.providers.visma_net.sandbox.switches import ServiceSwitches
from accounting.providers.visma_net.sandbox.values import Json
from accounting.sandbox import Clock, Deed, Entry, Options, RateLimit

UNAUTHORIZED = "The token is not valid for this company."


class HourLimit(RateLimit):
    WINDOW = 3600.0


class Sandbox:
    """Visma.net ERP as far as this project uses it, with two companies or more. All state lives here."""

    key = KEY
    label = "Visma.net ERP"

    def __init__(self, options: Options | None = None, *, clients: Sequence[Client] = ()) -> None:
        self.options = options or Options()
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
        # Stands above the companies: lets the app in, and is let in nowhere.
        self.customer_tenant = str(uuid5(NAMESPACE_URL, f"customer tenant {self.options.seed}"))
        self.people = People(len(self.companies))
        by_id = {client.id: client for client in self._clients}
        self.identity = Identity(by_id, self.clock, self.switches, self._lets_in)
        self.desk = login.Desk(self.identity, self.companies, self.people)
        self.rate = HourLimit(self.switches.rate_limit, self.clock)
        self.same = RateLimit(self.switches.same_request_limit, self.clock)

    @property
    def books(self) -> Books:
        """The first company's."""
        return next(iter(self.companies.values()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        area, _, rest = request.path.lstrip("/").partition("/")
        match area.lower():
            case "identity":
                response = self.desk.respond(request, rest.lower())
            case "erp" | "orders":
                response = self._api(request, area.lower(), f"/{rest}", entry_of(environ))
            case _:
                response = Response(b"", status=404)
        return response(environ, start_response)

    def grant(self, *, tenant: str = "", scopes: str = ALL_SERVICE_SCOPES) -> Json:
        """Tokens as after a login by the app itself, for a test that is not about the login."""
        return self.identity.tokens(Grant(self._clients[0].id, tenant or self.books.id, frozenset(scopes.split())))

    def deeds(self) -> list[Deed]:
        return [deed for books in self.companies.values() for deed in list(books.deeds.values())]

    def refusal(self, status: int) -> tuple[str, bytes]:
        if status in (502, 503, 504):
            return "text/html", b"<html><body><h1>Service unavailable</h1></body></html>"
        return JSON, msgspec.json.encode({"message": TITLES.get(status, "An error has occurred.")})

    def environment(self, base: str) -> dict[str, str]:
        client = self._clients[0]
        return {
            "VISMA_NET_API_URL": f"{base}/{KEY}/erp",
            "VISMA_NET_ORDERS_URL": f"{base}/{KEY}/orders",
            "VISMA_NET_IDENTITY_URL": f"{base}/{KEY}/identity",
            "VISMA_NET_CLIENT_ID": client.id,
            "VISMA_NET_CLIENT_SECRET": client.secret,
        }

    def describe(self) -> Json:
        return control.describe(self)

    def switch(self, order: Json) -> Json:
        return control.switch(self, order)

    def change_records(self, order: Json) -> Json:
        return control.change_records(self, order)

    def sign_in(self, order: Json) -> Json:
        return control.sign_in(self, order)

    # --- requests ---

    def _lets_in(self, grant: Grant) -> str:
        """The error with which that tenant does not let the app in, or nothing."""
        if grant.tenant == self.customer_tenant:
            return ""
        books = self.companies.get(grant.tenant)
        if books is None or not books.switches.approved or (grant.user and not self.people.may_use_api(grant.user)):
            return "invalid_tenant"
        wants_orders = any("salesorder" in scope for scope in grant.scopes)
        return "invalid_scope" if wants_orders and not books.switches.orders_approved else ""

    def _api(self, request: Request, area: str, path: str, entry: Entry) -> Response:
        """The answer of one of the two services, with what stands on every answer."""
        routes, routing = (erp.ROUTES, erp.MAP) if area == "erp" else (order_service.ROUTES, order_service.MAP)
        try:
            number, args = routing.bind("stand-in").match(path, method=request.method)
        except NotFound:
            return Response(b"", status=404)
        except MethodNotAllowed as error:
            return Response(b"", status=405, headers={"Allow": ", ".join(error.valid_methods or ())})
        route = routes[number]
        entry.route = f"/{area}{route.path}"
        base = f"https://{request.host}{request.script_root}/{area}"
        response = self._answered(request, area, route, entry, base, {name: str(each) for name, each in args.items()})
        response.headers.extend(self._rate_headers())
        response.headers["Ipp-Request-Id"] = str(uuid4())
        return response

    def _answered(
        self, request: Request, area: str, route: Route, entry: Entry, base: str, args: dict[str, str]
    ) -> Response:
        try:
            grant = self._authorize(request, area, route, entry)
            if (limited := self._limited(request, grant)) is not None:
                return limited
            books = self.companies[grant.tenant]
            with books.lock:
                books.catch_up()
                call = Call(books, grant, request, entry, base, args)
                return respond(self._carried_out(route, call, area))
        except OrderRefusal as refusal:
            return Response(refusal.body(), status=refusal.status, content_type=PROBLEM)
        except Refusal as refusal:
            return Response(refusal.body(), status=refusal.status, headers=refusal.headers, content_type=JSON)

    def _carried_out(self, route: Route, call: Call, area: str) -> Result:
        """What the handler gives; queued where the request, or the switch, wants it so."""
        asked = call.request.headers.get("erp-api-background", "")
        writes = area == "erp" and route.method != "GET"
        if not writes or not (asked or self.switches.background == "always"):
            return route.handler(call)
        try:
            result = route.handler(call)
        except Refusal as refusal:
            result = Result(refusal.status, refusal.body())
        return erp.queued(call, result)

    def _authorize(self, request: Request, area: str, route: Route, entry: Entry) -> Grant:
        """What the request's token grants. Raises Refusal or OrderRefusal."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.identity.check(token.strip()) if kind.lower() == "bearer" else None
        if grant is not None:
            entry.client, entry.company = grant.client, grant.tenant
        if grant is None or grant.tenant not in self.companies:
            raise Refusal(UNAUTHORIZED, status=401) if area == "erp" else OrderRefusal(401)
        flavour = "interactive" if grant.user else "service"
        scope = f"vismanet_erp_{flavour}_api" if area == "erp" else "visma.net.erp.salesorder"
        if f"{scope}:{route.right}" not in grant.scopes:
            told = f"The scope {scope}:{route.right} is missing."
            raise Refusal(told, status=403) if area == "erp" else OrderRefusal(403, told)
        if not self.companies[grant.tenant].switches.licence:
            raise LicenceRefusal("No license for this company.")
        return grant

    def _limited(self, request: Request, grant: Grant) -> Response | None:
        """429 for one request too many of this client in this company, or of the same kind."""
        self.rate.limit, self.same.limit = self.switches.rate_limit, self.switches.same_request_limit
        digest = hashlib.sha256(request.get_data()).hexdigest()
        wait = self.rate.wait((grant.client, grant.tenant)) or self.same.wait(
            (request.method, request.full_path, digest)
        )
        if not wait:
            return None
        headers = {"X-RateLimit-Reset": str(wait), **({"Retry-After": str(wait)} if self.switches.retry_after else {})}
        body = msgspec.json.encode({"message": "Same request made too many times"})
        return Response(body, status=429, headers=headers, content_type=JSON)

    def _rate_headers(self) -> dict[str, str]:
        limit = self.switches.rate_limit or 15000
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - self.rate.busiest)),
            "X-RateLimit-Policy": "4-fixed-window",
        }


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
        os.environ.get("VISMA_NET_CLIENT_ID") or "isv_fieldledger_demo",
        os.environ.get("VISMA_NET_CLIENT_SECRET") or "fieldledger-demo-secret",
    )


def stand_in(options: Options) -> Sandbox:
    """The stand-in for the command `sandbox`."""
    return Sandbox(options)
