"""The API's own error bodies: what each code means for us, and what people read of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounting.answers import ErrorDetail
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
from accounting.providers.visma_eaccounting.refusals import read_error
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks, new_customer

# The catalogue of the vendor's page, with the status that it has or is assumed to have.
CODES: list[tuple[int, int, type[AccountingError]]] = [
    (2000, 400, Refused),
    (3000, 400, NotFound),
    (3000, 404, NotFound),
    (3001, 400, Refused),
    (3002, 400, Refused),
    (3003, 403, NotAllowed),
    (4000, 400, Conflict),
    (4000, 409, Conflict),
    (4001, 400, Refused),
    (4002, 400, Refused),
    (4002, 403, NotAllowed),
    (4003, 403, NotAllowed),
    (4004, 403, NotAllowed),
    (4006, 403, NotAllowed),
    (4006, 400, NotAllowed),
    (4007, 403, NotAllowed),
    (4008, 400, Refused),
    (4009, 403, NotAllowed),
    (4010, 429, TryLater),
    (4011, 403, NotAllowed),
    (4012, 403, NotAllowed),
    (4013, 400, Refused),
    (4019, 403, NotAllowed),
    (4023, 400, Refused),
    (4024, 400, Refused),
    (4025, 400, Refused),
    (4026, 400, NotAllowed),
    (4027, 400, Refused),
    (4034, 403, NotAllowed),
    (4035, 400, Refused),
    (4038, 400, NotAllowed),
    (4100, 400, Refused),
    (5003, 400, Refused),
    (5004, 400, Refused),
    (5005, 400, Refused),
    (5006, 400, Refused),
    (5007, 400, Refused),
    (6001, 400, Refused),
    (9999, 400, Refused),
    (5000, 500, Unclear),
    (5001, 503, Unclear),
    (3000, 500, Unclear),
]


@pytest.mark.parametrize(("code", "status", "error"), CODES)
def test_every_code_has_its_error(samples: SampleBooks, code: int, status: int, error: type[AccountingError]) -> None:
    samples.answer_instead("POST", status, sample.as_bytes(sample.error(code, "SomeException - Their words")))

    with pytest.raises(error) as caught:
        samples.ledger().create(new_customer())

    assert type(caught.value) is error
    assert caught.value.sentence == "Their words"
    assert caught.value.error_id == sample.ERROR_ID


def test_a_refused_token_is_a_matter_of_the_status(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 401)

    with pytest.raises(ReconnectNeeded):
        samples.ledger().company()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Bad Request</body></html>",
        b"{}",
        b"[]",
        b"null",
        b'"ErrorCode"',
        b'{"error":"invalid_request"}',
        b'{"ErrorCode":"4000"}',
        b'{"ErrorCode":4000',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_not_their_error_is_no_refusal(samples: SampleBooks, body: bytes) -> None:
    assert read_error(400, body) is None

    samples.answer_instead("GET", 400, body)
    samples.answer_instead("POST", 400, body)
    with pytest.raises(UnexpectedAnswer):
        samples.ledger().company()
    with pytest.raises(Unclear):
        samples.ledger().create(new_customer())


def detail(body: dict[str, Any], status: int = 400) -> ErrorDetail:
    found = read_error(status, sample.as_bytes(body))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ForbiddenRequestException - No access to module: api_standard", "No access to module: api_standard"),
        ("SocialSecurityNumberIsInvalidException ...", "SocialSecurityNumberIsInvalidException ..."),
        ("Order drafts cannot be printed", "Order drafts cannot be printed"),
        (None, ""),
    ],
)
def test_the_sentence_is_theirs_without_the_exception(text: str | None, sentence: str) -> None:
    assert detail({"ErrorCode": 2000, "DeveloperErrorMessage": text, "ErrorId": None}).sentence == sentence


def test_single_complaints_go_before_the_general_message() -> None:
    body = sample.error(2000, "ValidationException - Invalid", InvoiceCity="City is required", Name="Name is too long")
    body["Errors"] += [{"Field": None, "Message": "City is required"}, {"Field": "x", "Message": " "}]

    found = detail(body)

    assert found.sentence == "City is required Name is too long"
    assert (found.field, found.code) == ("city", "2000")


@pytest.mark.parametrize(
    ("member", "field"),
    [
        ("InvoicePostalCode", "postcode"),
        ("CorporateIdentityNumber", "organisation_number"),
        ("Rows[3].UnitPrice", "unit_price"),
        ("TermsOfPaymentId", "terms_of_payment"),
        ("SomethingNew", "SomethingNew"),
    ],
)
def test_their_field_has_our_name(member: str, field: str) -> None:
    assert detail(sample.error(2000, "ValidationException - x", **{member: "no"})).field == field


@pytest.mark.parametrize(
    ("code", "field"),
    [(4008, "organisation_number"), (4025, "vat_number"), (4026, "dated"), (3001, "dated"), (2000, "")],
)
def test_some_codes_say_which_field_is_meant(code: int, field: str) -> None:
    assert detail(sample.error(code, "SomeException - x")).field == field


def test_the_wait_stands_in_the_text() -> None:
    assert detail(sample.QUOTA, 429).after == timedelta(seconds=55)
    assert detail(sample.NO_MODULE, 403).after is None


def test_an_empty_404_is_this_api_s_way_too() -> None:
    found = read_error(404, b" ")

    assert found is not None
    assert found.sentence
    assert read_error(403, b"") is None
    assert read_error(404, b"<html>nginx</html>") is None
