"""The old log is deleted, and nothing by which we know what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from fieldwork.models import AnsweredRequest, ApiKey, Customer
from fieldwork.services import complete_work_order
from integrations.history import note
from integrations.models import Attempt, Case, Change, Connection, ConnectionSettings, Link, Operation, Run
from integrations.purging import purge, purge_all
from tests.integrations.exporting import Worker

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO, LATELY = timezone.now() - timedelta(days=2.1 * 366), timezone.now() - timedelta(days=30)
Log = Callable[..., None]


@pytest.fixture
def log(connection: Connection, customer: Customer) -> Log:
    """`log(moment)` leaves a run, a solved entry and a change of that time."""

    def write(moment, stream="customers"):
        run = Run.objects.create(connection=connection, stream=stream, state=Run.State.DONE)
        Run.objects.filter(pk=run.pk).update(started_at=moment, finished_at=moment)
        case(connection, closed_at=moment)
        noted = note(customer, source=Change.Source.BOOKS, fields={"phone": ("1", "2")}, books=connection.books)
        Change.objects.filter(pk=noted.pk).update(at=moment)

    return write


def case(connection: Connection, **more: object) -> Case:
    told = {"code": "x", "subject_kind": "customer", "subject_id": "1", "sentence": "", "state": Case.State.CLOSED}
    return Case.objects.create(organization=connection.organization, connection=connection, **told | more)


def left() -> tuple[int, int, int]:
    return Run.objects.count(), Case.objects.count(), Change.objects.count()


def test_what_is_older_than_two_years_goes_and_the_rest_stays(log):
    log(LONG_AGO)
    log(LATELY)

    purge_all()

    assert left() == (1, 1, 1)
    assert Run.objects.get().finished_at == LATELY
    assert purge_all() == 0


def test_kept_for_ever_means_for_ever(connection, log):
    ConnectionSettings.objects.update(keep_log_years=ConnectionSettings.KeepLog.EVER)
    log(LONG_AGO)
    log(LATELY)

    assert purge_all() == 0
    assert left() == (2, 2, 2)


def test_the_last_run_of_a_stream_stays(log):
    log(LONG_AGO, stream="units")

    purge_all()

    assert Run.objects.count() == 1


def test_what_is_open_or_accepted_stays(connection, owner):
    case(connection, state=Case.State.OPEN)
    case(connection, closed_at=LONG_AGO, accepted_at=LONG_AGO, accepted_by=owner)

    purge_all()

    assert Case.objects.count() == 2


def test_attempts_go_and_what_was_sent_stays_and_is_not_sent_again(connection, work_order, worker: Worker, acme, owner):
    complete_work_order(work_order, by=owner)
    worker.run()
    sent = Operation.objects.count(), Link.objects.count()
    writes = dict(acme.writes)
    Attempt.objects.update(ended_at=LONG_AGO)

    purge(connection)
    worker.run()

    assert not Attempt.objects.exists()
    assert (Operation.objects.count(), Link.objects.count()) == sent
    assert dict(acme.writes) == writes


def test_the_attempts_of_what_is_not_over_stay(connection, work_order, worker: Worker, owner):
    complete_work_order(work_order, by=owner)
    worker.run()
    Attempt.objects.update(ended_at=LONG_AGO)
    Operation.objects.filter(kind="invoice_draft").update(state=Operation.State.IN_DOUBT)

    purge(connection)

    kept = set(Attempt.objects.values_list("operation__state", flat=True))
    assert kept == {Operation.State.IN_DOUBT}


def test_looking_first_counts_and_deletes_nothing(connection, log):
    log(LONG_AGO)
    log(LATELY)
    said = StringIO()

    call_command("purge", "--dry-run", stdout=said)

    assert "1 runs, 1 inbox entries, 1 changes would go" in said.getvalue()
    assert left() == (2, 2, 2)


def test_another_firm_is_left_alone(log):
    log(LONG_AGO)
    log(LATELY)

    call_command("purge", "--organization", "other", stdout=StringIO())

    assert left() == (2, 2, 2)


def test_answers_to_programs_go_after_a_day(organization):
    key, _text = ApiKey.make(organization, name="Board", scope="write", by=None)
    told = {"api_key": key, "fingerprint": "f", "turn": uuid4()}
    for name, age in (("old", timedelta(hours=25)), ("new", timedelta(hours=23))):
        AnsweredRequest.objects.create(name=name, started_at=timezone.now() - age, **told)

    assert purge_all() == 1
    assert AnsweredRequest.objects.get().name == "new"
