"""Comparing by command and by schedule, and accepting what was found."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from accounting.errors import TryLater
from accounting.types import Totals
from fieldwork.models import Membership, User
from integrations.auditing.rounds import audit, audit_long_ago, audit_recent
from integrations.models import Case, Connection, Heartbeat, Installation, Operation, Reconciliation
from integrations.schedules import ensure_schedules
from integrations.tasks import work
from integrations.trouble.cases import Finding, Subject, open_cases
from integrations.watching.health import health

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("reconcile", *arguments, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def changed(sent: Operation, acme: FakeCompany) -> Operation:
    acme.alter(sent.remote_id, totals=Totals(net=Decimal(1), vat=Decimal(0)))
    return sent


class TestCommand:
    def test_ends_well_when_all_is_well(self, sent: Operation) -> None:
        code, said = run()

        assert code == 0
        assert "1 ours" in said
        assert "1 accepted, 1 done" in said

    def test_prints_one_line_per_finding(self, changed: Operation) -> None:
        code, said = run("--organization", "ror-varme", "--days", "3")

        assert code == 1
        assert [line for line in said.splitlines() if line.startswith("changed_in_books: ")]
        assert "last 3 days" in said

    def test_speaks_json(self, changed: Operation, connection: Connection) -> None:
        code, said = run("--json", "--connection", str(connection.pk))

        [told] = json.loads(said)
        assert (code, told["well"], told["documents"], told["problem"]) == (1, False, 1, "")
        assert [(each["code"], each["operation"]) for each in told["findings"]] == [
            ("changed_in_books", str(changed.pk))
        ]
        assert told["balance"]["done"] == 1

    def test_books_that_do_not_answer_are_not_well(self, sent: Operation, acme: FakeCompany) -> None:
        acme.fail("documents", TryLater("It is down."))

        code, said = run()

        assert code == 1
        assert "not_compared" in said

    def test_a_paused_connection_is_compared_too(self, changed: Operation, connection: Connection) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)

        assert run()[0] == 1

    @pytest.mark.parametrize("arguments", [("--organization", "nobody"), ("--connection", "x")])
    def test_a_mistyped_connection_is_told(self, connection: Connection, arguments: tuple[str, str]) -> None:
        with pytest.raises(CommandError):
            run(*arguments)

    def test_nothing_to_compare_is_well(self, db: None) -> None:
        assert run() == (0, "")


class TestSchedule:
    def test_every_hour_the_last_week_and_every_night_the_last_year(self, db: None) -> None:
        Schedule.objects.all().delete()
        with time_machine.travel(timezone.now()):
            ensure_schedules()

            recent = Schedule.objects.get(func="integrations.auditing.rounds.audit_recent")
            nightly = Schedule.objects.get(func="integrations.auditing.rounds.audit_long_ago")
            assert (recent.minutes, nightly.minutes) == (60, 24 * 60)
            assert timezone.localtime(nightly.next_run).hour == 2
            assert timezone.now() < nightly.next_run <= timezone.now() + timedelta(days=1)

    def test_each_connection_gets_a_task(
        self, sent: Operation, connection: Connection, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert [audit_recent(), audit_long_ago()] == [1, 1]

        tasks = [row.task for row in OrmQ.objects.all()]
        assert [(task["func"], task["args"]) for task in tasks] == [
            ("integrations.auditing.rounds.audit", (str(connection.pk), "7")),
            ("integrations.auditing.rounds.audit", (str(connection.pk), "400")),
        ]
        assert [audit(*task["args"]) for task in tasks] == [0, 0]
        assert sorted(Reconciliation.objects.values_list("days", flat=True)) == [7, 400]

    def test_a_connection_that_may_not_be_used_is_left_alone(
        self, changed: Operation, connection: Connection, acme: FakeCompany
    ) -> None:
        asked = len(acme.requests)
        Connection.objects.update(state=Connection.State.PAUSED)

        assert (audit_recent(), audit(connection.pk, "7")) == (0, None)
        assert len(acme.requests) == asked


class TestHealth:
    """A comparison that stays away is told like everything that stays away."""

    def level(self, connection: Connection, **later: int) -> str:
        with time_machine.travel(timezone.now() + timedelta(**later)):
            Heartbeat.beat(Heartbeat.TICK)
            [fact] = [each for each in health(connection) if each.code == "compared"]
        return fact.level.word

    def test_nothing_is_missed_before_anything_was_read(self, connection: Connection) -> None:
        assert self.level(connection, days=9) == "ok"

    def test_reading_without_comparing_is_told(self, connection: Connection) -> None:
        work(connection.pk)

        levels = [self.level(connection, hours=hours) for hours in (2, 4, 27)]

        assert levels == ["ok", "warning", "alarm"]

    def test_a_comparison_counts_and_a_failed_one_does_not(self, connection: Connection, acme: FakeCompany) -> None:
        work(connection.pk)
        acme.fail("documents", TryLater("down"))
        run()
        Connection.objects.update(limited_since=None, wait_until=None)  # the books answer again
        assert self.level(connection, hours=4) == "warning"

        run()

        assert self.level(connection, hours=4) == "ok"


class TestAccepting:
    @pytest.fixture
    def office(self, client: Client, owner: User) -> Client:
        client.force_login(owner)
        return client

    @pytest.fixture
    def case(self, changed: Operation) -> Case:
        run()
        return Case.objects.get(state=Case.State.OPEN)

    def address(self, case: Case) -> str:
        return reverse("integrations:accept", args=[case.pk])

    def test_is_a_button_in_the_inbox(self, office: Client, case: Case, owner: User) -> None:
        assert self.address(case) in office.get(reverse("integrations:inbox")).content.decode()

        for _twice in range(2):
            office.post(self.address(case))

        case.refresh_from_db()
        assert (case.state, case.accepted_by) == (Case.State.CLOSED, owner)
        assert run()[0] == 0

    def test_has_no_button_for_what_must_be_repaired(self, office: Client, connection: Connection) -> None:
        subject = Subject(kind="work_order", id=str(connection.pk), label="x")
        open_cases(connection, [(subject, Finding(code="refused", sentence="No."))])
        case = Case.objects.get()

        assert self.address(case) not in office.get(reverse("integrations:inbox")).content.decode()
        office.post(self.address(case))
        case.refresh_from_db()
        assert case.state == Case.State.OPEN

    def test_is_for_the_office(self, office: Client, case: Case) -> None:
        assert office.get(self.address(case)).status_code == 405
        Membership.objects.update(role=Membership.Role.PERFORMER)

        assert office.post(self.address(case)).status_code == 403

    def test_is_for_the_own_firm(self, client: Client, case: Case) -> None:
        from fieldwork.models import Organization

        stranger = User.objects.create_user(username="stranger", password="secret")
        other = Organization.objects.create(name="Other", slug="other")
        Membership.objects.create(user=stranger, organization=other, role=Membership.Role.OWNER)
        client.force_login(stranger)

        assert client.post(self.address(case)).status_code == 404


@pytest.mark.parametrize("model", ["reconciliation", "installation"])
def test_the_admin_shows_the_record_and_lets_nobody_write_it(
    client: Client, owner: User, sent: Operation, model: str
) -> None:
    run()
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client.force_login(owner)

    assert client.get(f"/admin/integrations/{model}/").status_code == 200
    assert client.get(f"/admin/integrations/{model}/add/").status_code == 403
    assert Installation.objects.count() == 1
