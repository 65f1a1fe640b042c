"""Fjordlys Elektro: electricians in Trondheim, five people."""

from __future__ import annotations

from fieldwork.demo_data.shapes import Buyer, Colleague, Contact, Firm, Item, Job, Row, Site, Step, Undertaking

# One record per line reads as a table, so the formatter stays out.
# fmt: off
COLLEAGUES = (
    Colleague("kari", "Kari", "Solheim", "owner"),
    Colleague("ola", "Ola", "Solheim", "coordinator"),
    Colleague("jonasv", "Jonas", "Vik", "performer"),
    Colleague("eirik", "Eirik", "Berg", "performer"),
    Colleague("marte", "Marte", "Lien", "performer"),
)

STEPS = (
    Step("Planlagt", "open"),
    Step("Pågår", "open"),
    Step("Ferdig", "completed", "triggers_export"),
    Step("Fakturert", "completed", "set_after_success"),
    Step("Må rettes", "completed", "set_after_failure"),
    Step("Avbrutt", "cancelled"),
)

# The first eight stand in the books with the same number.
CUSTOMERS = (
    Buyer("10001", "Nidaros Borettslag", "971234568", "Kjøpmannsgata 12", "7013", "Trondheim",
          "styret@nidaros-brl.example", "73 90 10 01", contacts=(Contact("Ingrid", "Moe"),),
          sites=(Site("Oppgang B", "Kjøpmannsgata 14 B", "7013", "Trondheim"),
                 Site("Garasjen", "Kjøpmannsgata 12", "7013", "Trondheim"))),
    Buyer("10002", "Bakklandet Kafé og Bakeri AS", "962345679", "Nedre Bakklandet 7", "7014", "Trondheim",
          "post@bakklandetkafe.example", "73 90 10 02", contacts=(Contact("Tor", "Haugen"),)),
    Buyer("10003", "Trøndelag Eiendomsdrift AS", "953456783", "Fjordgata 50", "7010", "Trondheim",
          "faktura@tdeiendom.example", "73 90 10 03", contacts=(Contact("Silje", "Rønning"),)),
    Buyer("10005", "Skansen Bygg og Anlegg AS", "935678912", "Ilevollen 2", "7018", "Trondheim",
          "prosjekt@skansenbygg.example", "73 90 10 05", contacts=(Contact("Merete", "Bø"),)),
    Buyer("10006", "Kari Nordmann", "", "Rosenborg gate 21", "7043", "Trondheim",
          "kari.nordmann@post.example", "900 10 106", is_company=False, terms="14 dager netto"),
    Buyer("10010", "Munkholmen Hotell AS", "917890126", "Brattørkaia 15", "7010", "Trondheim",
          "drift@munkholmenhotell.example", "73 90 10 10", contacts=(Contact("Jon", "Aas"),)),
    Buyer("10013", "Ranheim Skole", "908901231", "Peder Myhres veg 4", "7054", "Ranheim",
          "post@ranheimskole.example", "73 90 10 13"),
    Buyer("10014", "Sluppen Kontorbygg AS", "899012347", "Sluppenvegen 17", "7037", "Trondheim",
          "drift@sluppenkontor.example", "73 90 10 14"),
    # Only here.
    Buyer("", "Lilleby Sykkelverksted", "", "Ladehammerveien 40", "7041", "Trondheim",
          "post@lillebysykkel.example", "73 90 10 31"),
    Buyer("", "Hanna Eide", "", "Gløshaugveien 6", "7030", "Trondheim",
          "hanna.eide@post.example", "900 10 132", is_company=False, terms="14 dager netto"),
    Buyer("", "Byneset Gårdsdrift DA", "", "Bynesveien 611", "7070", "Bosberg",
          "drift@bynesetgard.example", "73 90 10 33"),
)

HOUR_TYPES = (
    Item("ARB-MONT", "Montør, timer", "TIME", "985.00"),
    Item("ARB-LÆRL", "Lærling, timer", "TIME", "640.00"),
    Item("ARB-OT50", "Montør, overtid 50 %", "TIME", "1385.00"),
)

MATERIALS = (
    Item("KAB-3G15", "PFXP 3G1,5 kabel", "M", "18.40", "1200", "7020160301501"),
    Item("KAB-3G25", "PFXP 3G2,5 kabel", "M", "24.90", "850", "7020160302508"),
    Item("KAB-5G6", "PFXP 5G6 kabel", "M", "79.50", "140"),
    Item("STIKK-D", "Dobbel stikkontakt, hvit", "STK", "189.00", "96", "7021180041002"),
    Item("DIM-LED", "Dimmer LED 250 W", "STK", "695.00", "18"),
    Item("JFA-C16", "Jordfeilautomat C16 30 mA", "STK", "749.00", "31", "7021180090161"),
    Item("ELBIL-22", "Elbillader 22 kW", "STK", "12900.00", "5"),
    Item("LYS-DL", "Downlight LED, 4 W", "STK", "298.50", "140"),
    Item("SENSOR", "Bevegelsessensor", "STK", "590.00", "22"),
    Item("SERV-BIL", "Servicebil, pr. oppmøte", "STK", "690.00"),
    # Only here.
    Item("TERM-ZB", "Termostat, trådløs", "STK", "1090.00", "8"),
)

PROJECTS = (
    Undertaking("P-24-001", "Kjøpmannsgata 14, nytt elanlegg", "10001", -120, 60),
    Undertaking("P-24-002", "Elbilladere i garasjen", "10001", -60, 30),
    Undertaking("P-24-004", "Rammeavtale service", "10010", -300, None),
)

WORK_ORDERS = (
    Job("401", "Ny kurs til vaskerommet", "10001", "jonasv", "Ferdig", -8, -3, (
        Row("ARB-MONT", "3.5"), Row("JFA-C16", "1"), Row("KAB-3G25", "22")),
        project="P-24-001", site="Oppgang B", reference="Ingrid Moe"),
    Job("402", "Lader på plass 14", "10001", "eirik", "Ferdig", -6, -2, (
        Row("ARB-MONT", "4"), Row("ELBIL-22", "1"), Row("KAB-5G6", "18.5")), project="P-24-002", site="Garasjen"),
    Job("403", "Stikk og lys bak disken", "10002", "marte", "Ferdig", -5, -2, (
        "Gjort etter stengetid.", Row("ARB-OT50", "2.25"), Row("STIKK-D", "4"), Row("LYS-DL", "6", "10")),
        reference="Tor Haugen"),
    Job("404", "Downlights i resepsjonen", "10010", "jonasv", "Ferdig", -4, -1, (
        Row("ARB-MONT", "6"), Row("ARB-LÆRL", "6"), Row("LYS-DL", "24", "12.5"), Row("DIM-LED", "2")),
        project="P-24-004", reference="Jon Aas"),
    Job("405", "Feilsøking, jordfeil på kjøkkenet", "10006", "eirik", "Ferdig", -3, -1, (
        Row("SERV-BIL", "1"), Row("ARB-MONT", "1.5"), Row("JFA-C16", "1"))),
    Job("406", "Termostater i verkstedet", "Lilleby Sykkelverksted", "marte", "Ferdig", -3, -1, (
        Row("ARB-MONT", "2"), Row("TERM-ZB", "3"))),
    Job("407", "Nye kurser til gjestehuset", "Hanna Eide", "jonasv", "Ferdig", -2, -1, (
        Row("ARB-MONT", "5.75"), Row("JFA-C16", "3"), Row("KAB-3G15", "64"))),
    # Nothing to be invoiced.
    Job("408", "Garanti: dimmer byttet", "10013", "eirik", "Ferdig", -2, -1, (Row("DIM-LED", "1", "100"),)),
    Job("409", "Sensorer i garderoben", "10013", "marte", "Pågår", -1, 0, (Row("SENSOR", "4"),)),
    Job("410", "Kontroll av tavle", "10014", "jonasv", "Planlagt", 0, 5),
    Job("411", "Lys i fjøset", "Byneset Gårdsdrift DA", "eirik", "Planlagt", 0, 8),
)
# fmt: on

FIRM = Firm(
    name="Fjordlys Elektro AS",
    slug="fjordlys",
    organisation_number="987654325",
    email="post@fjordlys.example",
    country="NO",
    currency="NOK",
    time_zone="Europe/Oslo",
    language="en",
    terms="30 dager netto",
    vat_percent="25",
    usual=(
        ("terms", "30 dager netto"),
        ("customer_class", "Bedriftskunder"),
        ("class_person", "Privatkunder"),
        ("class_goods", "Lager"),
        ("class_service", "Arbeid"),
    ),
    finished="Ferdig",
    under_way="Pågår",
    colleagues=COLLEAGUES,
    steps=STEPS,
    projects=PROJECTS,
    customers=CUSTOMERS,
    materials=MATERIALS,
    hour_types=HOUR_TYPES,
    work_orders=WORK_ORDERS,
)
