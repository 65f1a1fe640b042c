"""A copy of the database that starts elsewhere touches nobody's books until an owner says that it takes over."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting import http
from accounting.errors import Refused, TryLater
from accounting.types import CustomerDocument
from fieldwork.models import Membership, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations.connections import open_ledger
from integrations.export import create_now
from integrations.installation import is_in_charge, take_over
from integrations.models import Connection, Credential, Installation, Lease, Operation
from integrations.tasks import tick, work
from tests.integrations.auditing.at_work import FirmAtWork
from tests.integrations.connecting.steps import come_back, connect

HERE = UUID("11111111-0000-4000-8000-000000000001")


@pytest.fixture
def elsewhere(settings: LazySettings) -> UUID:
    """The database is where it was; the program runs in another installation."""
    settings.INSTALLATION_ID = uuid4()
    return settings.INSTALLATION_ID


def other_machine(settings: LazySettings) -> None:
    settings.INSTALLATION_ID = uuid4()


# --- whose database -------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_database_belongs_to_the_installation_that_migrates_it() -> None:
    assert list(Installation.objects.values_list("identity", "who")) == [(HERE, "")]
    assert is_in_charge()


@pytest.mark.django_db
def test_elsewhere_it_belongs_to_somebody_else(elsewhere: UUID) -> None:
    assert not is_in_charge()
    assert Installation.objects.get().identity == HERE


# --- nothing moves --------------------------------------------------------------


@pytest.mark.django_db
def test_a_copy_neither_reads_nor_sends_by_itself(
    acme: Any, connection: Connection, work_order: WorkOrder, elsewhere: UUID
) -> None:
    complete_work_order(work_order, by=None)

    assert [tick(), work(connection.pk)] == [0, "not due"]
    operation = create_now(connection, work_order.customer, by=None)

    assert operation.state == Operation.State.QUEUED
    assert acme.requests == []


@pytest.mark.django_db
def test_the_sync_command_of_a_copy_says_why_it_does_nothing(
    acme: Any, connection: Connection, elsewhere: UUID
) -> None:
    with pytest.raises(CommandError, match="read-only"):
        call_command("sync")

    assert acme.requests == []


@pytest.mark.django_db(transaction=True)
class TestTheDoorToTheNetwork:
    """Whatever asks, and however it came to ask: what is not a GET does not leave a copy."""

    def write(self, firm: FirmAtWork) -> None:
        document = CustomerDocument(reference="K-1", name="Ek", is_company=True, number="K-1")
        open_ledger(firm.connection).create(document)

    def renew(self, firm: FirmAtWork) -> None:
        past = timezone.now() - timedelta(hours=1)
        Credential.objects.filter(connection=firm.connection).update(expires_at=past, saved_at=past)
        open_ledger(firm.connection).company()

    @pytest.mark.parametrize("step", ["write", "renew"])
    def test_stays_shut(self, firm: FirmAtWork, settings: LazySettings, step: str) -> None:
        before = firm.writes()
        other_machine(settings)

        with pytest.raises(TryLater, match="read-only"):
            getattr(self, step)(firm)

        assert firm.writes() == before

    @pytest.mark.parametrize("step", ["write", "renew"])
    def test_would_be_open_without_the_guard(
        self, firm: FirmAtWork, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        before = firm.writes()
        other_machine(settings)
        monkeypatch.setattr(http, "refuse_writes_when", http.nothing_forbids)

        with suppress(Refused):
            getattr(self, step)(firm)

        assert len(firm.writes()) == len(before) + 1

    def test_lets_a_login_that_is_still_good_read(self, firm: FirmAtWork, settings: LazySettings) -> None:
        other_machine(settings)

        assert open_ledger(firm.connection).company().remote_id == firm.connection.pinned_books.remote_id

    def test_leaves_the_login_of_the_original_alone(
        self, firm: FirmAtWork, browser: Client, settings: LazySettings
    ) -> None:
        before = firm.writes()
        other_machine(settings)

        browser.post(reverse("integrations:disconnect", args=[firm.connection.pk]))

        firm.connection.refresh_from_db()
        assert firm.connection.state == Connection.State.DISCONNECTED
        assert firm.writes() == before

    def test_lets_nobody_connect(self, firm: FirmAtWork, browser: Client, settings: LazySettings) -> None:
        address = connect(browser, firm.service)["Location"]
        location = firm.service.sign_in(address)
        before = firm.writes()
        other_machine(settings)

        come_back(browser, location)

        assert firm.writes() == before


# --- taking over ----------------------------------------------------------------


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    owner.language = User.Language.ENGLISH
    owner.save()
    client.force_login(owner)
    return client


@pytest.mark.django_db
class TestTakingOver:
    def test_every_page_says_so(self, page: Client, connection: Connection, elsewhere: UUID) -> None:
        shown = page.get("/work-orders/").content.decode()

        assert "read-only" in shown
        assert reverse("integrations:take_over") in shown

    def test_no_page_says_so_where_it_belongs(self, page: Client, connection: Connection) -> None:
        assert "read-only" not in page.get("/work-orders/").content.decode()
        assert page.get(reverse("integrations:take_over")).status_code == 302

    @pytest.mark.parametrize("role", [Membership.Role.COORDINATOR, Membership.Role.PERFORMER])
    def test_owners_decide(self, page: Client, connection: Connection, elsewhere: UUID, role: str) -> None:
        Membership.objects.update(role=role)

        assert reverse("integrations:take_over") not in page.get("/work-orders/").content.decode()
        assert page.post(reverse("integrations:take_over"), {"other_is_stopped": "yes"}).status_code == 403
        assert not is_in_charge()

    def test_nothing_happens_before_the_other_one_is_said_to_be_stopped(
        self, page: Client, connection: Connection, elsewhere: UUID
    ) -> None:
        shown = page.get(reverse("integrations:take_over"))
        answer = page.post(reverse("integrations:take_over"), {})

        assert connection in shown.context["connections"]
        assert answer.status_code == 200
        assert not is_in_charge()

    def test_pauses_everything_and_is_on_record(
        self, page: Client, connection: Connection, owner: User, elsewhere: UUID
    ) -> None:
        Connection.objects.update(wait_until=timezone.now() + timedelta(hours=1), failures=7)
        Lease.take(connection, owner="a worker of the other installation")

        for _twice in range(2):
            page.post(reverse("integrations:take_over"), {"other_is_stopped": "yes"})

        connection.refresh_from_db()
        newest, first = Installation.objects.all()
        assert is_in_charge()
        assert (connection.state, connection.wait_until, connection.failures) == (Connection.State.PAUSED, None, 0)
        assert connection.lease.owner == ""
        assert (first.identity, newest.identity) == (HERE, elsewhere)
        assert (newest.taken_over_by, newest.who) == (owner, owner.username)
        assert tick() == 0

    def test_a_refused_login_waits_for_the_owner_too(self, connection: Connection, elsewhere: UUID) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        take_over(by=None, who="somebody")

        connection.refresh_from_db()
        assert connection.state == Connection.State.PAUSED

    def test_a_login_that_was_used_up_meanwhile_can_be_renewed_before_anything_moves(
        self, page: Client, connection: Connection, elsewhere: UUID
    ) -> None:
        take_over(by=None, who="somebody")

        shown = page.get(reverse("integrations:books")).content.decode()

        assert reverse("integrations:connect", args=[connection.provider]) in shown
        assert reverse("integrations:resume", args=[connection.pk]) in shown

    def test_goes_on_when_the_owner_resumes(
        self, page: Client, acme: Any, connection: Connection, work_order: WorkOrder, elsewhere: UUID
    ) -> None:
        complete_work_order(work_order, by=None)
        take_over(by=None, who="somebody")

        page.post(reverse("integrations:resume", args=[connection.pk]))

        assert work(connection.pk) == "done"
        assert acme.count("read") > 0

    def test_the_original_is_read_only_from_then_on(self, settings: LazySettings, elsewhere: UUID) -> None:
        take_over(by=None, who="somebody")
        settings.INSTALLATION_ID = HERE

        assert not is_in_charge()

    def test_by_command(self, connection: Connection, elsewhere: UUID) -> None:
        said = StringIO()

        call_command("take_over", "--yes", stdout=said)
        call_command("take_over", "--yes", stdout=said)

        assert is_in_charge()
        assert Installation.objects.count() == 2
        assert "manage.py take_over" in Installation.objects.first().who  # type: ignore[union-attr]
        assert "in charge already" in said.getvalue()

    def test_the_command_asks(self, elsewhere: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("builtins.input", lambda _question: "no")

        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("take_over", stdout=StringIO())

        assert not is_in_charge()
