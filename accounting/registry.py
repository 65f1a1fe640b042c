"""Finds the providers: every package below `accounting.providers` that has a `PROVIDER`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from accounting import providers as _providers
from accounting.protocol import Provider


class UnknownProvider(LookupError):
    """No accounting system has this key."""


@cache
def all_providers() -> dict[str, Provider]:
    """Every provider by key, sorted by label."""
    found = [
        cast(Provider, import_module(f"{_providers.__name__}.{module.name}").PROVIDER)
        for module in pkgutil.iter_modules(_providers.__path__)
        if module.ispkg
    ]
    return {provider.key: provider for provider in sorted(found, key=lambda each: each.label)}


def provider_for(key: str) -> Provider:
    """The provider of that key. Raises UnknownProvider."""
    try:
        return all_providers()[key]
    except KeyError:
        raise UnknownProvider(key) from None
