"""Where work orders and customers stand in the books, and what keeps them from getting there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from accounting.types import Problem as BooksProblem
from fieldwork.api.door import ApiRequest
from fieldwork.api.records import own
from fieldwork.api.values import DecimalText, Given, Text
from fieldwork.models import Customer, WorkOrder
from integrations.models import Case, Operation
from integrations.presenting.customers import CustomerPanel, customer_panel
from integrations.presenting.pills import NOT_CONNECTED, Former, in_words, pill_for
from integrations.presenting.work_orders import WorkOrderPanel, work_order_panel
from integrations.receivers import exclude, include_again
from integrations.wording import retell

router = Router(tags=["In the books"])


class ProblemOut(Schema):
    """`code` is stable; `sentence` says it in the language of the request."""

    code: str
    sentence: str
    said_by_books: str = Field(default="", description="The accounting system's own words, if it refused.")


class WorkOrderBooksOut(Schema):
    """`words` are those of the pill on the page. Amounts and numbers are there once a document is."""

    state: str = Field(
        ...,
        description="not_connected, not_in_the_books, linked, earlier_revision, or that of the document: queued, "
        "claimed, sending, in_doubt, done, blocked, refused, failed, cancelled, superseded, taken_back.",
    )
    words: str
    revision: int
    books: str = Field(default="", description="Which books: the accounting system and the company.")
    reference: str = Field(default="", description="Our reference, which the document carries.")
    number: str = Field(default="", description="The document's number in the books, where they give it one.")
    link: str = Field(default="", description="Where a person sees the document.")
    total: DecimalText | None = None
    currency: str = ""
    sent_at: datetime | None = None
    reason: str = Field(default="", description="Why it is not sent, of one that is excluded.")
    problems: list[ProblemOut]


class CustomerBooksOut(Schema):
    state: str = Field(..., description="not_connected, not_in_the_books, linked, or that of its creation there.")
    words: str
    number: str = Field(default="", description="The customer's number in the books.")
    link: str = Field(default="", description="Where a person sees the customer there.")
    problems: list[ProblemOut]


class Reason(Given):
    reason: Text = Field(..., max_length=500, pattern=r"\S", description="Stays listed with the work order.")


@router.get("/work-orders/{uuid:pk}/books", response=WorkOrderBooksOut, summary="What became of a work order")
def work_order_books(request: ApiRequest, pk: UUID) -> WorkOrderBooksOut:
    """Of one that is not completed, `problems` would keep it from being sent."""
    return told_of_work_order(own(request, WorkOrder, pk, "organization", "customer", "status"))


@router.post("/work-orders/{uuid:pk}/exclude", response=WorkOrderBooksOut, summary="Do not send a work order")
def exclude_work_order(request: ApiRequest, pk: UUID, given: Reason) -> WorkOrderBooksOut:
    """It is never sent, nor its later revisions, until somebody includes it again."""
    order = own(request, WorkOrder, pk, "organization")
    exclude(order, by=request.key.made_by, reason=given.reason.strip())
    return told_of_work_order(order)


@router.post("/work-orders/{uuid:pk}/include", response=WorkOrderBooksOut, summary="Send a work order after all")
def include_work_order(request: ApiRequest, pk: UUID) -> WorkOrderBooksOut:
    order = own(request, WorkOrder, pk, "organization")
    include_again(order, by=request.key.made_by)
    return told_of_work_order(order)


@router.get("/customers/{uuid:pk}/books", response=CustomerBooksOut, summary="Where a customer stands in the books")
def customer_books(request: ApiRequest, pk: UUID) -> CustomerBooksOut:
    customer = own(request, Customer, pk)
    customer.organization = request.firm
    panel = customer_panel(customer)
    state, words = state_of_customer(panel)
    problems = told_problems(panel.cases, (), panel.operation)
    return CustomerBooksOut(state=state, words=words, number=panel.number, link=panel.address, problems=problems)


# --- work orders ----------------------------------------------------------------


def told_of_work_order(order: WorkOrder) -> WorkOrderBooksOut:
    panel = work_order_panel(order)
    state, words = state_of_work_order(panel)
    told = WorkOrderBooksOut(
        state=state,
        words=words,
        revision=order.revision,
        link=panel.address,
        problems=told_problems(panel.cases, panel.problems, panel.operation),
    )
    if panel.order:
        told.number = panel.order.remote_number
    if document := panel.operation or panel.former:
        told.books = str(document.books)
        told.reference, told.number = document.reference, document.remote_number
        told.total, told.currency, told.sent_at = document.total, document.currency, document.done_at
        told.reason = document.exclude_reason
    return told


def state_of_work_order(panel: WorkOrderPanel) -> tuple[str, str]:
    """A stable word, and the words of the page."""
    standing = panel.standing
    if standing is None and panel.connection is None:
        return "not_connected", str(NOT_CONNECTED.words)
    words = str(pill_for(standing).words)
    if standing is None:
        return "not_in_the_books", words
    if isinstance(standing, Former):
        return "earlier_revision", words
    return (standing.state if isinstance(standing, Operation) else "linked"), words


def state_of_customer(panel: CustomerPanel) -> tuple[str, str]:
    if panel.connection is None:
        return "not_connected", str(NOT_CONNECTED.words)
    words = str(pill_for(panel.link or panel.operation).words)
    if panel.is_linked:
        return "linked", words
    return (panel.operation.state if panel.operation else "not_in_the_books"), words


def told_problems(
    cases: Sequence[Case], before_sending: Sequence[BooksProblem], operation: Operation | None
) -> list[ProblemOut]:
    """Each open entry of the inbox, what would be refused, or else why the operation stopped."""
    told = [ProblemOut(code=each.code, sentence=in_words(each), said_by_books=each.detail) for each in cases]
    told += [ProblemOut(code=each.code, sentence=in_words(each)) for each in before_sending]
    if not told and operation is not None and operation.problem and operation.state in Operation.NEEDS_PERSON:
        told = [ProblemOut(code=operation.problem_code or "stopped", sentence=retell(operation.problem))]
    return told
