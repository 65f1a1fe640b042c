"""A test proves that it can fail: with its guard taken away it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

LOST_ANSWER = "tests/reliability/test_guards.py::test_a_write_whose_answer_was_lost_is_made_once"
ONE_WORKER = "tests/reliability/test_guards.py::test_one_worker_at_a_time_is_at_one_company"
SENDING = "tests/integrations/sending"
SOME_FAIL = 1


@pytest.mark.parametrize(
    ("guard", "tests"),
    [
        ("look-up", [LOST_ANSWER, f"{SENDING}/test_doubt.py::test_a_lost_answer_does_not_make_a_second_draft"]),
        ("lease", [ONE_WORKER, f"{SENDING}/test_races.py::test_two_workers_send_each_document_once"]),
        ("post", [LOST_ANSWER, "tests/accounting/test_http.py::test_every_way_of_writing_reads_the_same_column"]),
    ],
)
def test_without_the_guard_its_tests_fail(guard: str, tests: list[str]) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.reliability.sabotaged",
        "-p",
        "no:cacheprovider",
        "-q",
        *tests,
    ]
    environment = os.environ | {"SABOTAGE": guard, "TEST_DATABASE_URL": ""}

    ran = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    failed = set(re.findall(r"^FAILED ([^\s\[]+)", ran.stdout, re.MULTILINE))
    assert (ran.returncode, failed) == (SOME_FAIL, set(tests)), ran.stdout
