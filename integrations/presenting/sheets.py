"""Rows for a spreadsheet, as CSV that Excel opens well and that can do no harm there."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

# Without it Excel takes UTF-8 for the letters of its own country.
MARK = "\ufeff"
# What Nordic spreadsheets take for the end of a cell; the comma is within their numbers.
SEPARATOR = ";"
# A cell that begins so would be computed, or begins so after the program has trimmed it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """The rows as lines of a sheet, without the mark that a file begins with."""
    written = StringIO()
    csv.writer(written, delimiter=SEPARATOR).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return written.getvalue()


def harmless(cell: str) -> str:
    """As text, whatever a customer is called: an apostrophe in front says so to the program."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
