"""Every page keeps the rules of accessibility that a program can check (axe-core), in light and in dark."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, Page

from bench.crowd import fill
from integrations.models import ConnectionSettings
from tests.integrations.conftest import acme_books  # noqa: F401  (a fixture)
from tests.integrations.sweep.addresses import routes
from tests.integrations.sweep.world import Firm, build_firm

pytestmark = pytest.mark.django_db(transaction=True)

GRAVE = {"serious", "critical"}
# In the dark only the colours are others.
OPTIONS = {"light": None, "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}}}


@pytest.fixture
def firm(db: None, acme_books: None) -> Firm:  # noqa: F811
    """With enough of everything for lists to have a second page."""
    made = build_firm("Eknabben")
    fill(made.connection, count=300, by=made.people["owner"])
    yield made
    import_module("accounting.providers.acme_books.company").COMPANIES.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_any_page(chromium: Browser, live_server, firm, scheme):
    context = chromium.new_context(base_url=live_server.url, color_scheme=scheme)
    page, options = context.new_page(), OPTIONS[scheme]
    found = findings(page, "/login/", options)
    sign_in(page, firm)
    looked_at = 0

    for route in routes():
        answer = page.request.get(route.about(firm.ids), max_redirects=0) if route.name != "logout" else None
        if answer is not None and answer.ok and is_page(answer):
            looked_at += 1
            found += findings(page, route.about(firm.ids), options)

    found += [each for path in pages_of_another_moment(firm) for each in findings(page, path, options)]
    context.close()
    assert looked_at > 40
    assert sorted(set(found)) == []


def pages_of_another_moment(firm: Firm) -> list[str]:
    """What is shown to whoever has a link, and while a connection is being set up."""
    ConnectionSettings.objects.filter(pk=firm.connection.pk).update(saved_at=None, next_step="start")
    steps = [f"/books/{firm.connection.pk}/set-up/{step}/" for step in ("import", "export", "save")]
    return ["/authorise/made-up/", f"/authorise/link-{firm.mark}/", *steps]


def sign_in(page: Page, firm: Firm) -> None:
    page.get_by_label("Username").fill(firm.people["owner"].username)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def is_page(answer: APIResponse) -> bool:
    """Suggestions for a field are HTML as well, but no page."""
    return answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()


def findings(page: Page, path: str, options: dict[str, Any] | None) -> list[str]:
    """What is grave on this page: the rule, and the first piece of the page that breaks it."""
    page.goto(path)
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} ({each['nodes'][0]['failureSummary'][-200:]}) on {path}"
        for each in violations
        if each["impact"] in GRAVE
    ]
