"""Programs ask what became of records in the books, and see the words of the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldwork.models import Customer, WorkOrder
from integrations.models import Case, Connection, FieldOwner, Operation
from tests.fieldwork.api.conftest import Caller, errors_in, kind_of
from tests.integrations.exporting import Worker, complete, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_books(connection: Connection, customer, material, hour_type) -> None:
    put_in_books(connection, customer, material, hour_type)


def test_completing_over_the_api_makes_the_same_document(
    caller: Caller, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
) -> None:
    caller.post(f"/work-orders/{work_order.pk}/complete", Idempotency_Key="k1")
    caller.post(f"/work-orders/{work_order.pk}/complete", Idempotency_Key="k1")
    waiting = caller.get(f"/work-orders/{work_order.pk}/books").json()
    worker.run()
    sent = caller.get(f"/work-orders/{work_order.pk}/books").json()

    assert len(acme.created("invoice_draft")) == 1
    assert (waiting["state"], waiting["words"], waiting["number"]) == ("queued", "Waiting", "")
    assert (sent["state"], sent["words"], sent["number"]) == ("done", "Draft 1000", "1000")
    assert (sent["total"], sent["currency"], sent["problems"]) == ("2366.88", "SEK", [])
    assert sent["reference"].startswith("1187-")
    assert sent["link"].startswith("https://")
    assert sent["sent_at"].endswith("Z")


def test_a_rolled_back_completion_leaves_no_operation(
    caller: Caller, connection: Connection, work_order: WorkOrder
) -> None:
    WorkOrder.objects.filter(pk=work_order.pk).update(status=work_order.organization.work_order_statuses.last())

    answer = caller.post(f"/work-orders/{work_order.pk}/complete")

    assert answer.status_code == 409
    assert not Operation.objects.exists()


def test_what_would_be_refused_is_told_before(
    caller: Caller, connection: Connection, work_order: WorkOrder, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(postcode="")

    told = caller.get(f"/work-orders/{work_order.pk}/books").json()

    assert (told["state"], told["words"]) == ("not_in_the_books", "Not in the books")
    assert "postcode_missing" in {each["code"] for each in told["problems"]}
    assert all(each["sentence"] for each in told["problems"])


def test_what_stopped_is_told_with_its_code_and_listed(
    caller: Caller, worker: Worker, work_order: WorkOrder, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(postcode="")
    complete(work_order)
    worker.turn()

    told = caller.get(f"/work-orders/{work_order.pk}/books", Accept_Language="sv").json()
    cases = caller.get("/cases").json()["items"]

    assert (told["state"], told["words"]) == ("blocked", "Behöver dig")
    assert [each["code"] for each in told["problems"]] == ["postcode_missing"]
    [case] = cases
    assert (case["code"], case["kind"], case["record"]) == ("postcode_missing", "work_order", str(work_order.pk))
    assert caller.get("/cases?code=other").json()["items"] == []
    assert caller.get("/cases?code=postcode_missing").json()["items"] == cases


def test_an_excluded_work_order_says_why_and_may_be_included_again(
    caller: Caller, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
) -> None:
    complete(work_order)
    pages = f"/work-orders/{work_order.pk}"

    without_reason = [caller.post(f"{pages}/exclude", body) for body in ({}, {"reason": " "})]
    excluded = caller.post(f"{pages}/exclude", {"reason": "Garanti"}).json()
    worker.run()
    kept_out = len(acme.created("invoice_draft"))
    included = caller.post(f"{pages}/include").json()
    worker.run()

    assert [answer.status_code for answer in without_reason] == [422, 422]
    assert (excluded["state"], excluded["reason"], kept_out) == ("cancelled", "Garanti", 0)
    assert (included["state"], len(acme.created("invoice_draft"))) == ("queued", 1)
    refused = caller.post(f"{pages}/exclude", {"reason": "För sent"})
    assert (refused.status_code, kind_of(refused)) == (409, "conflict")


def test_a_new_revision_tells_of_the_earlier_document(
    caller: Caller, worker: Worker, work_order: WorkOrder, in_books: None
) -> None:
    complete(work_order)
    worker.run()
    caller.post(f"/work-orders/{work_order.pk}/reopen")

    told = caller.get(f"/work-orders/{work_order.pk}/books").json()

    assert (told["state"], told["revision"], told["number"]) == ("earlier_revision", 2, "1000")


def test_without_a_connection_nothing_can_be_in_the_books(
    caller: Caller, work_order: WorkOrder, customer: Customer
) -> None:
    for address in (f"/work-orders/{work_order.pk}/books", f"/customers/{customer.pk}/books"):
        assert caller.get(address).json()["state"] == "not_connected"


def test_a_customer_is_linked_or_not(caller: Caller, connection: Connection, customer: Customer) -> None:
    before = caller.get(f"/customers/{customer.pk}/books").json()
    put_in_books(connection, customer)
    after = caller.get(f"/customers/{customer.pk}/books").json()

    assert (before["state"], before["number"]) == ("not_in_the_books", "")
    assert (after["state"], after["words"], after["number"]) == ("linked", "Linked", "1001")
    assert after["link"].startswith("https://")


# --- connections ----------------------------------------------------------------


def test_connections_tell_their_state_and_their_troubles(caller: Caller, connection: Connection) -> None:
    well = caller.get("/connections").json()
    Connection.objects.update(state=Connection.State.RECONNECT)
    ill = caller.get(f"/connections/{connection.pk}").json()

    assert [(each["id"], each["state"], each["is_books_of_record"]) for each in well] == [
        (str(connection.pk), "active", True)
    ]
    assert (ill["state"], ill["words"], ill["level"]) == ("reconnect", "Reconnect needed", "alarm")
    assert "login" in {each["code"] for each in ill["troubles"]}


def test_a_sync_is_asked_for_like_with_the_button(caller: Caller, connection: Connection) -> None:
    later = timezone.now() + timedelta(hours=1)
    Connection.objects.update(next_due_at=later)

    answer = caller.post(f"/connections/{connection.pk}/sync")

    connection.refresh_from_db()
    assert (answer.status_code, answer.json()) == (202, {"asked_for": True})
    assert connection.next_due_at <= timezone.now()


@pytest.mark.parametrize("change", [{"state": "paused"}, {"state": "reconnect"}, {}])
def test_what_cannot_run_now_says_why(caller: Caller, connection: Connection, change: dict[str, str]) -> None:
    if change:
        Connection.objects.update(**change)
    else:
        connection.settings.saved_at = None
        connection.settings.save()

    answer = caller.post(f"/connections/{connection.pk}/sync")

    assert (answer.status_code, kind_of(answer), bool(answer.json()["detail"])) == (409, "conflict", True)


def test_the_inbox_takes_the_same_statements_however_full_it_is(caller: Caller, connection: Connection) -> None:
    few = statements(caller, "/cases")
    Case.objects.bulk_create(
        Case(
            organization=connection.organization,
            connection=connection,
            code="x",
            subject_kind="customer",
            subject_id=str(number),
            sentence="Stopp",
        )
        for number in range(150)
    )

    assert len(caller.get("/cases").json()["items"]) == 100
    assert statements(caller, "/cases") == few <= 3


def statements(caller: Caller, path: str) -> int:
    with CaptureQueriesContext(database) as captured:
        assert caller.get(path).status_code == 200
    return sum(1 for each in captured if 'UPDATE "fieldwork_apikey"' not in each["sql"])


# --- what the books keep --------------------------------------------------------


def test_what_the_books_keep_is_not_changed_here_and_the_rest_is(
    caller: Caller, connection: Connection, customer: Customer
) -> None:
    put_in_books(connection, customer)
    FieldOwner.objects.create(connection=connection, group="customer_name", owner=FieldOwner.Owner.BOOKS)
    address = f"/customers/{customer.pk}"

    refused = caller.patch(address, {"name": "Annat", "external_id": "C-2"})
    same = caller.patch(address, {"name": customer.name, "external_id": "C-1"})

    assert errors_in(refused) == {"#/name": "kept"}
    assert (same.status_code, same.json()["external_id"]) == (200, "C-1")
    customer.refresh_from_db()
    assert (customer.name, customer.external_id) == ("Bostadsrättsföreningen Eken", "C-1")
