"""How this service says no: one exception with the vendor's codes, statuses and words.

Which HTTP status goes with which code is documented for a few only; the others follow the wire facts' assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Code: (HTTP status, name of the vendor's exception)
CODES = {
    2000: (400, "ValidationException"),
    3000: (400, "ResourceNotFoundException"),
    3001: (400, "FiscalYearDoesNotExistException"),
    3002: (400, "AccountNotFoundException"),
    4000: (400, "ConflictException"),
    4001: (400, "CanNotBeDeletedException"),
    4002: (400, "CanNotBeCreatedOrUpdatedException"),
    4003: (403, "StartupGuideNotCompletedException"),
    4004: (403, "CompanyNotActiveException"),
    4005: (401, "AuthorizationException"),
    4006: (403, "NoAccessToScopesException"),
    4007: (403, "PermissionDeniedException"),
    4008: (400, "InvalidControlDigitException"),
    4009: (403, "NoAccessDueToProductVariantException"),
    4010: (429, ""),
    4011: (403, "NoAccessForAuthenticatedUserException"),
    4012: (403, "LicenceAgreementNotAcceptedException"),
    4013: (400, "CannotBookkeepInvoiceException"),
    4019: (403, "NoPermissionForReadonlyUserException"),
    4020: (400, "FiscalYearIsOverlappingOtherYearException"),
    4021: (400, "FiscalYearMaximumPeriodExceededException"),
    4022: (400, "FiscalYearEndDateMustBeLastDayOfMonthException"),
    4023: (400, "FutureDateCannotBeSetException"),
    4024: (400, "SalesAccountNumberMissingException"),
    4025: (400, "InvalidVatNumberException"),
    4026: (400, "VoucherDateIsInLockedPeriodException"),
    4028: (400, "OrderCannotBeVoidedException"),
    4029: (400, "SocialSecurityNumberIsInvalidException"),
    4034: (403, "NotAllowedWithSandboxClientException"),
    4035: (400, "InvalidForceBookkeepVatException"),
    4038: (400, "VoucherDateIsInLockedYearException"),
    4100: (400, "ExternalServiceValidationException"),
    5000: (500, "InternalServerErrorException"),
    5001: (503, "CantReachSystemDependencyException"),
    5005: (400, "ProjectEndedException"),
    5006: (400, "InactiveCostCenterException"),
    5007: (400, "ItemToAttachNotFoundException"),
    6000: (400, "QueryParameterException"),
    6001: (400, "InvalidInputException"),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One line of `Errors[]`. The exact spelling of `code` and `key` is not documented."""

    field: str
    code: str
    message: str

    def on_the_wire(self) -> dict[str, str]:
        return {"Field": self.field, "ErrorCode": self.code, "Message": self.message, "Key": self.field.split(".")[-1]}


class Refusal(Exception):
    """The service says no. `status` only where it is not the code's own; `bare` answers without a body."""

    def __init__(
        self,
        code: int,
        text: str,
        *,
        errors: Sequence[FieldError] = (),
        status: int = 0,
        retry_after: int = 0,
        bare: bool = False,
    ) -> None:
        super().__init__(text)
        own_status, name = CODES[code]
        self.code = code
        self.status = status or own_status
        self.text = f"{name} - {text}" if name else text
        self.errors = list(errors)
        self.retry_after = retry_after
        self.bare = bare


def refuse(code: int, text: str, *, field: str = "") -> Refusal:
    """A refusal with that text, on that field where there is one."""
    return Refusal(code, text, errors=[FieldError(field, str(code), text)] if field else [])


def invalid(errors: Sequence[FieldError]) -> Refusal:
    """A failed validation with all its lines."""
    return Refusal(2000, "; ".join(error.message for error in errors), errors=errors)


def bad_date(text: str) -> Refusal:
    return Refusal(6001, f"The value '{text}' is not a valid DateTime.")


def unauthorized() -> Refusal:
    return Refusal(4005, "Authorization has been denied for this request.")
