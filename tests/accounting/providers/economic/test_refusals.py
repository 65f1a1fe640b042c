"""What the bodies of refusals mean, in the shapes that were seen on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounting.answers import ErrorDetail
from accounting.errors import Conflict, NotAllowed
from accounting.providers.economic.refusals import BAD_QUERY, read_legacy_error, read_service_error

Json = dict[str, Any]


def complaint(name: str, message: str, code: str) -> Json:
    return {"propertyName": name, "errorMessage": message, "errorCode": code, "inputValue": 4711}


VALIDATION = {
    "message": "Validation failed. 2 errors found.",
    "errorCode": "E04300",
    "developerHint": "Inspect validation errors and correct your request.",
    "logId": "86d2a1f150c392bb-CPH",
    "httpStatusCode": 400,
    "errors": {
        "paymentTerms": {
            "errors": [complaint("paymentTerms", "PaymentTerms '4711' not found.", "E07080")],
            "paymentTermsType": {
                "errors": [complaint("paymentTermsType", "Payment terms type does not match.", "E07180")],
            },
        }
    },
    "logTime": "2024-03-31T21:09:13",
    "errorCount": 2,
}


def legacy(body: Any, status: int = 400) -> ErrorDetail | None:
    return read_legacy_error(status, json.dumps(body).encode())


def test_a_validation_says_every_sentence_and_the_first_field() -> None:
    assert legacy(VALIDATION) == ErrorDetail(
        sentence="PaymentTerms '4711' not found. Payment terms type does not match.",
        field="terms_of_payment",
        code="E07080",
        error_id="86d2a1f150c392bb-CPH",
    )


def test_lines_and_an_older_spelling() -> None:
    unit = {"errors": [{"property": "unit", "message": "Unit not found.", "value": 9}]}
    errors = {"lines": [{"arrayIndex": 0, "unit": unit}]}
    found = legacy({"message": "Validation failed.", "errorCode": "E04300", "errors": errors})

    assert found is not None
    assert (found.sentence, found.field, found.code) == ("Unit not found.", "unit", "E04300")


def test_a_bad_query_is_recognised() -> None:
    body = {
        "message": "Could not parse query string filter.",
        "logId": "a2a2-CPH",
        "errors": ["Filtering is not allowed on property 'bogusProp'."],
        "allowedFilteringFields": ["zip"],
    }
    found = legacy(body)

    assert found is not None
    assert (found.code, found.sentence) == (BAD_QUERY, "Filtering is not allowed on property 'bogusProp'.")


def test_a_number_that_exists_is_a_conflict() -> None:
    errors = {"customerNumber": {"errors": [complaint("customerNumber", "The key already exists.", "E06010")]}}
    found = legacy({"message": "Validation failed.", "errorCode": "E04300", "errors": errors})

    assert found is not None
    assert (found.error, found.field) == (Conflict, "number")


def test_old_and_short_bodies() -> None:
    missing = legacy({"msg": "Resource not found.", "developerHint": "The API tries …", "httpStatusCode": 404}, 404)

    assert missing is not None
    assert (missing.sentence, missing.code) == ("Resource not found.", "HTTP 404")


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b"{}", b'"text"', b'{"message": 5}', b'{"other": 1}'])
def test_what_is_nobodys_is_not_read(body: bytes) -> None:
    assert read_legacy_error(400, body) is None
    assert read_service_error(400, body) is None


PROBLEM = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
    "title": "Resource not found.",
    "status": 404,
    "detail": "The resource you have been looking for does not exist.",
    "errors": [],
    "traceId": "a2a259bbe959d8d5-CPH",
    "traceTimeUtc": "2026-08-12T20:50:07",
    "errorCode": "ResourceNotFound",
}


def service(**members: Any) -> ErrorDetail:
    found = read_service_error(400, json.dumps({**PROBLEM, **members}).encode())
    assert found is not None
    return found


def test_a_problem_of_the_services() -> None:
    assert service() == ErrorDetail(
        sentence="The resource you have been looking for does not exist.",
        code="ResourceNotFound",
        error_id="a2a259bbe959d8d5-CPH",
    )
    complaints = [{"message": "The Name field is required.", "errorCode": "RequiredValueMissing", "property": "name"}]
    found = service(errors=complaints, errorCode="ValidationFailed")
    assert (found.sentence, found.field, found.code) == ("The Name field is required.", "name", "ValidationFailed")


@pytest.mark.parametrize(
    ("code", "error"),
    [("UpdateConflict", Conflict), ("AccessDeniedAgreementMissingModules", NotAllowed), ("Other", None)],
)
def test_codes_of_the_services(code: str, error: type[Exception] | None) -> None:
    assert service(errorCode=code).error is error
    assert service(errorCode="BadFilterRequest").code == BAD_QUERY


def test_a_gateway_may_answer_for_the_services_in_the_other_shape() -> None:
    found = read_service_error(500, json.dumps({"message": "Internal error", "logId": "x-CPH"}).encode())

    assert found is not None
    assert (found.sentence, found.error_id) == ("Internal error", "x-CPH")
