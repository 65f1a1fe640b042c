"""The seam is tested without the application: nobody is asked whether the network may be used."""

from __future__ import annotations

import pytest

from accounting import http


@pytest.fixture(autouse=True)
def _without_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "forbid_when", http.nothing_forbids)
    monkeypatch.setattr(http, "refuse_writes_when", http.nothing_forbids)
