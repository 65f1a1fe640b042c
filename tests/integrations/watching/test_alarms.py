"""One message when a problem begins, one a day while it lasts, one when it is over: to those whom it concerns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from fieldwork.models import Membership, Organization, User, WorkOrder
from integrations.models import Alarm, Connection, Heartbeat, Installation, Notice, Operation
from integrations.watching.rounds import look_after
from tests.integrations.exporting import complete
from tests.integrations.watching.conftest import Pass

KeepAlive = Callable[[], None]


@pytest.fixture
def check(keep_alive: KeepAlive, later: Pass) -> Callable[..., list[str]]:
    """`check()`: five minutes later, on an otherwise good day, the subjects of the mails that this look sent."""

    def look(minutes: float = 5) -> list[str]:
        later(minutes=minutes)
        keep_alive()
        before = len(mail.outbox)
        look_after()
        return [message.subject for message in mail.outbox[before:]]

    return look


Check = Callable[..., list[str]]
REFUSED = "Acme Books no longer accepts the login"


def lose_login() -> None:
    Connection.objects.update(state=Connection.State.RECONNECT)


def sign_in_again() -> None:
    Connection.objects.update(state=Connection.State.ACTIVE)


class TestOneProblem:
    def test_silence_while_all_is_well(self, check: Check) -> None:
        assert [check() for _hour in range(12)] == [[]] * 12
        assert not Alarm.objects.exists()

    def test_is_told_when_it_begins_and_when_it_is_over(self, check: Check) -> None:
        lose_login()
        told = [check(), check(), check()]
        sign_in_again()
        told += [check(), check(), check()]

        assert told == [[f"Needs you: {REFUSED}"], [], [], [], [f"Over: {REFUSED}"], []]
        assert Alarm.objects.get().over_at is not None

    def test_is_told_again_once_a_day(self, check: Check) -> None:
        lose_login()

        told = sum((check() for _minute in range(0, 2 * 24 * 60, 5)), [])

        assert told == [f"Needs you: {REFUSED}", f"Still so: {REFUSED}"]

    def test_that_comes_and_goes_is_one(self, check: Check) -> None:
        told = []
        for _time in range(4):
            lose_login()
            told += check()
            sign_in_again()
            told += check()

        assert told == [f"Needs you: {REFUSED}"]
        assert Alarm.objects.count() == 1

    def test_that_comes_back_another_day_is_another(self, check: Check) -> None:
        lose_login()
        check()
        sign_in_again()
        check()
        check()
        lose_login()

        assert check(minutes=600) == [f"Needs you: {REFUSED}"]
        assert Alarm.objects.count() == 2

    def test_tells_what_it_is_and_what_piled_up(self, check: Check, work_order: WorkOrder) -> None:
        lose_login()
        complete(work_order)
        Operation.objects.update(due_at=timezone.now() + timedelta(days=1))
        check()
        sign_in_again()
        check()
        check()

        begun, over = (message.body for message in mail.outbox)
        assert "no longer accepts the login" in begun
        assert "1 write to the books waits. Nothing is lost." in begun
        assert "1 write to the books had piled up meanwhile" in over
        assert "http://127.0.0.1:8000/books/health/" in over

    def test_of_a_connection_that_was_disconnected_is_over(self, check: Check) -> None:
        lose_login()
        check()
        Connection.objects.update(state=Connection.State.DISCONNECTED)

        assert [check(), check()] == [[], [f"Over: {REFUSED}"]]

    def test_that_cannot_be_judged_just_now_is_not_over(self, check: Check, later: Pass) -> None:
        """A queue that stands still hides what follows from it, but that has not been repaired by that."""
        Connection.objects.update(limited_since=timezone.now())
        check(minutes=10)
        later(minutes=30)
        look_after()
        later(minutes=30)
        look_after()

        assert set(Alarm.objects.filter(over_at=None).values_list("code", flat=True)) == {"limited", "tick"}


class TestWhoIsTold:
    def test_every_owner_and_nobody_else(self, check: Check, organization: Organization) -> None:
        add_member(organization, "second", Membership.Role.OWNER)
        add_member(organization, "office", Membership.Role.COORDINATOR)
        add_member(organization, "gone", Membership.Role.OWNER, is_active=False)
        add_member(organization, "silent", Membership.Role.OWNER, email="")
        add_member(Organization.objects.create(name="Other", slug="other"), "stranger", Membership.Role.OWNER)
        lose_login()
        check()

        assert sorted(address for message in mail.outbox for address in message.to) == [
            "owner@ror.example",
            "second@ror.example",
        ]

    def test_of_the_queue_whoever_runs_the_installation(self, well: Connection, later: Pass, settings: Any) -> None:
        settings.ADMINS = [("", "root@host.example")]
        later(minutes=10)
        look_after()

        assert [message.to for message in mail.outbox] == [["root@host.example"]]
        assert "task queue" in mail.outbox[0].body

    @pytest.mark.parametrize("case", ["no administrator is named", "no owner has an address"])
    def test_a_superuser_when_there_is_nobody_else(
        self, well: Connection, later: Pass, settings: Any, case: str
    ) -> None:
        User.objects.create_superuser("root", "super@host.example", "secret", language="en")
        settings.ADMINS = []
        if case == "no administrator is named":
            later(minutes=10)
        else:
            User.objects.filter(username="owner").update(email="")
            lose_login()
        look_after()

        assert [message.to for message in mail.outbox] == [["super@host.example"]]

    def test_a_copy_that_is_not_in_charge_tells_nobody(self, check: Check) -> None:
        Installation.objects.create(identity=uuid4())
        lose_login()

        assert check() == []
        assert not Alarm.objects.exists()


def add_member(organization: Organization, name: str, role: Membership.Role, **more: Any) -> None:
    person = User.objects.create_user(username=name, **{"email": f"{name}@ror.example", "language": "en", **more})
    Membership.objects.create(user=person, organization=organization, role=role)


def test_everybody_reads_it_in_their_own_language(check: Check) -> None:
    User.objects.update(language="sv")
    lose_login()

    assert check() == ["Behöver dig: Acme Books godtar inte längre inloggningen"]


class TestMailThatIsDown:
    @pytest.fixture
    def no_mail(self, settings: Any) -> Iterator[Callable[[], None]]:
        """Nobody listens where the mail server should be; `no_mail()` repairs that."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

        def repair() -> None:
            settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

        return repair

    def test_does_not_stop_the_check_and_is_tried_again(self, check: Check, no_mail: Callable[[], None]) -> None:
        lose_login()
        assert check() == []
        notice = Notice.objects.get()
        assert (notice.tries, notice.sent_at) == (1, None)
        assert notice.problem

        no_mail()
        assert check() == [f"Needs you: {REFUSED}"]
        assert check() == []

    def test_is_an_alarm_of_its_own(self, check: Check, no_mail: Callable[[], None]) -> None:
        lose_login()
        for _minute in range(0, 70, 5):
            check()

        assert Alarm.objects.filter(code="messages", over_at=None).exists()

    def test_what_is_over_is_not_told_as_begun(self, check: Check, no_mail: Callable[[], None]) -> None:
        lose_login()
        check()
        sign_in_again()
        check()
        check()
        no_mail()

        assert check() == [f"Over: {REFUSED}"]

    def test_old_messages_are_not_sent_any_more(self, check: Check, no_mail: Callable[[], None]) -> None:
        lose_login()
        check()
        Notice.objects.update(created_at=timezone.now() - Notice.DELIVERABLE_FOR)
        no_mail()

        assert check() == []


@pytest.mark.django_db(transaction=True)
def test_two_checks_at_once_send_one_message(well: Connection) -> None:
    lose_login()
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        try:
            look_after()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [message.subject for message in mail.outbox] == [f"Needs you: {REFUSED}"]
    assert Alarm.objects.count() == 1


def test_the_scheduled_check_says_how_much_is_not_well(well: Connection) -> None:
    assert look_after() == 0
    Heartbeat.objects.all().delete()
    assert look_after() == 1
