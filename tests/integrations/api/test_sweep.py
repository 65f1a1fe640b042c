"""Every operation of the document, with every kind of key, about the own firm's records, another's and none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from integrations.api.v1 import addresses
from tests.fieldwork.api.conftest import Caller, kind_of
from tests.integrations.api.conftest import program_of
from tests.integrations.sweep.test_tenants_and_roles import rows_of
from tests.integrations.sweep.world import Firm

pytestmark = pytest.mark.django_db

PREFIX = "/api/v1"
# What the operations need besides an address; all others take an empty object.
BODIES: Mapping[str, Any] = {
    "create_customer": {"name": "Ny"},
    "create_contact_person": {"first_name": "Ny"},
    "create_work_site": {"name": "Ny"},
    "create_material": {"number": "N1", "name": "Ny"},
    "create_hour_type": {"number": "N1", "name": "Ny"},
    "create_project": {"number": "N1", "name": "Ny"},
    "add_work_order": {"title": "Ny"},
    "exclude_work_order": {"reason": "Garanti"},
}
# Of the world's only work order some steps are not possible as it stands; it is found all the same.
FOUND = {200, 201, 202, 409}


class Operation(NamedTuple):
    name: str
    method: str
    path: str

    @property
    def kind(self) -> str:
        """The word before the id, which says what kind of record is meant."""
        found = re.search(r"/([\w-]+)/\{pk\}", self.path)
        return found[1] if found else ""

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def ask(self, caller: Caller, pk: Any = "") -> HttpResponse:
        path = self.path.removeprefix(PREFIX).replace("{pk}", str(pk))
        return caller.ask(self.method, path, BODIES.get(self.name, {}) if self.writes else None)


def operations() -> Iterator[Operation]:
    document = Client().get(f"{PREFIX}/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Operation(told["operationId"], method.upper(), path)


@pytest.fixture
def swept(db: None) -> list[Operation]:
    found = list(operations())
    assert len(found) > 30
    return found


def ids_of(firm: Firm) -> dict[str, Any]:
    return {**firm.ids, "connections": firm.connection.pk}


def test_the_document_has_every_address(swept):
    named = {each.name for each in addresses()} - {"openapi", "api-root", "nothing"}

    assert named == {each.name for each in swept}


def test_nothing_is_answered_without_a_key(swept, firm):
    ids = ids_of(firm)

    answers = {each: each.ask(Caller(""), ids.get(each.kind, "")) for each in swept}

    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 401} == {}
    assert len({answer.content for answer in answers.values()}) == 1


def test_a_key_that_writes_does_everything_for_its_firm(swept, firm):
    ids, caller = ids_of(firm), program_of(firm.organization)

    answers = {each: each.ask(caller, ids.get(each.kind, "")) for each in swept}

    odd = {each.name: answer.content for each, answer in answers.items() if answer.status_code not in FOUND}
    assert odd == {}


def test_a_key_that_reads_reads_everything_and_writes_nothing(swept, firm):
    ids, caller = ids_of(firm), program_of(firm.organization, "read")
    before = rows_of(firm)

    found = {each: each.ask(caller, ids.get(each.kind, "")).status_code for each in swept}

    assert {each.name: status for each, status in found.items() if status != (403 if each.writes else 200)} == {}
    assert rows_of(firm) == before


@pytest.mark.parametrize("scope", ["read", "write"])
def test_another_firms_record_is_not_found_and_not_touched(swept, firm, stranger, scope):
    ids, caller = ids_of(stranger), program_of(firm.organization, scope)
    before = rows_of(stranger)

    answers = {each: each.ask(caller, ids[each.kind]) for each in swept if each.kind}

    expected = {each: 403 if each.writes and scope == "read" else 404 for each in answers}
    assert {each: answer.status_code for each, answer in answers.items()} == expected
    assert not any(stranger.mark in answer.content.decode() for answer in answers.values())
    assert rows_of(stranger) == before


def test_a_record_that_never_was_is_answered_like_another_firms(swept, firm, stranger):
    ids, caller = ids_of(stranger), program_of(firm.organization)

    for each in swept:
        if each.kind:
            never, foreign = each.ask(caller, uuid4()), each.ask(caller, ids[each.kind])
            assert (never.status_code, kind_of(never)) == (404, "not-found"), each
            assert never.content == foreign.content, each


def test_no_list_holds_a_word_of_another_firm(swept, firm, stranger):
    caller = program_of(firm.organization)
    lists = {each.name: each.ask(caller).content.decode() for each in swept if not each.kind and not each.writes}

    assert len(lists) >= 8
    assert {name for name, text in lists.items() if stranger.mark in text} == set()
    assert {name for name, text in lists.items() if firm.mark not in text} == set()


def test_no_answer_holds_anything_that_opens_the_books(swept, firm):
    ids, caller = ids_of(firm), program_of(firm.organization)
    secrets = {f"token-{firm.mark}", firm.connection.credential.secret, firm.connection.hook.secret}

    texts = [each.ask(caller, ids.get(each.kind, "")).content.decode() for each in swept if not each.writes]

    assert not [secret for secret in secrets for text in texts if secret and str(secret) in text]
