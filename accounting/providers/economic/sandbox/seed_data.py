"""The hand-written firm of the stand-in: Vestkystens VVS ApS, plumbers in Esbjerg. Everybody here is made up."""

from __future__ import annotations

from typing import NamedTuple


class Customer(NamedTuple):
    number: int
    name: str
    group: int
    cvr: str
    address: str
    zip: str
    city: str
    email: str
    phone: str
    mobile: str = ""
    country: str = "Danmark"
    zone: int = 1
    terms: int = 2
    ean: str = ""
    barred: bool = False
    currency: str = "DKK"


COMPANY = {
    "addressLine1": "Havnegade 41",
    "zip": "6700",
    "city": "Esbjerg",
    "name": "Vestkystens VVS ApS",
    "country": "Danmark",
    "phoneNumber": "75 00 41 00",
    "attention": "Mette Kjær",
    "website": "https://vestkystens-vvs.example",
    "email": "kontor@vestkystens-vvs.example",
    "companyIdentificationNumber": "25313763",
}
SECOND = {
    **COMPANY,
    "name": "Ribe Ventilation ApS",
    "zip": "6760",
    "city": "Ribe",
    "companyIdentificationNumber": "13585628",
}
DEVELOPER = {**COMPANY, "name": "Fieldledger udvikleraftale", "companyIdentificationNumber": "76543213"}

UNITS = ("stk.", "Timer", "m", "kg", "sæt", "km", "dag")
CUSTOMER_GROUPS = ("Erhvervskunder", "Privatkunder", "EU-kunder", "Udland")
# Name, type, days
TERMS = (
    ("Netto 8 dage", "net", 8),
    ("Netto 14 dage", "net", 14),
    ("Netto 30 dage", "net", 30),
    ("Løbende måned + 15 dage", "invoiceMonth", 15),
    ("Kontant", "paidInCash", 0),
    ("Forfaldsdato", "dueDate", None),
)
LAYOUTS = ((19, "Dansk standard"), (21, "Vestkystens faktura"), (22, "Dansk med FIK-indbetalingskort"))
ZONES = ("Domestic", "EU", "Abroad", "Domestic without VAT", "Project")
# Code, name, rate
VAT_ACCOUNTS = (("U25", "Salgsmoms 25 %", "25"), ("U0", "Salg uden moms", "0"), ("I25", "Købsmoms 25 %", "25"))
# Number, name, has inventory, account and VAT code by zone
PRODUCT_GROUPS = (
    (1, "Varer m/moms", False, {1: (1010, "U25"), 2: (1020, ""), 3: (1030, ""), 4: (1040, "U0")}),
    (2, "Ydelser m/moms", False, {1: (1110, "U25"), 2: (1120, ""), 3: (1130, ""), 4: (1140, "U0")}),
    (3, "Momsfri ydelser", False, {1: (1150, ""), 2: (1120, ""), 3: (1130, ""), 4: (1140, "")}),
    (4, "Lagervarer", True, {1: (1012, "U25"), 2: (1020, ""), 3: (1030, ""), 4: (1040, "U0")}),
)
CURRENCIES = (
    ("DKK", "Danske kroner", "208"),
    ("EUR", "Euro", "978"),
    ("SEK", "Svenske kroner", "752"),
    ("NOK", "Norske kroner", "578"),
)
EMPLOYEES = ("Mette Kjær", "Jens Thomsen", "Henrik Bundgaard")

CUSTOMERS = (
    Customer(
        1001,
        "Esbjerg Andelsboligforening",
        1,
        "31119103",
        "Stormgade 12\nc/o Administrationen",
        "6700",
        "Esbjerg",
        "faktura@eab.example",
        "75 00 10 01",
        terms=3,
    ),
    Customer(
        1002,
        "Hotel Vesterhavet A/S",
        1,
        "36213728",
        "Strandvejen 4",
        "6720",
        "Fanø",
        "bogholderi@vesterhavet.example",
        "75 00 10 02",
    ),
    Customer(
        1003,
        "Bageriet på Torvet ApS",
        1,
        "29403473",
        "Torvet 8",
        "6700",
        "Esbjerg",
        "karen@bageriet.example",
        "75 00 10 03",
    ),
    Customer(
        1004,
        "Karen Mikkelsen",
        2,
        "",
        "Kirkegade 31, 2. tv.",
        "6700",
        "Esbjerg",
        "karen.mikkelsen@post.example",
        "",
        "20 00 10 04",
        terms=1,
    ),
    Customer(
        1005,
        "Søren Juhl",
        2,
        "",
        "Skovbrynet 9",
        "6710",
        "Esbjerg V",
        "soeren.juhl@post.example",
        "",
        "20 00 10 05",
        terms=1,
    ),
    Customer(
        1006,
        "Varde Kommune, Ejendomme",
        1,
        "29189811",
        "Bytoften 2",
        "6800",
        "Varde",
        "ean@varde.example",
        "75 00 10 06",
        terms=3,
        ean="5790000000012",
    ),
    Customer(
        1007,
        "Nordsee Ferienhäuser GmbH",
        3,
        "",
        "Hafenstraße 3",
        "25899",
        "Niebüll",
        "rechnung@nordsee.example",
        "+49 4661 000",
        country="Tyskland",
        zone=2,
        terms=3,
        currency="EUR",
    ),
    Customer(
        1008,
        "Brdr. Lauridsen Entreprenører A/S",
        1,
        "19433692",
        "Industrivej 77",
        "6740",
        "Bramming",
        "faktura@lauridsen.example",
        "75 00 10 08",
        terms=4,
    ),
    Customer(
        1009,
        "Ejerforeningen Skolegade 14",
        1,
        "34712088",
        "Skolegade 14",
        "6700",
        "Esbjerg",
        "formand@skolegade14.example",
        "75 00 10 09",
    ),
    Customer(
        1010,
        "Konkursboet Jydsk Bad ApS",
        1,
        "28843151",
        "Gl. Vardevej 2",
        "6700",
        "Esbjerg",
        "kurator@advokat.example",
        "75 00 10 10",
        barred=True,
    ),
    Customer(
        1011,
        "Fjord VVS AS",
        4,
        "",
        "Strandgata 5",
        "4005",
        "Stavanger",
        "post@fjordvvs.example",
        "+47 51 00 00 11",
        country="Norge",
        zone=3,
        terms=3,
    ),
    Customer(
        1012,
        "Inger og Palle Hjort",
        2,
        "",
        "Engparken 22",
        "6760",
        "Ribe",
        "karen.mikkelsen@post.example",
        "75 00 10 12",
        terms=1,
    ),
)

# Customer, name, e-mail, phone
CONTACTS = (
    (1001, "Bente Skov", "bente@eab.example", "20 00 20 01"),
    (1001, "Vicevært Ole Holm", "ole@eab.example", "20 00 20 02"),
    (1002, "Receptionen", "reception@vesterhavet.example", "75 00 20 03"),
    (1003, "Karen Bager", "karen@bageriet.example", "20 00 20 04"),
    (1006, "Lis Krog", "", "75 00 20 05"),
    (1008, "Jan Lauridsen", "jan@lauridsen.example", "20 00 20 06"),
)
# Customer, address, postal code, city
DELIVERY_LOCATIONS = (
    (1001, "Stormgade 14, kælderen", "6700", "Esbjerg"),
    (1001, "Nygårdsvej 101", "6700", "Esbjerg"),
    (1002, "Fanø Bad, Strandvejen 52", "6720", "Fanø"),
    (1006, "Lykkesgårdskolen, Lykkesgårdsvej 2", "6800", "Varde"),
    (1008, "Byggepladsen, Ørnevej 5", "6705", "Esbjerg Ø"),
)
# Number, name, group, unit (by place, 0 is none), price, text
PRODUCTS = (
    ("100", "Montørtime", 2, 2, "545.00", "Arbejdsløn pr. påbegyndt kvarter"),
    ("110", "Lærlingetime", 2, 2, "325.00", ""),
    ("120", "Aften- og weekendtime", 2, 2, "895.00", "Udrykning uden for normal arbejdstid"),
    ("200", "Kørsel, zone 1", 2, 1, "275.00", ""),
    ("210", "Kørsel pr. km", 2, 6, "4.85", ""),
    ("3001", "Pexrør 15 mm", 1, 3, "28.50", ""),
    ("3002", "Kobberrør 22 mm", 1, 3, "96.40", ""),
    ("3010", "Blandingsbatteri, håndvask", 1, 1, "1149.00", "Krom, energiklasse A"),
    ("3011", "Toilet, væghængt", 1, 1, "2895.00", ""),
    ("3020", "Gulvafløb 150 mm", 1, 1, "684.25", ""),
    ("3030", "Fjernvarmeunit 32 kW", 4, 1, "18450.00", ""),
    ("3031", "Cirkulationspumpe 25-60", 4, 1, "2375.00", ""),
    ("A_1.5/2", "Fittings, blandet", 1, 5, "149.00", "Messing"),
    ("9000", "Selvrisiko, forsikringssag", 3, 0, "500.00", ""),
    ("9999", "Udgået radiator", 1, 1, "799.00", "Udgået af sortimentet"),
)
BARRED_PRODUCTS = frozenset({"9999"})
# Number, name, customer, closed
PROJECTS = (
    (1, "Skolegade 14, nye stigstrenge", 1009, False),
    (2, "Hotel Vesterhavet, badeværelser", 1002, False),
    (3, "Lykkesgårdskolen, fjernvarme", 1006, False),
    (4, "Servicebil, egne timer", None, False),
    (5, "Stormgade 12, faldstamme", 1001, True),
)
# Customer, heading, lines (product, text, quantity, price, discount); text lines have no product
ORDERS = (
    (
        1002,
        "Renovering af 4 badeværelser",
        (
            ("", "Nedtagning aftales med receptionen.", "0", "0", "0"),
            ("100", "Montørtime", "64", "545.00", "0"),
            ("3011", "Toilet, væghængt", "4", "2895.00", "10"),
            ("3010", "Blandingsbatteri, håndvask", "4", "1149.00", "10"),
        ),
    ),
    (
        1003,
        "Ny varmtvandsforsyning",
        (("100", "Montørtime", "6.5", "545.00", "0"), ("3031", "Cirkulationspumpe 25-60", "1", "2375.00", "0")),
    ),
    (
        1006,
        "Udskiftning af fjernvarmeunit",
        (
            ("100", "Montørtime", "12", "545.00", "0"),
            ("3030", "Fjernvarmeunit 32 kW", "1", "18450.00", "5"),
            ("200", "Kørsel, zone 1", "2", "275.00", "0"),
        ),
    ),
    (
        1004,
        "Utæt blandingsbatteri",
        (("100", "Montørtime", "1.25", "545.00", "0"), ("3010", "Blandingsbatteri, håndvask", "1", "1149.00", "0")),
    ),
)
