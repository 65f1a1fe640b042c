"""A customer who is in the books and was not read: over real HTTP with every accounting system that has a stand-in."""

from __future__ import annotations

import pytest

from fieldwork.models import Customer, User
from integrations.export import create_now
from integrations.models import Link, Operation
from tests.integrations.connecting.test_every_system import browser, stages, system  # noqa: F401
from tests.integrations.linking.test_every_system import USUAL, connection, there  # noqa: F401

pytestmark = [
    pytest.mark.parametrize("system", USUAL, indirect=True, ids="-".join),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("statuses"),
    pytest.mark.long,
]


def test_the_one_with_its_organisation_number_is_used(connection):  # noqa: F811
    linked = Link.objects.filter(kind="customer")
    read = Customer.objects.filter(pk__in=linked.values("local_id"), is_company=True).exclude(organisation_number="")
    known = next(each for each in read if read.filter(organisation_number=each.organisation_number).count() == 1)
    record = there(connection, known)
    linked.filter(local_id=known.pk).delete()
    known.delete()
    ours = Customer.objects.create(
        organization=connection.organization,
        name=record.name,
        organisation_number=record.organisation_number,
        street="Nygatan 7",
        postcode=record.address.postcode or "411 01",
        city=record.address.city or "Göteborg",
    )

    operation = create_now(connection, ours, by=User.objects.first())

    assert (operation.state, operation.problem) == (Operation.State.DONE, "")
    assert Link.objects.get(local_id=ours.pk).remote_id == record.remote_id
