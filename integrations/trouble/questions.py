"""What a provider must be told and was not, or was told and the books have lost since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from accounting.types import Problem, Question, gettext_noop

ANSWER_GONE = "answer_gone"


def problems_of_questions(
    questions: Sequence[Question], kinds: set[str], *, answers: Mapping[str, str], gone: Mapping[str, str]
) -> Iterator[Problem]:
    """Of the questions that these kinds of documents need. `gone` are lost answers, as they were shown."""
    for question in questions:
        if not kinds & question.needed_for:
            continue
        if question.required and not answers.get(question.key):
            yield answer_missing(question)
        elif question.key in gone:
            yield answer_gone(question, gone[question.key])


def answer_missing(question: Question) -> Problem:
    return Problem(
        code="answer_missing",
        sentence=gettext_noop("The question “%(question)s” has no answer yet."),
        where="connection",
        field=question.key,
        values={"question": question.label},
    )


def answer_gone(question: Question, answer: str) -> Problem:
    return Problem(
        code=ANSWER_GONE,
        sentence=gettext_noop("“%(answer)s” (%(question)s) is no longer in the books, choose again in the settings."),
        where="connection",
        field=question.key,
        values={"question": question.label, "answer": answer},
    )
