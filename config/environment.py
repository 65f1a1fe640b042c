"""What settings read besides plain variables: keys that a trial makes for itself, and a view of the environment."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):  # type: ignore[misc]  # it brings no types
    """django-environ, but an empty variable is an unset one: compose files and shells pass many of those."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        if os.environ.get(var) == "" and default is not environ.Env.NOTSET:
            return default
        return super().get_value(var, cast=cast, default=default, parse_default=parse_default)


class ReadOnlyEnvironment(Mapping[str, str]):
    """The environment, for reading. Its repr stays silent, because Django prints settings on error pages."""

    def __getitem__(self, name: str) -> str:
        return os.environ[name]

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)

    def __repr__(self) -> str:
        return "<environment>"


def read_key(name: str, *, file: Path, make: Callable[[], str], may_make: bool) -> str:
    """The key from the variable `name`, else from `file`; a trial makes the file when there is none."""
    if key := os.environ.get(name, "").strip():
        return key
    if file.exists():
        return file.read_text().strip()
    if may_make:
        return write_key(file, make())
    raise ImproperlyConfigured(
        f"{name} is not set. Write it into the environment or into .env (see .env.example), "
        "or set DEBUG=true to try the program on this computer."
    )


def read_installation_id(file: Path) -> UUID:
    """Which installation this is: INSTALLATION_ID, else what `file` holds, which the first start makes."""
    try:
        text = read_key("INSTALLATION_ID", file=file, make=make_installation_id, may_make=True)
        return UUID(text)
    except OSError:
        reason = f"is not set, and {file} cannot be written"
    except ValueError:
        reason = "is not a UUID"
    raise ImproperlyConfigured(
        f"INSTALLATION_ID {reason}. Write one into the environment or into .env: "
        "python -c 'import uuid; print(uuid.uuid4())'"
    )


def write_key(file: Path, key: str) -> str:
    """The key that `file` holds afterwards: ours, or another process's that was faster."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(f"{key}\n")
    try:
        os.link(draft, file)
    except FileExistsError:
        return file.read_text().strip()
    finally:
        draft.unlink()
    return key


def make_secret_key() -> str:
    return secrets.token_urlsafe(50)


def make_installation_id() -> str:
    return str(uuid4())


def make_fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
