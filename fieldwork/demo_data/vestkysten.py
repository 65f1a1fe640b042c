"""Vestkystens VVS: plumbers in Esbjerg, five people."""

from __future__ import annotations

from fieldwork.demo_data.shapes import Buyer, Colleague, Contact, Firm, Item, Job, Row, Site, Step, Undertaking

# One record per line reads as a table, so the formatter stays out.
# fmt: off
COLLEAGUES = (
    Colleague("mette", "Mette", "Kjær", "owner"),
    Colleague("jens", "Jens", "Thomsen", "coordinator"),
    Colleague("henrik", "Henrik", "Bundgaard", "performer"),
    Colleague("sofie", "Sofie", "Damgaard", "performer"),
    Colleague("bjarne", "Bjarne", "Holk", "performer"),
)

STEPS = (
    Step("Planlagt", "open"),
    Step("I gang", "open"),
    Step("Færdig", "completed", "triggers_export"),
    Step("Faktureret", "completed", "set_after_success"),
    Step("Skal rettes", "completed", "set_after_failure"),
    Step("Annulleret", "cancelled"),
)

# The first seven stand in the books with the same number.
CUSTOMERS = (
    Buyer("1001", "Esbjerg Andelsboligforening", "31119103", "Stormgade 12", "6700", "Esbjerg",
          "faktura@eab.example", "75 00 10 01", contacts=(Contact("Bente", "Skov", "bente@eab.example"),),
          sites=(Site("Kælderen", "Stormgade 14", "6700", "Esbjerg"),)),
    Buyer("1002", "Hotel Vesterhavet A/S", "36213728", "Strandvejen 4", "6720", "Fanø",
          "bogholderi@vesterhavet.example", "75 00 10 02", terms="Netto 14 dage"),
    Buyer("1003", "Bageriet på Torvet ApS", "29403473", "Torvet 8", "6700", "Esbjerg",
          "karen@bageriet.example", "75 00 10 03", terms="Netto 14 dage", contacts=(Contact("Karen", "Bager"),)),
    Buyer("1004", "Karen Mikkelsen", "", "Kirkegade 31, 2. tv.", "6700", "Esbjerg",
          "karen.mikkelsen@post.example", "20 00 10 04", is_company=False, terms="Netto 8 dage"),
    Buyer("1005", "Søren Juhl", "", "Skovbrynet 9", "6710", "Esbjerg V",
          "soeren.juhl@post.example", "20 00 10 05", is_company=False, terms="Netto 8 dage"),
    Buyer("1006", "Varde Kommune, Ejendomme", "29189811", "Bytoften 2", "6800", "Varde",
          "ean@varde.example", "75 00 10 06", contacts=(Contact("Lis", "Krog"),),
          sites=(Site("Lykkesgårdskolen", "Lykkesgårdsvej 2", "6800", "Varde"),)),
    Buyer("1009", "Ejerforeningen Skolegade 14", "34712088", "Skolegade 14", "6700", "Esbjerg",
          "formand@skolegade14.example", "75 00 10 09", terms="Netto 14 dage"),
    # Only here.
    Buyer("", "Fiskehallen Esbjerg ApS", "", "Auktionsgade 30", "6700", "Esbjerg",
          "kontor@fiskehallen.example", "75 00 10 41"),
    Buyer("", "Grethe Østergaard", "", "Vognsbølparken 8", "6705", "Esbjerg Ø",
          "grethe@post.example", "20 00 10 42", is_company=False, terms="Netto 8 dage"),
    Buyer("", "Tjæreborg Rideklub", "", "Krebsens Kvarter 5", "6731", "Tjæreborg",
          "formand@rideklub.example", "20 00 10 43"),
)

HOUR_TYPES = (
    Item("100", "Montørtime", "Timer", "545.00"),
    Item("110", "Lærlingetime", "Timer", "325.00"),
    Item("120", "Aften- og weekendtime", "Timer", "895.00"),
)

MATERIALS = (
    Item("200", "Kørsel, zone 1", "stk.", "275.00"),
    Item("3001", "Pexrør 15 mm", "m", "28.50"),
    Item("3002", "Kobberrør 22 mm", "m", "96.40"),
    Item("3010", "Blandingsbatteri, håndvask", "stk.", "1149.00"),
    Item("3011", "Toilet, væghængt", "stk.", "2895.00"),
    Item("3020", "Gulvafløb 150 mm", "stk.", "684.25"),
    Item("3031", "Cirkulationspumpe 25-60", "stk.", "2375.00", "4"),
    # Only here.
    Item("3040", "Udekran, frostsikker", "stk.", "895.00", "6"),
)

PROJECTS = (
    Undertaking("1", "Skolegade 14, nye stigstrenge", "1009", -90, 45),
    Undertaking("2", "Hotel Vesterhavet, badeværelser", "1002", -40, 80),
    Undertaking("3", "Lykkesgårdskolen, fjernvarme", "1006", -25, 20),
)

WORK_ORDERS = (
    Job("7201", "Utæt faldstamme i kælderen", "1001", "henrik", "Færdig", -9, -4, (
        "Stammen er tætnet og afprøvet.", Row("200", "1"), Row("100", "3.5"), Row("3002", "4.5")),
        site="Kælderen", reference="Bente Skov"),
    Job("7202", "To badeværelser, 2. sal", "1002", "sofie", "Færdig", -7, -2, (
        Row("100", "18"), Row("110", "18"), Row("3011", "2", "10"), Row("3010", "2", "10"), Row("3020", "2")),
        project="2"),
    Job("7203", "Vandvarmer kalder", "1003", "bjarne", "Færdig", -5, -2, (
        Row("120", "1.75"), Row("3031", "1")), reference="Karen Bager"),
    Job("7204", "Blandingsbatteri drypper", "1004", "henrik", "Færdig", -4, -1, (
        Row("200", "1"), Row("100", "0.75"), Row("3010", "1"))),
    Job("7205", "Stigstreng, 1. til 3. sal", "1009", "sofie", "Færdig", -4, -1, (
        Row("100", "11.25"), Row("3001", "36"), Row("3002", "12.5")), project="1"),
    Job("7206", "Vand til kølerummet", "Fiskehallen Esbjerg ApS", "bjarne", "Færdig", -3, -1, (
        Row("100", "4"), Row("3001", "28"), Row("3040", "1"))),
    Job("7207", "Udekran ved terrassen", "Grethe Østergaard", "henrik", "Færdig", -2, -1, (
        Row("100", "1.5"), Row("3040", "1"))),
    # Nothing to be invoiced.
    Job("7208", "Garanti: gulvafløb skiftet", "1005", "sofie", "Færdig", -2, -1, (Row("3020", "1", "100"),)),
    Job("7209", "Fjernvarmeunit, indregulering", "1006", "bjarne", "I gang", -1, 0, (Row("100", "2"),),
        project="3", site="Lykkesgårdskolen", reference="Lis Krog"),
    Job("7210", "Nyt vaskerum", "Tjæreborg Rideklub", "henrik", "Planlagt", 0, 6),
)
# fmt: on

FIRM = Firm(
    name="Vestkystens VVS ApS",
    slug="vestkystens-vvs",
    organisation_number="25313763",
    email="kontor@vestkystens-vvs.example",
    country="DK",
    currency="DKK",
    time_zone="Europe/Copenhagen",
    language="en",
    terms="Netto 30 dage",
    vat_percent="25",
    usual=(
        ("terms", "Netto 30 dage"),
        ("layout", "Vestkystens faktura"),
        ("customer_group", "Erhvervskunder"),
        ("zone_domestic", "Domestic"),
        ("goods", "Varer m/moms"),
        ("service", "Ydelser m/moms"),
    ),
    finished="Færdig",
    under_way="I gang",
    colleagues=COLLEAGUES,
    steps=STEPS,
    projects=PROJECTS,
    customers=CUSTOMERS,
    materials=MATERIALS,
    hour_types=HOUR_TYPES,
    work_orders=WORK_ORDERS,
)
