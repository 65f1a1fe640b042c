"""Being called: registered, called, registered anew, and removed; what a call says and what it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounting.errors import Conflict, NotAllowed, Refused
from accounting.hooks import Delivery, Hint
from accounting.protocol import RegistersHooks, webhook_of
from accounting.providers.economic import PROVIDER
from accounting.providers.economic.hooks import EVENTS, SECRET_HEADER, read_call
from accounting.sandbox.faults import Fault
from accounting.types import ArticleRecord, ContactRecord, CustomerRecord, WorkSiteRecord
from tests.accounting.providers.economic.sandbox_books import SandboxBooks

ADDRESS = "https://fieldledger.example/books/calls/1/s3cret/"


def hooks_of(books: SandboxBooks) -> RegistersHooks:
    ledger = books.ledger()
    assert isinstance(ledger, RegistersHooks)
    return ledger


def there(books: SandboxBooks) -> dict[str, Any]:
    return {each["eventType"]: each for each in books.sandbox.books.tables["webhooks"].all()}


def test_every_event_that_helps_is_registered_once(books: SandboxBooks) -> None:
    assert hooks_of(books).register_hooks(ADDRESS, "first") == list(EVENTS)
    assert hooks_of(books).register_hooks(ADDRESS, "second") == list(EVENTS)

    assert set(there(books)) == set(EVENTS)
    for each in there(books).values():
        assert (each["url"], each["isDisabled"]) == (ADDRESS, False)
        assert each["customHeaders"] == [{"key": SECRET_HEADER, "value": "second"}]
    assert books.written() == ["POST"] * 4 + ["PUT"] * 4


def test_a_call_says_what_may_have_changed(books: SandboxBooks) -> None:
    hooks_of(books).register_hooks(ADDRESS, "s3cret")
    order = {"resource": "webhooks", "id": "CUSTOMER_UPDATED", "action": "call", "values": {"NEWNUMBER": 1001}}
    request = books.sandbox.change_records(order)["records"][0]

    webhook = webhook_of(books.provider)

    assert webhook is not None
    assert request["headers"][webhook.secret_header] == "s3cret"
    hint = webhook.hint(Delivery(headers={}, body=request["body"].encode()))
    assert (hint.event, hint.event_id) == ("CUSTOMER_UPDATED", "")
    assert hint.records == {CustomerRecord, ContactRecord, WorkSiteRecord}


@pytest.mark.parametrize(
    "body", [b"", b"old=3&new=4", b"[]", b'{"event": 5}', b'{"event": "DROP TABLES"}', b"\xff" * 9, b"{" * 99_999]
)
def test_a_call_that_says_nothing_known_may_mean_anything(body: bytes) -> None:
    assert read_call(Delivery(headers={}, body=body)) == Hint()
    assert read_call(Delivery(headers={}, body=b'{"event": "PRODUCT_UPDATED"}')).records == {ArticleRecord}


def test_only_our_own_are_removed_and_they_can_be_registered_again(books: SandboxBooks) -> None:
    hooks_of(books).register_hooks(ADDRESS, "s3cret")
    books.sandbox.change_records({"resource": "webhooks", "id": "ORDER_UPDATED", "values": {"name": "Another app"}})

    hooks_of(books).remove_hooks()

    assert set(there(books)) == {"ORDER_UPDATED"}
    hooks_of(books).register_hooks(ADDRESS, "s3cret")
    assert set(there(books)) == set(EVENTS)


def test_an_address_that_the_vendor_does_not_call(books: SandboxBooks) -> None:
    with pytest.raises(Refused, match="must begin with https"):
        hooks_of(books).register_hooks("http://fieldledger.example/", "s3cret")


def test_books_that_offer_nothing_useful(books: SandboxBooks) -> None:
    books.stage.faults.add(Fault(action="body", path="EventTypes$", body=[{"name": "JOURNAL_BOOKED"}, {"name": None}]))

    with pytest.raises(Refused, match="offers no calls"):
        hooks_of(books).register_hooks(ADDRESS, "s3cret")
    assert books.written() == []


def test_a_registration_that_somebody_changed_meanwhile(books: SandboxBooks) -> None:
    hooks_of(books).register_hooks(ADDRESS, "s3cret")
    stale = {"items": [{"eventType": event, "name": "Fieldledger", "objectVersion": "old"} for event in EVENTS]}
    books.stage.faults.add(Fault(action="body", method="GET", path="/webhooks$", body=json.dumps(stale)))

    with pytest.raises(Conflict):
        hooks_of(books).register_hooks(ADDRESS, "s3cret")


def test_it_takes_a_superuser(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"roles": ["Sales"]}})

    with pytest.raises(NotAllowed):
        hooks_of(books).register_hooks(ADDRESS, "s3cret")


def test_a_person_is_told_how_to_do_it_by_hand() -> None:
    webhook = webhook_of(PROVIDER)

    assert webhook is not None
    assert len(webhook.steps) == 3
