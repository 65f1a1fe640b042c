"""The API does what its document says, and no request makes it fall over."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fieldwork.models import ApiKey
from tests.fieldwork.api.conftest import Caller
from tests.integrations.api.conftest import program_of
from tests.integrations.api.test_sweep import FOUND, PREFIX, Operation, ids_of, operations

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def document() -> dict[str, Any]:
    told: dict[str, Any] = Client().get(f"{PREFIX}/openapi.json").json()
    return told


def schema_for(document: dict[str, Any], operation: Operation, answer: HttpResponse) -> dict[str, Any]:
    """What the document says of this answer, with all that it refers to."""
    told = document["paths"][operation.path][operation.method.lower()]["responses"][str(answer.status_code)]
    kind = answer["Content-Type"].partition(";")[0]
    return {**told["content"][kind]["schema"], "components": document["components"]}


def test_every_answer_is_as_the_document_says(document, firm):
    """Of records that are there, of those that are not, and of requests that are wrong."""
    ids, caller = ids_of(firm), program_of(firm.organization)
    seen = set()

    for each in operations():
        pk = ids.get(each.kind, "")
        answers = [each.ask(caller, pk), each.ask(Caller(""), pk)]
        answers += [each.ask(caller, uuid4())] if each.kind else [each.ask(caller)]
        answers += [caller.ask(each.method, each.path.removeprefix(PREFIX).replace("{pk}", str(pk)), "[")]
        for answer in answers:
            Draft202012Validator(schema_for(document, each, answer)).validate(answer.json())
            seen.add(answer.status_code)

    assert seen >= {200, 201, 202, 400, 401, 404}


def test_what_a_new_record_needs_is_in_the_document(document, caller):
    """Each of these, left out, is refused; what the document does not ask for may be left out."""
    for path in ("customers", "materials", "hour-types", "projects", "work-orders"):
        body = document["paths"][f"{PREFIX}/{path}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        full = dict.fromkeys(body["required"], "Ny")
        for name in body["required"]:
            left = {key: value for key, value in full.items() if key != name}
            refused = caller.post(f"/{path}", left).json()
            assert [each["pointer"] for each in refused["errors"]] == [f"#/{name}"]
        if path != "work-orders":
            assert caller.post(f"/{path}", full).status_code == 201


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(["", " ", "\x00", "\ud800", "-1", "1e9", "9" * 30, "2026-02-30", "0001-01-01", "10.50", "å" * 300]),
    st.uuids().map(str),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)


def test_no_body_makes_it_fall_over(document, firm):
    caller, ids = program_of(firm.organization), ids_of(firm)
    writing = [each for each in operations() if each.writes]
    names = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", ())}
    lines = st.lists(st.dictionaries(st.sampled_from(["id", "kind", "item", "text", "quantity"]), VALUES), max_size=3)
    bodies = st.dictionaries(st.sampled_from(sorted(names)), VALUES, max_size=5) | st.fixed_dictionaries(
        {"title": VALUES, "lines": lines}
    )

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(operation=st.sampled_from(writing), body=bodies)
    def ask(operation: Operation, body: Any) -> None:
        ApiKey.objects.update(in_minute=0)
        path = operation.path.removeprefix(PREFIX).replace("{pk}", str(ids.get(operation.kind, "")))
        answer = caller.ask(operation.method, path, json.dumps(body))
        assert answer.status_code in FOUND | {400, 422}, answer.content

    ask()


def test_no_query_makes_it_fall_over(firm):
    caller, ids = program_of(firm.organization), ids_of(firm)
    reading = [each for each in operations() if not each.writes]
    names = st.sampled_from(["q", "number", "external_id", "changed_since", "after", "limit", "phase", "code"])
    odd = st.sampled_from(["%00", "%", "%FF", "1%2B", "2026-01-01T00:00:00Z", "-1", "9" * 40, "%ED%A0%80", "'", "0001"])

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(operation=st.sampled_from(reading), query=st.lists(st.tuples(names, odd), max_size=3))
    def ask(operation: Operation, query: list[tuple[str, str]]) -> None:
        ApiKey.objects.update(in_minute=0)
        path = operation.path.removeprefix(PREFIX).replace("{pk}", str(ids.get(operation.kind, "")))
        answer = caller.get(f"{path}?{'&'.join('='.join(each) for each in query)}")
        assert answer.status_code in {200, 422}, answer.content

    ask()
