"""The comparison with an accounting system's stand-in over HTTP, whose accountant books, deletes, copies and changes.

The stand-in's own journal says that nothing but reading happened.
"""

from __future__ import annotations

import pytest

from accounting.sandbox import Fault
from accounting.types import Stage
from integrations.auditing.reconciling import reconcile
from integrations.models import Operation
from tests.integrations.auditing.at_work import FirmAtWork
from tests.integrations.exporting import open_codes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(firm: FirmAtWork) -> list[Operation]:
    """Six work orders that became drafts, and are in order."""
    firm.finish(6)
    firm.turn()
    operations = list(firm.operations().order_by("local_label"))
    assert [(each.state, each.problem) for each in operations] == [("done", "")] * 6
    assert reconcile(firm.connection, days=7).row.is_well
    return operations


def test_the_accountant_did_everything_at_once(firm: FirmAtWork, sent: list[Operation]) -> None:
    booked, deleted, copied, _untouched, changed, last = sent
    before = firm.writes()
    [invoice] = firm.accountant("convert", booked.remote_id)
    firm.accountant("remove", deleted.remote_id)
    firm.accountant("copy", copied.remote_id)
    firm.accountant("change", changed.remote_id, TotalAmount=1)
    last.delete()

    results = [reconcile(firm.connection, days=days) for days in (7, 400)]

    assert firm.writes() == before
    for result in results:
        assert sorted((each[1].code, each[0].label) for each in result.found) == [
            ("changed_in_books", changed.local_label),
            ("not_recorded", last.local_label),
            ("not_there", deleted.local_label),
            ("twice_in_books", copied.local_label),
        ]
    booked.refresh_from_db()
    assert booked.stage == Stage.INVOICE
    assert booked.remote_number == str(invoice["InvoiceNumber"])
    assert [each.row.followed for each in results] == [1, 0]


def test_a_sales_order_on_its_way_to_the_invoice(firm: FirmAtWork) -> None:
    firm.connection.settings.document_kind = "sales_order"
    firm.connection.settings.save()
    firm.finish(2)
    firm.turn()
    [operation, other] = firm.operations()
    before = firm.writes()
    firm.accountant("ship", operation.remote_id)
    assert reconcile(firm.connection, days=7).row.is_well
    firm.accountant("convert", operation.remote_id)

    result = reconcile(firm.connection, days=7)

    operation.refresh_from_db()
    other.refresh_from_db()
    assert result.row.is_well
    assert (operation.stage, other.stage) == (Stage.INVOICE, Stage.ORDER)
    assert firm.writes() == before
    firm.turn(full=True)
    assert firm.writes() == before


@pytest.mark.parametrize("stage", range(3))
def test_a_list_that_cannot_be_read_says_nothing(firm: FirmAtWork, sent: list[Operation], stage: int) -> None:
    firm.accountant("remove", sent[0].remote_id)
    asked = [entry.path for entry in firm.service.stage.journal.entries()]
    reconcile(firm.connection, days=7)
    listed = [entry.path for entry in firm.service.stage.journal.entries()][len(asked) : len(asked) + 3]
    firm.service.stage.faults.replace([Fault(action="status", status=404, path=f"{listed[stage]}$")])

    result = reconcile(firm.connection, days=7)

    assert result.row.problem
    assert open_codes(subject_kind="work_order") == ["not_there"]


def test_every_page_of_every_list_is_read(firm: FirmAtWork, sent: list[Operation], monkeypatch) -> None:
    monkeypatch.setattr(firm.service.provider, "page_size", 2)
    before = len(firm.service.stage.journal.entries())

    result = reconcile(firm.connection, days=400)

    requests = [entry for entry in firm.service.stage.journal.entries()[before:]]
    assert result.row.is_well
    assert result.row.ours == 6
    assert {entry.method for entry in requests} == {"GET"}
    assert len(requests) >= result.row.documents / 2
