"""What a look at something in the books came to, before it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounting.types import Problem, Receipt
from integrations.models import Operation
from integrations.sending.outcomes import Blocked
from integrations.trouble.reporting import SUBJECT_KINDS

# Why a change stopped that only a person can decide about.
NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, kw_only=True)
class Sight:
    """`receipt` is the record or document as it stands there; `is_there` whether it shows the change already.

    `payload` is what would be sent, as it is kept; `evidence` what a person wants to know about it afterwards.
    """

    receipt: Receipt
    is_there: bool
    payload: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)


def stopped(operation: Operation, what: str, sentence: str, *, code: str = NOT_POSSIBLE, **values: str) -> Blocked:
    """The operation cannot be carried out, and says why."""
    problem = Problem(
        code=what,
        sentence=sentence,
        where=SUBJECT_KINDS[operation.local_model],
        values={"record": operation.local_label, **values},
    )
    return Blocked([problem], code=code)
