"""Every accounting system that has a stand-in, by each of its logins: connected, read from, refused and renewed.

No system is named: what is found is tried, over real HTTP, as an owner's browser does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounting.auth import Auth, AuthorizationCode, ClientCredentials
from accounting.errors import ReconnectNeeded
from accounting.protocol import Provider
from accounting.registry import provider_for
from accounting.sandbox import Options, Stage, StandIn, find_stand_ins, serve
from fieldwork.models import Customer, Organization, User
from integrations.connecting.disconnecting import disconnect
from integrations.connections import open_ledger
from integrations.models import Connection, ConnectionSettings, Credential, Licence
from integrations.tasks import tick, work

from .steps import BOOKS, messages_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

FEW = Options(customers=1, articles=1, projects=0, orders=0, companies=1)
SYSTEMS = [(each.key, auth.key) for each in find_stand_ins(FEW) for auth in provider_for(each.key).logins]


@dataclass(frozen=True, kw_only=True)
class System:
    """An accounting system on this machine, and one way to sign in to it."""

    provider: Provider
    auth: Auth
    stand_in: StandIn
    stage: Stage

    @property
    def companies(self) -> list[dict[str, str]]:
        return self.stand_in.describe()["companies"]

    def connect(self, browser: Client, company: int = 0, **more: str) -> HttpResponse:
        """The answer to the last step before the confirmation, or the page that refuses."""
        form = {"login": self.auth.key, **more}
        there = self.companies[company]["id"]
        if isinstance(self.auth, ClientCredentials):
            form["tenant"] = there
        answer = browser.post(f"/books/{self.provider.key}/connect/", form)
        if isinstance(self.auth, ClientCredentials) or answer.status_code != 302:
            return answer
        user = self.stand_in.describe()["users"][0]["email"]
        location = self.stand_in.sign_in({"url": answer["Location"], "user": user, "company": there})["location"]
        answer = browser.get("{0.path}?{0.query}".format(urlsplit(location)))
        return browser.get(answer["Location"]) if answer["Location"].endswith("/callback/") else answer

    def connected(self, browser: Client) -> Connection:
        browser.post(self.connect(browser)["Location"], {"use": "1"})
        return Connection.objects.get(provider=self.provider.key, state=Connection.State.ACTIVE)

    def token_requests(self) -> int:
        path = getattr(self.auth, "token_path", None)
        return sum(entry.path.endswith(path) for entry in self.stage.journal.entries()) if path else 0


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, tuple[StandIn, Stage, dict[str, str]]]]:
    """Every stand-in behind a port of its own, as long as this module runs."""
    opened, found = [], {}
    try:
        for stand_in in find_stand_ins(FEW):
            stage = Stage(stand_in)
            serving = serve(stage)
            base = serving.__enter__()
            opened.append(serving)
            found[stand_in.key] = (stand_in, stage, stand_in.environment(base))
        yield found
    finally:
        for serving in reversed(opened):
            serving.__exit__(None, None, None)


@pytest.fixture(params=SYSTEMS, ids="-".join)
def system(request, settings, stages, organization: Organization) -> System:
    key, login = request.param
    stand_in, stage, environment = stages[key]
    stage.reset()
    settings.PROVIDER_ENVIRONMENT = environment
    Licence.objects.create(organization=organization, provider=key, starts_on=timezone.localdate())
    provider = provider_for(key)
    auth = next(each for each in provider.logins if each.key == login)
    return System(provider=provider, auth=auth, stand_in=stand_in, stage=stage)


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    User.objects.filter(pk=owner.pk).update(language="en")
    client.force_login(owner)
    return client


def where(holds: Callable[[dict[str, Any], Auth], bool]) -> pytest.MarkDecorator:
    """Only the systems and logins of which that is true."""
    found = [
        (each.key, auth.key)
        for each in find_stand_ins(FEW)
        for auth in provider_for(each.key).logins
        if holds(each.describe(), auth)
    ]
    return pytest.mark.parametrize("system", found, indirect=True, ids="-".join)


def expire(connection: Connection) -> None:
    now = timezone.now()
    Credential.objects.filter(connection=connection, expires_at__isnull=False).update(
        expires_at=now - timedelta(seconds=1), saved_at=now - timedelta(hours=1)
    )


def test_the_page_of_ways_says_what_each_needs(browser, system):
    page = browser.get(f"/books/{system.provider.key}/ways/").content.decode()

    for sentence in (*system.provider.checklist, *system.auth.preparations, system.auth.label):
        assert sentence.replace("'", "&#x27;") in page
    assert f'value="{system.auth.key}"' in page


def test_an_owner_connects_and_the_books_are_read(browser, system):
    connection = system.connected(browser)
    held = connection.credential.tokens()

    assert connection.books.name == system.companies[0]["name"]
    assert held.login == system.auth.key
    assert open_ledger(connection).company().name == system.companies[0]["name"]


def test_another_company_is_refused_for_a_live_connection(browser, system):
    connection = system.connected(browser)
    held = connection.credential.tokens()

    answer = system.connect(browser, company=1)
    told = messages_of(answer) + answer.content.decode()

    assert system.companies[1]["name"].replace("&", "&amp;") in told or system.companies[1]["name"] in told
    assert "Nothing was changed" in told
    assert Credential.objects.get().tokens() == held


def test_a_login_that_ends_is_renewed_with_one_request(browser, system):
    connection = system.connected(browser)
    asked = system.token_requests()
    expire(connection)

    assert open_ledger(connection).company().name == system.companies[0]["name"]
    assert system.token_requests() - asked == (1 if hasattr(system.auth, "token_path") else 0)


def test_a_login_that_was_taken_back_needs_a_person_and_then_goes_on(browser, system):
    connection = system.connected(browser)
    system.stand_in.switch({"switches": {"revoke_tokens": True}})
    if isinstance(system.auth, ClientCredentials):
        # A new token would be given at once: that is what lasting trust means. So the tenant shuts us out as well.
        shut_out(system)
    expire(connection)

    with pytest.raises(ReconnectNeeded):
        open_ledger(connection).company()

    connection.refresh_from_db()
    assert connection.state == Connection.State.RECONNECT

    system.stage.reset()
    assert system.connect(browser)["Location"] == f"/books/{connection.pk}/set-up/"
    connection.refresh_from_db()
    assert connection.state == Connection.State.ACTIVE
    assert open_ledger(connection).company().name == system.companies[0]["name"]


def shut_out(system: System) -> None:
    switches = system.companies[0]["switches"]
    name = next(each for each in switches if "approved" in each)
    system.stand_in.switch({"company": system.companies[0]["id"], "switches": {name: False}})


@where(lambda about, auth: "customer_tenant" in about and isinstance(auth, ClientCredentials))
def test_an_id_that_signs_in_and_opens_nothing_is_explained(browser, system):
    """The tenant above a company: it gets a token, and that token is refused everywhere."""
    above = system.stand_in.describe()["customer_tenant"]

    page = browser.post(
        f"/books/{system.provider.key}/connect/", {"login": system.auth.key, "tenant": above}
    ).content.decode()

    assert "let nobody in with it" in page
    assert system.auth.tenant_advice in page
    assert above in page
    assert not Connection.objects.exists()


@where(lambda about, auth: "affiliation" in about["companies"][0]["switches"])
def test_the_books_of_the_apps_own_developer_are_refused_in_the_systems_words(browser, system):
    kept = [each["switches"]["affiliation"] for each in system.companies]

    answer = system.connect(browser, company=kept.index("Developer"))

    assert answer["Location"] == BOOKS
    assert "developer agreement" in messages_of(answer)
    assert not Connection.objects.exists()


@where(lambda about, auth: "webhooks" in about["companies"][0]["records"])
def test_a_call_that_the_system_itself_makes_brings_the_change_within_a_minute(system, browser):
    connection = system.connected(browser)
    in_use(connection)
    page = browser.post(f"/books/{connection.pk}/calls/renew/", follow=True).content.decode()
    system.stand_in.change_records({"resource": "customers", "action": "change", "values": {"city": "Ribe"}})

    made = system.stand_in.change_records({"resource": "webhooks", "action": "call"})["records"]
    answers = [
        Client().post(urlsplit(each["url"]).path, each["body"], "application/json", headers=each["headers"])
        for each in made
    ]
    brought_forward = tick()
    work(connection.pk)

    assert "calls it from now on" in page
    assert {each.status_code for each in answers} == {204}
    assert brought_forward == 1
    assert set(Customer.objects.values_list("city", flat=True)) == {"Ribe"}


def in_use(connection: Connection) -> None:
    """Read once, and not due again for a while."""
    ConnectionSettings.objects.filter(connection=connection).update(saved_at=timezone.now())
    work(connection.pk)
    Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=14))
    assert Customer.objects.exists()


def test_disconnecting_wipes_the_login(browser, system, owner):
    connection = system.connected(browser)
    can_be_told = isinstance(system.auth, AuthorizationCode) and bool(system.auth.revoke_path)

    assert disconnect(connection, by=owner) == can_be_told
    assert Credential.objects.get().secret == ""
