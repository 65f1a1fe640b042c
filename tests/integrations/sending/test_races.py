"""Two at once, on a database that really commits: one sends, and what it is about to do is committed before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.db import connections, transaction

from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.connections import open_ledger
from integrations.export import create_now, send_due
from integrations.models import Connection, Lease, LeaseLost, Operation
from integrations.receivers import request_export
from integrations.revising import ChangeRefused, take_back, update_customer_now, update_document
from tests.integrations.exporting import Worker, complete, copies_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


def together(*jobs: Callable[[], object]) -> list[object]:
    """What the jobs gave, or raised, after all of them began at the same moment."""
    barrier = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[place] = job()
        except (LeaseLost, ChangeRefused, AssertionError) as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def elsewhere(look: Callable[[], object]) -> object:
    """What another process would see right now."""
    found: list[object] = []

    def run() -> None:
        found.append(look())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    return found[0]


def test_what_is_about_to_be_sent_is_committed_and_no_transaction_is_open(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder
) -> None:
    seen: list[tuple[str, object, bool]] = []

    def witness(verb: str, kind: str) -> None:
        if verb == "create":
            state = elsewhere(
                lambda: Operation.objects.filter(
                    kind=kind, state=State.SENDING, attempts__purpose="send", attempts__ended_at=None
                ).exists()
            )
            seen.append((kind, state, database.in_atomic_block))
        assert not database.in_atomic_block

    acme.witness = witness
    complete(work_order)

    worker.run()

    assert seen == [
        ("customer", True, False),
        ("article", True, False),
        ("article", True, False),
        ("invoice_draft", True, False),
    ]


def test_inside_somebody_elses_transaction_nothing_is_sent(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
) -> None:
    complete(work_order)

    with transaction.atomic():
        worker.turn()

    assert acme.writes == {}


def test_two_workers_send_each_document_once(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
) -> None:
    for order in copies_of(work_order, [str(number) for number in range(1188, 1198)]):
        complete(order)

    def take_a_turn(name: str) -> object:
        connection = Connection.objects.get()
        lease = Lease.take(connection, owner=name)
        return lease and len(send_due(connection, lease, open_ledger(connection)))

    worked = together(lambda: take_a_turn("one"), lambda: take_a_turn("two"))
    assert sorted(worked, key=str) == [10, None]
    Lease.objects.get().release()
    worker.run()

    assert len(acme.created("invoice_draft")) == acme.writes["create"] == 10


def test_two_completions_make_one_operation(connection: Connection, work_order: WorkOrder) -> None:
    def press() -> object:
        order = WorkOrder.objects.get()
        return complete_work_order(order, by=None)

    assert sorted(together(press, press)) == [False, True]
    assert Operation.objects.count() == 1


def test_two_clicks_make_one_operation(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None, owner: User
) -> None:
    worker.connection.settings.export_work_orders = False
    worker.connection.settings.save()
    complete_work_order(work_order, by=owner)

    def press() -> object:
        return request_export(WorkOrder.objects.get(), by=owner).pk

    first, second = together(press, press)
    worker.run()

    assert first == second
    assert acme.writes == {"create": 1}


def test_two_clicks_add_one_customer(
    acme: FakeCompany, connection: Connection, customer: Customer, owner: User
) -> None:
    def press() -> object:
        return create_now(Connection.objects.get(), Customer.objects.get(), by=owner).pk

    first, second = together(press, press)
    create_now(connection, customer, by=owner)

    assert first == second
    assert len(acme.created("customer")) == acme.writes["create"] == 1


def test_one_operation_is_claimed_by_one(work_order: WorkOrder, connection: Connection) -> None:
    operation = complete(work_order)

    claims = together(
        *(lambda fence=fence: len(Operation.objects.claim([operation.pk], fence=fence)) for fence in (1, 2))
    )

    assert sorted(claims) == [0, 1]


def test_two_take_the_same_draft_back_and_it_is_removed_once(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None, owner: User
) -> None:
    sent = complete(work_order)
    worker.run()
    sent.refresh_from_db()

    first, second = together(lambda: take_back(sent, by=owner), lambda: take_back(sent, by=owner))
    worker.run()

    assert first == second
    assert Operation.objects.get(kind="taking_back").state == State.DONE
    assert acme.writes == {"create": 1, "remove": 1}


def test_two_update_the_same_customer_and_it_is_written_once(
    connection: Connection, worker: Worker, acme: FakeCompany, customer: Customer, owner: User
) -> None:
    create_now(connection, customer, by=owner)
    Customer.objects.update(email="ny@eken.example")

    together(
        lambda: update_customer_now(connection, customer, ["email"], by=owner),
        lambda: update_customer_now(connection, customer, ["email"], by=owner),
    )
    worker.run()

    assert set(Operation.objects.filter(kind="customer_update").values_list("state", flat=True)) == {State.DONE}
    assert acme.writes == {"create": 1, "update": 1}


def test_two_write_over_the_same_draft_and_it_is_one_update(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None, owner: User
) -> None:
    complete(work_order)
    worker.run()
    reopen_work_order(work_order)
    complete_work_order(work_order, by=owner)

    together(lambda: update_document(work_order, by=owner), lambda: update_document(work_order, by=owner))
    worker.run()

    assert acme.writes == {"create": 1, "update": 1}
    assert len(acme.documents) == 1


def test_a_change_is_committed_before_it_is_sent(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None, owner: User
) -> None:
    sent = complete(work_order)
    worker.run()
    sent.refresh_from_db()
    seen: list[object] = []

    def witness(verb: str, kind: str) -> None:
        assert not database.in_atomic_block
        if verb == "remove":
            sending = Operation.objects.filter(
                kind="taking_back", state=State.SENDING, attempts__purpose="send", attempts__ended_at=None
            )
            seen.append(elsewhere(sending.exists))

    acme.witness = witness

    take_back(sent, by=owner)

    assert seen == [True]
