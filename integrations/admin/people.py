"""What people without an account may do, and what people with one say about the explanations: to look at."""

from __future__ import annotations

from django.contrib import admin

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import HelpVote, Invitation


@admin.register(Invitation)
class InvitationAdmin(LookOnly, ScopedAdmin):
    """Who made it and what came of it. The secret is known to nobody here."""

    list_display = ("organization", "provider", "made_by", "made_at", "expires_at", "used_at", "led_to", "revoked_at")
    list_filter = ("provider", "made_at", ("organization", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organization", "made_by", "led_to__books")
    exclude = ("secret_hash",)


@admin.register(HelpVote)
class HelpVoteAdmin(LookOnly, ScopedAdmin):
    """The filters count: how many found an explanation helpful, and how many did not."""

    show_facets = admin.ShowFacets.ALWAYS
    list_display = ("code", "helpful", "organization", "user", "at")
    list_filter = ("helpful", "code")
    list_select_related = ("organization", "user")
    search_fields = ("code",)
