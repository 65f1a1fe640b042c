"""What was read, what was compared, and what needs a person."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import Case, InboundEvent, Reconciliation, RepairRule, Run
from integrations.presenting.pills import drawn, in_words
from integrations.presenting.rules import in_words as rule_in_words


@admin.register(Run)
class RunAdmin(LookOnly, ScopedAdmin):
    list_display = (
        "stream",
        "pill",
        "started_at",
        "read",
        "total",
        "created",
        "updated",
        "unchanged",
        "archived",
        "rejected",
        "requests",
        "connection",
    )
    list_filter = ("state", "stream", "full", "started_at", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    date_hierarchy = "started_at"

    @admin.display(description=_("state"), ordering="state")
    def pill(self, run: Run) -> SafeString:
        return drawn(run)


@admin.register(Reconciliation)
class ReconciliationAdmin(LookOnly, ScopedAdmin):
    list_display = ("connection", "started_at", "days", "documents", "ours", "followed", "findings", "problem")
    list_filter = ("started_at", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    date_hierarchy = "started_at"


@admin.register(Case)
class CaseAdmin(LookOnly, ScopedAdmin):
    list_display = ("subject_label", "code", "words", "state", "times", "last_seen_at", "connection")
    list_filter = (
        "state",
        "code",
        "subject_kind",
        "last_seen_at",
        ("connection", admin.RelatedOnlyFieldListFilter),
        ("organization", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("connection__books",)
    search_fields = ("subject_label", "code", "sentence", "detail", "error_id")

    @admin.display(description=_("what happened"))
    def words(self, case: Case) -> str:
        return in_words(case)


@admin.register(RepairRule)
class RepairRuleAdmin(LookOnly, ScopedAdmin):
    """Rules are made, switched and deleted in the inbox, where what hangs on them is changed with them."""

    list_display = ("rule", "active", "hits", "last_used_at", "by", "connection")
    list_filter = ("active", "repair", "code", ("organization", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books", "by")
    search_fields = ("code", "about", "words", "decision")

    @admin.display(description=_("rule"))
    def rule(self, rule: RepairRule) -> str:
        return rule_in_words(rule)


@admin.register(InboundEvent)
class InboundEventAdmin(LookOnly, ScopedAdmin):
    list_display = ("event", "streams", "size", "received_at", "heard_at", "connection")
    list_filter = ("received_at", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    date_hierarchy = "received_at"
