"""Our own pages, served beside the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from accounting.sandbox.server import running


@contextmanager
def serve_pages() -> Iterator[str]:
    """The address of the pages, with a server behind it as long as the block lasts."""
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=urlsplit(settings.SITE_URL).port, threads=4)
    with running(server):
        yield settings.SITE_URL
