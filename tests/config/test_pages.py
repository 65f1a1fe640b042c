"""What holds for every page, whoever writes it: who may see it, and what it may load."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PUBLIC = {"/login/", "/admin/login/", "/admin/logout/", "/logout/", "/language/", "/healthz", "/readyz", "/metrics"}
# Where somebody without an account signs in for the firm: the link's secret is the login.
PUBLIC |= {"/authorise/", "/authorise/done/"}
# For programs: the list of the documentation, and addresses that ask for a key instead of a login.
FOR_PROGRAMS = ("/llms.txt", "/api/v1/")


def pages(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """The address of every page that needs no number or name in its address."""
    for each in patterns:
        if not isinstance(each.pattern, RoutePattern) or each.pattern.converters:
            continue
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from pages(each.url_patterns, path)
        else:
            yield path


@pytest.mark.django_db
def test_strangers_are_sent_to_the_login_by_every_page(client):
    answers = {path: client.get(path) for path in pages(get_resolver().url_patterns) if asks_for_login(path)}

    assert len(answers) > 10
    assert {path: answer for path, answer in answers.items() if not sends_to_login(answer)} == {}


def asks_for_login(path: str) -> bool:
    return path not in PUBLIC and not path.startswith(FOR_PROGRAMS)


def sends_to_login(answer) -> bool:
    return answer.status_code == 302 and "/login/?next=" in answer["Location"]


@pytest.mark.django_db
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client):
    policy = client.get("/admin/login/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
