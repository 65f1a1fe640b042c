"""Both hosts of the accounting system, signed in: everything that we may ask of them, and nothing else.

What the vendor offers besides (deleting all drafts at once, for instance) cannot be expressed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid5

from accounting.answers import Answer, encode
from accounting.client import Client, Upload
from accounting.errors import NotAllowed
from accounting.protocol import Access
from accounting.providers.economic.refusals import read_legacy_error, read_service_error
from accounting.types import gettext_noop

T = TypeVar("T")

CUSTOMERS = "customersapi/v3.1.0"
PROJECTS = "projectsapi/v1.1.0"
WEBHOOKS = "webhooksapi/v1.0.0"
QUOTES_TO_CASH = "q2capi/v5.3.0"
DRAFTS = "invoices/drafts"
DEMO = "demo"
NAMESPACE = UUID("6e0a7c54-6f2f-4a1d-9f0a-5a4ad3a1c9b7")
# How these characters of a key stand in a path of the legacy host.
ESCAPES = {
    character: f"_{number}_"
    for number, character in enumerate(("<", ">", "*", "%", ":", "&", "/", "\\", "_", " ", "?", ".", "#", "+"))
}


class Wire:
    """`rest` is the legacy host, `services` the newer one; one pair of tokens and one quota for both."""

    def __init__(self, site: Mapping[str, str], access: Access) -> None:
        secret = site["ECONOMIC_APP_SECRET_TOKEN"]

        def sign(token: str) -> Mapping[str, str]:
            return {"X-AppSecretToken": secret, "X-AgreementGrantToken": token}

        self._is_demo = secret == DEMO
        self._rest = Client(site["ECONOMIC_API_URL"], access, read_error=read_legacy_error, sign=sign)
        self._services = Client(site["ECONOMIC_OPENAPI_URL"], access, read_error=read_service_error, sign=sign)

    @property
    def requests(self) -> int:
        return self._rest.requests + self._services.requests

    def get(self, path: str, into: type[T], *, params: Mapping[str, str] | None = None) -> Answer[T]:
        return self._rest.get(path, into, params=params)

    def get_service(self, path: str, into: type[T], *, params: Mapping[str, str] | None = None) -> Answer[T]:
        return self._services.get(path, into, params=params)

    def post(self, path: str, body: object, into: type[T], *, reference: str) -> Answer[T]:
        """The created object. The key makes the books answer a repetition within the hour from their memory."""
        self._refuse_demo()
        return self._rest.post(path, body, into, headers=once(path, reference, body))

    def post_service(self, path: str, body: object, into: type[T], *, reference: str = "") -> Answer[T]:
        self._refuse_demo()
        return self._services.post(path, body, into, headers=once(path, reference, body) if reference else {})

    def post_file(self, table: str, number: int, form: Upload) -> None:
        """Without a key: a file that was taken off and comes again must not be answered from memory."""
        self._refuse_demo()
        self._rest.post(file_of(table, number), form, bytes)

    def put(self, path: str, body: object, into: type[T]) -> Answer[T]:
        self._refuse_demo()
        return self._rest.put(path, body, into)

    def put_service(self, path: str, body: object) -> None:
        self._refuse_demo()
        self._services.put(path, body, bytes)

    def delete_draft(self, number: int) -> None:
        """Deletes the invoice draft of that number, and never more than one: without a number there is no path."""
        self._refuse_demo()
        self._rest.delete(path_to(DRAFTS, number))

    def delete_file(self, table: str, number: int) -> None:
        self._refuse_demo()
        self._rest.delete(file_of(table, number))

    def delete_hook(self, event: str) -> None:
        """The one registration for that event is gone."""
        if not re.fullmatch(r"[A-Z0-9_]+", event):
            raise ValueError(f"there is no event {event}")
        self._services.delete(f"{WEBHOOKS}/webhooks/{event}")

    def delete_just_created(self, table: str, number: int | str) -> None:
        """Takes back what a replacement created, because what it was to replace had gone meanwhile."""
        self._rest.delete(path_to(table, number))

    def _refuse_demo(self) -> None:
        if self._is_demo:
            raise NotAllowed(gettext_noop("The demo agreement can only be read. Connect an agreement of your own."))


def once(path: str, reference: str, body: object) -> dict[str, str]:
    """The same for the same document, whichever attempt it is; another for a changed one."""
    return {"Idempotency-Key": str(uuid5(NAMESPACE, f"{path}\n{reference}\n{encode(body).decode()}"))}


def path_to(table: str, key: int | str) -> str:
    """One record on the legacy host. Raises ValueError for what could be the path of a list."""
    if isinstance(key, int):
        if key <= 0:
            raise ValueError(f"{table} has no number {key}")
        return f"{table}/{key}"
    if not key.strip():
        raise ValueError(f"{table} has no empty key")
    return f"{table}/{quote(''.join(ESCAPES.get(each, each) for each in key), safe='')}"


def file_of(table: str, number: int) -> str:
    """The one file that a draft can have."""
    return f"{path_to(table, number)}/attachment/file"


def was_remembered(answer: Answer[Any]) -> bool:
    """Whether the books repeated an old answer instead of creating anything."""
    return answer.headers.get("X-ResultFromCache", "").lower() == "true"
