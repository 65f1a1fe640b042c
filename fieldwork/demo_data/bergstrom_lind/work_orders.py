"""The firm's work orders. Days count from today; customers go by number, or by name where they have none.

Status "Klar" is what the orders come to when they are completed: they are created as "Pågående" first.
"""

from __future__ import annotations

from fieldwork.demo_data.shapes import Job, Row

# One record per line reads as a table, so the formatter stays out.
# fmt: off
COMPLETED_AND_READY = (
    Job("1164", "Läckande stamventil i trapphus C", "10001", "jonas", "Klar", -9, -4, (
        "Stängde av stammen och bytte ventil. Provtryckt utan anmärkning.",
        Row("A100", "3.25"), Row("1872040", "1"), Row("1871201", "4"), Row("1810022", "1.5")),
        project="25-004", site="Trapphus C", reference="Monica Edvardsson"),
    Job("1165", "Byte av cirkulationspump", "10002", "jonas", "Klar", -12, -5, (
        "Gammal pump kärvade. Ny pump injusterad till 3,2 mvp.",
        Row("A100", "4"), Row("6930030", "1"), Row("1872040", "2"), Row("A124", "1")),
        project="25-009", site="Undercentralen", reference="Gunnar Ek"),
    Job("1167", "Nya uttag vid svarven", "10006", "samira", "Klar", -8, -3, (
        Row("A101", "5.5"), Row("1815500", "6"), Row("0064212", "42"), Row("0066710", "38"), Row("2110616", "2")),
        description="Uttagen ska sitta 110 cm över golv, på maskinens vänstra sida.", reference="Patrik Sandell"),
    Job("1168", "Stopp i golvbrunn i köket", "10008", "peter", "Klar", -6, -6, (
        "Akut utryckning fredag kväll. Fett i ledningen, spolat 18 m.",
        Row("A120", "1"), Row("A104", "2.5"), Row("A127", "1"), Row("A122", "24")),
        reference="Milan Petrović"),
    Job("1170", "Tvättställsblandare i behandlingsrum 3", "10009", "linnea", "Klar", -7, -2, (
        Row("A100", "1.75"), Row("8210350", "1"), Row("1990200", "1")), reference="Susanne Lilja"),
    Job("1171", "Två laddboxar i garaget", "10010", "samira", "Klar", -20, -3, (
        "Plats 14 och 15. Egenkontroll lämnad till fastighetsskötaren.",
        Row("A101", "11"), Row("A102", "6"), Row("9010011", "2"), Row("9010090", "1"), Row("0064212", "64"),
        Row("2110610", "2")), project="25-012", site="Garaget", reference="Henrik Asp"),
    Job("1172", "Belysning i verkstadshallen, port 2", "10014", "mikael", "Klar", -10, -4, (
        Row("A101", "6"), Row("7510040", "8"), Row("0064211", "55")), reference="Dragan Ilić"),
    Job("1174", "Filmning av avlopp i källaren", "10018", "peter", "Klar", -11, -7, (
        "Sättning cirka 6 m från rensbrunnen, se film.", Row("A126", "1"), Row("A100", "1.5"), Row("A122", "18")),
        reference="Bo Tengvall"),
    Job("1175", "Byte av WC-stol, avdelning Blåsippan", "10020", "linnea", "Klar", -5, -1, (
        Row("A100", "2"), Row("7820110", "1"), Row("A124", "1")), reference="Åsa Werner"),
    Job("1176", "Felsökning jordfelsbrytare i spa-avdelningen", "10021", "mikael", "Klar", -4, -2, (
        "Fukt i dosa vid bubbelpoolen. Bytte brytare och tätade.",
        Row("A101", "3.5"), Row("2110610", "1"), Row("A106", "1")), site="Spa-avdelningen", reference="Rebecka Storm"),
    Job("1178", "Varmvattenberedare i städrummet", "10022", "goran", "Klar", -14, -3, (
        Row("A100", "5.5"), Row("6920150", "1"), Row("6931018", "1"), Row("1810015", "4.5"), Row("1871202", "8"),
        Row("A124", "1")), reference="Jonas Ferm"),
    Job("1179", "Termostater på kontorsplanet", "10027", "goran", "Klar", -13, -2, (
        Row("A100", "6.75"), Row("6710140", "14", "10"), Row("A122", "32")), reference="Emma Kjellberg"),
    Job("1181", "Duschblandare och avstängningsventiler", "10031", "jonas", "Klar", -6, -1, (
        Row("A100", "2.25"), Row("8210360", "1"), Row("1872041", "2"))),
)

# Each of these needs somebody before it can go to the books.
COMPLETED_AND_STUCK = (
    # The customer is not in the books.
    Job("1182", "Blandare och avlopp i tvättstugan", "Guldhedens Bostäder AB", "peter", "Klar", -5, -2, (
        Row("A100", "4.5"), Row("2412110", "2"), Row("2413111", "3"), Row("2460050", "1")),
        project="25-030", site="Tvättstuga Norra", reference="Pernilla Grahn"),
    # The mixer is not in the books.
    Job("1183", "Ny köksblandare bakom disken", "10007", "linnea", "Klar", -3, -1, (
        Row("A100", "1.5"), Row("8215501", "1"), Row("1990200", "1")), reference="Lovisa Brandt"),
    # The customer is new and has no postcode.
    Job("1187", "Inkoppling av tappvatten i byggbod", "Lerums Entreprenadmaskiner AB", "goran", "Klar", -4, -2, (
        Row("A100", "3"), Row("1823016", "22"), Row("1872041", "2"), Row("A122", "164")), reference="Sven-Erik Boman"),
    # Under warranty: the total is zero.
    Job("1188", "Efterdragning av koppling, garanti", "10036", "jonas", "Klar", -2, -1, (
        "Garantiarbete utan kostnad för kunden.", Row("A100", "0.75", "100")), project="25-020"),
)

UNDER_WAY = (
    Job("1184", "Stambyte lägenhet 1103", "10001", "jonas", "Pågående", -15, 2, (
        Row("A100", "14"), Row("A102", "12"), Row("1810022", "18"), Row("1871201", "12")),
        project="25-004", site="Trapphus D", reference="Monica Edvardsson"),
    Job("1185", "Fettavskiljare och golvbrunnar i storköket", "10008", "peter", "Pågående", -10, 1, (
        Row("A100", "8.5"), Row("2412110", "6")), project="25-015", reference="Milan Petrović"),
    Job("1186", "Kabelförläggning till solceller", "10021", "samira", "Pågående", -9, 3, (
        Row("A101", "9"), Row("0068100", "14")), project="25-018", site="Annexet", reference="Rebecka Storm"),
    Job("1189", "Relining stam B, förberedelser", "Brf Utsikten i Majorna", "goran", "Pågående", -7, 4, (
        Row("A126", "2"), Row("A100", "3.5")), project="25-027", site="Stam B", reference="Anna-Lena Quist"),
    Job("1190", "Belysning parkeringsdäck, etapp 1", "Backaplans Parkering AB", "mikael", "Pågående", -6, 2, (
        Row("A101", "7.5"), Row("7510040", "12")), project="25-028", site="Däck 2", reference="Tommy Rask"),
    Job("1191", "Badrum, framdragning av el", "10036", "samira", "Pågående", -5, 1, (
        Row("A101", "4"), Row("7510020", "6")), project="25-020"),
    Job("1192", "Värmepump, borttagning av oljepanna", "10035", "goran", "Pågående", -4, 1, (
        Row("A100", "6"), Row("A124", "3")), project="25-024"),
)

PLANNED = (
    Job("1193", "Installation av luft-vattenvärmepump", "10035", "goran", "Planerad", -4, 6, (
        Row("6930006", "1"), Row("6933020", "1")), project="25-024"),
    Job("1194", "Tvättstuga Södra, nya ledningar", "Guldhedens Bostäder AB", "peter", "Planerad", -3, 9,
        project="25-030", site="Tvättstuga Södra", reference="Pernilla Grahn"),
    Job("1195", "Servisledning till klubbhuset", "Sävedalens Tennisklubb", "jonas", "Planerad", -3, 12,
        project="25-031", reference="Louise Berne"),
    Job("1196", "Spisvakter i personalköken", "10020", "mikael", "Planerad", -2, 5, (Row("1815540", "2"),),
        reference="Åsa Werner"),
    Job("1197", "Droppande kran i köket", "Rune Fredholm", "linnea", "Planerad", -2, 1,
        description="Ring innan, kunden hör dåligt."),
    Job("1198", "Laddbox på uppfarten", "Mats Holgersson", "samira", "Planerad", -2, 8, (
        Row("9010011", "1"), Row("9010090", "1"))),
    Job("1199", "Utkastare på gårdssidan", "Brf Vinkelhaken", "jonas", "Planerad", -1, 7, (Row("8215510", "2"),),
        reference="Per Hjelte"),
    Job("1200", "Nödbelysning, årlig kontroll", "10030", "mikael", "Planerad", -1, 10, reference="Oskar Lindh"),
    Job("1201", "Offertbesök badrum", "Ellen Sandqvist", "linnea", "Planerad", 0, 3),
    Job("1202", "Ny tvättmaskin, vatten och avlopp", "Amina Warsame", "linnea", "Planerad", 0, 4),
)

BEHIND_US = (
    Job("1131", "Undercentral, injustering", "10002", "jonas", "Fakturerad", -74, -68, (
        Row("A100", "6"), Row("A106", "1")), project="25-009", site="Undercentralen", reference="Gunnar Ek"),
    Job("1138", "Jour: vattenläcka i källaren", "10030", "peter", "Fakturerad", -61, -61, (
        Row("A120", "1"), Row("A104", "4"), Row("1871201", "2")), reference="Oskar Lindh"),
    Job("1142", "Byte av säkringscentral", "10037", "samira", "Fakturerad", -56, -49, (
        Row("A101", "7"), Row("2110616", "10"), Row("2110610", "1"))),
    Job("1149", "Radiatorventiler plan 2", "10013", "goran", "Behöver åtgärd", -44, -40, (
        Row("A100", "5"), Row("6711420", "9")), reference="Anders Bjurström"),
    Job("1156", "Vattenutkastare i trädgården", "Gunilla Hedberg", "linnea", "Avbruten", -30, -24,
        description="Kunden har sålt huset."),
    Job("1169", "Flytt av elcentral", "10024", "mikael", "Avbruten", -12, -5, reference="Niklas Öberg"),
)

WORK_ORDERS = (*COMPLETED_AND_READY, *COMPLETED_AND_STUCK, *UNDER_WAY, *PLANNED, *BEHIND_US)
