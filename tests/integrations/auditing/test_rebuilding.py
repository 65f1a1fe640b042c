"""All links are lost and come back from the books, and nothing is created over there or doubled here."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from accounting.errors import TryLater
from accounting.types import ArticleRecord, CustomerRecord, OrderState, SalesOrderRecord, UnitRecord
from fieldwork.models import Customer, HourType, Material, Organization, User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.auditing.rebuilding import rebuild
from integrations.auditing.reconciling import reconcile
from integrations.models import Attempt, Connection, Lease, Link, Operation
from integrations.tasks import work
from tests.integrations.auditing.at_work import FirmAtWork, links_of
from tests.integrations.exporting import Worker

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


def lose_everything() -> None:
    Attempt.objects.all().delete()
    Operation.objects.all().delete()
    Link.objects.all().delete()


def rows_of_ours() -> list[int]:
    models = (Customer, Material, HourType, WorkOrder)
    return [model.objects.count() for model in models]


# --- the real thing -------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["invoice_draft", "sales_order"])
def test_forty_documents_come_back_and_none_is_sent_again(firm: FirmAtWork, kind: str) -> None:
    firm.connection.settings.document_kind = kind
    firm.connection.settings.save()
    firm.finish(40)
    firm.turn()
    firm.turn()
    sent = {(each.local_id, each.revision): each for each in firm.operations()}
    assert [each.state for each in sent.values()] == [State.DONE] * 40
    for operation in list(sent.values())[:3]:
        if kind == "sales_order":
            firm.accountant("ship", operation.remote_id)
        firm.accountant("convert", operation.remote_id)
    reconcile(firm.connection, days=7)
    before, rows, writes = links_of(firm.connection), rows_of_ours(), firm.writes()
    stages = dict(firm.operations().values_list("local_id", "stage"))

    firm.lose_links()
    dry = rebuild(firm.connection, writes=False)
    assert Link.objects.count() == 0
    rebuilt = rebuild(firm.connection)

    assert links_of(firm.connection) == before
    assert rebuilt.is_well
    assert (dry.sales.operations, rebuilt.sales.operations, rebuilt.sales.links) == (40, 40, 40)
    restored = {(each.local_id, each.revision): each for each in firm.operations()}
    assert {key: each.reference for key, each in restored.items()} == {
        key: each.reference for key, each in sent.items()
    }
    assert {(each.state, each.kind) for each in restored.values()} == {(State.DONE, kind)}
    assert dict(firm.operations().values_list("local_id", "stage")) == stages
    assert {key: each.total for key, each in restored.items()} == {key: each.total for key, each in sent.items()}

    for full in (False, True):
        firm.turn(full=full)

    assert firm.writes() == writes
    assert links_of(firm.connection) == before
    assert rows_of_ours() == rows
    assert reconcile(firm.connection, days=400).row.is_well
    again = rebuild(firm.connection)
    assert (again.sales.operations, again.sales.links, again.sales.known) == (0, 0, 40)
    assert sum(each.linked for each in again.streams) == 0


# --- one by one -----------------------------------------------------------------


@pytest.mark.django_db
class TestSales:
    def test_each_revision_gets_its_operation_and_the_newest_the_link(
        self, acme: FakeCompany, connection: Connection, sent: Operation, worker: Worker, owner: User
    ) -> None:
        order = WorkOrder.objects.get()
        reopen_work_order(order)
        complete_work_order(order, by=owner)
        Operation.objects.filter(revision=2).update(released=True)
        worker.run()
        former = list(Operation.objects.order_by("revision").values_list("reference", "remote_id", "business_key"))
        links = links_of(connection)
        assert len({remote_id for _, remote_id, _ in former}) == 2
        lose_everything()

        for _twice in range(2):
            rebuild(connection)

            restored = Operation.objects.order_by("revision").values_list("reference", "remote_id", "business_key")
            assert list(restored) == former
            assert {each for each in links_of(connection) if each[0] == "invoice_draft"} == {
                each for each in links if each[0] == "invoice_draft"
            }

    @pytest.mark.parametrize("state", [State.QUEUED, State.BLOCKED, State.IN_DOUBT])
    def test_what_still_waits_here_is_found_to_be_sent(
        self, acme: FakeCompany, connection: Connection, sent: Operation, state: str
    ) -> None:
        links, number = links_of(connection), sent.remote_number
        Link.objects.filter(kind="invoice_draft").delete()
        Operation.objects.filter(pk=sent.pk).update(state=state, remote_id="", stage="", remote_number="")
        dry = rebuild(connection, writes=False)

        result = rebuild(connection)

        sent.refresh_from_db()
        assert (dry.sales.finished, result.sales.finished, result.sales.operations) == (1, 1, 0)
        assert (sent.state, sent.stage, sent.remote_number) == (State.DONE, "draft", number)
        assert links_of(connection) == links

    @pytest.mark.parametrize("state", [State.CANCELLED, State.SUPERSEDED])
    def test_what_a_person_decided_stays_decided(self, connection: Connection, sent: Operation, state: str) -> None:
        Operation.objects.filter(pk=sent.pk).update(state=state, remote_id="")

        result = rebuild(connection)

        sent.refresh_from_db()
        assert (sent.state, result.sales.finished) == (state, 0)

    def test_a_document_that_is_there_twice_is_left_to_a_person(
        self, acme: FakeCompany, connection: Connection, sent: Operation
    ) -> None:
        acme.copy(sent.remote_id)
        lose_everything()

        result = rebuild(connection)

        assert not result.is_well
        assert result.sales.unclear[0].startswith(sent.reference)
        assert not Operation.objects.exists()

    def test_an_order_that_was_invoiced_in_parts_is_one_document(
        self, acme: FakeCompany, connection: Connection, sent_order: Operation
    ) -> None:
        order = sent_order.remote_id
        acme.book(order)
        acme.book(order)
        lose_everything()

        assert rebuild(connection).is_well

        restored = Operation.objects.get()
        assert (restored.kind, restored.stage, restored.remote_id) == ("sales_order", "order", order)
        assert Link.objects.get(kind="sales_order").remote_id == order

    def test_the_work_order_shows_that_it_was_sent(self, connection: Connection, sent: Operation, statuses) -> None:
        lose_everything()
        WorkOrder.objects.update(status=statuses["done"])

        rebuild(connection)

        assert WorkOrder.objects.get().status == statuses["invoiced"]
        assert Attempt.objects.get().outcome == "restored"


@pytest.mark.django_db
class TestRecords:
    @pytest.fixture(autouse=True)
    def _units(self, acme: FakeCompany) -> None:
        acme.put(UnitRecord(remote_id="u1", name="Timme", abbreviation="tim"))
        acme.put(UnitRecord(remote_id="u2", name="Styck", abbreviation="st"))

    def test_a_number_goes_before_an_organisation_number(
        self, acme: FakeCompany, connection: Connection, organization: Organization
    ) -> None:
        """Two departments of one firm, of which the books give the one that we do not have yet first."""
        ours = Customer.objects.create(
            organization=organization, number="2", name="Ek", organisation_number="556016-0680"
        )
        for number in ("1", "2"):
            acme.put(
                CustomerRecord(
                    remote_id=f"c{number}",
                    number=number,
                    name="Ek",
                    is_company=True,
                    organisation_number="556016-0680",
                )
            )
        acme.page_size = 1

        rebuild(connection)

        assert Link.objects.get(kind="customer").remote_id == "c2"
        assert Link.objects.get(kind="customer").local_id == ours.pk

    def test_a_material_and_an_hour_type_with_one_number_are_told_apart(
        self, acme: FakeCompany, connection: Connection, material: Material, hour_type: HourType
    ) -> None:
        HourType.objects.filter(pk=hour_type.pk).update(number=material.number)
        acme.put(ArticleRecord(remote_id="a1", number=material.number, name="Pipe", unit_remote_id="u2"))
        work(connection.pk)
        before = links_of(connection)
        assert ("article", "a1", "fieldwork.Material", str(material.pk)) in before
        lose_everything()

        rebuild(connection)

        assert links_of(connection) == before

    def test_what_may_be_several_is_said(
        self, acme: FakeCompany, connection: Connection, organization: Organization
    ) -> None:
        for name in ("Ek", "Alm"):
            Customer.objects.create(organization=organization, name=name, organisation_number="556016-0680")
        acme.put(
            CustomerRecord(remote_id="c1", number="7", name="Ask", is_company=True, organisation_number="556016-0680")
        )

        result = rebuild(connection)

        assert not result.is_well
        assert next(each for each in result.streams if each.stream == "customers").unclear == ["7 Ask"]

    def test_a_customer_that_the_books_numbered_is_known_by_its_note(
        self, acme: FakeCompany, connection: Connection, organization: Organization
    ) -> None:
        ours = Customer.objects.create(organization=organization, name="Another name by now")
        from integrations.exports import reference_of

        note = f"Ref. {reference_of(ours, connection.pinned_books)}"
        acme.put(CustomerRecord(remote_id="c1", number="7", name="Ek", is_company=True, note=note))

        rebuild(connection)

        assert Link.objects.get(kind="customer").local_id == ours.pk

    @pytest.mark.parametrize("state", [OrderState.CONFIRMED, OrderState.INVOICED])
    def test_an_order_that_became_a_work_order_is_not_sent_back(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User, state: OrderState
    ) -> None:
        customer_record = CustomerRecord(remote_id="c1", number=customer.number, name=customer.name, is_company=True)
        order = SalesOrderRecord(
            remote_id="o1", number="17", state=OrderState.CONFIRMED, customer_remote_id="c1", currency="SEK"
        )
        acme.put(customer_record, order)
        work(connection.pk)
        imported = WorkOrder.objects.get(number="SO-17")
        before = links_of(connection)
        lose_everything()
        from dataclasses import replace

        acme.put(replace(order, state=state))

        rebuild(connection)

        assert links_of(connection) == before
        complete_work_order(imported, by=owner)
        Connection.objects.update(next_due_at=None)
        work(connection.pk)
        assert acme.writes == {}
        assert WorkOrder.objects.count() == 1

    def test_the_next_import_reads_what_changed_meanwhile(
        self, acme: FakeCompany, connection: Connection, material: Material
    ) -> None:
        acme.put(ArticleRecord(remote_id="a1", number=material.number, name="Changed", unit_remote_id="u2"))

        rebuild(connection)
        work(connection.pk)

        material.refresh_from_db()
        assert material.name == "Changed"
        assert Material.objects.count() == 1


@pytest.mark.django_db
class TestCommand:
    def run(self, *arguments: str) -> tuple[int, str]:
        said = StringIO()
        try:
            call_command("rebuild_links", *arguments, stdout=said)
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
        return 0, said.getvalue()

    def test_says_what_was_restored(self, connection: Connection, sent: Operation) -> None:
        lose_everything()

        assert "would be restored" in self.run("--dry-run")[1]
        assert not Operation.objects.exists()
        code, said = self.run()

        assert code == 0
        assert "1 operations and 1 links restored" in said
        assert Operation.objects.get().reference == sent.reference

    def test_speaks_json(self, acme: FakeCompany, connection: Connection, sent: Operation) -> None:
        acme.copy(sent.remote_id)
        lose_everything()

        code, said = self.run("--json", "--connection", str(connection.pk))

        [told] = json.loads(said)
        assert (code, told["well"], len(told["work_orders"]["unclear"])) == (1, False, 1)
        assert {each["stream"] for each in told["streams"]} >= {"customers", "articles"}

    def test_waits_for_no_worker(self, connection: Connection, sent: Operation) -> None:
        Lease.take(connection, owner="a worker")

        with pytest.raises(CommandError) as caught:
            self.run()

        assert caught.value.returncode == 75

    def test_books_that_do_not_answer_are_told(
        self, acme: FakeCompany, connection: Connection, sent: Operation
    ) -> None:
        acme.fail("read", TryLater("It is down."), kind="CustomerRecord")

        code, said = self.run()

        assert code == 1
        assert "It is down." in said
        assert Lease.objects.get().owner == ""

    def test_a_paused_connection_can_be_rebuilt(self, connection: Connection, sent: Operation) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)
        lose_everything()

        assert self.run()[0] == 0
        assert Operation.objects.count() == 1
