"""Every address, asked by everybody about everybody's records: nobody reads or changes what is another firm's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounting.http import NetworkForbidden
from fieldwork.models import User
from tests.integrations.sweep.addresses import Route, routes
from tests.integrations.sweep.world import Firm

pytestmark = [pytest.mark.django_db, pytest.mark.long]

METHODS = ("get", "post")
# The doors in the fence: where nobody needs a login, and why.
PUBLIC = {
    "login": "one signs in here",
    "logout": "only ends a session",
    "set_language": "of the login page",
    "healthz": "asked by machines",
    "readyz": "asked by machines",
    "metrics": "asked from this machine, or with a token",
    "call": "the secret in the address is the login",
    "document": "the documentation tells nothing of anybody",
    "llms": "likewise",
    "authorise": "the secret in the address is the login",
    "authorise_here": "the cookie for that secret is the login",
    "authorised": "thanks whoever has just used one",
}
# What performers may open; everything else is refused to them.
PERFORMERS_MAY = {
    "dashboard",
    "organization_choose",
    "profile",
    "suggest",
    "work_order_complete",
    "work_order_detail",
    "work_order_edit",
    "work_order_list",
    "work_order_pdf",
}
# What coordinators are refused: logins, settings and what the installation does by itself.
OWNERS_ONLY = {
    "api_key_create",
    "api_key_revoke",
    "api_keys",
    "books",
    "callback",
    "confirm",
    "connect",
    "disconnect",
    "health",
    "invite",
    "keep_log",
    "licence",
    "owners",
    "pause",
    "renew_hook",
    "resume",
    "revoke_invitation",
    "run",
    "runs",
    "set_up",
    "set_up_export",
    "set_up_import",
    "set_up_save",
    "settings",
    "start",
    "switch_off_hook",
    "sync",
    "take_over",
    "tell_hook",
    "test_connection",
    "values",
    "ways",
    "webhook",
}
# To which a POST must name something more than what is in the address.
ASK_FOR_MORE = {"organization_choose", "repair"}


# --- asking ---------------------------------------------------------------------


@contextmanager
def undone(browser: Client) -> Iterator[None]:
    """What is done within is taken back, in the database and in the browser."""
    cookies = deepcopy(browser.cookies)
    # Not `atomic`: that would be an open transaction, in which no view may call the network.
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)
    browser.cookies = cookies


def ask(browser: Client, address: str) -> dict[str, HttpResponse]:
    """The answers by method. Nothing that a POST did remains, so that the next one meets the same world."""
    answers = {}
    for method in METHODS:
        with undone(browser):
            answers[method] = answer_to(getattr(browser, method), address)
    return answers


def answer_to(send: Callable[[str], HttpResponse], address: str) -> HttpResponse:
    """What a view says. One that gets as far as the network has let us in; a test does not let it out."""
    try:
        return send(address)
    except NetworkForbidden:
        return HttpResponse()


def heard(answers: dict[str, HttpResponse]) -> list[HttpResponse]:
    """The answers to the methods that the address knows, of which there is one at least."""
    known = [answer for answer in answers.values() if answer.status_code != 405]
    assert known
    return known


def statuses(answers: dict[str, HttpResponse]) -> list[int]:
    return [answer.status_code for answer in answers.values()]


def text_of(answer: Any) -> str:
    """The page with its headers, where addresses and messages stand."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers} {answer.cookies} {body.decode(errors='replace')}"


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def leads_to_login(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/login/")


def guarded() -> list[Route]:
    return [route for route in routes() if route.name not in PUBLIC]


# --- roles ----------------------------------------------------------------------


def test_who_is_not_signed_in_is_sent_to_the_login_from_everywhere(client, firm):
    open_doors = {
        route.name
        for route in guarded()
        if not all(leads_to_login(answer) for answer in heard(ask(client, route.about(firm.ids))))
    }

    assert open_doors == set()


def test_every_public_address_exists():
    assert set(PUBLIC) <= {route.name for route in routes()}


@pytest.mark.parametrize("is_superuser", [False, True], ids=["loner", "superuser"])
def test_who_belongs_to_no_firm_is_refused_everywhere(firm, is_superuser):
    """Also those who may do everything in the admin: that does not make them a member of a firm."""
    loner = User.objects.create_user("loner", is_superuser=is_superuser, is_staff=is_superuser, language="en")
    browser = browser_of(loner)
    answers = {route.name: heard(ask(browser, route.about(firm.ids))) for route in guarded()}

    assert {name for name, found in answers.items() if {each.status_code for each in found} != {403}} == set()


def refused(browser: Client, firm: Firm) -> set[str]:
    """The pages that say no to a person's role, whatever is asked of them."""
    answers = {route.name: statuses(ask(browser, route.about(firm.ids))) for route in guarded()}
    assert {name for name, found in answers.items() if 404 in found and 403 not in found} <= ASK_FOR_MORE
    return {name for name, found in answers.items() if 403 in found}


def test_performers_open_their_work_and_nothing_else(firm):
    names = {route.name for route in guarded()}

    assert refused(browser_of(firm.people["performer"]), firm) == names - PERFORMERS_MAY


def test_coordinators_open_everything_but_what_is_the_owners(firm):
    assert refused(browser_of(firm.people["coordinator"]), firm) == OWNERS_ONLY


def test_owners_open_everything(owner, firm):
    assert refused(owner, firm) == set()


# --- other firms ----------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "coordinator", "performer"])
def test_another_firms_record_is_not_found_and_not_told_of(firm, stranger, role):
    browser = browser_of(firm.people[role])

    found = {
        address: statuses(answers)
        for route in routes()
        for address in route.mixtures(firm.ids, stranger.ids)
        if not is_not_found(answers := ask(browser, address)) or tells_of(stranger, answers)
    }

    assert found == {}


def test_a_record_that_never_was_is_not_found(owner, firm):
    nothing = {kind: uuid4() for kind in firm.ids}

    found = {
        address: statuses(answers)
        for route in routes()
        for address in route.mixtures(firm.ids, nothing)
        if not is_not_found(answers := ask(owner, address))
    }

    assert found == {}


def is_not_found(answers: dict[str, HttpResponse]) -> bool:
    """No method finds it. A page that one's role may not open, or of another method, says that instead."""
    found = statuses(answers)
    return set(found) <= {403, 404, 405} and (404 in found or 403 in found)


def tells_of(firm: Firm, answers: dict[str, HttpResponse]) -> bool:
    return any(firm.mark in text_of(answer) for answer in answers.values())


@pytest.mark.parametrize("role", ["owner", "performer"])
def test_no_page_of_ones_own_holds_a_word_of_another_firm(firm, stranger, role):
    browser = browser_of(firm.people[role])

    told = {route.name for route in routes() if tells_of(stranger, ask(browser, route.about(firm.ids)))}

    assert told == set()
    assert firm.mark in text_of(browser.get(reverse("integrations:dashboard")))


def test_a_page_of_ones_own_takes_no_record_of_another_firm(owner, firm, stranger):
    """Every form as it stands on the page, with each id and each name in turn exchanged for the other firm's."""
    before = rows_of(stranger)
    exchanged = {str(pk): str(stranger.ids[kind]) for kind, pk in firm.ids.items()}
    tried = 0

    for address, fields in forms_on([route.about(firm.ids) for route in routes()], owner):
        for name, value in fields.items():
            if value in exchanged or firm.mark in value:
                tried += 1
                other = exchanged.get(value) or value.replace(firm.mark, stranger.mark)
                with undone(owner):
                    answer_to(lambda to: owner.post(to, {**fields, name: other}), address)  # noqa: B023
                    assert rows_of(stranger) == before, (address, name)

    assert tried > 10


def forms_on(addresses: list[str], browser: Client) -> list[tuple[str, dict[str, str]]]:
    """Where the forms of these pages go, with what they would send."""
    found = {}
    for address in addresses:
        answer = browser.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            parser = Forms(address)
            parser.feed(answer.content.decode())
            found |= {(target, *sorted(fields)): (target, fields) for target, fields in parser.forms}
    return list(found.values())


class Forms(HTMLParser):
    """The forms of a page that are posted: their address and their fields with the values that an untouched form has.

    Of a choice that nothing was chosen from, the first one that is an id of ours is taken.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {} if given.get("method", "").lower() == "post" else None
            if self._fields is not None:
                self.forms.append((given.get("action") or self.address, self._fields))
        elif self._fields is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._fields is not None
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and ("selected" in given or not self._fields.get(self._select)):
            self._fields[self._select] = given.get("value", "")
        elif tag in ("input", "button", "textarea") and given.get("name"):
            self._fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


def rows_of(firm: Firm) -> dict[str, Any]:
    """Every record of the firm as it stands, and how many others refer to it."""
    return {kind: (columns_of(record), references_to(record)) for kind, record in firm.records.items()}


def columns_of(record: Model) -> dict[str, Any]:
    return type(record)._base_manager.filter(pk=record.pk).values()[0]


def references_to(record: Model) -> dict[str, int]:
    return {
        f"{each.related_model._meta.label}.{each.field.name}": each.related_model._base_manager.filter(
            **{each.field.name: record.pk}
        ).count()
        for each in record._meta.related_objects
    }


# --- the admin ------------------------------------------------------------------


def test_staff_of_a_firm_see_nothing_of_another_one_in_the_admin(firm, stranger):
    """Every list, and every record of the other firm, by somebody who may do everything there."""
    boss = firm.people["owner"]
    User.objects.filter(pk=boss.pk).update(is_staff=True)
    boss.user_permissions.set(Permission.objects.all())
    browser = browser_of(User.objects.get(pk=boss.pk))

    told = [address for address in admin_addresses() if stranger.mark in text_of(browser.get(address, follow=True))]
    found = [address for address in strangers_in_admin(stranger) if browser.get(address).status_code == 200]

    assert told == []
    assert found == []


def admin_addresses() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]


def strangers_in_admin(stranger: Firm) -> list[str]:
    return [
        reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])
        for record in stranger.records.values()
        if type(record) in admin.site._registry
        for page in ("change", "history", "delete")
    ]
