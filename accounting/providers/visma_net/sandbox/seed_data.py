"""The demo firm's own records, written by hand: an electrician in Trondheim with a few hundred customers.

Nobody here exists; organisation numbers have right check digits and belong to made-up firms.
"""

# ruff: noqa: E501  (a record a line reads better)

from __future__ import annotations

from dataclasses import dataclass

FIRM, FIRM_ORG_NUMBER = "Fjordlys Elektro AS", "987654325"
SECOND_FIRM, SECOND_FIRM_ORG_NUMBER = "Fjordlys Service AS", "976543218"


@dataclass(frozen=True, slots=True)
class Customer:
    number: str
    name: str
    address: tuple[str, str, str]
    email: str = ""
    phone: str = ""
    org_number: str = ""
    contact: str = ""
    kind: str = "KUNDE"
    status: str = "Active"
    country: str = "NO"
    delivery: tuple[str, str, str] | None = None


CUSTOMERS = (
    Customer("10001", "Nidaros Borettslag", ("Kjøpmannsgata 12", "7013", "Trondheim"), "styret@nidaros-brl.example", "73 90 10 01", "971234568", "Ingrid Moe", delivery=("Kjøpmannsgata 14 B", "7013", "Trondheim")),
    Customer("10002", "Bakklandet Kafé og Bakeri AS", ("Nedre Bakklandet 7", "7014", "Trondheim"), "post@bakklandetkafe.example", "73 90 10 02", "962345679", "Tor Haugen"),
    Customer("10003", "Trøndelag Eiendomsdrift AS", ("Fjordgata 50", "7010", "Trondheim"), "faktura@tdeiendom.example", "73 90 10 03", "953456783", "Silje Rønning"),
    Customer("10004", "Heimdal Tannklinikk DA", ("Heimdalsvegen 3", "7072", "Heimdal"), "", "73 90 10 04", "944567893", "Dag Næss"),
    Customer("10005", "Skansen Bygg og Anlegg AS", ("Ilevollen 2", "7018", "Trondheim"), "prosjekt@skansenbygg.example", "73 90 10 05", "935678912", "Merete Bø"),
    Customer("10006", "Kari Nordmann", ("Rosenborg gate 21", "7043", "Trondheim"), "kari.nordmann@post.example", "900 10 106", kind="PRIVAT"),
    Customer("10007", "Per Østby", ("Singsakerbakken 9", "7030", "Trondheim"), "familien@post.example", "900 10 107", kind="PRIVAT"),
    Customer("10008", "Anne Østby", ("Singsakerbakken 9", "7030", "Trondheim"), "familien@post.example", "900 10 108", kind="PRIVAT"),
    Customer("10009", "Lade Bilverksted AS", ("Ladeveien 33", "7041", "Trondheim"), "post@ladebil.example", "73 90 10 09", "926789120", status="OnHold"),
    Customer("10010", "Munkholmen Hotell AS", ("Brattørkaia 15", "7010", "Trondheim"), "drift@munkholmenhotell.example", "73 90 10 10", "917890126", "Jon Aas"),
    Customer("10011", "Åre Fjällby AB", ("Torggatan 4", "831 30", "Östersund"), "ekonomi@arefjallby.example", "+46 63 12 10 11", "556677-8899", kind="UTLAND", country="SE"),
    Customer("10012", "Gamle Kunde AS", ("Prinsens gate 1", "7013", "Trondheim"), "", "", "", status="Inactive"),
    Customer("10013", "Ranheim Skole", ("Peder Myhres veg 4", "7054", "Ranheim"), "post@ranheimskole.example", "73 90 10 13", "908901231", "Rektor"),
    Customer("10014", "Sluppen Kontorbygg AS", ("Sluppenvegen 17", "7037", "Trondheim"), "drift@sluppenkontor.example", "73 90 10 14", "899012347"),
    Customer("A/S #7", "Tempe Elektro & Co: Lager", ("Tempevegen 22", "7031", "Trondheim"), "lager@tempe.example", "73 90 10 15", "", "Odd Lien"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    number: str
    name: str
    price: str
    kind: str = "LAGER"
    unit: str = "STK"
    stock: str = ""
    ean: str = ""
    category: str = "3"
    status: str = "Active"


ITEMS = (
    Item("KAB-3G15", "PFXP 3G1,5 kabel", "18.40", unit="M", stock="1200", ean="7020160301501"),
    Item("KAB-3G25", "PFXP 3G2,5 kabel", "24.90", unit="M", stock="850", ean="7020160302508"),
    Item("KAB-5G6", "PFXP 5G6 kabel", "79.50", unit="M", stock="140"),
    Item("STIKK-D", "Dobbel stikkontakt, hvit", "189.00", stock="96", ean="7021180041002"),
    Item("STIKK-UTE", "Stikkontakt ute, IP44", "349.00", stock="24"),
    Item("BRYT-1", "Bryter 1-polig", "129.00", stock="60"),
    Item("DIM-LED", "Dimmer LED 250 W", "695.00", stock="18"),
    Item("JFA-C16", "Jordfeilautomat C16 30 mA", "749.00", stock="31", ean="7021180090161"),
    Item("JFA-C10", "Jordfeilautomat C10 30 mA", "749.00", stock="12"),
    Item("SKAP-36", "Sikringsskap 36 moduler", "4890.00", stock="3"),
    Item("ELBIL-22", "Elbillader 22 kW", "12900.00", stock="5"),
    Item("PAN-60", "Panelovn 600 W", "1290.00", stock="9"),
    Item("VARM-160", "Varmekabel 160 W", "2190.00", stock="7"),
    Item("LYS-DL", "Downlight LED, 4 W", "298.50", stock="140"),
    Item("SENSOR", "Bevegelsessensor", "590.00", stock="22"),
    Item("RØR-16", "Rør 16 mm, rull 50 m", "399.9600", unit="RULL", stock="14"),
    Item("FORBRUK", "Forbruksmateriell", "150.00", kind="VARE"),
    Item("BOM", "Bompenger", "45.00", kind="VARE", category="0"),
    Item("PROG:ÅR", "Programvare, én lisens/år", "990.00", kind="VARE"),
    Item("ARB-MONT", "Montør, timer", "985.00", kind="ARBEID", unit="TIME"),
    Item("ARB-LÆRL", "Lærling, timer", "640.00", kind="ARBEID", unit="TIME"),
    Item("ARB-OT50", "Montør, overtid 50 %", "1385.00", kind="ARBEID", unit="TIME"),
    Item("SERV-BIL", "Servicebil, pr. oppmøte", "690.00", kind="TJENESTE"),
    Item("SERV-KM", "Kjøring", "12.50", kind="TJENESTE", unit="KM"),
    Item("GAMMEL-1", "Utgått armatur", "99.00", stock="0", status="Inactive"),
)


@dataclass(frozen=True, slots=True)
class Project:
    number: str
    name: str
    customer: str
    start: int
    status: str = "Active"


PROJECTS = (
    Project("P-24-001", "Kjøpmannsgata 14, nytt elanlegg", "10001", -120),
    Project("P-24-002", "Elbilladere i garasjen", "10001", -60),
    Project("P-24-003", "Ombygging andre etasje", "10003", -200, "Completed"),
    Project("P-24-004", "Rammeavtale service", "10010", -300),
    Project("P-24-005", "Nybygg Sluppen", "10014", 10, "Planned"),
    Project("P-24-006", "Skolekjøkken", "10013", -30, "OnHold"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """`rows` are item, quantity and discount per cent. `fate` is what became of it."""

    customer: str
    order: str
    day: int
    rows: tuple[tuple[str, str, str], ...]
    status: str = "Open"
    project: str = ""
    description: str = ""
    place: tuple[str, str, str] | None = None
    fate: str = ""
    kind: str = "SO"


ORDERS = (
    Order("10001", "Styret 4/24", -9, (("JFA-C16", "4", "0"), ("ARB-MONT", "6.5", "0")), project="P-24-001", description="Bytte kurser i oppgang B", place=("Kjøpmannsgata 14 B", "7013", "Trondheim")),
    Order("10002", "", -6, (("STIKK-D", "6", "0"), ("KAB-3G25", "42.5", "10"), ("ARB-MONT", "5", "0")), description="Nye stikk bak disken"),
    Order("10006", "", -4, (("PAN-60", "2", "0"), ("ARB-MONT", "2", "0"), ("BOM", "2", "0")), description="Panelovner soverom"),
    Order("10010", "PO 88123", -3, (("LYS-DL", "36", "12.5"), ("ARB-MONT", "14", "0"), ("ARB-LÆRL", "14", "0")), project="P-24-004", description="Lys i konferansesal"),
    Order("10003", "REK-7741", -2, (("SKAP-36", "1", "0"), ("ARB-MONT", "9", "5")), status="Hold", description="Nytt skap, venter på godkjenning"),
    Order("10013", "", -40, (("SENSOR", "8", "0"), ("ARB-MONT", "7.5", "0")), description="Sensorer i garderober", fate="convert"),
    Order("10005", "SK-1009", -70, (("KAB-5G6", "60", "0"), ("ARB-MONT", "11", "0")), fate="convert"),
    Order("10007", "", -15, (("ELBIL-22", "1", "0"), ("ARB-MONT", "4", "0")), description="Elbillader, avbestilt", fate="cancel"),
    Order("10002", "", -1, (("ELBIL-22", "1", "0"),), kind="QT", description="Tilbud lader"),
)  # fmt: skip

INVOICES = (
    ("10014", -50, (("SERV-BIL", "1"), ("ARB-MONT", "3")), "open"),
    ("10010", -20, (("DIM-LED", "4"), ("ARB-MONT", "2.5")), "open"),
    ("10001", -2, (("FORBRUK", "3"), ("ARB-MONT", "1.5")), "hold"),
)
