"""What people write in many ways, in one way: numbers, addresses and names made comparable. No database here."""

from __future__ import annotations

import re

CENTURIES = ("16", "18", "19", "20")
COUNTRY_CODES = ("46", "47", "45", "358")
# Forms of companies, which one leaves out and the other writes.
FORMS = frozenset(
    {"ab", "aktiebolag", "hb", "kb", "ek", "för", "förening", "as", "asa", "da", "aps", "oy", "oyj", "ltd", "gmbh"}
)
FEWEST_DIGITS = 6
# What everybody without an address of their own is given.
SHARED_WORDS = frozenset({"kontant", "kontantkund", "diverse", "privat"})


def organisation_mark(number: str) -> str:
    """An organisation or personal number without country, spaces, dashes, century and VAT ending."""
    kept = re.sub(r"\D", "", number)
    if len(kept) == 12:
        return kept[2:] if kept.startswith(CENTURIES) else kept[:10]
    return kept


def vat_mark(number: str) -> str:
    return re.sub(r"[\W_]+", "", number).upper()


def email_mark(address: str) -> str:
    return address.strip().casefold()


def phone_mark(number: str) -> str:
    """The digits of a number as it is dialled at home; too few of them say nothing."""
    kept = re.sub(r"\D", "", number)
    if number.strip().startswith(("+", "00")):
        kept = kept.removeprefix("00")
        code = next((each for each in COUNTRY_CODES if kept.startswith(each)), "")
        kept = "0" + kept.removeprefix(code).removeprefix("0")
    return kept if len(kept) >= FEWEST_DIGITS else ""


def postcode_mark(code: str) -> str:
    return re.sub(r"[\W_]+", "", code).upper()


def name_mark(name: str) -> str:
    """A name without case, punctuation and the form of the company."""
    words = [word for word in re.split(r"[\W_]+", name.casefold()) if word]
    return "".join(word for word in words if word not in FORMS) or "".join(words)


def number_mark(number: str) -> str:
    return number.strip().casefold()
