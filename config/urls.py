"""Where each app's pages begin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import documents
from integrations.api import v1

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", v1.urls),
    path("llms.txt", documents.llms, name="llms"),
    path("docs/<slug:name>.md", documents.page, name="document"),
    path("", include("fieldwork.urls")),
    path("", include("integrations.urls")),
]
