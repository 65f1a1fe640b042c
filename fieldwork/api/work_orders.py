"""Work orders with their lines, and the steps that they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, ModelSchema, Query, Router, Schema, Status

from fieldwork.api.door import ApiRequest
from fieldwork.api.forms import WorkOrderFields
from fieldwork.api.problems import invalid, told_by
from fieldwork.api.records import filled, own, page_of
from fieldwork.api.values import STRICT, DecimalText, Given, Page, RecordParams, Text, needs
from fieldwork.forms.work_orders import BaseLineFormSet, LineFormSet, initial_of
from fieldwork.models import User, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.services import change_work_order, complete_work_order, create_work_order, reopen_work_order

SEARCH_IN = ("number", "title", "customer__name", "customer__number", "your_reference", "project__number")
MOST_LINES = 500
REFERENCES = ("customer", "work_site", "project", "assigned_to")
router = Router(tags=["Work orders"])


class LineIn(Given):
    """A line. With the `id` of a present one, what is not given stays; else it comes from the catalogue."""

    id: UUID | None = Field(default=None, description="Of the line that this is; without it the line is new.")
    kind: Literal["material", "hours", "text"] = "material"
    item: Text = Field(default="", max_length=300, description="The number of the material or hour type.")
    text: Text = Field(default="", max_length=2000)
    quantity: DecimalText | None = None
    unit: Text = Field(default="", max_length=20)
    unit_price: DecimalText | None = Field(default=None, description="Net, per unit.")
    discount_percent: DecimalText | None = None
    performed_by: UUID | None = Field(default=None, description="One of the firm's people.")
    performed_on: date | None = None


class LineOut(Schema):
    id: UUID
    position: int
    kind: str
    item: str
    text: str
    quantity: DecimalText
    unit: str
    unit_price: DecimalText
    discount_percent: DecimalText
    amount: DecimalText
    performed_by: UUID | None
    performed_on: date | None

    @staticmethod
    def resolve_item(line: WorkOrderLine) -> str:
        item = line.material or line.hour_type
        return item.number if item else ""

    @staticmethod
    def resolve_performed_by(line: WorkOrderLine) -> UUID | None:
        return line.performed_by_id


class StatusOut(Schema):
    """The firm's own word, and what it means to the program."""

    name: str
    phase: WorkOrderStatus.Phase


class WorkOrderIn(ModelSchema):
    """`lines`, where given, are all lines in their order: a present one that is not among them is removed."""

    model_config = STRICT
    customer: UUID | None = None
    work_site: UUID | None = Field(default=None, description="One of the customer's.")
    project: UUID | None = None
    assigned_to: UUID | None = Field(default=None, description="One of the firm's people.")
    lines: list[LineIn] | None = Field(default=None, max_length=MOST_LINES)

    class Meta:
        model = WorkOrder
        fields = tuple(name for name in WorkOrderFields.Meta.fields if name not in REFERENCES)
        fields_optional = "__all__"


class WorkOrderOut(ModelSchema):
    """`revision` is raised each time it is opened again; one revision becomes at most one document in the books."""

    customer: UUID | None
    work_site: UUID | None
    project: UUID | None
    assigned_to: UUID | None
    status: StatusOut
    completed_at: datetime | None
    total: DecimalText = Field(..., description="Net, of all lines.")
    lines: list[LineOut]

    class Meta:
        model = WorkOrder
        fields = ("id", "number", "revision", *WorkOrderIn.Meta.fields, "created_at", "updated_at")

    @staticmethod
    def resolve_customer(order: WorkOrder) -> UUID | None:
        return order.customer_id

    @staticmethod
    def resolve_work_site(order: WorkOrder) -> UUID | None:
        return order.work_site_id

    @staticmethod
    def resolve_project(order: WorkOrder) -> UUID | None:
        return order.project_id

    @staticmethod
    def resolve_assigned_to(order: WorkOrder) -> UUID | None:
        return order.assigned_to_id


class PersonOut(Schema):
    id: UUID
    name: str
    username: str
    email: str

    @staticmethod
    def resolve_name(person: User) -> str:
        return str(person)


@router.get("/people", response=list[PersonOut], summary="The firm's people")
def list_people(request: ApiRequest) -> QuerySet[User]:
    """Those who can be named on work orders and lines."""
    return User.objects.filter(memberships__organization=request.firm, is_active=True)


@router.get("/work-orders", response=Page[WorkOrderOut], summary="List work orders")
def list_work_orders(
    request: ApiRequest, params: Query[RecordParams], phase: WorkOrderStatus.Phase | None = None
) -> dict[str, Any]:
    """`phase` narrows them to open, completed or cancelled ones."""
    orders = with_lines(WorkOrder.objects.for_organization(request.firm))
    return page_of(request, orders.filter(status__phase=phase) if phase else orders, params, search_in=SEARCH_IN)


@router.post("/work-orders", response={201: WorkOrderOut}, summary="Add a work order", openapi_extra=needs("title"))
def add_work_order(request: ApiRequest, given: WorkOrderIn) -> Status[WorkOrder]:
    """It gets the next number, and the first open status."""
    order = WorkOrder(organization=request.firm)
    lines = checked(request, order, given, stored=())
    create_work_order(order, lines=lines.kept_lines())
    return Status(201, shown(request, order.pk))


@router.get("/work-orders/{uuid:pk}", response=WorkOrderOut, summary="A work order")
def get_work_order(request: ApiRequest, pk: UUID) -> WorkOrder:
    return shown(request, pk)


@router.patch("/work-orders/{uuid:pk}", response=WorkOrderOut, summary="Change a work order")
def edit_work_order(request: ApiRequest, pk: UUID, given: WorkOrderIn) -> WorkOrder:
    """What is not given stays as it is. A completed one must be opened again first."""
    order = own(request, WorkOrder, pk)
    stored = list(order.lines.select_related("material", "hour_type"))
    lines = checked(request, order, given, stored=stored)
    kept = {line.id for line in given.lines} if given.lines is not None else None
    change_work_order(
        order,
        fields=WorkOrderFields.Meta.fields,
        lines=lines.kept_lines(),
        removed=[line for line in stored if kept is not None and line.pk not in kept],
    )
    return shown(request, pk)


@router.post("/work-orders/{uuid:pk}/complete", response=WorkOrderOut, summary="Complete a work order")
def complete(request: ApiRequest, pk: UUID) -> WorkOrder:
    """Where the firm sends completed work to its books, this does so. A second time changes nothing."""
    complete_work_order(own(request, WorkOrder, pk, "organization"), by=request.key.made_by)
    return shown(request, pk)


@router.post("/work-orders/{uuid:pk}/reopen", response=WorkOrderOut, summary="Open a work order again")
def reopen(request: ApiRequest, pk: UUID) -> WorkOrder:
    """Its next completion counts as new work. A second time changes nothing."""
    reopen_work_order(own(request, WorkOrder, pk))
    return shown(request, pk)


# --- reading --------------------------------------------------------------------


def shown(request: ApiRequest, pk: UUID) -> WorkOrder:
    return get_object_or_404(with_lines(WorkOrder.objects.for_organization(request.firm)), pk=pk)


def with_lines(orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """One more statement, whatever the number of work orders."""
    lines = WorkOrderLine.objects.select_related("material", "hour_type")
    return orders.select_related("status").prefetch_related(Prefetch("lines", queryset=lines))


# --- writing --------------------------------------------------------------------


def checked(
    request: ApiRequest, order: WorkOrder, given: WorkOrderIn, *, stored: Sequence[WorkOrderLine]
) -> BaseLineFormSet:
    """The lines to save; `order` has the rest. Raises Problem with everything that is wrong at once."""
    changes = given.model_dump(exclude_unset=True)
    lines = LineFormSet(
        line_data(changes.pop("lines", None) or (), stored),
        organization=request.firm,
        lines=stored,
        prefix="lines",
    )
    form = filled(WorkOrderFields, order, changes, organization=request.firm)
    errors = [*told_by(form.errors), *errors_of(lines), *strange_lines(given, stored)]
    if errors:
        raise invalid(errors)
    return lines


def line_data(given: Sequence[Mapping[str, Any]], stored: Sequence[WorkOrderLine]) -> dict[str, Any]:
    """The lines as somebody would have typed them. None counts as blank, so each must be right."""
    present: dict[UUID | None, dict[str, Any]] = {line.pk: initial_of(line) for line in stored}
    data: dict[str, Any] = {"lines-TOTAL_FORMS": len(given), "lines-INITIAL_FORMS": len(given)}
    for number, line in enumerate(given):
        for name, value in {**present.get(line.get("id"), {}), **line}.items():
            data[f"lines-{number}-{name}"] = str(value) if isinstance(value, UUID) else value
        data.setdefault(f"lines-{number}-kind", WorkOrderLine.Kind.MATERIAL)
    return data


def errors_of(lines: BaseLineFormSet) -> list[dict[str, str]]:
    return [error for number, errors in enumerate(lines.errors) for error in told_by(errors, below=f"#/lines/{number}")]


def strange_lines(given: WorkOrderIn, stored: Sequence[WorkOrderLine]) -> list[dict[str, str]]:
    """A line of another work order is not taken for a new one, and none is named twice."""
    left = {line.pk for line in stored}
    errors = []
    for number, line in enumerate(given.lines or ()):
        if line.id is not None and line.id not in left:
            told = _("This work order has no such line, or it is named twice.")
            errors.append({"pointer": f"#/lines/{number}/id", "detail": told, "code": "unknown"})
        left.discard(line.id)
    return errors
