"""Decisions without a field of ours: what an article is, and whether a work order is sent at all."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.models import User
from integrations.exports import SALES
from integrations.models import Case, ConnectionSettings, LeaseLost, Operation, RepairRule
from integrations.repairing.repair import Offers, Repair, always, for_all_of_the_kind
from integrations.trouble.cases import close_cases

UNIT_KIND = "unit_kind"
NOTHING_TO_BILL = frozenset({"total_not_positive", "total_negative", "no_article_line", "work_order_lines_missing"})
NEED_RELEASE = frozenset(
    {"work_order_before_cut_off", "work_order_order_stands", "work_order_sent_before", "work_order_sent_to_other_books"}
)

Kind = ConnectionSettings.WithoutUnit
UNSENT = (Operation.State.QUEUED, *Operation.NEEDS_PERSON)


# --- hours or goods -------------------------------------------------------------


def asks_for_kind(case: Case) -> bool:
    return case.code == "article_without_unit"


def ask_kind(case: Case, offers: Offers) -> forms.Field:
    choices = [("", _("Not chosen yet")), (Kind.MATERIAL, _("Material")), (Kind.HOUR_TYPE, _("Hour type"))]
    return forms.ChoiceField(label=_("It becomes a"), choices=choices)


def decide_kind(case: Case, decision: str, by: User | None) -> None:
    """The next read takes it as that. The decision stands as a rule for just this article."""
    if decision not in (Kind.MATERIAL, Kind.HOUR_TYPE):
        raise ValidationError(_("Choose one of the two."))
    RepairRule.objects.update_or_create(
        connection=case.connection,
        repair=UNIT_KIND,
        code=case.code,
        mark=case.subject_id,
        defaults={
            "organization_id": case.organization_id,
            "about": case.subject_label,
            "decision": decision,
            "words": str(Kind(decision).label),
            "by": by,
            "active": True,
        },
    )
    close_cases(case.connection, subject=(case.subject_kind, [case.subject_id]), codes=[case.code])


# --- not at all -----------------------------------------------------------------


def may_exclude(case: Case) -> bool:
    operation = case.operation
    return (
        case.subject_kind == "work_order"
        and operation is not None
        and operation.kind in SALES
        and operation.state in UNSENT
    )


def ask_reason(case: Case, offers: Offers) -> forms.Field:
    return forms.CharField(label=_("Why not?"), max_length=200)


def leave_out(case: Case, decision: str, by: User | None) -> None:
    """The work order is never sent, nor its later revisions, until somebody includes it again."""
    operation = case.operation
    assert operation is not None
    if operation.state == Operation.State.CANCELLED:
        return
    try:
        with transaction.atomic():
            operation.move(Operation.State.CANCELLED, excluded_by=by, exclude_reason=decision[:500])
            own = Case.objects.filter(operation=operation, state=Case.State.OPEN).exclude(subject_kind="connection")
            own.update(state=Case.State.CLOSED, closed_at=timezone.now())
    except (LeaseLost, ValueError):
        raise ValidationError(_("It is being sent right now. Wait until that is over.")) from None


# --- all the same ---------------------------------------------------------------


def needs_release(case: Case) -> bool:
    return case.code in NEED_RELEASE and case.operation is not None and case.operation.state in Operation.NEEDS_PERSON


def release(case: Case, decision: str, by: User | None) -> None:
    """The work order is sent in spite of the cut-off date, or of the document that exists."""
    Operation.objects.filter(cases=case).update(released=True, asked_by=by)


KIND = Repair(
    key=UNIT_KIND,
    fits=asks_for_kind,
    ask=ask_kind,
    save=decide_kind,
    button=gettext_lazy("Save"),
    alike=for_all_of_the_kind,
    words=lambda case, decision: str(Kind(decision).label),
    remembers=always,
    by_rule=True,
    reads_books=True,
)
EXCLUDE = Repair(
    key="exclude",
    fits=may_exclude,
    ask=ask_reason,
    save=leave_out,
    button=gettext_lazy("Do not send"),
    alike=for_all_of_the_kind,
    remembers=lambda case: case.code in NOTHING_TO_BILL,
)
RELEASE = Repair(key="release", fits=needs_release, save=release, button=gettext_lazy("Send all the same"))
