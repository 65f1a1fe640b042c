"""Vouchers: balanced, dated in an open period, numbered per series and fiscal year, never changed."""

from __future__ import annotations

from decimal import Decimal

from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import FieldError, invalid, refuse
from accounting.providers.visma_eaccounting.sandbox.sale import check_references
from accounting.providers.visma_eaccounting.sandbox.schema import Json, more_decimals

MANUAL = 2


def create_voucher(books: Books, values: Json, *, default_series: bool) -> Json:
    """A voucher from what a client posted. Raises Refusal."""
    day = values["VoucherDate"]
    year = books.open_period(day)
    check_rows(books, values["Rows"], year["Id"])
    series = "V" if default_series or not values["NumberSeries"] else values["NumberSeries"]
    kind = values["VoucherType"] or MANUAL
    return post_voucher(books, day=day, text=values["VoucherText"], rows=values["Rows"], series=series, kind=kind)


def check_rows(books: Books, rows: list[Json], year: str) -> None:
    """Whether every row can be booked and both sides are equal. Raises Refusal 2000, 3002 or 5005."""
    errors = []
    for index, row in enumerate(rows):
        account = books.account(year, str(row["AccountNumber"]))
        if account is None:
            raise refuse(3002, f"Account {row['AccountNumber']} does not exist.", field=f"Rows[{index}].AccountNumber")
        errors += row_errors(row, account, f"Rows[{index}].")
        check_references(books, row)
        if row["VatCodeId"]:
            books.existing("vatcodes", row["VatCodeId"], member="VatCodeId")
    debit = sum((row["DebitAmount"] for row in rows), Decimal(0))
    credit = sum((row["CreditAmount"] for row in rows), Decimal(0))
    if len(rows) < 2 or debit != credit:
        errors.append(FieldError("Rows", "VoucherDoesNotBalance", f"Debit {debit} and credit {credit} must be equal."))
    if errors:
        raise invalid(errors)


def row_errors(row: Json, account: Json, where: str) -> list[FieldError]:
    errors = []
    if bool(row["DebitAmount"]) == bool(row["CreditAmount"]):
        errors.append(FieldError(f"{where}DebitAmount", "InvalidValue", "A row has either a debit or a credit amount."))
    for name in ("DebitAmount", "CreditAmount"):
        if more_decimals(row[name], 2):
            errors.append(FieldError(where + name, "InvalidValue", f"{name} can have at most 2 decimals."))
    if not account["IsActive"] or account["IsBlockedForManualBooking"]:
        text = f"Account {account['Number']} is not active or blocked for manual booking."
        errors.append(FieldError(f"{where}AccountNumber", "InvalidValue", text))
    has_cost_center = any(row.get(f"CostCenterItemId{n}") for n in (1, 2, 3))
    if has_cost_center and not account["IsCostCenterAllowed"]:
        text = f"Account {account['Number']} does not allow cost centers."
        errors.append(FieldError(f"{where}CostCenterItemId1", "InvalidValue", text))
    return errors


def post_voucher(books: Books, *, day: str, text: str, rows: list[Json], series: str, kind: int) -> Json:
    """The voucher, numbered and stored without further questions."""
    year = books.fiscal_year(day)["Id"]
    number = books.voucher_numbers[year, series] = books.voucher_numbers.get((year, series), 0) + 1
    stamp = books.stamp()
    record = {
        "Id": books.new_id(),
        "VoucherDate": day,
        "VoucherText": text,
        "Rows": [described(books, year, row) for row in rows],
        "NumberAndNumberSeries": f"{series}{number}",
        "NumberSeries": series,
        "VoucherType": kind,
        "CreatedUtc": stamp,
        "ModifiedUtc": stamp,
    }
    books.tables["vouchers"].put(record)
    return record


def described(books: Books, year: str, row: Json) -> Json:
    account = books.account(year, str(row["AccountNumber"]))
    return {**row, "AccountDescription": account["Name"] if account else None}
