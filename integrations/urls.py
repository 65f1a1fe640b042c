"""Addresses of the dashboard, the books and the inbox."""

from __future__ import annotations

from django.urls import path

from integrations.views import books, dashboard, inbox, runs

app_name = "integrations"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("healthz", dashboard.healthz, name="healthz"),
    path("books/", books.books, name="books"),
    path("books/runs/", runs.runs, name="runs"),
    path("books/runs/<uuid:pk>/", runs.run, name="run"),
    path("books/<uuid:pk>/confirm/", books.confirm, name="confirm"),
    path("books/<uuid:pk>/sync/", books.sync_now, name="sync"),
    path("books/<uuid:pk>/pause/", books.pause_connection, name="pause"),
    path("books/<uuid:pk>/resume/", books.resume_connection, name="resume"),
    path("books/<uuid:pk>/disconnect/", books.disconnect_connection, name="disconnect"),
    path("books/<slug:key>/connect/", books.connect, name="connect"),
    path("books/<slug:key>/callback/", books.callback, name="callback"),
    path("inbox/", inbox.inbox, name="inbox"),
]
