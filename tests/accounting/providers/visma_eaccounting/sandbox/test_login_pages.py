"""The pages that a person goes through, walked as a browser without script does."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from werkzeug.test import Client as Browser
from werkzeug.test import TestResponse

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from accounting.sandbox import Stage
from tests.accounting.providers.visma_eaccounting.sandbox.test_identity import BACK, authorize_url


class Page(HTMLParser):
    """What a person sees of a page: its form and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said["action"]
        elif tag == "input":
            self.fields[said["name"]] = said.get("value", "")
        elif tag == "button":
            self.buttons.append((said.get("name", ""), said.get("value", "")))
        elif tag == "link":
            self.styles.append(said["href"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Walk:
    """A browser on its way through the pages."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.browser = Browser(Stage(sandbox))
        self.url = ""
        self.left_for = ""
        self.page = Page("")

    def open(self, url: str) -> Page:
        return self._follow(self.browser.get(relative(url)), url)

    def submit(self, button: tuple[str, str] = ("", ""), **typed: str) -> Page:
        url = urljoin(self.url, self.page.action)
        form = {**self.page.fields, **typed}
        if button[0]:
            form[button[0]] = button[1]
        return self._follow(self.browser.post(relative(url), data=form), url)

    def _follow(self, answer: TestResponse, url: str) -> Page:
        while answer.status_code == 302:
            url = urljoin(url, answer.headers["Location"])
            if url.startswith(BACK):
                self.left_for = url
                return self.page
            answer = self.browser.get(relative(url))
        self.url, self.page, self.status = url, Page(answer.text), answer.status_code
        return self.page

    @property
    def brought(self) -> dict[str, str]:
        """The query with which the browser came back to the product."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.left_for).query).items()}


def relative(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def walk(sandbox: Sandbox) -> Walk:
    return Walk(sandbox)


def sign_in(walk: Walk, **query: str) -> None:
    walk.open(authorize_url(**query))
    walk.submit(email="kontor@bergstrom-lind.se", password="demo")


def test_from_sign_in_over_company_and_consent_back_with_a_code(walk: Walk, sandbox: Sandbox) -> None:
    login = walk.open(authorize_url())
    assert "Stand-in for Visma – no real Visma" in login.text
    assert "kontor@bergstrom-lind.se" in login.text

    companies = walk.submit(email="kontor@bergstrom-lind.se", password="demo")
    assert "Bergström & Lind Rör och El AB" in companies.text
    second = companies.buttons[1]

    consent = walk.submit(second)
    assert "Lind Fastighetsservice AB" in consent.text
    assert "Read and change vouchers, accounts, fiscal years and projects" in consent.text
    assert "Grant access" in consent.text

    walk.submit(("answer", "grant"))
    assert walk.brought.keys() == {"code", "state", "scope", "session_state"}
    assert walk.brought["state"] == "xyz"
    form = {"grant_type": "authorization_code", "code": walk.brought["code"], "redirect_uri": BACK}
    credentials = {"client_id": "fieldledger-demo", "client_secret": "fieldledger-demo-secret"}
    token = Browser(sandbox).post("/identity/connect/token", data={**form, **credentials}).json["access_token"]
    company = Browser(sandbox).get("/v2/companysettings", headers={"Authorization": f"Bearer {token}"}).json
    assert company["Name"] == "Lind Fastighetsservice AB"


def test_saying_no_comes_back_as_access_denied(walk: Walk) -> None:
    sign_in(walk)
    walk.submit(walk.page.buttons[0])

    walk.submit(("answer", "cancel"))

    assert walk.brought == {"error": "access_denied", "state": "xyz"}


def test_a_wrong_password_is_said_and_the_address_is_kept(walk: Walk) -> None:
    walk.open(authorize_url())

    page = walk.submit(email="mats@bergstrom-lind.se", password="guess")

    assert walk.status == 400
    assert "wrong" in page.text
    assert page.fields["email"] == "mats@bergstrom-lind.se"


def test_who_is_signed_in_only_chooses_the_company(walk: Walk) -> None:
    sign_in(walk)

    assert "Choose company" in walk.open(authorize_url()).text
    assert "Sign in" in walk.open(authorize_url(prompt="login select_account")).text


def test_without_select_account_a_person_with_one_company_goes_straight_to_consent(walk: Walk) -> None:
    walk.open(authorize_url(prompt=""))

    page = walk.submit(email="mats@bergstrom-lind.se", password="demo")

    assert "Grant access" in page.text
    assert "Bergström & Lind Rör och El AB" in page.text


def test_somebody_elses_company_cannot_be_chosen(walk: Walk, sandbox: Sandbox) -> None:
    walk.open(authorize_url())
    walk.submit(email="mats@bergstrom-lind.se", password="demo")

    page = walk.submit(("company", list(sandbox.companies)[1]))

    assert walk.status == 400
    assert "cannot choose" in page.text


def test_pages_cannot_be_skipped(walk: Walk) -> None:
    walk.open(authorize_url())
    flow = walk.page.fields["flow"]
    root = "http://127.0.0.1/visma_eaccounting/identity"

    for step in ("consent", "account/company"):
        assert "Sign in" in walk.open(f"{root}/{step}?flow={flow}").text
    assert "never begun" in walk.open(f"{root}/consent?flow=invented").text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "ea:sales"}, "invalid_scope"),
        ({"scope": "ea:api ea:everything"}, "invalid_scope"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_a_bad_request_goes_back_to_the_client(walk: Walk, query: dict[str, str], error: str) -> None:
    walk.open(authorize_url(**query))

    assert walk.brought == {"error": error, "state": "xyz"}


def test_the_pages_need_no_script_and_bring_their_own_style(walk: Walk) -> None:
    page = walk.open(authorize_url())
    style = walk.browser.get(relative(urljoin(walk.url, page.styles[0])))
    answer = walk.browser.get(relative(walk.url))

    assert style.status_code == 200
    assert style.mimetype == "text/css"
    assert "<script" not in answer.text
    assert "default-src 'none'; style-src 'self'" in answer.headers["Content-Security-Policy"]
