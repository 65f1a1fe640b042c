"""On Friday somebody changes a password over there: who is told, what waits, and what is sent when it is over."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounting.errors import ReconnectNeeded
from fieldwork.models import User, WorkOrder
from integrations.models import Alarm, Answer, Connection, Credential, Operation, ValueMap, Webhook
from integrations.watching.rounds import look_after
from tests.integrations.exporting import Worker, complete, copies_of, put_in_books
from tests.integrations.watching.conftest import Pass
from tests.integrations.watching.test_webhooks import Receiver, receiver  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


@pytest.fixture
def refused(well: Connection, worker: Worker, acme, later: Pass, keep_alive, work_order, customer, material, hour_type):
    """One work order was to be sent when the books refused the login; two more are completed afterwards."""
    put_in_books(well, customer, material, hour_type)
    orders = [work_order, *copies_of(work_order, ["1188", "1189"])]
    ValueMap.objects.create(connection=well, kind="terms_of_payment", ours="30 dagar", theirs="t30", label="30")
    acme.fail("find", ReconnectNeeded("The login was revoked.", status=401))
    complete(orders[0])
    worker.turn()
    for each in orders[1:]:
        complete(each)
    keep_alive()
    return orders


def test_a_refused_login_is_told_by_banner_mail_and_webhook_within_two_intervals(
    refused: list[WorkOrder],
    organization,
    owner: User,
    client: Client,
    later: Pass,
    keep_alive,
    receiver: Receiver,  # noqa: F811
) -> None:
    Webhook.objects.create(organization=organization, url=receiver.url)
    client.force_login(owner)

    for _round in range(6):
        later(minutes=5)
        keep_alive()
        look_after()

    assert [message.subject for message in mail.outbox] == ["Needs you: Acme Books no longer accepts the login"]
    assert mail.outbox[0].to == ["owner@ror.example"]
    assert [each["type"] for each in receiver.payloads] == ["alarm.begun"]
    assert Alarm.objects.get().code == "login"
    page = client.get("/work-orders/").content.decode()
    assert "no longer accepts the login" in page
    assert 'role="alert"' in page


def test_what_piled_up_is_sent_once_after_the_reconnect_with_the_mappings_as_they_were(
    refused: list[WorkOrder], worker: Worker, acme, later: Pass
) -> None:
    ours = [Answer, ValueMap, Credential]
    before = [list(model.objects.order_by("pk").values()) for model in ours]
    waiting = set(Operation.objects.values_list("state", flat=True))
    later(hours=60)
    assert worker.turn() == []

    Connection.objects.update(state=Connection.State.ACTIVE, next_due_at=timezone.now())
    worker.run()

    assert waiting == {State.QUEUED}
    documents = Operation.objects.filter(kind="invoice_draft")
    assert sorted(documents.values_list("local_id", "state")) == sorted((each.pk, State.DONE) for each in refused)
    assert len(acme.created("invoice_draft")) == 3
    assert [list(model.objects.order_by("pk").values()) for model in ours] == before
