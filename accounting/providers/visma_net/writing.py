"""Writes, whatever way the API says that they are done: a place without a body, a queued job, or nothing at all.

Every function makes one write. What it reads afterwards cannot undo that write, so whatever goes wrong then is Unclear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from accounting.answers import Answer, Malformed, Misshapen, decode, error_of
from accounting.client import Client
from accounting.errors import AccountingError, Unclear
from accounting.providers.visma_net.names import last_segments, segment
from accounting.providers.visma_net.refusals import TABLE, read_error
from accounting.types import gettext_noop

T = TypeVar("T")

# At most a third of a minute, which is more than a write takes.
JOB_PAUSES_S = (0.3, 0.7, 1.0, 2.0, 3.0, 5.0, 8.0)
NOBODY_SAID_WHERE = gettext_noop("The accounting system did not say where the new record is.")
NOT_DONE_YET = gettext_noop("The accounting system has not finished this yet.")


class Accepted(msgspec.Struct, rename="camel"):
    """A write that is carried out behind the scenes."""

    id: str


class Job(msgspec.Struct, rename="camel"):
    status: str | None = None
    status_code: int | None = None
    error_message: str | None = None
    response_headers: Any = None


class Writer:
    """One host. `sleep` waits between looks at a queued job."""

    def __init__(self, client: Client, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def create(self, path: str, body: object, *, segments: int = 1) -> str:
        """The id of the new record, from the address that the answer names. Network: one POST, or a queued one's looks.

        Raises Unclear for a success that does not say where the record is.
        """
        answer = self._client.post(path, body, bytes)
        location = self._done(answer).get("Location", "")
        found = last_segments(location, segments)
        if not found:
            raise Unclear(NOBODY_SAID_WHERE, status=answer.status)
        return found

    def put(self, path: str, body: object, *, version: str = "") -> None:
        """Nothing, once it is changed. Raises Conflict when `version` is no longer the present one."""
        self._done(self._client.put(path, body, bytes, headers=if_match(version)))

    def delete(self, path: str) -> None:
        self._done(self._client.delete(path))

    def _done(self, answer: Answer[bytes]) -> Mapping[str, str]:
        """The headers of the write itself, after waiting for it where it was queued. Raises what it came to."""
        if answer.status != 202:
            return answer.headers
        try:
            job_id = decode(answer.value, Accepted).id
        except (Malformed, Misshapen):
            raise Unclear(NOT_DONE_YET, status=202) from None
        outcome = afterwards(lambda: self._outcome(job_id))
        if isinstance(outcome, AccountingError):
            raise outcome
        return outcome

    def _outcome(self, job_id: str) -> Mapping[str, str] | AccountingError:
        """What became of a queued write. A refused one is "finished" too, with the status of the refusal."""
        job = Job()
        for pause in JOB_PAUSES_S:
            job = self._client.get(f"v1/background/{segment(job_id)}", Job).value
            if job.status in ("Finished", "Failed"):
                break
            self._sleep(pause)
        code = job.status_code or 0
        if job.status == "Finished" and code // 100 == 2:
            return headers_of(job.response_headers)
        if job.status == "Finished" and code // 100 == 4:
            said = self._client.get(f"v1/background/{segment(job_id)}/content", msgspec.Raw).value
            return error_of(code, bytes(said), {}, is_write=True, read_error=read_error, table=TABLE)
        return Unclear(job.error_message or NOT_DONE_YET, status=code or 202)


def if_match(version: str) -> Mapping[str, str]:
    return {"If-Match": f'"{version}"'} if version else {}


def headers_of(said: object) -> Mapping[str, str]:
    """The answer's headers as a queued write keeps them: texts, or lists of texts; which is not documented."""
    if not isinstance(said, dict):
        return {}
    plain = {
        str(name).title(): value[0] if isinstance(value, list) and value else value for name, value in said.items()
    }
    return {name: value for name, value in plain.items() if isinstance(value, str)}


def afterwards(read: Callable[[], T]) -> T:
    """What was read after a write. The write has happened, so a read that fails leaves its outcome unknown."""
    try:
        return read()
    except AccountingError as error:
        if isinstance(error, Unclear):
            raise
        raise Unclear(error.sentence, status=error.status, error_id=error.error_id) from error
