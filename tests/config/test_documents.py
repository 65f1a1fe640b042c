"""Programs read the documentation where the pages are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
DOCS = Path(settings.BASE_DIR, "docs")


def test_the_list_names_every_page_and_each_can_be_read(client):
    text = client.get("/llms.txt").content.decode()

    addresses = re.findall(rf"\]\({re.escape(settings.SITE_URL)}(/docs/[\w-]+\.md)\)", text)

    assert {Path(each).name for each in addresses} == {each.name for each in DOCS.glob("*.md")}
    assert text.startswith("# Fieldledger\n")
    for each in addresses:
        answer = client.get(each)
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        assert answer.content == (DOCS / Path(each).name).read_bytes()


@pytest.mark.parametrize("address", ["/docs/nothing.md", "/docs/../README.md", "/docs/%2e%2e%2fREADME.md", "/docs/"])
def test_nothing_but_the_pages_is_given(client, address):
    assert client.get(address).status_code in {302, 404}
