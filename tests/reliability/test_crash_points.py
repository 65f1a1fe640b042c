"""Crash points: armed in a test, at the n-th arrival; never in the product's own settings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings

from integrations import crash_points
from storm.crashes import places

ARRIVE = """
import django
django.setup()
from integrations.crash_points import reach
reach("export.after_request")
print("alive")
"""


def test_the_environment_arms_nothing_in_the_products_settings() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "CRASH_POINT": "export.after_request:1",
    }

    ran = subprocess.run(
        [sys.executable, "-c", ARRIVE],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout.strip()) == (0, "alive"), ran.stderr


def fate_of(act: Callable[[], object]) -> int:
    """How a process ends that does this: 0, or the signal that killed it."""
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


@pytest.mark.parametrize(("arrivals", "fate"), [(2, 0), (3, signal.SIGKILL), (4, signal.SIGKILL)])
def test_the_nth_arrival_is_the_last(settings, arrivals: int, fate: int) -> None:
    settings.CRASH_POINT = "export.claimed:3"
    crash_points.arrivals.clear()

    def arrive() -> None:
        for _ in range(arrivals):
            crash_points.reach("export.prepared")
            crash_points.reach("export.claimed")

    assert fate_of(arrive) == fate


def test_every_place_has_a_name_of_its_own() -> None:
    assert len(places()) == len(set(places())) >= 20
