"""`make screenshots`: every page of the demo at the width of a desk and of a phone, as the first firm's owner sees it.

The demo is started from nothing. Pages are found by following links, one of each address in the URLconf, so that a
new page comes by itself. What is not linked from anywhere has no picture.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

# As it was before the settings of the tests set what they need.
ENVIRONMENT = dict(os.environ)
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = (1280, 390)
# A list of fifty rows says no more than its first screens.
TALLEST = 1800
COLOURS = 96
READY = "(Ctrl-C ends it)"
# It would end the session.
SKIPPED = {"logout"}


def main() -> int:
    parser = ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--sandbox-port", type=int, default=8865)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    django.setup()
    with demo(options.port, options.sandbox_port) as (address, owner), sync_playwright() as playwright:
        # No sandbox of its own: as root, in a container, Chromium cannot have one.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--lang=sv"])
        for width in WIDTHS:
            taken = take_all(browser, address, owner, width, options.folder)
            print(f"{taken} pages at {width} pixels")
        browser.close()
    return 0


def chromium() -> str | None:
    from tests.browser.conftest import installed

    return installed()


# --- the demo -------------------------------------------------------------------


@contextmanager
def demo(port: int, sandbox_port: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Its address, and with which name and password the owner of the first firm signs in."""
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--sandbox-port", str(sandbox_port)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield read_summary(process.stdout)
        finally:
            process.terminate()
            process.stdout.read()  # its last words, so that it can end in peace


def read_summary(lines: Iterator[str]) -> tuple[str, tuple[str, str]]:
    """What the demo prints when it is ready: its address, then each firm with its people's names and passwords."""
    for line in lines:
        print(line, end="")
        if READY in line:
            break
    else:
        raise SystemExit("The demo ended before its pages were there.")
    address = line.split()[0]
    username, password, _role = next(words for words in map(str.split, lines) if words[-1] == "Owner")
    return address, (username, password)


# --- the pictures ---------------------------------------------------------------


def take_all(browser: Browser, address: str, person: tuple[str, str], width: int, folder: Path) -> int:
    """How many addresses were found; of those that show a page there is a picture."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto("/login/")
    save(page, folder / f"login-{width}.png")
    sign_in(page, *person)
    seen, waiting = {"login"}, ["/"]
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if name is None or name in seen:
            continue
        seen.add(name)
        answer = page.request.get(path)
        if urlsplit(answer.url).path != urlsplit(path).path:
            waiting.append(urlsplit(answer.url).path)
        elif answer.ok and answer.headers["content-type"].startswith("text/html"):
            page.goto(path)
            save(page, folder / f"{name.split(':')[-1].replace('_', '-')}-{width}.png")
            waiting += links_on(page)
    context.close()
    return len(seen)


def sign_in(page: Page, username: str, password: str) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/")


def name_of(path: str) -> str | None:
    """What the URLconf calls the page, or None for what is no page of ours."""
    from django.urls import Resolver404, resolve

    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None
    return None if name in SKIPPED or name.startswith("admin:") else name


def links_on(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all(
        "a[href^='/'], a[href^='?']", "found => found.map(each => each.pathname + each.search)"
    )
    return links


def save(page: Page, file: Path) -> None:
    """As a PNG of few colours: a third of the size, and looks the same."""
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"] if page.viewport_size else WIDTHS[0]
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    image = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(file, optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(main())
