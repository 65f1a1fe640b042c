"""The provider's questions with the choices that the books offer, asked for sparingly.

Choices are kept for ten minutes, so that opening and saving a form asks the books once. When they cannot be
asked, the present answers stand and the reason is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache

from accounting.errors import AccountingError
from accounting.types import Choice
from integrations.connecting.refusals import sentence_of
from integrations.connections import open_ledger
from integrations.models import Answer, Connection

KEEP_S = 600


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What may be answered, by question; `problem` says why the books could not be asked.

    `gone` are the questions whose present answer the books no longer offer.
    """

    by_question: Mapping[str, Sequence[Choice]]
    gone: frozenset[str] = frozenset()
    problem: str = ""


def choices_for(connection: Connection) -> Choices:
    """The choices of every question that has some. Network: one read each, unless known already."""
    asked = choices_of(connection, [each.key for each in connection.ledger_provider.questions if each.has_choices])
    answers = list(connection.answers.all())
    known = asked.by_question
    lost = frozenset(each.question for each in answers if is_gone(each.value, known.get(each.question, ())))
    return Choices(
        by_question=with_answers(answers, known), gone=frozenset() if asked.problem else lost, problem=asked.problem
    )


def choices_of(connection: Connection, questions: Sequence[str]) -> Choices:
    """What the books offer for these questions or kinds of values. Network: one read each, unless known already."""
    known: dict[str, Sequence[Choice]] = {}
    try:
        ledger = None
        for question in questions:
            name = cache_name(connection, question)
            held = cache.get(name)
            if held is None:
                ledger = ledger or open_ledger(connection)
                held = [(choice.value, choice.label) for choice in ledger.choices(question)]
                cache.set(name, held, KEEP_S)
            known[question] = [Choice(value=value, label=label) for value, label in held]
    except AccountingError as error:
        return Choices(by_question=known, problem=sentence_of(error))
    return Choices(by_question=known)


def is_gone(answer: str, offered: Sequence[Choice]) -> bool:
    """Whether the books offer others and not this one. That they offer nothing at all is not believed."""
    return bool(offered) and answer not in {choice.value for choice in offered}


def known_choices(connection: Connection) -> Mapping[str, Sequence[Choice]]:
    """The choices that were asked for lately. No network, no statement."""
    names = {cache_name(connection, each.key): each.key for each in connection.ledger_provider.questions}
    held = cache.get_many(names)
    return {names[name]: [Choice(value=value, label=label) for value, label in each] for name, each in held.items()}


def with_answers(answers: Sequence[Answer], known: Mapping[str, Sequence[Choice]]) -> Mapping[str, Sequence[Choice]]:
    """The choices, and the present answer to each question where the books no longer offer it."""
    choices = {question: list(offered) for question, offered in known.items()}
    for answer in answers:
        offered = choices.setdefault(answer.question, [])
        if answer.value not in {choice.value for choice in offered}:
            offered.append(Choice(value=answer.value, label=answer.label or answer.value))
    return choices


def cache_name(connection: Connection, question: str) -> str:
    return f"offered:{connection.pk}:{question}"
