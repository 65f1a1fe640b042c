"""Calls of the vendor's webhooks: whose they are, and what they seem to say."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from accounting.hooks import Delivery
from accounting.protocol import webhook_of
from accounting.providers.visma_net import PROVIDER
from accounting.providers.visma_net.hooks import SIGNATURE, read_call
from accounting.types import ArticleRecord, CustomerRecord, ProjectRecord, SalesOrderRecord


def test_a_call_is_signed_with_the_key_of_the_application() -> None:
    body = b'{"event": "CUSTOMER_UPDATED"}'
    made = base64.b64encode(hmac.new(b"key", body, hashlib.sha256).digest()).decode()
    call = Delivery(headers={"x-vwd-signature-v1": made}, body=body)

    assert SIGNATURE.fits(call, "key")
    assert SIGNATURE.fits(call, "old key")
    assert not SIGNATURE.fits(call, "another")
    assert not SIGNATURE.fits(call, "")
    assert not SIGNATURE.fits(Delivery(headers=call.headers, body=body + b" "), "key")
    assert not SIGNATURE.fits(Delivery(headers={}, body=body), "key")


@pytest.mark.parametrize(
    ("body", "headers", "event", "records"),
    [
        (b'{"event": "CUSTOMER_UPDATED"}', {}, "CUSTOMER_UPDATED", {CustomerRecord}),
        (b'{"eventName": "Inventory Item Changed"}', {}, "Inventory Item Changed", {ArticleRecord}),
        (b'{"type": "SALESORDER_CREATED"}', {}, "SALESORDER_CREATED", {SalesOrderRecord}),
        (b'{"eventId": "PM Project Updated"}', {}, "PM Project Updated", {ProjectRecord}),
        (b"{}", {"x-vwd-event-id": "Shipment Changed"}, "Shipment Changed", {SalesOrderRecord, ArticleRecord}),
        (b'{"event": "Customer Invoice Changed"}', {}, "Customer Invoice Changed", set()),
        (b'{"event": 5, "name": ""}', {}, "", set()),
        (b"not JSON", {}, "", set()),
        (b"[]", {}, "", set()),
    ],
)
def test_what_a_call_seems_to_say(body: bytes, headers: dict[str, str], event: str, records: set[Any]) -> None:
    hint = read_call(Delivery(headers={**headers, "x-vwd-notification-id": "n-1"}, body=body))

    assert (hint.event, hint.records, hint.event_id) == (event, records, "n-1")


def test_the_provider_tells_how_to_subscribe() -> None:
    webhook = webhook_of(PROVIDER)

    assert webhook is not None
    assert webhook.signature is SIGNATURE
    assert SIGNATURE.secret_variable in PROVIDER.environment
    assert webhook.steps
