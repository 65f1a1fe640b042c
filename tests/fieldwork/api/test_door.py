"""What every request passes: the key, how often, how much, and what it may."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from fieldwork.api.door import through_the_door
from fieldwork.api.problems import Problem
from fieldwork.models import ApiKey, Customer
from fieldwork.models.keys import MOST_PER_MINUTE
from tests.fieldwork.api.conftest import Caller, key_of, kind_of

pytestmark = pytest.mark.django_db


def test_only_a_hash_of_the_key_is_kept(firm):
    key, caller = key_of(firm)

    row = ApiKey.objects.filter(pk=key.pk).values()[0]

    secret = caller.text.split("_", 2)[2]
    assert secret not in str(row)
    assert (row["prefix"], len(row["secret_hash"])) == (caller.text.split("_")[1], 64)


def test_no_key_a_wrong_one_a_revoked_and_an_expired_one_are_refused_alike(firm):
    good, good_caller = key_of(firm)
    revoked, revoked_caller = key_of(firm)
    revoked.revoke(by=firm.owner)
    _expired, expired_caller = key_of(firm, expires_at=timezone.now() - timedelta(seconds=1))
    other_secret = Caller(f"flk_{good.prefix}_{'x' * 43}")
    wrong = [Caller("flk_nobody99_secret"), Caller("flk_"), Caller("nonsense"), Caller("")]

    answers = [each.get("/customers") for each in (revoked_caller, expired_caller, other_secret, *wrong)]
    answers.append(Client().get("/api/v1/customers"))
    answers.append(Client().get("/api/v1/customers", headers={"Authorization": f"Basic {good_caller.text}"}))

    assert good_caller.get("/customers").status_code == 200
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}


def test_a_session_opens_nothing(firm, sign_in):
    assert sign_in(firm.owner).get("/api/v1/customers").status_code == 401


def test_a_request_needs_no_token_against_forgery(firm):
    _key, caller = key_of(firm)
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(
        "/api/v1/customers",
        {"name": "Villa Ek"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.text}"},
    )

    assert answer.status_code == 201


def test_a_key_that_may_only_read_changes_nothing(reader, firm):
    answers = [
        reader.post("/customers", {"name": "Villa Ek"}),
        reader.patch(f"/customers/{firm.customer.pk}", {"name": "Villa Ek"}),
        reader.post(f"/work-orders/{firm.work_order().pk}/complete"),
    ]

    assert {(answer.status_code, kind_of(answer)) for answer in answers} == {(403, "forbidden")}
    assert not Customer.objects.filter(name="Villa Ek").exists()
    assert reader.get(f"/customers/{firm.customer.pk}").status_code == 200


def test_more_than_so_many_in_a_minute_wait_for_the_next(firm):
    key, caller = key_of(firm)
    with time_machine.travel("2026-11-20T08:00:15Z", tick=False):
        ApiKey.objects.filter(pk=key.pk).update(minute=timezone.now().replace(second=0), in_minute=MOST_PER_MINUTE - 1)

        last, refused = caller.get("/customers"), caller.get("/customers")

    with time_machine.travel("2026-11-20T08:01:00Z", tick=False):
        after = caller.get("/customers")

    assert [last.status_code, refused.status_code, after.status_code] == [200, 429, 200]
    assert (kind_of(refused), refused["Retry-After"]) == ("too-many", "45")


def test_one_who_finds_the_minute_begun_meanwhile_is_answered(firm):
    key, _caller = key_of(firm)
    now, rivals = timezone.now(), []

    def rival(execute, *statement):
        result = execute(*statement)
        if not rivals:
            rivals.append(key)
            rivals.append(ApiKey.objects.get(pk=key.pk).admit(now))
        return result

    with database.execute_wrapper(rival):
        admitted = key.admit(now)

    key.refresh_from_db()
    assert (admitted, rivals[1], key.in_minute) == (True, True, 2)


def test_another_key_has_a_count_of_its_own(firm, caller):
    key, busy = key_of(firm)
    now = timezone.now()
    minutes = [now.replace(second=0, microsecond=0) + timedelta(minutes=each) for each in (0, 1)]
    with time_machine.travel(minutes[0], tick=False):
        ApiKey.objects.filter(pk=key.pk).update(minute=minutes[0], in_minute=MOST_PER_MINUTE)

        assert (busy.get("/customers").status_code, caller.get("/customers").status_code) == (429, 200)


def test_the_last_use_is_noted(firm):
    key, caller = key_of(firm)

    caller.get("/customers")

    key.refresh_from_db()
    assert timezone.now() - key.last_used_at < timedelta(minutes=1)


def test_a_request_may_have_a_mebibyte(caller):
    answer = caller.post("/customers", {"name": "x" * 1024 * 1024})

    assert (answer.status_code, kind_of(answer)) == (413, "too-large")


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null", "\xff", '{"name": "a\\u0000b"}', '{"name": 7}'])
def test_what_cannot_be_read_is_a_problem(caller, body):
    answer = caller.post("/customers", body)

    assert (answer.status_code, kind_of(answer)) in {(400, "unreadable"), (422, "invalid")}


def test_a_wrong_method_and_a_wrong_address_are_problems(caller):
    wrong_method, wrong_address = caller.ask("DELETE", "/customers"), caller.get("/custmers")

    assert (wrong_method.status_code, kind_of(wrong_method)) == (405, "method-not-allowed")
    assert set(wrong_method["Allow"].split(", ")) == {"GET", "POST"}
    assert (wrong_address.status_code, kind_of(wrong_address)) == (404, "not-found")
    assert Client().get("/api/v1/custmers").status_code == 401


@pytest.mark.parametrize("more", [{}, {"Idempotency-Key": "a1"}], ids=["plain", "named"])
def test_a_refusal_takes_back_what_was_written_before_it(firm, rf, more):
    _key, caller = key_of(firm)

    def refused(request):
        Customer.objects.create(organization=firm.organization, name="Halvvägs")
        return Problem("conflict").answer()

    shown = {"Authorization": f"Bearer {caller.text}", **more}
    answer = through_the_door(refused)(rf.post("/api/v1/customers", {}, headers=shown))

    assert answer.status_code == 409
    assert not Customer.objects.filter(name="Halvvägs").exists()


def test_nothing_of_an_answer_is_stored_on_the_way(caller):
    assert "no-store" in caller.get("/customers")["Cache-Control"]


def test_no_key_gets_into_a_log(firm, caplog):
    _key, caller = key_of(firm)
    caplog.set_level(logging.DEBUG)

    caller.get("/customers"), caller.get("/nowhere"), caller.post("/customers", "{")

    assert caller.text.split("_", 2)[2] not in caplog.text
