"""The steps of connecting, as a browser takes them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from integrations.models import Connection

from .standing_in import Service

BOOKS = "/books/"


def connect(browser: Client, service: Service) -> HttpResponse:
    return browser.post(reverse("integrations:connect", args=[service.provider.key]))


def come_back(browser: Client, location: str) -> HttpResponse:
    """Follows the accounting system's redirect to our callback."""
    parts = urlsplit(location)
    return browser.get(f"{parts.path}?{parts.query}")


def sign_in(browser: Client, service: Service, *, company: int = 0, deny: bool = False) -> HttpResponse:
    return come_back(browser, service.sign_in(connect(browser, service)["Location"], company=company, deny=deny))


def connected(browser: Client, service: Service, *, company: int = 0) -> Connection:
    page = sign_in(browser, service, company=company)
    browser.post(page["Location"], {"use": "1"})
    return Connection.objects.get(state=Connection.State.ACTIVE)


def messages_of(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
