"""What the attempts and the inbox say about an operation."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django.utils import timezone

from accounting.types import Problem
from integrations.exports import NAMES
from integrations.models import Attempt, Case, Connection, Operation
from integrations.trouble.cases import Finding, Subject, open_cases

SUBJECT_KINDS = {model._meta.label: name for model, name in NAMES.items()}


def end_attempt(operation: Operation, **result: Any) -> None:
    """The open attempt of the operation, if there is one, ends with this result."""
    Attempt.objects.filter(operation=operation, ended_at=None).update(ended_at=timezone.now(), **result)


def tell(connection: Connection, operation: Operation, found: Sequence[tuple[Subject, Finding]]) -> None:
    """The inbox holds just these problems of the operation; what has been repaired since is closed."""
    close_cases_of(operation, keep={(finding.code, finding.field, finding.part) for _, finding in found})
    open_cases(connection, found, operation=operation)


def close_cases_of(operation: Operation, *, keep: Container[tuple[str, str, str]] = ()) -> None:
    """The operation's open cases are closed, but for those to `keep` by code, field and part.

    A case about the connection belongs to the operation that met it last: when that one goes on, so can the others.
    """
    cases = Case.objects.filter(operation=operation, state=Case.State.OPEN)
    settled = [case.pk for case in cases if (case.code, case.field, case.part) not in keep]
    if settled:
        Case.objects.filter(pk__in=settled).update(state=Case.State.CLOSED, closed_at=timezone.now())


def subject_for(connection: Connection, operation: Operation, problem: Problem) -> Subject:
    return connection_subject(connection) if problem.where == "connection" else own_subject(operation)


def own_subject(operation: Operation) -> Subject:
    return Subject(kind=SUBJECT_KINDS[operation.local_model], id=str(operation.local_id), label=operation.local_label)


def connection_subject(connection: Connection) -> Subject:
    return Subject(kind="connection", id=str(connection.pk), label=str(connection))


def finding_of(problem: Problem) -> Finding:
    return Finding(
        code=problem.code,
        sentence=problem.sentence,
        values=problem.values,
        where=problem.where,
        field=problem.field,
        part=problem.local_id,
    )
