"""The firm's connections with their health, the inbox, and the button that asks for a sync."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from fieldwork.api.door import ApiRequest
from fieldwork.api.problems import Problem
from fieldwork.api.records import page_of
from fieldwork.api.values import Page, PageParams, Text
from integrations.installation import read_only_reason
from integrations.models import Case, Connection
from integrations.presenting.pills import in_words, pill_for
from integrations.tasks import request_sync
from integrations.watching.facts import Fact, Level
from integrations.watching.health import health, troubles

router = Router(tags=["Connections and inbox"])


class FactOut(Schema):
    code: str
    level: str = Field(..., description="warning or alarm")
    sentence: str
    since: datetime | None


class ConnectionOut(Schema):
    """A login to one set of books. Nothing that opens it is ever told."""

    id: UUID
    system: str = Field(..., description="The accounting system.")
    company: str
    is_books_of_record: bool = Field(..., description="Whether work orders are sent there.")
    state: str = Field(..., description="confirming, active, reconnect, paused or disconnected.")
    words: str
    last_success_at: datetime | None
    next_due_at: datetime | None
    level: str = Field(..., description="ok, warning or alarm: the worst of its troubles.")
    troubles: list[FactOut]


class SyncOut(Schema):
    asked_for: bool


class CaseOut(Schema):
    """An entry of the inbox: one problem of one record. `record` is our id where the record is one of ours."""

    id: UUID
    code: str
    sentence: str
    said_by_books: str = Field(..., description="The accounting system's own words.")
    kind: str = Field(..., description="What kind of record it is about: work_order, customer, material …")
    record: str
    label: str
    field: str
    connection: UUID
    times: int
    first_seen_at: datetime
    last_seen_at: datetime

    @staticmethod
    def resolve_sentence(case: Case) -> str:
        return in_words(case)

    @staticmethod
    def resolve_said_by_books(case: Case) -> str:
        return case.detail

    @staticmethod
    def resolve_kind(case: Case) -> str:
        return case.subject_kind

    @staticmethod
    def resolve_record(case: Case) -> str:
        return case.subject_id

    @staticmethod
    def resolve_label(case: Case) -> str:
        return case.subject_label

    @staticmethod
    def resolve_connection(case: Case) -> UUID:
        return case.connection_id


@router.get("/connections", response=list[ConnectionOut], summary="List connections")
def list_connections(request: ApiRequest) -> list[ConnectionOut]:
    """Those in use first, with what is not well about them."""
    found = connections_of(request).order_by("-is_books_of_record", "provider", "created_at")
    return [told_of_connection(each) for each in found]


@router.get("/connections/{uuid:pk}", response=ConnectionOut, summary="A connection")
def get_connection(request: ApiRequest, pk: UUID) -> ConnectionOut:
    return told_of_connection(get_object_or_404(connections_of(request), pk=pk))


@router.post("/connections/{uuid:pk}/sync", response={202: SyncOut}, summary="Sync now")
def sync(request: ApiRequest, pk: UUID) -> Status[SyncOut]:
    """Like the button: asked for several times before it begins, it runs once."""
    connection = get_object_or_404(connections_of(request), pk=pk)
    if reason := why_it_cannot_run(connection):
        raise Problem("conflict", reason)
    request_sync(connection, asked_by=request.key.made_by)
    return Status(202, SyncOut(asked_for=True))


@router.get("/cases", response=Page[CaseOut], summary="List the inbox")
def list_cases(request: ApiRequest, params: Query[PageParams], code: Text = "") -> dict[str, Any]:
    """What needs somebody, or only one kind of problem."""
    found = Case.objects.filter(organization=request.firm, state=Case.State.OPEN)
    return page_of(request, found.filter(code=code) if code else found, params)


def connections_of(request: ApiRequest) -> QuerySet[Connection]:
    return Connection.objects.filter(organization=request.firm).select_related("books", "organization", "settings")


def why_it_cannot_run(connection: Connection) -> str:
    if reason := read_only_reason():
        return _(reason)
    if connection.state != Connection.State.ACTIVE:
        return _("%(books)s is not connected at the moment.") % {"books": connection}
    if connection.settings.saved_at is None:
        return _("Look at the plan first, then press Start.")
    return ""


def told_of_connection(connection: Connection) -> ConnectionOut:
    found = troubles(health(connection)) if connection.is_live else []
    return ConnectionOut(
        id=connection.pk,
        system=connection.label,
        company=str(connection.books or ""),
        is_books_of_record=connection.is_books_of_record and connection.is_live,
        state=connection.state,
        words=str(pill_for(connection).words),
        last_success_at=connection.last_success_at,
        next_due_at=connection.next_due_at,
        level=max((each.level for each in found), default=Level.OK).word,
        troubles=[told_of_fact(each) for each in found],
    )


def told_of_fact(fact: Fact) -> FactOut:
    return FactOut(code=fact.code, level=fact.level.word, sentence=fact.sentence, since=fact.since)
