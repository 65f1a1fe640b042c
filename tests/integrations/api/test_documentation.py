"""docs/api.md says what the API does: its examples are run as they stand, and its tables name what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from fieldwork.api.problems import KINDS
from fieldwork.models import ApiKey, Customer, WorkOrder
from integrations.api.v1 import api
from tests.fieldwork.api.conftest import Caller

PAGE = Path(settings.BASE_DIR, "docs", "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```sh\n(.+?)```", re.DOTALL)
NAMED = re.compile(r"Its `id` in the answer is `\$(\w+)`")


def examples() -> Iterator[tuple[str, str]]:
    """Each example, and what its answer's id is called from then on, or nothing."""
    begin = 0
    for found in EXAMPLE.finditer(PAGE):
        named = NAMED.search(PAGE, begin, found.start())
        yield found[1], named[1] if named else ""
        begin = found.end()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_do_what_the_page_says(live_server, connection, caller: Caller):
    known = {"SITE": live_server.url, "KEY": caller.text, "PATH": "/usr/bin:/bin", "NO_PROXY": "*"}
    answers: list[Any] = []

    for command, name in examples():
        ran = subprocess.run(["sh", "-c", command], env=known, capture_output=True, text=True, check=True, timeout=30)
        answer = json.loads(ran.stdout)
        assert not is_problem(answer), (command, answer)
        known |= {name: answer["id"]} if name else {}
        answers.append(answer)

    assert len(answers) > 10
    order = WorkOrder.objects.get(external_id="JOB-77")
    assert (order.revision, str(order.pk), order.total) == (2, known["ORDER"], Decimal("2678.75"))
    assert Customer.objects.get(external_id="C-1001").phone == "08-123 45 67"
    assert [each["state"] for each in answers if isinstance(each, dict) and "words" in each] == ["queued"]


def is_problem(answer: Any) -> bool:
    return isinstance(answer, dict) and str(answer.get("type", "")).startswith("urn:")


def test_the_page_names_every_problem_with_its_status():
    named = set(re.findall(r"\| (\d{3}) \| `([\w-]+)` \|", PAGE))

    assert named == {(str(status), kind) for kind, (status, _title) in KINDS.items()}


def test_the_page_names_every_kind_of_address():
    kinds = {path.removeprefix("/api/v1/").partition("/")[0] for path in api.get_openapi_schema()["paths"]}

    assert {kind for kind in kinds if not re.search(rf"[`\s]{kind}[`/,]", PAGE)} == set()


def test_the_page_shows_what_a_key_looks_like(db, organization):
    _key, text = ApiKey.make(organization, name="Board", scope="read", by=None)

    shape = re.search(r"KEY=(flk_[a-z0-9]+)_…", PAGE)
    assert shape is not None
    assert len(shape[1]) == len(text[: text.index("_", 4)])
