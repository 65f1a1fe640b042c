"""A call brings the next read forward and does nothing else, whoever makes it and however often."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting import registry
from accounting.hooks import Delivery
from accounting.protocol import webhook_of
from integrations.connections import missing_variables
from integrations.hearing import bring_forward, forget_old_events
from integrations.models import Connection, Hook, InboundEvent, StreamSetting
from integrations.models.hook import MOST_PER_MINUTE, second_secret
from integrations.tasks import tick
from tests.integrations.hearing.conftest import Call

pytestmark = pytest.mark.django_db


def is_due() -> bool:
    due_at = Connection.objects.get().next_due_at
    return due_at is not None and due_at <= timezone.now()


# --- a good one -----------------------------------------------------------------


def test_a_call_is_noted_answered_and_followed_with_the_next_tick(call: Call, hook: Hook) -> None:
    answer = call(event="customer.changed", id="e1")

    event = InboundEvent.objects.get()
    assert (answer.status_code, answer.content) == (204, b"")
    assert (event.event, event.key, event.streams, event.heard_at) == ("customer.changed", "e1", ["customers"], None)
    assert not is_due()
    assert tick() == 1
    assert is_due()
    event.refresh_from_db()
    assert event.heard_at is not None


def test_the_owner_sees_when_it_was_and_what(call: Call, hook: Hook) -> None:
    call(event="customer.changed")

    hook.refresh_from_db()
    assert hook.last_event == "customer.changed"
    assert hook.last_event_at is not None


def test_a_call_that_does_not_tell_may_mean_anything(call: Call) -> None:
    call(event="something.new")
    bring_forward(timezone.now())

    assert is_due()


def test_what_is_not_read_here_brings_nothing_forward(call: Call) -> None:
    StreamSetting.objects.filter(stream="customers").update(enabled=False)

    call(event="customer.changed")

    assert bring_forward(timezone.now()) == 0
    assert not is_due()
    assert not InboundEvent.objects.filter(heard_at=None).exists()


def test_a_connection_whose_settings_nobody_saved_stays_asleep(call: Call) -> None:
    Connection.objects.update(next_due_at=None)

    call(event="customer.changed")
    bring_forward(timezone.now())

    assert Connection.objects.get().next_due_at is None


def test_at_most_one_read_a_minute_follows_and_no_call_is_forgotten(call: Call) -> None:
    later = timezone.now() + timedelta(minutes=10)
    call(event="customer.changed")
    bring_forward(timezone.now())
    Connection.objects.update(next_due_at=later)

    call(event="customer.changed")
    assert bring_forward(timezone.now()) == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert bring_forward(timezone.now()) == 1


# --- whoever may not ----------------------------------------------------------------


def test_a_wrong_secret_and_an_unknown_connection_get_the_same_answer(call: Call, hook: Hook) -> None:
    wrong = call(event="customer.changed", secret="x" * 43)
    unknown = Client().post(reverse("integrations:call", args=[uuid4(), "x" * 43]), b"", content_type="text/plain")
    Hook.objects.all().delete()
    without = call(event="customer.changed")

    seen = {(each.status_code, each.content, tuple(sorted(each.headers))) for each in (wrong, unknown, without)}
    assert len(seen) == 1
    assert wrong.status_code == 404
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("state", ["disconnected", "confirming"])
def test_a_connection_that_is_not_live_is_not_there(call: Call, state: str) -> None:
    Connection.objects.update(state=state)

    assert call(event="customer.changed").status_code == 404


def test_an_accounting_system_that_calls_nobody_is_not_there(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = replace(registry.provider_for("acme_books"), webhook=None)
    monkeypatch.setitem(registry.all_providers(), "acme_books", silent)

    assert call(event="customer.changed").status_code == 404


def test_only_posts_are_calls(hook: Hook) -> None:
    address = reverse("integrations:call", args=[hook.pk, hook.secret])

    assert Client().get(address).status_code == 405
    assert not InboundEvent.objects.exists()


def test_the_former_secret_is_not_heard_any_more(call: Call, hook: Hook) -> None:
    former = hook.secret
    renewed = Hook.renew(hook.connection)

    assert call(event="customer.changed", secret=former).status_code == 404
    assert call(event="customer.changed", secret=renewed.secret).status_code == 204


def test_the_secret_is_nowhere_in_the_database_and_in_no_log(
    call: Call, hook: Hook, django_db_blocker, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection as database

    from config.logs import JsonFormatter

    with database.cursor() as cursor:
        cursor.execute("SELECT secret, secret_hash FROM integrations_hook")
        stored = "".join(cursor.fetchone())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        call(event="customer.changed", secret="wrong-secret-in-the-address")

    assert hook.secret not in stored
    [record] = [each for each in caplog.records if each.name == "django.request"]
    assert "wrong-secret" not in JsonFormatter().format(record)


# --- signatures -----------------------------------------------------------------


def test_a_right_signature_is_heard_also_with_the_key_that_is_on_its_way_out(
    call: Call, signed: Callable[..., dict[str, str]]
) -> None:
    body = b'{"event": "customer.changed"}'

    answers = [call(body=body, headers=signed(body)), call(body=body, headers=signed(body, "older-key"))]

    assert [each.status_code for each in answers] == [204, 204]


@pytest.mark.parametrize("forged", ["none", "of another body", "with another key", "not ascii"])
def test_a_forged_call_is_not_heard(call: Call, signed: Callable[..., dict[str, str]], forged: str) -> None:
    body = b'{"event": "customer.changed"}'
    headers = {
        "none": {},
        "of another body": signed(b"{}"),
        "with another key": signed(body, "guessed"),
        "not ascii": {"X-Acme-Signature": "ä"},
    }[forged]

    assert call(body=body, headers=headers).status_code == 404
    assert not InboundEvent.objects.exists()


def test_without_a_key_nothing_signed_is_heard(
    call: Call, signed: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = registry.provider_for("acme_books")
    unset = replace(provider, environment={**provider.environment, "ACME_BOOKS_SIGNING_KEY": ""})
    monkeypatch.setitem(registry.all_providers(), "acme_books", unset)

    assert call(body=b"{}", headers=signed(b"{}", "")).status_code == 404


def test_without_a_key_one_can_connect_all_the_same(
    signed: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = registry.provider_for("acme_books")
    unset = replace(provider, environment={**provider.environment, "ACME_BOOKS_SIGNING_KEY": ""})

    assert missing_variables(unset, unset.logins[0]) == []


def test_an_address_that_we_registered_wants_the_second_secret(call: Call, hook: Hook) -> None:
    Hook.objects.update(registered_at=timezone.now())

    assert call(event="customer.changed").status_code == 404
    assert call(event="customer.changed", headers={"X-Acme-Secret": hook.secret}).status_code == 404
    assert call(event="customer.changed", headers={"X-Acme-Secret": second_secret(hook.secret)}).status_code == 204


# --- too often, too large, garbled ------------------------------------------------------


def test_a_replayed_event_that_was_followed_is_not_followed_again(call: Call) -> None:
    call(event="customer.changed", id="e1")
    bring_forward(timezone.now())
    Hook.objects.update(followed_at=None)

    call(event="customer.changed", id="e1")

    assert not InboundEvent.objects.filter(heard_at=None).exists()


def test_a_replayed_call_is_one_row(call: Call) -> None:
    answers = [call(event="customer.changed", id="e1") for _time in range(3)]
    same = [call(event="article.changed") for _time in range(3)]

    assert {each.status_code for each in [*answers, *same]} == {204}
    assert sorted(InboundEvent.objects.values_list("event", flat=True)) == ["article.changed", "customer.changed"]


def test_a_replay_of_last_week_costs_one_read(call: Call) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=7)):
        call(event="article.changed")
        bring_forward(timezone.now())
    Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=10))

    call(event="article.changed")

    assert bring_forward(timezone.now()) == 1
    assert bring_forward(timezone.now()) == 0


def test_of_a_flood_some_are_stored_and_the_rest_is_counted(call: Call, hook: Hook) -> None:
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False):
        answers = {call(event="customer.changed", id=str(n)).status_code for n in range(MOST_PER_MINUTE + 5)}
        hook.refresh_from_db()
        assert hook.left_out_today(timezone.localdate()) == 5
    with time_machine.travel("2026-11-20 12:01:00+00:00", tick=False):
        call(event="customer.changed", id="next")

    assert answers == {204}
    assert InboundEvent.objects.count() == MOST_PER_MINUTE + 1
    hook.refresh_from_db()
    assert hook.left_out_today(timezone.localdate() + timedelta(days=1)) == 0


@pytest.mark.parametrize("secret", [None, "x" * 43])
def test_a_huge_call_is_refused_for_everybody_alike(call: Call, secret: str | None) -> None:
    answer = call(body=b"x" * (64 * 1024 + 1), secret=secret)

    assert (answer.status_code, InboundEvent.objects.count()) == (413, 0)


GARBLED = [
    b"",
    b"\x00\xff\xfe",
    b"[1, 2",
    b'{"event": 5}',
    b"null",
    b"old=1&new=2",
    "ä".encode("latin-1"),
    b"[" * 60000,
]


@pytest.mark.parametrize("body", GARBLED, ids=range(len(GARBLED)))
def test_a_garbled_call_is_harmless(call: Call, body: bytes) -> None:
    assert call(body=body).status_code == 204

    assert InboundEvent.objects.get().event == ""
    assert bring_forward(timezone.now()) == 1


def test_what_a_stranger_writes_is_cut_and_cleaned(call: Call) -> None:
    call(event="<script>\n\u202e" + "x" * 500, id="y" * 500)

    event = InboundEvent.objects.get()
    assert (len(event.event), len(event.key)) == (100, 100)
    assert event.event.startswith("<script>x")


class Everything(dict[str, str]):
    """Headers that hold this text, whichever one is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return self.text


def test_no_hint_of_any_provider_ever_raises(acme_books: None) -> None:
    webhooks = [webhook for each in registry.all_providers().values() if (webhook := webhook_of(each))]
    assert webhooks
    chance = random.Random(7)
    bodies = [*GARBLED, *(chance.randbytes(chance.randrange(200)) for _time in range(300))]

    for webhook in webhooks:
        for body in bodies:
            webhook.hint(Delivery(headers={}, body=body))
            webhook.hint(Delivery(headers=Everything(body.decode("latin-1")), body=b"{}"))


def test_calls_need_few_statements(call: Call, django_assert_max_num_queries) -> None:
    call(event="customer.changed")

    with django_assert_max_num_queries(6):
        call(event="article.changed")


def test_events_are_forgotten_after_a_month(call: Call) -> None:
    for days in (29, 31):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            call(event="customer.changed", id=str(days))

    assert forget_old_events() == 1
    assert InboundEvent.objects.get().key == "29"
