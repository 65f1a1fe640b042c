"""The bookkeeping side of every company of the stand-in: units, terms, codings, VAT codes, accounts, lists.

The chart of accounts (accounts.csv) is an excerpt in the manner of the Swedish BAS plan. Which units a Swedish
company starts with is not known from any source; these are plausible.
"""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    name: str
    code: str
    abbreviation: str
    english: str


class Terms(NamedTuple):
    name: str
    english: str
    days: int
    type: int
    for_sales: bool = True
    for_purchase: bool = True


class Coding(NamedTuple):
    """Accounts in the order domestic with VAT, reverse charge, exempt, EU, EU with VAT, triangular, export."""

    name: str
    english: str
    service: bool
    percent: int
    accounts: tuple[int | None, int | None, int | None, int | None, int | None, int | None, int | None]


class VatCode(NamedTuple):
    code: str
    description: str
    percent: int
    accounts: tuple[int | None, int | None, int | None]


UNITS = {
    "st": Unit("Styck", "st", "st", "pcs"),
    "tim": Unit("Timme", "tim", "tim", "h"),
    "h": Unit("Timmar", "h", "h", "h"),
    "dag": Unit("Dag", "dag", "dag", "day"),
    "m": Unit("Meter", "m", "m", "m"),
    "m2": Unit("Kvadratmeter", "m2", "m2", "m2"),
    "m3": Unit("Kubikmeter", "m3", "m3", "m3"),
    "kg": Unit("Kilogram", "kg", "kg", "kg"),
    "l": Unit("Liter", "l", "l", "l"),
    "km": Unit("Kilometer", "km", "km", "km"),
    "förp": Unit("Förpackning", "förp", "förp", "pkg"),
    "mån": Unit("Månad", "mån", "mån", "month"),
    "sats": Unit("Sats", "sats", "sats", "set"),
}
# A unit that articles still refer to although the books list it no more.
LOST_UNIT = "?"

TERMS = {
    "30": Terms("30 dagar netto", "30 days net", 30, 0),
    "10": Terms("10 dagar netto", "10 days net", 10, 0),
    "20": Terms("20 dagar netto", "20 days net", 20, 0),
    "60": Terms("60 dagar netto", "60 days net", 60, 0),
    "0": Terms("Kontant", "Cash", 0, 2),
    "month": Terms("Löpande månad + 15 dagar", "Current month + 15 days", 15, 1),
    "card": Terms("Kortbetalning", "Card payment", 0, 3),
    "purchase": Terms("90 dagar netto", "90 days net", 90, 0, for_sales=False),
}
TERMS_TYPES = ("Normal", "CurrentMonth", "Cash", "CardPayment", "DigitalWallet", "PaymentServiceProvider")

CODINGS = {
    "goods25": Coding("Varor 25 %", "Goods 25 %", False, 25, (3051, 3231, 3054, 3108, 3106, 3107, 3105)),
    "service25": Coding("Tjänster 25 %", "Services 25 %", True, 25, (3041, 3231, 3044, 3308, 3306, 3308, 3305)),
    "goods12": Coding("Varor 12 %", "Goods 12 %", False, 12, (3052, None, 3054, 3108, 3106, 3107, 3105)),
    "service12": Coding("Tjänster 12 %", "Services 12 %", True, 12, (3042, None, 3044, 3308, 3306, 3308, 3305)),
    "goods6": Coding("Varor 6 %", "Goods 6 %", False, 6, (3053, None, 3054, 3108, 3106, 3107, 3105)),
    "service6": Coding("Tjänster 6 %", "Services 6 %", True, 6, (3043, None, 3044, 3308, 3306, 3308, 3305)),
    "goods0": Coding("Varor momsfria", "Goods without VAT", False, 0, (None, None, 3054, 3108, None, 3107, 3105)),
    "service0": Coding(
        "Tjänster momsfria", "Services without VAT", True, 0, (None, None, 3044, 3308, None, 3308, 3305)
    ),
}

VAT_CODES = (
    VatCode("05", "Momspliktig försäljning", 25, (2611, 2621, 2631)),
    VatCode("10", "Utgående moms 25 %", 25, (2611, None, None)),
    VatCode("11", "Utgående moms 12 %", 12, (2621, None, None)),
    VatCode("12", "Utgående moms 6 %", 6, (2631, None, None)),
    VatCode("35", "Försäljning av varor till annat EU-land", 0, (None, None, None)),
    VatCode("36", "Försäljning av varor utanför EU", 0, (None, None, None)),
    VatCode("39", "Försäljning av tjänster till annat EU-land", 0, (None, None, None)),
    VatCode("41", "Försäljning när köparen är skattskyldig i Sverige", 0, (None, None, None)),
    VatCode("42", "Övrig försäljning, momsfri", 0, (None, None, None)),
    VatCode("48", "Ingående moms att dra av", 25, (2641, None, None)),
)

# Code, Swedish and English name, member of the EU
COUNTRIES = (
    ("SE", "Sverige", "Sweden", True),
    ("NO", "Norge", "Norway", False),
    ("DK", "Danmark", "Denmark", True),
    ("FI", "Finland", "Finland", True),
    ("IS", "Island", "Iceland", False),
    ("DE", "Tyskland", "Germany", True),
    ("NL", "Nederländerna", "Netherlands", True),
    ("BE", "Belgien", "Belgium", True),
    ("FR", "Frankrike", "France", True),
    ("PL", "Polen", "Poland", True),
    ("EE", "Estland", "Estonia", True),
    ("LV", "Lettland", "Latvia", True),
    ("LT", "Litauen", "Lithuania", True),
    ("ES", "Spanien", "Spain", True),
    ("IT", "Italien", "Italy", True),
    ("GB", "Storbritannien", "United Kingdom", False),
    ("CH", "Schweiz", "Switzerland", False),
    ("US", "USA", "United States", False),
)
CURRENCIES = ("SEK", "EUR", "NOK", "DKK", "USD")
DELIVERY_METHODS = (
    ("Servicebil", "Service van", "BIL"),
    ("Hämtas i butik", "Collected in shop", "HÄMT"),
    ("Schenker paket", "Schenker parcel", "SCH"),
)
DELIVERY_TERMS = (("Fritt vårt lager", "Ex works", "EXW"), ("Fritt kunden", "Delivered", "DAP"))
# Cost centers are three fixed slots; their items are the company's own.
COST_CENTERS = (
    (
        "Avdelning",
        True,
        (("VVS", "VVS-avdelningen", True), ("EL", "Elavdelningen", True), ("KYL", "Kylavdelningen", False)),
    ),
    ("Region", True, (("GBG", "Göteborg", True), ("HAL", "Halland", True))),
    ("Kostnadsställe", False, ()),
)
# Highest account number of a range, then type and its name, as the real service numbers them.
ACCOUNT_TYPES = (
    (1399, 0, "Anläggningstillgångar"),
    (1499, 2, "Lager och pågående arbeten"),
    (1599, 3, "Kundfordringar"),
    (1899, 5, "Övriga fordringar"),
    (1999, 8, "Kassa och bank"),
    (2099, 10, "Eget kapital"),
    (2399, 12, "Långfristiga skulder"),
    (2499, 14, "Leverantörsskulder"),
    (2699, 16, "Skatter och moms"),
    (2999, 18, "Övriga kortfristiga skulder"),
    (3699, 20, "Försäljning"),
    (3999, 22, "Övriga intäkter"),
    (4999, 24, "Varor och material"),
    (6999, 25, "Övriga externa kostnader"),
    (7699, 26, "Personalkostnader"),
    (7999, 27, "Avskrivningar"),
    (8999, 28, "Finansiella poster och resultat"),
)
