"""Logins without a code, in a real browser with JavaScript off: our page and the accounting system's are two sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounting.auth import Auth, ClientCredentials, GrantToken
from accounting.protocol import Provider
from accounting.registry import provider_for
from accounting.sandbox import Options, Stage, StandIn, find_stand_ins, serve
from fieldwork.demo import PASSWORD, DemoFirm, create_demo_firm
from fieldwork.models import Membership
from integrations.models import Connection, Licence

pytestmark = pytest.mark.django_db(transaction=True)

FEW = Options(customers=1, articles=1, projects=0, orders=0)
KEYS = [each.key for each in find_stand_ins(FEW)]


@dataclass(frozen=True, kw_only=True)
class System:
    provider: Provider
    stand_in: StandIn

    @property
    def company(self) -> dict[str, str]:
        return self.stand_in.describe()["companies"][0]


@pytest.fixture
def system(request, settings, live_server) -> Iterator[System]:
    """The accounting system of that key, on a port of its own."""
    stand_in = next(each for each in find_stand_ins(FEW) if each.key == request.param)
    settings.SITE_URL = live_server.url
    with serve(Stage(stand_in)) as base:
        settings.PROVIDER_ENVIRONMENT = stand_in.environment(base)
        yield System(provider=provider_for(stand_in.key), stand_in=stand_in)


@pytest.fixture
def firm(system: System) -> DemoFirm:
    made = create_demo_firm()
    for user in made.people.values():
        user.language = "en"
        user.save()
    Licence.objects.create(organization=made.organization, provider=system.provider.key, starts_on=timezone.localdate())
    return made


@pytest.fixture
def page(chromium, live_server) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def with_login(kind: type[Auth]) -> pytest.MarkDecorator:
    """Every system that offers this kind of login."""
    keys = [key for key in KEYS if any(isinstance(each, kind) for each in provider_for(key).logins)]
    return pytest.mark.parametrize("system", keys, indirect=True)


def sign_in(page: Page, firm: DemoFirm) -> None:
    owner = Membership.objects.get(organization=firm.organization, role=Membership.Role.OWNER).user
    page.goto("/books/")
    page.get_by_label("Username").fill(owner.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm(page: Page, system: System) -> None:
    expect(page.get_by_role("heading", name="Is this the right company?")).to_be_visible()
    expect(page.locator("main")).to_contain_text(system.company["name"])
    page.get_by_role("button", name="Use this company").click()
    expect(page.locator(".message.success")).to_contain_text("Connected")
    assert Connection.objects.get().state == Connection.State.ACTIVE


@with_login(GrantToken)
def test_a_grant_finds_its_way_back_from_another_site(page: Page, firm: DemoFirm, system: System):
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    sign_in(page, firm)
    page.get_by_role("region", name=system.provider.label).get_by_role("link", name="Connect").click()
    page.get_by_role("button", name=re.compile("^Continue to")).click()
    there = system.stand_in.describe()["users"][0]
    page.locator("input[type=email]").fill(there["email"])
    page.locator("input[type=password]").fill(there["password"])
    page.locator("button[type=submit]").first.click()
    page.get_by_text(system.company["name"]).first.click()
    page.locator("button[type=submit]").first.click()

    confirm(page, system)
    assert not [url for url in seen if "token=" in url.lower() and "callback" in url]


@with_login(ClientCredentials)
def test_a_tenant_id_is_typed_wrong_and_right(page: Page, firm: DemoFirm, system: System):
    sign_in(page, firm)
    page.get_by_role("link", name="Connect", exact=True).click()
    auth = next(each for each in system.provider.logins if isinstance(each, ClientCredentials))
    field = page.get_by_label(auth.tenant_label)

    field.fill("not-a-tenant")
    page.locator(f"#{auth.key}").get_by_role("button", name="Connect").click()
    expect(page.locator(".errorlist")).to_be_visible()
    expect(field).to_have_value("not-a-tenant")

    field.fill(system.company["id"])
    page.locator(f"#{auth.key}").get_by_role("button", name="Connect").click()
    confirm(page, system)
