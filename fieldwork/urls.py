"""Addresses of the field work."""

from __future__ import annotations

from django.urls import path

from fieldwork.views import catalogue, customers, keys, papers, people, projects, suggestions, work_orders

app_name = "fieldwork"
urlpatterns = [
    path("customers/", customers.customer_list, name="customer_list"),
    path("customers/new/", customers.customer_create, name="customer_create"),
    path("customers/<uuid:pk>/", customers.customer_detail, name="customer_detail"),
    path("customers/<uuid:pk>/edit/", customers.customer_edit, name="customer_edit"),
    path("customers/<uuid:pk>/contact-persons/new/", customers.contact_person_create, name="contact_person_create"),
    path("customers/<uuid:pk>/work-sites/new/", customers.work_site_create, name="work_site_create"),
    path(
        "customers/<uuid:customer>/work-orders/new/",
        work_orders.work_order_create,
        name="work_order_create_for_customer",
    ),
    path("contact-persons/<uuid:pk>/edit/", customers.contact_person_edit, name="contact_person_edit"),
    path("contact-persons/<uuid:pk>/remove/", customers.contact_person_remove, name="contact_person_remove"),
    path("work-sites/<uuid:pk>/edit/", customers.work_site_edit, name="work_site_edit"),
    path("work-sites/<uuid:pk>/remove/", customers.work_site_remove, name="work_site_remove"),
    path("materials/", catalogue.material_list, name="material_list"),
    path("materials/new/", catalogue.material_create, name="material_create"),
    path("materials/<uuid:pk>/", catalogue.material_edit, name="material_edit"),
    path("hour-types/", catalogue.hour_type_list, name="hour_type_list"),
    path("hour-types/new/", catalogue.hour_type_create, name="hour_type_create"),
    path("hour-types/<uuid:pk>/", catalogue.hour_type_edit, name="hour_type_edit"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<uuid:pk>/", projects.project_edit, name="project_edit"),
    path("work-orders/", work_orders.work_order_list, name="work_order_list"),
    path("work-orders/new/", work_orders.work_order_create, name="work_order_create"),
    path("work-orders/<uuid:pk>/", work_orders.work_order_detail, name="work_order_detail"),
    path("work-orders/<uuid:pk>/pdf/", papers.work_order_paper, name="work_order_pdf"),
    path("work-orders/<uuid:pk>/edit/", work_orders.work_order_edit, name="work_order_edit"),
    path("work-orders/<uuid:pk>/complete/", work_orders.work_order_complete, name="work_order_complete"),
    path("work-orders/<uuid:pk>/reopen/", work_orders.work_order_reopen, name="work_order_reopen"),
    path("work-orders/<uuid:pk>/status/", work_orders.work_order_set_status, name="work_order_set_status"),
    path("suggestions/work-sites/", suggestions.work_sites, name="suggest_work_sites"),
    path("suggestions/<slug:kind>/", suggestions.suggest, name="suggest"),
    path("api-keys/", keys.api_keys, name="api_keys"),
    path("api-keys/new/", keys.api_key_create, name="api_key_create"),
    path("api-keys/<uuid:pk>/revoke/", keys.api_key_revoke, name="api_key_revoke"),
    path("profile/", people.profile, name="profile"),
    path("organization/", people.organization_choose, name="organization_choose"),
]
