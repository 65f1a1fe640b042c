"""Which repairs there are, and which one is offered with a case: the first that fits."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.models import Case
from integrations.repairing.choosing import ARTICLE, CUSTOMER
from integrations.repairing.deciding import EXCLUDE, KIND, RELEASE
from integrations.repairing.fields import TYPED, TYPED_FOR_ALL
from integrations.repairing.look_alikes import WHICH, WHO
from integrations.repairing.mapping import QUESTION, TERMS, UNIT
from integrations.repairing.repair import Repair

IN_THIS_ORDER = (KIND, WHO, WHICH, QUESTION, TERMS, UNIT, CUSTOMER, ARTICLE, RELEASE, TYPED_FOR_ALL, TYPED)
# Leaving out is always a second possibility, never what is proposed.
REPAIRS: Mapping[str, Repair] = {repair.key: repair for repair in (*IN_THIS_ORDER, EXCLUDE)}


def repair_for(case: Case) -> Repair | None:
    """How the case is repaired where it stands; None where a page of its own is the place."""
    return next((repair for repair in IN_THIS_ORDER if repair.fits(case)), None)
