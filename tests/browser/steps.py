"""What lies behind a browser test before it begins, done without the browser: the first day clicks through it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from fieldwork.demo import DemoFirm
from fieldwork.models import Membership
from integrations.models import Connection, ConnectionSettings
from integrations.tasks import work
from storm.firms import save_settings
from tests.integrations.connecting.standing_in import Service
from tests.integrations.connecting.steps import connected


def start_with_books(page: Page, firm: DemoFirm, service: Service) -> Connection:
    """The firm's books, read once and started; the owner is signed in."""
    browser = enter(page, firm)
    connection = connected(browser, service)
    save_settings(connection)
    ConnectionSettings.objects.filter(connection=connection).update(cut_off_date=date(2020, 1, 1))
    work(connection.pk)
    connection.refresh_from_db()
    return connection


def enter(page: Page, firm: DemoFirm) -> Client:
    """The page's browser, signed in as the owner, and another one in the same session."""
    owner = Membership.objects.get(organization=firm.organization, role=Membership.Role.OWNER).user
    browser = Client()
    browser.force_login(owner)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])
    return browser
