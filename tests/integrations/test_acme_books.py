"""The made-up accounting system is one like the real ones: found, read by pages, written once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounting.errors import ReconnectNeeded, TryLater, Unclear
from accounting.protocol import Ledger
from accounting.registry import provider_for
from accounting.types import CustomerDocument, CustomerRecord

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


class Login:
    """A login that never expires."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> str:
        return self._token


@pytest.fixture
def ledger(acme: FakeCompany) -> Ledger:
    return provider_for("acme_books").open({}, Login("acme-token"))


def people(*numbers: int) -> list[CustomerRecord]:
    return [CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"Customer {n}", is_company=True) for n in numbers]


def test_pages_end_and_translate(acme: FakeCompany, ledger: Ledger) -> None:
    acme.page_size = 2
    acme.put(*people(1, 2, 3))
    acme.put_bad(CustomerRecord, "c4")

    first = ledger.read(CustomerRecord, since=None)
    second = ledger.read(CustomerRecord, since=None, position=first.next_position)

    assert [each.number for each in first.translate(first.entries).records] == ["1", "2"]
    batch = second.translate(second.entries)
    assert [each.number for each in batch.records] == ["3"]
    assert [each.remote_id for each in batch.rejected] == ["c4"]
    assert second.next_position == ""


def test_since_leaves_out_what_is_older(acme: FakeCompany, ledger: Ledger) -> None:
    acme.put(*people(1))
    later = acme.clock() + timedelta(hours=1)
    acme.clock = lambda: later
    acme.put(*people(2))

    page = ledger.read(CustomerRecord, since=later)

    assert [entry.remote_id for entry in page.entries] == ["c2"]


def test_a_lost_answer_leaves_a_document_that_is_found(acme: FakeCompany, ledger: Ledger) -> None:
    started = acme.clock()
    document = CustomerDocument(reference="K7Q2M9", name="Eken", is_company=True)
    acme.fail("create", Unclear("no answer"), kind="customer", after_commit=True)

    with pytest.raises(Unclear):
        ledger.create(document)

    assert [each.reference for each in ledger.find([document], since=started)["K7Q2M9"]] == ["K7Q2M9"]
    assert acme.writes == {"create": 1}
    assert [e.remote_id for e in ledger.read(CustomerRecord, since=None).entries] == ["acme-1"]


def test_the_nth_read_fails(acme: FakeCompany, ledger: Ledger) -> None:
    acme.fail("read", TryLater("busy"), nth=2)

    ledger.read(CustomerRecord, since=None)
    with pytest.raises(TryLater):
        ledger.read(CustomerRecord, since=None)
    ledger.read(CustomerRecord, since=None)

    assert acme.count("read", "CustomerRecord") == 3


def test_an_unknown_token_needs_a_reconnect(acme: FakeCompany) -> None:
    with pytest.raises(ReconnectNeeded):
        provider_for("acme_books").open({}, Login("stolen")).company()
