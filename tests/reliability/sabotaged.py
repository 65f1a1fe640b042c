"""A pytest plugin that takes the guard away which SABOTAGE names: `-p tests.reliability.sabotaged`."""

from __future__ import annotations

import os


def pytest_collection_finish() -> None:
    from storm.sabotage import sabotage

    sabotage(os.environ["SABOTAGE"])
