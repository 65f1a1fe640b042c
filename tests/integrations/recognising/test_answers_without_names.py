"""Answers that were given when each carried the name of its question mean the same without it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from integrations.models import Answer, Connection, ValueMap

pytestmark = pytest.mark.django_db
migration = import_module("integrations.migrations.0022_answers_without_names")


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("branch", "branch=1", "1"),
        ("terms_of_payment", "terms_of_payment=30", "30"),
        ("order_status", "order_status=Hold", "Hold"),
        ("unit_goods", "A=B", "A=B"),
        ("terms_of_payment", "terms-2", "terms-2"),
        ("coding_goods", "5d7f0f3a-0000-4000-8000-000000000000", "5d7f0f3a-0000-4000-8000-000000000000"),
        ("warehouse", "branch=1", "branch=1"),
    ],
)
def test_an_answer_keeps_what_it_chooses(connection: Connection, question: str, given: str, kept: str) -> None:
    answer = Answer.objects.create(connection=connection, question=question, value=given, label="Shown")

    for _time in range(2):
        migration.take_names_off(apps, None)

    answer.refresh_from_db()
    assert (answer.value, answer.label) == (kept, "Shown")


def test_so_does_a_value_that_was_mapped(connection: Connection) -> None:
    ValueMap.objects.create(
        connection=connection, kind="vat_zone_of_country", ours="NO", theirs="vat_zone_of_country=06"
    )
    ValueMap.objects.create(connection=connection, kind="unit", ours="m", theirs="M")

    migration.take_names_off(apps, None)

    assert set(ValueMap.objects.values_list("ours", "theirs")) == {("NO", "06"), ("m", "M")}
