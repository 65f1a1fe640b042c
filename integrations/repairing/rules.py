"""Decisions that were made for all cases alike, made again for new ones. Counted, and switched off by a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting.models import TermsOfPayment, Unit
from fieldwork.models import User
from integrations.models import Case, Connection, Operation, RepairRule, ValueMap
from integrations.repairing.carrying_out import Result, alike_to, open_cases_like, repair_alike, repair_all
from integrations.repairing.declared import REPAIRS
from integrations.repairing.repair import Repair

# Rules that stand in the value maps: what they say is looked up whenever a document is made.
MAPS: dict[str, tuple[str, type[TermsOfPayment] | type[Unit]]] = {
    "terms": (ValueMap.Kind.TERMS_OF_PAYMENT, TermsOfPayment),
    "unit": (ValueMap.Kind.UNIT, Unit),
}


def repair_all_alike(case: Case, repair: Repair, decision: str, *, by: User | None) -> Result:
    """The case and all that are alike repaired, each let go once, and the decision remembered where it is safe.

    Raises ValidationError, and then nothing is saved, when the decision does not even repair this one.
    """
    with transaction.atomic():
        cases = alike_to(case, repair)
        if repair.remembers(case) and has_a_word(case, repair):
            remember(case, repair, decision, by=by, hits=0 if repair.by_rule else len(cases))
        if repair.by_rule:
            return close_all(cases)
        return repair_alike(cases, repair, decision, by=by)


def has_a_word(case: Case, repair: Repair) -> bool:
    """What stands in a map needs a word of ours: no unit at all means nothing the next time."""
    return repair.key not in MAPS or bool(repair.about(case).strip())


def close_all(cases: Sequence[Case]) -> Result:
    """What the next read takes over by the rule. Whatever it cannot take comes back by itself."""
    these = Case.objects.filter(pk__in=[case.pk for case in cases], state=Case.State.OPEN)
    closed = these.update(state=Case.State.CLOSED, closed_at=timezone.now())
    return Result(closed=closed, still_open=0, released=0)


def remember(case: Case, repair: Repair, decision: str, *, by: User | None, hits: int) -> RepairRule:
    """The rule for this kind of problem; one there is already gets the new decision."""
    now = timezone.now()
    rule, _is_new = RepairRule.objects.update_or_create(
        connection=case.connection,
        repair=repair.key,
        code=case.code,
        mark=repair.alike([case])[case.pk][:200],
        defaults={
            "organization_id": case.organization_id,
            "about": repair.about(case)[:300],
            "decision": decision,
            "words": repair.words(case, decision)[:300],
            "by": by,
            "active": True,
            "since": now,
        },
    )
    if hits:
        RepairRule.objects.filter(pk=rule.pk).update(hits=F("hits") + hits, last_used_at=now)
    return rule


# --- again and again ------------------------------------------------------------


def apply_rules(connection: Connection) -> int:
    """How many writes go again, or not at all, because a rule decided about new cases."""
    rules = RepairRule.objects.filter(connection=connection, active=True).exclude(repair__in=DECIDED_ELSEWHERE)
    return sum(apply(rule) for rule in rules.select_related("connection__books", "by"))


DECIDED_ELSEWHERE = (*MAPS, *(key for key, repair in REPAIRS.items() if repair.by_rule))


def apply(rule: RepairRule) -> int:
    """How many writes were decided about. Each case is new to the rule once."""
    repair = REPAIRS[rule.repair]
    new = [
        case
        for case in open_cases_like(rule.connection, rule.code).filter(first_seen_at__gt=rule.since)
        if repair.fits(case) and case.operation and case.operation.state in Operation.NEEDS_PERSON
    ]
    marks = repair.alike(new)
    cases = [case for case in new if marks.get(case.pk) == rule.mark]
    if not cases:
        return 0
    result = repair_all(cases, repair, rule.decision, by=rule.by, asked_by=None)
    used = {"hits": F("hits") + result.closed, "last_used_at": timezone.now()} if result.closed else {}
    RepairRule.objects.filter(pk=rule.pk).update(since=max(case.first_seen_at for case in cases), **used)
    return result.closed


# --- on and off -----------------------------------------------------------------


def switch(rule: RepairRule, *, on: bool) -> bool:
    """True when this call switched it. New cases are decided by it, or wait for a person again, from now on."""
    with transaction.atomic():
        changed = RepairRule.objects.filter(pk=rule.pk, active=not on).update(active=on, since=timezone.now())
        if changed and rule.repair in MAPS:
            put_map(rule) if on else take_map(rule)
    return bool(changed)


def forget(rule: RepairRule) -> None:
    with transaction.atomic():
        if rule.repair in MAPS:
            take_map(rule)
        rule.delete()


def put_map(rule: RepairRule) -> None:
    kind, _table = MAPS[rule.repair]
    ValueMap.objects.update_or_create(
        connection=rule.connection,
        kind=kind,
        ours=rule.about[:100],
        defaults={"theirs": rule.decision, "label": rule.words[:200]},
    )


def take_map(rule: RepairRule) -> None:
    """The word means nothing any more. What was sent with it stays as it is."""
    kind, _table = MAPS[rule.repair]
    rows = ValueMap.objects.filter(connection=rule.connection, kind=kind)
    same = [row.pk for row in rows if row.ours.strip().lower() == rule.mark]
    ValueMap.objects.filter(pk__in=same).delete()
