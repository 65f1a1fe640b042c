"""The hand-written documents of the stand-in's default company: orders, invoice drafts, invoices, vouchers.

Days are relative to the stand-in's today. Customers, projects and articles are the numbers of seed_data.py.
"""

from __future__ import annotations

from typing import NamedTuple

DRAFT, ONGOING, SHIPPED, INVOICED = 1, 2, 3, 4


class Row(NamedTuple):
    """An article row; without an article a text row. Prices None are the article's."""

    article: str | None
    quantity: str = "0"
    text: str | None = None
    price: str | None = None
    discount: str = "0"


class Order(NamedTuple):
    customer: str
    status: int
    day: int
    your_reference: str | None
    rows: tuple[Row, ...]
    project: str | None = None
    deliver: int | None = None


class Draft(NamedTuple):
    customer: str
    your_reference: str | None
    rows: tuple[Row, ...]
    project: str | None = None


class Invoice(NamedTuple):
    customer: str
    day: int
    paid: bool
    rows: tuple[Row, ...]


class Booking(NamedTuple):
    """A manual voucher; rows are (account, debit, credit)."""

    day: int
    text: str
    rows: tuple[tuple[int, str, str], ...]


# One document per group of lines reads as a table, so the formatter stays out.
# fmt: off
ORDERS = (
    Order("10001", ONGOING, -9, "Monica Edvardsson", (
        Row("A100", "24"), Row("1810022", "36"), Row("1871201", "18"), Row("1872040", "6"),
        Row(None, text="Trapphus D, plan 1-3. Vattnet stängs 8-12.")), "25-004", 5),
    Order("10001", SHIPPED, -31, "Monica Edvardsson", (
        Row("A100", "40"), Row("2412110", "9"), Row("2413111", "14"), Row("A126", "2")), "25-004"),
    Order("10002", ONGOING, -6, "Gunnar Ek", (
        Row("A103", "16"), Row("6930030", "2"), Row("6931018", "1"), Row("1990100", "22.5")), "25-009", 12),
    Order("10004", ONGOING, -14, "Stefan Hansson", (
        Row("A101", "32"), Row("0064211", "180"), Row("0064212", "140"), Row("2120042", "1"), Row("2110610", "2")),
        "25-011", 20),
    Order("10004", DRAFT, -2, "Stefan Hansson", (Row("A101", "12"), Row("7510020", "14")), "25-011"),
    Order("10006", ONGOING, -11, "Patrik Sandell", (
        Row("A101", "18"), Row("7510040", "20", discount="0.1"), Row("0066710", "60")), "25-022", 9),
    Order("10008", ONGOING, -4, "Milan Petrović", (
        Row("A109", "3.5"), Row("A120", "1"), Row("2460050", "1"), Row(None, text="Akut läcka under diskbänken.")),
        "25-015", 1),
    Order("10010", ONGOING, -20, "Henrik Asp", (
        Row("9010011", "6"), Row("9010090", "1"), Row("A101", "28"), Row("0064225", "75")), "25-012", 15),
    Order("10010", INVOICED, -62, "Henrik Asp", (Row("A108", "4"), Row("A101", "6.5")), "25-012"),
    Order("10012", ONGOING, -3, "Fredrik Malm", (Row("A100", "2.25"), Row("8210345", "1", discount="0.05")), None, 2),
    Order("10014", DRAFT, -1, "Dragan Ilić", (Row("A101", "3"), Row("1815500", "8"), Row("1815510", "3"))),
    Order("10018", ONGOING, -8, "Bo Tengvall", (Row("A129", "4"), Row("A106", "1.5")), None, 18),
    Order("10021", ONGOING, -25, "Rebecka Storm", (
        Row("9020410", "48"), Row("A101", "64"), Row("A107", "12"), Row("A128", "3")), "25-018", 30),
    Order("10024", ONGOING, -7, "Niklas Öberg", (Row("A101", "9"), Row("2110616", "12")), "25-021", 11),
    Order("10027", SHIPPED, -16, "Emma Kjellberg", (Row("A101", "5"), Row("7510040", "4"), Row("A122", "64"))),
    Order("10029", INVOICED, -75, "Yvonne Palm", (Row("A101", "2"), Row("1815520", "3"))),
    Order("10033", ONGOING, -5, "Eva Lindqvist", (
        Row("A100", "6"), Row("7820110", "1"), Row("8210350", "1"), Row("A124", "1")), None, 6),
    Order("10036", ONGOING, -10, "Sara Nyström", (
        Row("A100", "38"), Row("2451001", "1"), Row("8210360", "1"), Row("8230100", "1"), Row("9990002", "2")),
        "25-020", 8),
    Order("10035", ONGOING, -12, "Birgitta Öhman", (Row("6930006", "1"), Row("A103", "14"), Row("6760005", "25")),
          "25-024", 2),
    Order("10023", ONGOING, -13, "Kristina Aronsson", (
        Row("A101", "8", price="61.2500"), Row("7510040", "10", price="79.1250")), None, 7),
    Order("10045", DRAFT, -2, "Uwe Petersen", (Row("A107", "10", price="79.5000"),)),
)

DRAFTS = (
    Draft("10016", "Torbjörn Fält", (Row("A100", "3.5"), Row("1872041", "2"), Row("A122", "18"))),
    Draft("10037", "Karin Sjöberg", (Row("A101", "1.75"), Row("1815520", "1"), Row(None, text="Dimmer i matrummet"))),
)

INVOICES = (
    Invoice("10001", -118, True, (Row("A100", "52"), Row("1810015", "90"), Row("1871202", "44"))),
    Invoice("10002", -104, True, (Row("A100", "12"), Row("6931018", "1"))),
    Invoice("10006", -97, True, (Row("A101", "22"), Row("7510040", "12"))),
    Invoice("10008", -88, True, (Row("A120", "1"), Row("A109", "2.5"))),
    Invoice("10010", -71, True, (Row("A101", "14"), Row("9010011", "2"))),
    Invoice("10012", -60, True, (Row("A100", "1.5"), Row("2460050", "2"))),
    Invoice("10015", -52, False, (Row("A101", "7"), Row("7510020", "16"))),
    Invoice("10021", -44, False, (Row("A107", "6"),)),
    Invoice("10027", -33, True, (Row("A101", "4"), Row("A122", "112"))),
    Invoice("10033", -28, False, (Row("A100", "2"), Row("8210350", "1"))),
    Invoice("10014", -15, False, (Row("A101", "2.5"), Row("2110616", "3"))),
    Invoice("10029", -6, False, (Row("A101", "1"), Row("1815500", "4"))),
)

VOUCHERS = (
    Booking(-120, "Lokalhyra kvartal", ((5010, "67500.00", "0"), (2641, "16875.00", "0"), (1930, "0", "84375.00"))),
    Booking(-95, "Drivmedel servicebilar", ((5611, "6480.40", "0"), (2641, "1620.10", "0"), (1930, "0", "8100.50"))),
    Booking(-92, "Löner", ((7010, "412300.00", "0"), (2710, "0", "123690.00"), (1930, "0", "288610.00"))),
    Booking(-92, "Arbetsgivaravgifter", ((7510, "129544.66", "0"), (2731, "0", "129544.66"))),
    Booking(-62, "Löner", ((7010, "398150.00", "0"), (2710, "0", "119445.00"), (1930, "0", "278705.00"))),
    Booking(-48, "Inköp VVS-material", ((4010, "48212.00", "0"), (2641, "12053.00", "0"), (2440, "0", "60265.00"))),
    Booking(-40, "Inköp elmaterial", ((4020, "21794.40", "0"), (2641, "5448.60", "0"), (2440, "0", "27243.00"))),
    Booking(-18, "Bankavgifter", ((6570, "385.00", "0"), (1930, "0", "385.00"))),
)
# fmt: on
