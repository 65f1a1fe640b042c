"""Admin of organizations, their people and roles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fieldwork.admin.scoping import BY_ORGANIZATION, ScopedAdmin, ScopedChoices, narrow
from fieldwork.models import Membership, Organization, User


class MembershipInline(ScopedChoices, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("organization",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return narrow(request, super().get_queryset(request)).select_related("organization", "user")


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = (MembershipInline,)
    list_display = ("username", "first_name", "last_name", "email", "language", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "language", "memberships__role")
    search_fields = ("username", "first_name", "last_name", "email")
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Language and time"), {"fields": ("language", "time_zone")}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return narrow(request, super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Who is not a superuser could otherwise become one here.
        powers = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups", "user_permissions")
        return (*super().get_readonly_fields(request, obj), "last_login", "date_joined", *powers)


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    list_display = ("name", "slug", "organisation_number", "country", "currency", "email", "created_at")
    list_filter = ("country", "currency")
    search_fields = ("name", "slug", "organisation_number", "email")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at",)
    # Chosen in the settings of the books, among the firm's own.
    exclude = ("default_material",)


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    list_display = ("user", "organization", "role")
    list_filter = ("role", BY_ORGANIZATION)
    list_select_related = ("user", "organization")
    search_fields = ("user__username", "user__first_name", "user__last_name", "organization__name")
    autocomplete_fields = ("user", "organization")
