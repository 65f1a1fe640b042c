"""One JSON object per log line, so that a log store can search by field. No line holds the query of an address.

A query can be a name somebody searched for, or what a login page sends back: a code, a lasting token. The address
that an accounting system calls ends in a secret, and so does the link by which somebody without an account signs in:
both are left out as well, and what opens with an API key.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from django.http import HttpRequest

QUERY = re.compile(r"\?\S*")
SECRET = re.compile(r"(/(?:hooks/[^/\s]+|authorise)/)[^/\s]+")
API_KEY = re.compile(r"(\bflk_[a-z0-9]+_)[\w-]+")
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Time in UTC, level, logger, message, whatever came in `extra=`, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        line |= {name: shown(value) for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def shown(value: object) -> object:
    """A request is shown as method and path; by itself it would show its whole address."""
    return without_secrets(f"{value.method} {value.path}") if isinstance(value, HttpRequest) else value


def without_secrets(text: str) -> str:
    return API_KEY.sub(r"\1…", SECRET.sub(r"\1…", text))


class WithoutQueries(logging.Filter):
    """For servers that log request lines: `GET /books/?x HTTP/1.1` becomes `GET /books/ HTTP/1.1`."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secrets(QUERY.sub("", each)) if isinstance(each, str) else each for each in record.args
            )
        return True
