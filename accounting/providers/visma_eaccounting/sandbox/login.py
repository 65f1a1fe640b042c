"""The identity server's pages and endpoints: sign in, choose the company, consent; token and revocation.

authorize → login (unless signed in) → company (prompt=select_account, or several) → consent → back with a code
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import msgspec
from werkzeug import Request, Response
from werkzeug.utils import redirect

from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.identity import SCOPES, Client, Grant, Identity, TokenError
from accounting.providers.visma_eaccounting.sandbox.people import PASSWORD, People
from accounting.providers.visma_eaccounting.sandbox.schema import Json
from accounting.sandbox.pages import Pages, style

PAGES = Pages(title="Stand-in for Visma – no real Visma", password=PASSWORD)
COOKIE = "visma_stand_in"


class BadAuthorization(Exception):
    """The request to sign in is wrong in a way that must not be sent back to the client."""


@dataclass(slots=True)
class Flow:
    """One way through the pages. `user` and `company` are filled on the way."""

    client: Client
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    prompt: frozenset[str]
    challenge: str
    method: str
    user: str = ""
    company: str = ""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def back(self, **answer: str) -> str:
        """The client's address with the answer in its query."""
        if self.state:
            answer["state"] = self.state
        return f"{self.redirect_uri}{'&' if urlsplit(self.redirect_uri).query else '?'}{urlencode(answer)}"


class Desk:
    """The pages' memory: flows under way and who is signed in."""

    def __init__(self, identity: Identity, companies: Mapping[str, Books], people: People) -> None:
        self.identity = identity
        self.companies = companies
        self.people = people
        self._flows: dict[str, Flow] = {}
        self._sessions: dict[str, str] = {}

    def respond(self, request: Request, path: str) -> Response:
        """The answer of the identity server to a path below it."""
        if path == "style.css":
            return Response(style(), content_type="text/css; charset=utf-8")
        if path in ("connect/token", "connect/revocation"):
            return self.token(request, path) if request.method == "POST" else Response(b"", status=405)
        try:
            if path == "connect/authorize":
                return self.authorize(request)
            return self.step(request, path)
        except BadAuthorization as problem:
            return page(PAGES.problem("This sign-in cannot go on", str(problem), depth=1), status=400)

    def authorize(self, request: Request) -> Response:
        """The first page of a login; an error that concerns the client goes back to it."""
        flow = read_flow(self.identity, request.args)
        error = refused(request.args, flow)
        if error:
            return redirect(flow.back(error=error), 302)
        self._flows[flow.id] = flow
        known = self._sessions.get(request.cookies.get(COOKIE, ""), "")
        if known and "login" not in flow.prompt:
            flow.user = known
        return self.forward(request, flow)

    def step(self, request: Request, path: str) -> Response:
        """One page of a flow under way, shown or filled in. Raises BadAuthorization."""
        flow = self._flows.get(request.values.get("flow", ""))
        if flow is None:
            raise BadAuthorization(
                "This sign-in is over or was never begun. Go back to the application and start again."
            )
        steps = {"account/login": self.log_in, "account/company": self.choose_company, "consent": self.consent}
        if path not in steps:
            return Response(b"", status=404)
        return steps[path](request, flow)

    def forward(self, request: Request, flow: Flow) -> Response:
        """Off to the next page that the flow still needs."""
        root = request.script_root
        if not flow.user:
            return redirect(f"{root}/identity/account/login?flow={flow.id}", 302)
        mine = self.people.companies_of(flow.user)
        if not flow.company and len(mine) == 1 and "select_account" not in flow.prompt:
            flow.company = self.company_id(mine[0])
        if not flow.company:
            return redirect(f"{root}/identity/account/company?flow={flow.id}", 302)
        return redirect(f"{root}/identity/consent?flow={flow.id}", 302)

    def log_in(self, request: Request, flow: Flow) -> Response:
        if request.method != "POST":
            return page(self.login_page(flow))
        email = request.form.get("email", "").strip().lower()
        if not self.people.knows(email, request.form.get("password", "")):
            return page(self.login_page(flow, email, wrong=True), status=400)
        flow.user, session = email, secrets.token_urlsafe(24)
        self._sessions[session] = email
        response = self.forward(request, flow)
        response.set_cookie(COOKIE, session, path=f"{request.script_root}/identity", httponly=True, samesite="Lax")
        return response

    def login_page(self, flow: Flow, email: str = "", *, wrong: bool = False) -> str:
        return PAGES.login(flow.id, self.people.all(), email=email or self.people.first, wrong=wrong, depth=1)

    def choose_company(self, request: Request, flow: Flow) -> Response:
        if not flow.user:
            return self.forward(request, flow)
        mine = [self.companies[self.company_id(number)] for number in self.people.companies_of(flow.user)]
        if request.method != "POST":
            choices = [(books.id, books.name, books.org_number) for books in mine]
            return page(PAGES.choose(flow.id, "company", choices, depth=1))
        wanted = request.form.get("company", "")
        if wanted not in {books.id for books in mine}:
            raise BadAuthorization("You cannot choose this company.")
        flow.company = wanted
        return self.forward(request, flow)

    def consent(self, request: Request, flow: Flow) -> Response:
        if not (flow.user and flow.company):
            return self.forward(request, flow)
        if request.method != "POST":
            asked = [SCOPES[scope] for scope in flow.scopes if scope != "openid"]
            return page(PAGES.consent(flow.id, flow.client.id, self.companies[flow.company].name, asked))
        del self._flows[flow.id]
        if request.form.get("answer") != "grant":
            return redirect(flow.back(error="access_denied"), 302)
        return redirect(self.grant(flow), 302)

    def grant(self, flow: Flow) -> str:
        """The client's address with a code for what was granted."""
        grant = Grant(flow.client.id, flow.user, flow.company, frozenset(flow.scopes))
        code = self.identity.issue_code(
            grant, redirect_uri=flow.redirect_uri, challenge=flow.challenge, method=flow.method
        )
        return flow.back(code=code, scope=" ".join(flow.scopes), session_state=secrets.token_urlsafe(16))

    def sign_in(self, url: str, *, user: str, company: str, deny: bool = False) -> str:
        """Where the browser comes back to when a person goes through the pages of `url`. Raises BadAuthorization."""
        query = dict(parse_qsl(urlsplit(url).query))
        flow = read_flow(self.identity, query)
        error = "access_denied" if deny else refused(query, flow)
        if error:
            return flow.back(error=error)
        flow.user, flow.company = user, company
        return self.grant(flow)

    def company_id(self, number: int) -> str:
        return list(self.companies)[number]

    def token(self, request: Request, path: str) -> Response:
        """The token and revocation endpoints."""
        form = {name: value for name, value in request.form.items() if isinstance(value, str)}
        try:
            client = self.identity.client(*credentials(request, form))
            if path == "connect/revocation":
                self.identity.revoke(client, form.get("token", ""))
                return Response(b"", status=200)
            return token_response(exchange(self.identity, client, form))
        except TokenError as error:
            status = self.identity.invalid_client_status if error.error == "invalid_client" else 400
            return token_response({"error": error.error}, status=status)


def read_flow(identity: Identity, query: Mapping[str, str]) -> Flow:
    """The flow that an authorize request begins. Raises BadAuthorization when it must not be sent back."""
    client = identity.clients.get(query.get("client_id", ""))
    if client is None:
        raise BadAuthorization(f"There is no client with the id “{query.get('client_id', '')}”.")
    redirect_uri = query.get("redirect_uri", "")
    if not client.may_return_to(redirect_uri):
        raise BadAuthorization(f"The address “{redirect_uri}” is not registered for this client.")
    return Flow(
        client=client,
        redirect_uri=redirect_uri,
        state=query.get("state", ""),
        scopes=tuple(dict.fromkeys(query.get("scope", "").split())),
        prompt=frozenset(query.get("prompt", "").replace("+", " ").split()),
        challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", "plain"),
    )


def refused(query: Mapping[str, str], flow: Flow) -> str:
    """The error of OAuth 2 with which the client is sent home at once, if any."""
    if query.get("response_type") != "code":
        return "unsupported_response_type"
    if "ea:api" not in flow.scopes or not set(flow.scopes) <= SCOPES.keys():
        return "invalid_scope"
    if flow.challenge and flow.method not in ("S256", "plain"):
        return "invalid_request"
    return ""


def credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret, from Basic authorisation or from the body. Raises TokenError."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        raise TokenError("invalid_client") from None
    return unquote_plus(id), unquote_plus(secret)


def exchange(identity: Identity, client: Client, form: dict[str, str]) -> Json:
    """Tokens for what the form offers. Raises TokenError."""
    kind = form.get("grant_type")
    if kind == "authorization_code":
        return identity.exchange(client, form)
    if kind == "refresh_token":
        return identity.refresh(client, form.get("refresh_token", ""))
    raise TokenError("unsupported_grant_type" if kind else "invalid_request")


def token_response(content: Json, *, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    body = msgspec.json.encode(content)
    return Response(body, status=status, headers=headers, content_type="application/json; charset=UTF-8")


def page(html: str, *, status: int = 200) -> Response:
    # No form-action: the way back to the client is a redirect after a form.
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Response(html, status=status, headers=headers, content_type="text/html; charset=utf-8")
