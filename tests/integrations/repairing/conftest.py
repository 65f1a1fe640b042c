"""Work orders that stopped, and the one way in which these tests repair their entries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from fieldwork.models import Customer, HourType, Material, User
from integrations.models import Case, Connection
from integrations.repairing.carrying_out import Result, repair_one
from integrations.repairing.declared import REPAIRS, repair_for
from integrations.repairing.forms import RepairForm
from integrations.repairing.offers import offers_for
from integrations.repairing.rules import repair_all_alike
from tests.integrations.exporting import put_in_books

Repairs = Callable[..., Result]


@pytest.fixture
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


@pytest.fixture
def repair(owner: User) -> Repairs:
    """`repair(case, "123 45")` types the value into the entry and saves it; `everywhere=True` for all alike."""

    def carry_out(case: Case, value: str = "", *, everywhere: bool = False, key: str = "") -> Result:
        case = Case.objects.get(pk=case.pk)
        chosen = REPAIRS[key] if key else repair_for(case)
        assert chosen is not None, f"{case.code} has no repair"
        form = RepairForm(case, chosen, offers_for([case], in_full=True), QueryDict(mutable=True) | {"value": value})
        if not form.is_valid():
            raise ValidationError([message for messages in form.errors.values() for message in messages])
        do = repair_all_alike if everywhere else repair_one
        return do(case, chosen, form.decision, by=owner)

    return carry_out
