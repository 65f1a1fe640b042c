"""Whether the provider's questions are answered, and whether the books still know the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.errors import AccountingError
from accounting.protocol import Ledger
from integrations.connecting.questions import KEEP_S, cache_name, is_gone
from integrations.models import Answer, Case, Connection
from integrations.trouble.cases import open_cases
from integrations.trouble.questions import ANSWER_GONE, answer_gone
from integrations.trouble.reporting import connection_subject, finding_of


@dataclass(frozen=True, kw_only=True)
class OpenQuestions:
    """What keeps documents from being sent: questions without an answer, and answers that the books lost."""

    unanswered: Sequence[str] = ()
    gone: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.gone)


def open_questions(connection: Connection) -> OpenQuestions:
    """Of the questions that what is sent depends on. No network; one statement unless the answers are prefetched."""
    kinds = kinds_sent(connection)
    needed = [each for each in connection.ledger_provider.questions if each.needed_for & kinds]
    answers = {each.question: each for each in connection.answers.all()}
    return OpenQuestions(
        unanswered=[_(each.label) for each in needed if each.required and each.key not in answers],
        gone=[
            f"“{given.label or given.value}” ({_(each.label)})"
            for each in needed
            if (given := answers.get(each.key)) and given.gone_at
        ],
    )


def kinds_sent(connection: Connection) -> set[str]:
    """The kinds of documents that the settings let out; none to further books."""
    settings = connection.settings
    if not (connection.is_books_of_record and settings.export_work_orders):
        return set()
    switches = {
        settings.document_kind: True,
        "customer": settings.create_missing_customers or settings.export_new_customers,
        "article": settings.create_missing_articles or settings.export_new_materials,
    }
    return {kind for kind, is_on in switches.items() if is_on}


# --- what the books lost -----------------------------------------------------------


def check_answers(connection: Connection, ledger: Ledger) -> Sequence[Answer]:
    """The answers that the books no longer offer, each a case of the connection. Network: one read per question.

    While the books cannot be asked everything stays as it is: the next check will tell.
    """
    questions = {each.key: each for each in connection.ledger_provider.questions if each.has_choices}
    answers = list(connection.answers.filter(question__in=questions))
    try:
        gone = [each for each in answers if is_lost(connection, ledger, each)]
    except AccountingError:
        return list(still_gone(connection))
    keep_gone(connection, gone)
    subject = connection_subject(connection)
    problems = [answer_gone(questions[each.question], each.label or each.value) for each in gone]
    open_cases(connection, [(subject, finding_of(problem)) for problem in problems])
    close_solved(connection, gone)
    return gone


def follow_new_answers(connection: Connection) -> None:
    """After somebody has chosen again: what was told about the former choice is settled."""
    close_solved(connection, list(still_gone(connection)))


def is_lost(connection: Connection, ledger: Ledger, answer: Answer) -> bool:
    """Asked anew: what is kept for the form may be older than the loss."""
    offered = ledger.choices(answer.question)
    pairs = [(choice.value, choice.label) for choice in offered]
    cache.set(cache_name(connection, answer.question), pairs, KEEP_S)
    return is_gone(answer.value, offered)


def still_gone(connection: Connection) -> QuerySet[Answer]:
    return connection.answers.filter(gone_at__isnull=False)


def keep_gone(connection: Connection, gone: Sequence[Answer]) -> None:
    """Those are marked, and all others no longer."""
    ids = [each.pk for each in gone]
    connection.answers.filter(pk__in=ids, gone_at=None).update(gone_at=timezone.now())
    still_gone(connection).exclude(pk__in=ids).update(gone_at=None)


def close_solved(connection: Connection, gone: Sequence[Answer]) -> None:
    """The cases about answers that are in the books now, by another choice or because they came back."""
    cases = Case.objects.filter(connection=connection, code=ANSWER_GONE, state=Case.State.OPEN)
    solved = cases.exclude(field__in=[each.question for each in gone])
    solved.update(state=Case.State.CLOSED, closed_at=timezone.now())
