"""Admin of customers, with their people and places."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fieldwork.admin.scoping import BY_ORGANIZATION, NotedAdmin, ScopedAdmin, ScopedChoices
from fieldwork.models import ContactPerson, Customer, WorkSite

ORGANIZATION_OF_CUSTOMER = ("customer__organization", admin.RelatedOnlyFieldListFilter)


class ContactPersonInline(ScopedChoices, admin.TabularInline):
    model = ContactPerson
    extra = 0


class WorkSiteInline(ScopedChoices, admin.TabularInline):
    model = WorkSite
    extra = 0


@admin.register(Customer)
class CustomerAdmin(NotedAdmin):
    inlines = (ContactPersonInline, WorkSiteInline)
    list_display = ("number", "name", "is_company", "organisation_number", "city", "email", "active", "organization")
    list_display_links = ("number", "name")
    list_filter = (BY_ORGANIZATION, "active", "is_company", "country", "currency")
    list_select_related = ("organization",)
    search_fields = ("number", "name", "organisation_number", "email", "phone", "mobile", "city")
    autocomplete_fields = ("organization",)
    readonly_fields = ("created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("organization", "number", "name", "is_company", "organisation_number", "vat_number")}),
        (_("Contact"), {"fields": ("email", "phone", "mobile", "website")}),
        (_("Address"), {"fields": ("street", "street2", "postcode", "city", "country")}),
        (
            _("Delivery address"),
            {
                "fields": (
                    "delivery_name",
                    "delivery_street",
                    "delivery_street2",
                    "delivery_postcode",
                    "delivery_city",
                    "delivery_country",
                )
            },
        ),
        (_("Invoicing"), {"fields": ("currency", "discount_percent", "terms_of_payment")}),
        (_("Other"), {"fields": ("note", "active", "external_id", "created_at", "updated_at")}),
    )


@admin.register(ContactPerson)
class ContactPersonAdmin(ScopedAdmin):
    list_display = ("first_name", "last_name", "customer", "email", "direct_phone", "mobile", "is_reference", "active")
    list_display_links = ("first_name", "last_name")
    list_filter = (ORGANIZATION_OF_CUSTOMER, "is_reference", "active")
    list_select_related = ("customer",)
    search_fields = ("first_name", "last_name", "email", "customer__name")
    autocomplete_fields = ("customer",)


@admin.register(WorkSite)
class WorkSiteAdmin(ScopedAdmin):
    list_display = ("name", "customer", "street", "postcode", "city", "country", "active")
    list_filter = (ORGANIZATION_OF_CUSTOMER, "country", "active")
    list_select_related = ("customer",)
    search_fields = ("name", "street", "city", "customer__name")
    autocomplete_fields = ("customer",)
