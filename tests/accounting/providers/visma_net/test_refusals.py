"""The error bodies of both services, in all the shapes that have been seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounting.answers import error_of
from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    NotFound,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.providers.visma_net.refusals import GONE, NO_LICENCE, TABLE, WRONG_TENANT, read_error

VISMA_ID = "94e79109-2abd-4a4a-97ff-743e33812334"


def error(status: int, body: bytes, *, is_write: bool = True, **headers: str) -> AccountingError:
    return error_of(status, body, headers, is_write=is_write, read_error=read_error, table=TABLE)


@pytest.mark.parametrize("name", ["message", "Message"])
def test_a_sentence_of_the_erp(name: str) -> None:
    found = error(400, f'{{"{name}": "You cannot do this."}}'.encode())

    assert isinstance(found, Refused)
    assert (found.sentence, found.code) == ("You cannot do this.", "")


def test_the_vendors_number_goes_to_the_evidence() -> None:
    found = error(400, f'{{"message": "VismaId: {VISMA_ID}. Error creating salesOrder. Value is null."}}'.encode())

    assert (found.sentence, found.error_id) == ("Error creating salesOrder. Value is null.", VISMA_ID)


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("CustomerClass 'X' cannot be found in the system.", "customer_class"),
        ("'Customer VAT zone' cannot be empty", "vat_zone"),
        ("Branch '9' cannot be found in the system.", "branch"),
        ("ItemClass 'X' cannot be found in the system.", "item_class"),
        ("Something else entirely.", ""),
    ],
)
def test_a_sentence_shows_where_to_look(sentence: str, field: str) -> None:
    found = error(400, f'{{"message": "{sentence}"}}'.encode())

    assert isinstance(found, Refused)
    assert found.field == field


@pytest.mark.parametrize("text", ["Customer 1 already exists.", "Kunden finnes allerede.", "Kunden finns redan."])
def test_a_number_that_is_taken(text: str) -> None:
    assert isinstance(error(400, f'{{"message": "{text}"}}'.encode()), Conflict)


@pytest.mark.parametrize("code", ["12027", "12002"])
def test_no_licence_or_the_wrong_tenant(code: str) -> None:
    body = f'{{"ExceptionType": "IPPException", "ExceptionMessage": "", "ExceptionFaultCode": "{code}", '
    found = error(400, (body + f'"ExceptionMessageID": "{code}_6e2a", "ExceptionDetails": ""}}').encode())

    assert isinstance(found, NotAllowed)
    assert (found.sentence, found.error_id) == (NO_LICENCE, f"{code}_6e2a")


def test_another_exception_speaks_for_itself() -> None:
    found = error(400, b'{"ExceptionType": "IPPException", "ExceptionMessage": "No.", "ExceptionFaultCode": "12050"}')

    assert isinstance(found, Refused)
    assert (found.sentence, found.code) == ("No.", "12050")


def test_a_problem_with_codes() -> None:
    body = (
        b'{"title": "One or more validation errors occurred.", "status": 400, "instance": "0HN7",'
        b' "errors": {"orderLines[2].inventoryId": ["InventoryId cannot be found or is invalid"]},'
        b' "details": [{"code": "1804-InventoryIdNotFound", "message": "InventoryId cannot be found or is invalid",'
        b' "parameters": {"property": "orderLines[2].inventoryId"}}]}'
    )
    found = error(400, body)

    assert isinstance(found, Refused)
    assert (found.sentence, found.field, found.code, found.error_id) == (
        "InventoryId cannot be found or is invalid",
        "article",
        "1804-InventoryIdNotFound",
        "0HN7",
    )


def test_a_problem_without_codes_or_without_anything() -> None:
    fields = error(400, b'{"title": "Wrong.", "errors": {"customer.termsId": ["Needed."], "date": ["Wrong day."]}}')
    assert isinstance(fields, Refused)
    assert (fields.sentence, fields.field) == ("Needed. Wrong day.", "terms_of_payment")

    assert error(400, b'{"title": "Bad Request", "status": 400, "detail": null}').sentence == "Bad Request"
    assert error(400, b'{"title": "Bad Request", "detail": "Line 3 is odd."}').sentence == "Line 3 is odd."


@pytest.mark.parametrize("code", ["1600-FinancialPeriodNotFound", "1601-FinancialPeriodClosed", "1602-X"])
def test_a_closed_period_forbids_it(code: str) -> None:
    body = f'{{"title": "x", "details": [{{"code": "{code}", "message": "Closed."}}]}}'.encode()

    assert isinstance(error(400, body), NotAllowed)


@pytest.mark.parametrize(
    ("status", "body", "is_write", "kind"),
    [
        (401, b"", False, ReconnectNeeded),
        (401, b"<html>", False, ReconnectNeeded),
        (403, b'{"message": "No."}', True, NotAllowed),
        (404, b"", False, NotFound),
        (404, b"<html>", False, UnexpectedAnswer),
        (409, b'{"title": "Conflict"}', True, Conflict),
        (412, b'{"message": "Customer version does not match with If-Match header"}', True, Conflict),
        (428, b'{"title": "Precondition Required"}', True, Conflict),
        (429, b"", True, TryLater),
        (500, b'{"message": "Something is wrong."}', False, TryLater),
        (500, b'{"message": "Something is wrong."}', True, Unclear),
        (502, b"<html>", True, Unclear),
        (400, b"plain text", True, Unclear),
        (400, b'{"message": 5}', True, Unclear),
        (400, b"[]", True, Unclear),
    ],
)
def test_every_status_means_something(status: int, body: bytes, is_write: bool, kind: type[AccountingError]) -> None:
    assert type(error(status, body, is_write=is_write)) is kind


def test_sentences_of_ours() -> None:
    assert error(401, b'{"message": "Unauthorized"}').sentence == WRONG_TENANT
    assert error(404, b"").sentence == GONE


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "30"}, timedelta(seconds=30)),
        ({"Retry-After": "30", "X-RateLimit-Reset": "900"}, timedelta(seconds=30)),
        ({"X-RateLimit-Reset": "900"}, timedelta(seconds=900)),
        ({"X-RateLimit-Reset": "90000"}, timedelta(hours=1)),
        (
            {"X-RateLimit-Reset": "1792837000", "Date": "Sat, 24 Oct 2026 09:35:00 GMT"},
            timedelta(seconds=1792837000 - 1792834500),
        ),
        ({"X-RateLimit-Reset": "soon"}, timedelta(minutes=1)),
        ({}, timedelta(minutes=1)),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], wait: timedelta) -> None:
    found = error_of(429, b"", headers, is_write=False, read_error=read_error, table=TABLE)

    assert isinstance(found, TryLater)
    assert found.after == wait
