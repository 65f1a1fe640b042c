"""A field typed before anything was sent: the same form as in the inbox, for a problem that is no entry yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict

from accounting.types import Problem
from fieldwork.models import User, WorkOrder
from integrations.models import Case, Connection
from integrations.repairing.fields import PLACES as FIELDS
from integrations.repairing.fields import TYPED, field_of, find_record, place_of, record_id
from integrations.repairing.forms import RepairForm
from integrations.repairing.repair import Offers
from integrations.sending.preflight import preflight
from integrations.wording import fill_in

# The work order's own fields are on its form, one click away.
PLACES = frozenset({"customer", "article", "material", "hour_type"})


def case_for(problem: Problem, work_order: WorkOrder, connection: Connection) -> Case | None:
    """The entry that the problem would become, never kept; None when it is not one field of a record of ours."""
    is_customers = problem.where == "customer" and work_order.customer_id is not None
    part = problem.local_id or (str(work_order.customer_id) if is_customers else "")
    case = Case(
        organization=work_order.organization,
        connection=connection,
        code=problem.code,
        sentence=problem.sentence,
        values=problem.values,
        where=problem.where,
        field=problem.field,
        part=part,
        subject_kind="work_order",
        subject_id=str(work_order.pk),
    )
    return case if problem.where in PLACES and field_of(case) and record_id(case) else None


def form_for(case: Case, data: QueryDict | None = None, *, among: Iterable[Model] = ()) -> RepairForm | None:
    """With what stands in the field now. One statement for a record that is not among those read already; None when it
    is gone."""
    own = (each for each in among if str(each.pk) == record_id(case) and isinstance(each, FIELDS[case.where][0]))
    try:
        record = next(own, None) or find_record(case)
    except ValidationError:
        return None
    present = getattr(record, field_of(case))
    return RepairForm(case, TYPED, Offers(present={place_of(case): str(present or "")}), data)


def mark_of(problem: Problem | Case) -> str:
    """Which of a work order's problems is meant."""
    return f"{problem.code} {problem.where} {problem.field}"


def save_beforehand(case: Case, decision: str, work_order: WorkOrder, *, by: User | None) -> None:
    """The value, if the problem is gone with it. Raises ValidationError, and then nothing is saved."""
    with transaction.atomic():
        TYPED.save(case, decision, by)
        for problem in preflight(case.connection, work_order):
            if (problem.where, problem.field) == (case.where, case.field) and problem.local_id in ("", case.part):
                raise ValidationError(fill_in(problem.sentence, problem.values))
