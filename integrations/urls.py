"""Addresses of the dashboard, the books and the inbox."""

from __future__ import annotations

from django.urls import path

from integrations.views import (
    books,
    connecting,
    customers,
    dashboard,
    health,
    inbox,
    inbox_help,
    installation,
    probes,
    records,
    runs,
    settings,
)

app_name = "integrations"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("books/", books.books, name="books"),
    path("books/health/", health.page, name="health"),
    path("books/health/webhook/", health.change_webhook, name="webhook"),
    path("books/runs/", runs.runs, name="runs"),
    path("books/runs/<uuid:pk>/", runs.run, name="run"),
    path("books/<uuid:pk>/confirm/", connecting.confirm, name="confirm"),
    path("books/<uuid:pk>/settings/", settings.edit, name="settings"),
    path("books/<uuid:pk>/sync/", books.sync_now, name="sync"),
    path("books/<uuid:pk>/pause/", books.pause_connection, name="pause"),
    path("books/<uuid:pk>/resume/", books.resume_connection, name="resume"),
    path("books/<uuid:pk>/disconnect/", connecting.disconnect_connection, name="disconnect"),
    path("books/<slug:key>/ways/", connecting.ways, name="ways"),
    path("books/<slug:key>/connect/", connecting.connect, name="connect"),
    path("books/<slug:key>/callback/", connecting.callback, name="callback"),
    path("take-over/", installation.take_over_page, name="take_over"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:pk>/accept/", inbox.accept_case, name="accept"),
    path("inbox/help/", inbox_help.catalogue, name="catalogue"),
    path("inbox/help/<slug:code>/", inbox_help.explanation, name="explanation"),
    path("operations/<uuid:pk>/retry/", records.retry_operation, name="retry"),
    path("operations/<uuid:pk>/create-all-the-same/", records.create_all_the_same, name="create_all_the_same"),
    path("work-orders/<uuid:pk>/send/", records.send_work_order, name="send_work_order"),
    path("work-orders/<uuid:pk>/release/", records.release_work_order, name="release_work_order"),
    path("work-orders/<uuid:pk>/include/", records.include_work_order, name="include_work_order"),
    path("work-orders/<uuid:pk>/exclude/", records.exclude_work_order, name="exclude_work_order"),
    path("contact-persons/<uuid:pk>/add-to-books/", records.add_contact_person, name="add_contact_person"),
    path("customers/<uuid:pk>/add-to-books/", customers.add_customer, name="add_customer"),
    path("customers/<uuid:pk>/books/", customers.customer_books, name="customer_books"),
    path("customers/<uuid:pk>/books/link/", customers.link_customer, name="link_customer"),
    path("customers/<uuid:pk>/books/use/", customers.use_counterpart, name="use_counterpart"),
    path("customers/<uuid:pk>/books/unlink/", customers.unlink_customer, name="unlink_customer"),
]
