"""What the strict policy for contents forbids is on no page: scripts, styles and events within the text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from fieldwork.models import User
from tests.integrations.sweep.addresses import routes
from tests.integrations.sweep.world import Firm

pytestmark = [pytest.mark.django_db, pytest.mark.long]


class Inline(HTMLParser):
    """Collects what stands within the page instead of in a file of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        # Data, like the choices of a form, is no script: the browser does not run it.
        is_data = names.get("type") in {"application/json", "application/ld+json"}
        if tag == "style" or (tag == "script" and "src" not in names and not is_data):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name, value in attrs if runs_inline(name, value or "")]


def runs_inline(name: str, value: str) -> bool:
    return name == "style" or name.startswith(("on", "hx-on")) or value.strip().lower().startswith("javascript:")


def inline_on(browser: Client, address: str) -> list[str]:
    answer = browser.get(address, follow=True)
    assert "unsafe" not in answer["Content-Security-Policy"], address
    parser = Inline()
    if answer["Content-Type"].startswith("text/html"):
        parser.feed(answer.content.decode())
    return parser.found


@pytest.mark.parametrize(
    "page",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>run()</script>",
        '<a href="JavaScript:run()">',
        "<p onclick=x>",
    ],
)
def test_this_would_find_it(page):
    parser = Inline()
    parser.feed(page)

    assert parser.found


def test_no_page_holds_a_script_or_a_style(owner, firm: Firm):
    found = {route.name: inline for route in routes() if (inline := inline_on(owner, route.about(firm.ids)))}

    assert found == {}


def test_no_page_for_strangers_holds_a_script_or_a_style(client):
    assert {address: inline_on(client, address) for address in ("/login/", "/admin/login/", "/nowhere/")} == {
        "/login/": [],
        "/admin/login/": [],
        "/nowhere/": [],
    }


def test_the_page_behind_a_link_holds_no_script_or_style(client, firm):
    link = f"/authorise/link-{firm.mark}/"

    assert firm.mark in client.get(link, follow=True).content.decode()
    assert inline_on(client, link) == []


def test_no_page_of_the_admin_holds_a_script_or_a_style(firm):
    boss = firm.people["owner"]
    User.objects.filter(pk=boss.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(User.objects.get(pk=boss.pk))
    records = [record for record in firm.records.values() if type(record) in admin.site._registry]
    lists = [
        reverse(f"admin:{each._meta.app_label}_{each._meta.model_name}_changelist") for each in admin.site._registry
    ]
    forms = [
        reverse(f"admin:{each._meta.app_label}_{each._meta.model_name}_change", args=[each.pk]) for each in records
    ]

    found = {address: inline for address in ["/admin/", *lists, *forms] if (inline := inline_on(browser, address))}

    assert found == {}
