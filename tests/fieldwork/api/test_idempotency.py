"""A request that names itself is carried out once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from fieldwork.api.idempotency import TURN, purge_answers
from fieldwork.models import AnsweredRequest, Customer
from fieldwork.models.keys import KEPT_FOR
from fieldwork.signals import record_edited
from tests.fieldwork.api.conftest import Caller, key_of, kind_of
from tests.fieldwork.test_two_at_once import together

EK = {"name": "Villa Ek"}


def eks() -> int:
    return Customer.objects.filter(name="Villa Ek").count()


def add(caller: Caller, name: str = "a1", body: Any = EK) -> Any:
    return caller.post("/customers", body, Idempotency_Key=name)


@contextmanager
def meanwhile(step: Any) -> Iterator[None]:
    """`step` happens while a customer is being saved."""
    listener = lambda **_more: step()  # noqa: E731
    record_edited.connect(listener, sender=Customer)
    try:
        yield
    finally:
        record_edited.disconnect(listener, sender=Customer)


@pytest.mark.django_db
def test_the_first_answer_is_given_again(caller):
    first, second = add(caller), add(caller)

    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, first.content)
    assert first["Content-Type"] == second["Content-Type"]
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert eks() == 1


@pytest.mark.django_db
def test_without_a_name_each_request_counts(caller):
    caller.post("/customers", EK), caller.post("/customers", EK)

    assert eks() == 2


@pytest.mark.django_db
def test_a_refusal_is_given_again_too(caller, firm):
    wrong = {"name": "Villa Ek", "number": "10001"}
    first = add(caller, body=wrong)
    Customer.objects.filter(pk=firm.customer.pk).update(number="")

    second = add(caller, body=wrong)

    assert (first.status_code, second.status_code, second.content) == (422, 422, first.content)
    assert eks() == 0


@pytest.mark.django_db
def test_the_same_name_for_another_request_is_refused(caller):
    add(caller)

    other_body = add(caller, body={"name": "Villa Al"})
    other_address = caller.post("/materials", EK, Idempotency_Key="a1")

    for answer in (other_body, other_address):
        assert (answer.status_code, kind_of(answer)) == (422, "other-request")
    assert Customer.objects.filter(name="Villa Al").count() == 0


@pytest.mark.django_db
def test_names_belong_to_the_key(firm, caller):
    add(caller)

    assert add(key_of(firm)[1]).status_code == 201
    assert eks() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "x" * 256, "é"])
def test_a_name_is_short_and_plain(caller, name):
    answer = add(caller, name)

    assert (answer.status_code, kind_of(answer)) == (400, "unreadable")
    assert eks() == 0


@pytest.mark.django_db
def test_a_request_that_is_being_answered_is_not_begun_again(caller):
    inner = []
    with meanwhile(lambda: inner or inner.append(None) or inner.append(add(caller))):
        outer = add(caller)

    assert outer.status_code == 201
    assert (inner[1].status_code, kind_of(inner[1]), inner[1]["Retry-After"]) == (409, "in-progress", "1")
    assert eks() == 1


@pytest.mark.django_db
def test_after_a_minute_the_turn_of_one_who_died_is_taken_over(caller):
    add(caller)
    Customer.objects.filter(name="Villa Ek").delete()
    rows = AnsweredRequest.objects.all()
    rows.update(status=None, body="", started_at=timezone.now() - TURN + timedelta(seconds=5))
    too_early = add(caller)
    rows.update(started_at=timezone.now() - TURN - timedelta(seconds=1))

    answer = add(caller)

    assert (too_early.status_code, answer.status_code, eks()) == (409, 201, 1)


@pytest.mark.django_db
def test_who_lost_the_turn_saves_nothing(caller):
    with meanwhile(lambda: AnsweredRequest.objects.update(turn=uuid4())):
        answer = add(caller)

    assert (answer.status_code, kind_of(answer), eks()) == (409, "in-progress", 0)


@pytest.mark.django_db
def test_what_broke_leaves_nothing_and_may_be_tried_again(caller):
    def broken() -> None:
        raise RuntimeError("the disk is full")

    with meanwhile(broken), pytest.raises(RuntimeError):
        add(caller)

    assert (eks(), AnsweredRequest.objects.count()) == (0, 0)
    assert add(caller).status_code == 201


@pytest.mark.django_db
def test_answers_are_kept_for_a_day(caller):
    add(caller)
    AnsweredRequest.objects.update(started_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    kept = (purge_answers(), add(caller)["Idempotent-Replayed"])
    AnsweredRequest.objects.update(started_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))

    assert kept == (0, "true")
    assert "Idempotent-Replayed" not in add(caller)
    assert eks() == 2
    AnsweredRequest.objects.update(started_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert (purge_answers(), AnsweredRequest.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_a_refused_change_leaves_nothing_behind(caller, firm):
    """Also without a name a request is one transaction."""

    def taken() -> None:
        Customer.objects.create(organization=firm.organization, name="Rival", external_id="C-1")

    with meanwhile(taken):
        answer = caller.post("/customers", EK | {"external_id": "C-1"})

    assert (answer.status_code, kind_of(answer), eks()) == (409, "conflict", 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_carried_out(caller):
    answers = together(lambda _number: add(caller))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses) <= {201, 409}
    assert eks() == 1
    assert add(caller).json()["id"] == str(Customer.objects.get(name="Villa Ek").pk)
