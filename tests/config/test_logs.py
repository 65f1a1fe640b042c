"""A log line is one JSON object, whatever is in it."""

from __future__ import annotations

import json
import logging
import sys

from django.conf import settings

from config.logs import JsonFormatter, WithoutQueries


def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("sync").makeRecord("sync", logging.INFO, __file__, 1, message, args, None, extra=extra)


def test_line_is_one_object_with_the_fields_that_were_given():
    line = JsonFormatter().format(record("Read %s customers,\nall new", 3, run="7c2f", requests=2))

    seen = json.loads(line)
    assert "\n" not in line
    assert (seen["level"], seen["logger"], seen["message"]) == ("INFO", "sync", "Read 3 customers,\nall new")
    assert (seen["run"], seen["requests"]) == ("7c2f", 2)
    assert seen["time"].endswith("+00:00")


def test_traceback_is_part_of_the_line():
    failed = record("Stopped")
    try:
        raise ValueError("row 12")
    except ValueError:
        failed.exc_info = sys.exc_info()

    assert "ValueError: row 12" in json.loads(JsonFormatter().format(failed))["exception"]


def test_what_json_does_not_know_is_written_as_text():
    assert json.loads(JsonFormatter().format(record("Seen", path={1}.__class__)))["path"] == "<class 'set'>"


def test_no_line_holds_the_query_of_an_address(rf):
    """It may be a lasting token that an accounting system sent back."""
    refused = record("Forbidden: %s", "/books/x/callback/", request=rf.get("/books/x/callback/?grant=secret-token"))

    line = JsonFormatter().format(refused)

    assert json.loads(line)["request"] == "GET /books/x/callback/"
    assert "secret-token" not in line


def test_a_server_that_logs_request_lines_leaves_the_query_out():
    line = record('"%s" %s %s', "GET /books/x/callback/?grant=secret-token&a=b HTTP/1.1", "302", "0")

    assert WithoutQueries().filter(line)
    assert line.getMessage() == '"GET /books/x/callback/ HTTP/1.1" 302 0'
    assert settings.LOGGING["loggers"]["django.server"]["filters"] == ["without_queries"]


def test_no_line_holds_an_api_key():
    line = record("Sent Authorization: Bearer %s", "flk_ab12cd34_s3cr_et-Text")

    assert json.loads(JsonFormatter().format(line))["message"] == "Sent Authorization: Bearer flk_ab12cd34_…"
