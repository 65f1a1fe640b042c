"""The installation page, as a browser goes through it."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import Client

from accounting.providers.economic.sandbox import Sandbox
from accounting.providers.economic.sandbox.install import START
from accounting.sandbox import BadOrder
from tests.accounting.providers.economic.sandbox.api import Api

BACK = "http://127.0.0.1:8000/books/back/"


class Browser:
    """Follows the pages up to the way back to the app."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = Client(sandbox)
        self.text = ""

    def open(self, **query: str) -> int:
        said = {"appPublicToken": "fieldledger-public", **query}
        answer = self.client.get(f"/secure/{START}", query_string=said, follow_redirects=True)
        self.text = answer.text
        return answer.status_code

    def fill(self, step: str, **form: str) -> str:
        """Where the form leads: an address outside, or nothing."""
        flow = re.search(r'name="flow" value="([^"]+)"', self.text)
        assert flow, self.text
        answer = self.client.post(f"/secure/{step}", data={"flow": flow[1], **form})
        location = answer.headers.get("Location", "")
        if location.startswith("http://127.0.0.1:8000"):
            return location
        self.text = self.client.get(location, follow_redirects=True).text if location else answer.text
        return ""


@pytest.fixture
def browser(sandbox: Sandbox) -> Browser:
    return Browser(sandbox)


def test_the_token_comes_back_and_nothing_else(browser: Browser, sandbox: Sandbox) -> None:
    assert browser.open(redirectUrl=BACK, locale="sv-SE", state="s3cret") == 200
    assert "no real e-conomic" in browser.text
    browser.fill("login", email="mette@vestkystens-vvs.example", password="demo")
    assert "Ribe Ventilation ApS" in browser.text
    browser.fill("agreement", agreement="1718002")
    assert "Add app" in browser.text

    location = browser.fill("add", answer="add")

    found = re.fullmatch(re.escape(BACK) + r"\?token=([\w-]+)", location)
    assert found
    assert Api(sandbox, token=found[1]).get("/self").body["agreementNumber"] == 1718002


def test_without_an_address_the_token_is_shown(browser: Browser, sandbox: Sandbox) -> None:
    browser.open()
    browser.fill("login", email="jens@vestkystens-vvs.example", password="demo")
    browser.fill("add", answer="add")

    shown = re.search(r"<code>([\w-]+)</code>", browser.text)
    assert shown
    assert Api(sandbox, token=shown[1]).get("/self").body["agreementNumber"] == 1718001


def test_an_address_with_a_query_keeps_it(browser: Browser) -> None:
    browser.open(redirectUrl=f"{BACK}?flow=1")
    browser.fill("login", email="jens@vestkystens-vvs.example", password="demo")

    assert browser.fill("add", answer="add").startswith(f"{BACK}?flow=1&token=")


def test_who_cancels_stays_there(browser: Browser) -> None:
    browser.open(redirectUrl=BACK)
    browser.fill("login", email="jens@vestkystens-vvs.example", password="demo")

    assert browser.fill("add", answer="cancel") == ""
    assert "Nothing was added" in browser.text


def test_a_wrong_password(browser: Browser) -> None:
    browser.open(redirectUrl=BACK)
    browser.fill("login", email="jens@vestkystens-vvs.example", password="guess")

    assert "is wrong" in browser.text


def test_who_has_not_all_rights_cannot_add_an_app(browser: Browser) -> None:
    browser.open(redirectUrl=BACK)
    browser.fill("login", email="lone@vestkystens-vvs.example", password="demo")

    assert "all the rights of a SuperUser" in browser.text


def test_nobody_chooses_an_agreement_of_others(browser: Browser) -> None:
    browser.open(redirectUrl=BACK)
    browser.fill("login", email="mette@vestkystens-vvs.example", password="demo")
    browser.fill("agreement", agreement="4711")

    assert "You cannot choose this agreement." in browser.text


@pytest.mark.parametrize(
    "query",
    [{"appPublicToken": "nobody"}, {"redirectUrl": "https://evil.example/"}, {"locale": "xx-XX"}],
    ids=lambda query: next(iter(query)),
)
def test_what_is_wrong_leads_nowhere(browser: Browser, query: dict[str, str]) -> None:
    assert browser.open(**query) == 400
    assert "cannot go on" in browser.text


def test_the_control_desk_goes_the_same_way(sandbox: Sandbox) -> None:
    url = f"http://127.0.0.1/secure/{START}?appPublicToken=fieldledger-public&redirectUrl={BACK}"

    location = sandbox.sign_in({"url": url, "company": "Ribe Ventilation ApS"})["location"]

    token = location.partition("?token=")[2]
    assert Api(sandbox, token=token).get("/self").body["company"]["name"] == "Ribe Ventilation ApS"
    nobody, without_rights = {"user": "nobody@example"}, {"user": "lone@vestkystens-vvs.example"}
    for wrong in (nobody, {"deny": True}, without_rights, {"company": "?"}):
        with pytest.raises(BadOrder):
            sandbox.sign_in({"url": url, **wrong})
