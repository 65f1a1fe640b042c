"""A real browser before a real server: the pages, the stand-in's login pages, and a worker that takes its turns."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from fieldwork.demo import DemoFirm, create_demo_firm
from integrations.models import Licence
from tests.integrations.connecting.standing_in import Service, standing_in

# Playwright's synchronous interface runs an event loop, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marker `browser` on every test of this folder, and a reason where there is no browser to drive."""
    skip = pytest.mark.skip(reason=f"No browser: none of {', '.join(NAMES)} is installed (apt-get install chromium).")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if installed() is None:
                item.add_marker(skip)


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # No sandbox of its own: as root, in a container, Chromium cannot have one.
        browser = playwright.chromium.launch(executable_path=installed(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: LiveServer) -> LiveServer:
    """Started once the test database has its name: before that it looks like one in memory, whose session the
    server's threads would share with us."""
    return live_server


@pytest.fixture(scope="session")
def running() -> Iterator[Service]:
    with standing_in() as service:
        yield service


@pytest.fixture
def service(settings, running: Service, live_server) -> Service:
    """The accounting system as it was at the start; this installation answers at the live server's address."""
    running.stage.reset()
    settings.SITE_URL = live_server.url
    settings.PROVIDER_ENVIRONMENT = running.environment
    return running


@pytest.fixture
def firm(service: Service) -> DemoFirm:
    """The demo's firm with a licence, not connected yet."""
    made = create_demo_firm()
    for user in made.people.values():
        user.language = "en"
        user.save()
    Licence.objects.create(
        organization=made.organization, provider=service.provider.key, starts_on=timezone.localdate()
    )
    return made


@pytest.fixture
def context(chromium: Browser, live_server) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: forbidden styles and scripts, missing files, errors of scripts."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page
