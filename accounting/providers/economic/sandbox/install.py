"""The installation page: sign in, choose the agreement, "Add app", and back with the grant token in the address.

requestaccess.aspx → login → agreement (where there are several) → add → `{redirectUrl}?token=…`

No state comes back. Without `redirectUrl` the page shows the token to be copied.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug import Request, Response
from werkzeug.utils import redirect

from accounting.providers.economic.sandbox import pages
from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.grants import App, Grants
from accounting.providers.economic.sandbox.pages import PAGES
from accounting.providers.economic.sandbox.people import PASSWORD, People
from accounting.sandbox.pages import style

COOKIE = "economic_stand_in"
START = "secure/api1/requestaccess.aspx"
LOCALES = frozenset({"en-GB", "en-US", "da-DK", "sv-SE", "nb-NO"})


class BadRequest(Exception):
    """This installation cannot go on; the text says why."""


@dataclass(slots=True)
class Flow:
    """One way through the pages. `user` and `agreement` are filled on the way."""

    redirect_url: str
    locale: str
    user: str = ""
    agreement: int = 0
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def back(self, token: str) -> str:
        """The app's address with the token in its query, and nothing else."""
        separator = "&" if urlsplit(self.redirect_url).query else "?"
        return f"{self.redirect_url}{separator}{urlencode({'token': token})}"


class Desk:
    """The pages' memory: flows under way."""

    def __init__(self, app: App, grants: Grants, agreements: Mapping[int, Books], people: People) -> None:
        self.app = app
        self.grants = grants
        self.agreements = agreements
        self.people = people
        self._flows: dict[str, Flow] = {}
        self._sessions: dict[str, str] = {}

    def respond(self, request: Request, path: str) -> Response:
        if path == "style.css":
            return Response(style(), content_type="text/css; charset=utf-8")
        try:
            if path == START:
                return self.begin(request)
            return self.step(request, path)
        except BadRequest as problem:
            return page(PAGES.problem("This installation cannot go on", str(problem)), status=400)

    def begin(self, request: Request) -> Response:
        flow = self.read_flow(request.args)
        flow.user = self._sessions.get(request.cookies.get(COOKIE, ""), "")
        self._flows[flow.id] = flow
        return self.forward(request, flow)

    def read_flow(self, query: Mapping[str, str]) -> Flow:
        """The flow that the address begins. Raises BadRequest."""
        public = query.get("appPublicToken") or query.get("appId") or ""
        if public != self.app.public_token:
            raise BadRequest(f"There is no app with the public token “{public}”.")
        url = query.get("redirectUrl", "")
        if url and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise BadRequest("The stand-in only leads back to this machine.")
        locale = query.get("locale", "en-GB")
        if locale not in LOCALES:
            raise BadRequest(f"There is no locale “{locale}”.")
        return Flow(url, locale)

    def step(self, request: Request, path: str) -> Response:
        """One page of a flow under way, shown or filled in. Raises BadRequest."""
        flow = self._flows.get(request.values.get("flow", ""))
        if flow is None:
            raise BadRequest(
                "This installation is over or was never begun. Go back to the application and start again."
            )
        steps = {"login": self.log_in, "agreement": self.choose, "add": self.add}
        if path not in steps:
            return Response(b"", status=404)
        return steps[path](request, flow)

    def forward(self, request: Request, flow: Flow) -> Response:
        """Off to the next page that the flow still needs."""
        mine = self.people.agreements_of(flow.user)
        if flow.user and not flow.agreement and len(mine) == 1:
            flow.agreement = self.number(mine[0])
        step = "login" if not flow.user else "agreement" if not flow.agreement else "add"
        return redirect(f"{request.script_root}/secure/{step}?flow={flow.id}", 302)

    def number(self, place: int) -> int:
        return list(self.agreements)[place]

    def log_in(self, request: Request, flow: Flow) -> Response:
        if request.method != "POST":
            return page(self.login_page(flow))
        email = request.form.get("email", "").strip().lower()
        if self.people.find(email) is None or request.form.get("password") != PASSWORD:
            return page(self.login_page(flow, email, wrong=True), status=400)
        flow.user, session = email, secrets.token_urlsafe(24)
        self._sessions[session] = email
        response = self.forward(request, flow)
        response.set_cookie(COOKIE, session, path=f"{request.script_root}/secure", httponly=True, samesite="Lax")
        return response

    def login_page(self, flow: Flow, email: str = "", *, wrong: bool = False) -> str:
        return PAGES.login(flow.id, self.people.all(), email=email or self.people.first, wrong=wrong)

    def choose(self, request: Request, flow: Flow) -> Response:
        if not flow.user:
            return self.forward(request, flow)
        mine = [self.agreements[self.number(place)] for place in self.people.agreements_of(flow.user)]
        if request.method != "POST":
            choices = [(str(each.number), each.name, f"Agreement {each.number}") for each in mine]
            return page(PAGES.choose(flow.id, "agreement", choices))
        wanted = request.form.get("agreement", "")
        if wanted not in {str(each.number) for each in mine}:
            raise BadRequest("You cannot choose this agreement.")
        flow.agreement = int(wanted)
        return self.forward(request, flow)

    def add(self, request: Request, flow: Flow) -> Response:
        if not (flow.user and flow.agreement):
            return self.forward(request, flow)
        self.refuse_without_rights(flow.user)
        if request.method != "POST":
            return page(pages.add(flow.id, self.app.name, self.agreements[flow.agreement].name))
        del self._flows[flow.id]
        if request.form.get("answer") != "add":
            return page(pages.cancelled(self.app.name))
        grant = self.grants.give(user=flow.user, agreement=flow.agreement)
        if not flow.redirect_url:
            return page(pages.token(self.app.name, grant.token))
        return redirect(flow.back(grant.token), 302)

    def refuse_without_rights(self, user: str) -> None:
        person = self.people.find(user)
        if person is None or not person.may_grant:
            raise BadRequest("Only a user who has all the rights of a SuperUser can add this app.")

    def sign_in(self, url: str, *, user: str, agreement: int) -> str:
        """Where the browser comes back to when a person goes through the pages of `url`. Raises BadRequest."""
        flow = self.read_flow(dict(parse_qsl(urlsplit(url).query)))
        self.refuse_without_rights(user)
        return flow.back(self.grants.give(user=user, agreement=agreement).token)


def page(html: str, *, status: int = 200) -> Response:
    # No form-action: the way back to the app is a redirect after a form.
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Response(html, status=status, headers=headers, content_type="text/html; charset=utf-8")
