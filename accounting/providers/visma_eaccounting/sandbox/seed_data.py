"""The hand-written core of the stand-in's default company: its customers, articles and projects.

The firm is invented and so is everybody here. Organisation numbers are Luhn-valid and lie in ranges that are not in
use, personal numbers have the birth numbers 980-999 that are kept for tests, phone numbers come from the series that
are kept for fiction, and mail goes to `.example`. Some rows are awkward on purpose; their comment says how.
Orders are in seed_orders.py, units, codings and accounts in seed_books.py.
"""

from __future__ import annotations

from typing import NamedTuple

FIRM = "Bergström & Lind Rör och El AB"
FIRM_ORG_NUMBER = "556812-4472"
SECOND_FIRM = "Lind Fastighetsservice AB"
SECOND_FIRM_ORG_NUMBER = "559981-2038"


class Company(NamedTuple):
    """One customer that is a company, an association or an authority."""

    number: str
    name: str
    org_number: str
    address: str
    postal_code: str
    city: str
    email: str | None
    phone: str | None
    contact: str | None
    terms: str = "30"
    vat_registered: bool = True
    reverse_charge: bool = False
    country: str = "SE"
    currency: str = "SEK"
    vat_number: str | None = None
    delivery: tuple[str, str, str] | None = None
    active: bool = True
    note: str | None = None


class Person(NamedTuple):
    """One customer that is a private person; the personal number counts for ROT deductions."""

    number: str
    name: str
    personal_number: str | None
    address: str
    postal_code: str
    city: str
    email: str | None
    mobile: str | None
    terms: str = "20"
    property_reference: str | None = None
    active: bool = True
    note: str | None = None


class Article(NamedTuple):
    """One article; `unit` is a key of seed_books.UNITS, `coding` one of seed_books.CODINGS, prices are net in SEK."""

    number: str
    name: str
    unit: str
    coding: str
    price: str
    purchase: str = "0"
    stock: str = "0"
    house_work: int | None = None
    barcode: str | None = None
    active: bool = True
    note: str | None = None


class Project(NamedTuple):
    """One project; days are relative to the stand-in's today, `end` None is open-ended."""

    number: str
    name: str
    customer: str | None
    start: int
    end: int | None
    finished: bool = False
    notes: str | None = None


# One record per line reads as a table, so the formatter stays out.
# fmt: off
COMPANIES = (
    Company("10001", "Brf Kastanjen 12", "769690-1318", "Kastanjegatan 12", "413 18", "Göteborg",
            "styrelsen@brfkastanjen.example", "031-390 06 01", "Monica Edvardsson", vat_registered=False),
    Company("10002", "Brf Sjöutsikten", "769690-4429", "Saltholmsgatan 41", "426 76", "Västra Frölunda",
            "forvaltning@brfsjoutsikten.example", "031-390 06 02", "Gunnar Ek", vat_registered=False),
    # Came with the old system without a postcode; every document to it needs one first.
    Company("10003", "Bygg & Rör i Åmål AB", "559970-1124", "Kungsgatan 22", "", "Åmål",
            "faktura@byggror.example", "031-390 06 03", "Roger Fahlén", reverse_charge=True),
    Company("10004", "Hansson Byggentreprenad AB", "559971-1495", "Importgatan 9", "422 46", "Hisings Backa",
            "leverantor@hanssonbygg.example", "031-390 06 04", "Stefan Hansson", reverse_charge=True,
            delivery=("Kvarnbergsgatan 3", "411 05", "Göteborg")),
    Company("10005", "Västkustens Fasad & Mur AB", "559972-1866", "Knipplekullen 7", "417 05", "Göteborg",
            "ekonomi@vastkustfasad.example", "031-390 06 05", "Ulrika Bohlin", reverse_charge=True),
    Company("10006", "Lundby Mekaniska Verkstad AB", "559973-2236", "Herkulesgatan 54", "417 01", "Göteborg",
            "faktura@lundbymek.example", "031-390 06 06", "Patrik Sandell"),
    Company("10007", "Café Kardemumma HB", "969690-5125", "Vegagatan 30", "413 11", "Göteborg",
            "hej@cafekardemumma.example", "070-174 06 07", "Lovisa Brandt", terms="10"),
    Company("10008", "Restaurang Bryggan Fisk & Skaldjur AB", "559974-2607", "Hovås Hamnväg 2", "436 52", "Hovås",
            "bokning@restaurangbryggan.example", "031-390 06 08", "Milan Petrović", terms="10"),
    Company("10009", "Majornas Tandläkargrupp AB", "559975-2978", "Karl Johansgatan 88", "414 55", "Göteborg",
            "reception@majornastand.example", "031-390 06 09", "Susanne Lilja", vat_registered=False),
    Company("10010", "Fastighets AB Linnéporten", "559976-3348", "Linnégatan 21", "413 04", "Göteborg",
            "faktura@linneporten.example", "031-390 06 10", "Henrik Asp"),
    # The same organisation number as 10010: a second invoice address of the same company.
    Company("10011", "Fastighets AB Linnéporten, Mölndal", "559976-3348", "Göteborgsvägen 97", "431 37", "Mölndal",
            "molndal@linneporten.example", "031-390 06 11", "Henrik Asp"),
    Company("10012", "Hisingens Bageri & Konditori AB", "5599773719", "Wieselgrensgatan 6", "417 17", "Göteborg",
            "order@hisingensbageri.example", "031-390 06 12", "Fredrik Malm"),
    Company("10013", "Kungsbacka Trä & Snickeri AB", "559978-4088", "Energigatan 14", "434 37", "Kungsbacka",
            "info@kungsbackatra.example", "031-390 06 13", "Anders Bjurström", reverse_charge=True),
    Company("10014", "Partille Bilservice AB", "559979-4459", "Gamla Kronvägen 50", "433 33", "Partille",
            "verkstad@partillebil.example", "031-390 06 14", "Dragan Ilić"),
    # Exactly as long as the name may be: 50 characters.
    Company("10015", "Göteborgs Kontorshotell vid Lilla Bommens Hamn, AB", "559980-4829", "Lilla Bommen 5", "411 04",
            "Göteborg", "ekonomi@kontorshotellet.example", "031-390 06 15", "Camilla Ruud"),
    Company("10016", "Brf Häggen i Örgryte", "769690-7539", "Danska vägen 68", "416 59", "Göteborg",
            "kassor@brfhaggen.example", None, "Torbjörn Fält", vat_registered=False),
    Company("10017", "Tallbackens Samfällighetsförening", "717990-1181", "Tallbacksvägen 1", "427 36", "Billdal",
            "ordforande@tallbacken.example", "070-174 06 17", "Agneta Sköld", vat_registered=False),
    Company("10018", "Stiftelsen Gamla Prästgården", "857990-3413", "Prästgårdsgatan 8", "412 71", "Göteborg",
            "kansli@gamlaprastgarden.example", "031-390 06 18", "Bo Tengvall", vat_registered=False),
    Company("10019", "Frölunda Innebandy IF", "802990-3419", "Klubbgatan 15", "421 47", "Västra Frölunda",
            None, "070-174 06 19", "Jimmy Karlberg", vat_registered=False),
    Company("10020", "Förskolan Blåklinten ek. för.", "769691-0640", "Blåklintsvägen 4", "436 40", "Askim",
            "forskolechef@blaklinten.example", "031-390 06 20", "Åsa Werner", vat_registered=False),
    Company("10021", "Kungälvs Hotell & Konferens AB", "559981-5197", "Fästningsholmen 2", "442 31", "Kungälv",
            "faktura@kungalvskonferens.example", "031-390 06 21", "Rebecka Storm"),
    Company("10022", "Solängens Vårdcentral AB", "559982-5568", "Solängsvägen 11", "435 32", "Mölnlycke",
            "ekonomi@solangen.example", "031-390 06 22", "Jonas Ferm", vat_registered=False),
    Company("10023", "Nordhavet Seafood Export AB", "559983-5930", "Fiskhamnsgatan 17", "414 58", "Göteborg",
            "invoice@nordhavet.example", "031-390 06 23", "Kristina Aronsson", currency="EUR"),
    Company("10024", "Torslanda Plåt & Ventilation AB", "559984-6309", "Gamla Flygplatsvägen 26", "423 37", "Torslanda",
            "faktura@torslandaplat.example", "031-390 06 24", "Niklas Öberg", reverse_charge=True),
    Company("10025", "Delsjöns Golfrestaurang AB", "559985-6670", "Kallebäcksvägen 2", "412 76", "Göteborg",
            "kok@delsjorestaurangen.example", "031-390 06 25", "Marie Holt", terms="10"),
    # Went out of business: no longer active.
    Company("10026", "Fjällbo Kyl & Värme AB", "559986-7040", "Hornsgatan 3", "415 02", "Göteborg",
            "info@fjallbokyl.example", None, None, active=False, note="Konkurs, fakturera ej."),
    Company("10027", "Västra Hamnens Logistik AB", "559987-7411", "Oljevägen 12", "418 78", "Göteborg",
            "ap@vastrahamnen.example", "031-390 06 27", "Emma Kjellberg", terms="60"),
    Company("10028", "Ångpannan Event & Scen AB", "559988-7782", "Ångpannegatan 6", "417 05", "Göteborg",
            "produktion@angpannan.example", "070-174 06 28", "Tove Hellman"),
    Company("10029", "Mölnlycke Optik AB", "559989-8151", "Biblioteksgatan 1", "435 30", "Mölnlycke",
            "butik@molnlyckeoptik.example", "031-390 06 29", "Yvonne Palm"),
    Company("10030", "Göteborgs Hamnmagasin KB", "969690-9317", "Magasinsgatan 24", "411 18", "Göteborg",
            "faktura@hamnmagasinet.example", "031-390 06 30", "Oskar Lindh"),
    Company("10044", "Fjordservice Drift AS", "914 778 271", "Sandakerveien 110", "0484", "Oslo",
            "faktura@fjordservice.example", None, "Ingrid Haugen", country="NO", currency="NOK", vat_registered=False),
    Company("10045", "Hansebau Kühltechnik GmbH", "HRB 990145", "Billstraße 87", "20539", "Hamburg",
            "rechnung@hansebau.example", None, "Uwe Petersen", country="DE", currency="EUR", vat_number="DE899901457"),
    Company("10046", "Turun Laivahuolto Oy", "9990146-5", "Linnankatu 72", "20100", "Turku",
            "laskut@laivahuolto.example", None, "Sari Niemi", country="FI", currency="EUR", vat_number="FI99901465"),
)

PERSONS = (
    Person("10031", "Lars Andersson", "580314-9805", "Fågelvägen 8", "429 31", "Kullavik",
           "lars.andersson58@post.example", "070-174 06 31", property_reference="Kullavik 4:118"),
    # The same name as 10031, another person.
    Person("10032", "Lars Andersson", "791022-9819", "Utlandagatan 19", "412 80", "Göteborg",
           "lasse.a@post.example", "070-174 06 32"),
    Person("10033", "Eva Lindqvist", "641127-9810", "Solrosgatan 5", "431 66", "Mölndal",
           "eva.lindqvist@post.example", "070-174 06 33", property_reference="Solrosen 7"),
    Person("10034", "Mohammed Al-Rashid", "830226-9843", "Hjällbogärdet 22", "424 33", "Angered",
           "m.alrashid@post.example", "070-174 06 34"),
    Person("10035", "Birgitta Öhman", "510821-9816", "Norra Särövägen 114", "429 41", "Särö",
           "birgitta.ohman@post.example", "070-174 06 35", property_reference="Särö 1:207"),
    Person("10036", "Johan och Sara Nyström", "861109-9857", "Äppelvägen 3", "437 30", "Lindome",
           "familjennystrom@post.example", "070-174 06 36", property_reference="Äpplet 12"),
    Person("10037", "Karin Sjöberg", "710902-9822", "Viktoriagatan 14", "411 25", "Göteborg",
           "karin.sjoberg@post.example", "070-174 06 37"),
    # No mail address: the invoice goes by post.
    Person("10038", "Åke Wallin", "390405-9817", "Åvägen 31", "441 50", "Alingsås", None, "070-174 06 38",
           property_reference="Åkern 3"),
    Person("10039", "Elif Yıldız", "910723-9866", "Rymdtorget 7", "415 19", "Göteborg",
           "elif.yildiz@post.example", "070-174 06 39"),
    # Moved away: no longer active.
    Person("10040", "Per-Olof Hägg", "550821-9911", "Stenkullevägen 10", "443 61", "Stenkullen",
           "perolof.hagg@post.example", None, active=False),
    Person("10041", "Maja Engström", "940311-9903", "Eklandagatan 52", "412 61", "Göteborg",
           "maja.engstrom@post.example", "070-174 06 41"),
    # No personal number known, so no tax deduction until it is.
    Person("10042", "Ingrid Dahl", None, "Skårsgatan 2", "412 69", "Göteborg",
           "ingrid.dahl@post.example", "070-174 06 42"),
    Person("10043", "Nikolaj Sørensen", "790518-9838", "Sankt Sigfrids plan 1", "412 65", "Göteborg",
           "nikolaj.sorensen@post.example", "070-174 06 43"),
)

ARTICLES = (
    # Hours: these become hour types.
    Article("A100", "Arbetstid VVS-montör", "tim", "service25", "695.00", "310.00", house_work=7),
    Article("A101", "Arbetstid elektriker", "tim", "service25", "695.00", "315.00", house_work=2),
    Article("A102", "Arbetstid lärling", "tim", "service25", "445.00", "190.00"),
    Article("A103", "Arbetstid ledande montör", "tim", "service25", "795.00", "360.00", house_work=7),
    Article("A104", "Övertid 50 %", "tim", "service25", "1042.50", "465.00"),
    Article("A105", "Övertid 100 %", "tim", "service25", "1390.00", "620.00"),
    Article("A106", "Restid", "tim", "service25", "495.00", "290.00"),
    Article("A107", "Projektering och ritning", "h", "service25", "895.00", "420.00"),
    Article("A108", "Besiktning och egenkontroll", "h", "service25", "850.00", "410.00"),
    Article("A109", "Jour kväll och helg", "tim", "service25", "1595.00", "700.00", house_work=7),
    # Services that are not hours.
    Article("A120", "Utryckning jour, startavgift", "st", "service25", "1850.00"),
    Article("A121", "Servicebil, dygn", "dag", "service25", "650.00", "240.00"),
    Article("A122", "Milersättning servicebil", "km", "service25", "9.50", "4.20"),
    Article("A123", "Serviceavtal värmepump", "mån", "service25", "349.00"),
    Article("A124", "Miljö- och deponiavgift", "st", "service25", "185.00", "95.00"),
    Article("A125", "Håltagning i betong, 50-110 mm", "st", "service25", "1250.00", "480.00"),
    Article("A126", "Filmning av avlopp", "st", "service25", "2950.00", "900.00"),
    Article("A127", "Högtrycksspolning stam", "st", "service25", "3400.00", "1100.00"),
    Article("A128", "Uthyrning avfuktare", "dag", "service25", "295.00", "60.00"),
    Article("A129", "Radonmätning i skolbyggnad, momsfri", "st", "service0", "1400.00", "600.00"),
    # Plumbing goods.
    Article("1810022", "Kopparrör 22 mm, rakt 5 m", "m", "goods25", "168.00", "92.40", "240"),
    Article("1810015", "Kopparrör 15 mm, rakt 5 m", "m", "goods25", "112.00", "61.50", "310"),
    Article("1810012", "Kopparrör 12 mm, förkromat", "m", "goods25", "149.00", "83.00", "85"),
    Article("1823016", "PEX-rör 16x2,2 i skyddsrör", "m", "goods25", "46.50", "24.10", "600"),
    Article("1823020", "PEX-rör 20x2,8 i skyddsrör", "m", "goods25", "62.00", "33.40", "420"),
    Article("1871201", "Pressvinkel 22 mm 90°", "st", "goods25", "89.00", "41.20", "130", barcode="7310990187128"),
    Article("1871202", "Pressvinkel 15 mm 90°", "st", "goods25", "64.00", "29.80", "150", barcode="7310990187135"),
    Article("1871210", "Presskoppling T-rör 22x15x22", "st", "goods25", "142.00", "70.10", "60"),
    Article("1872040", "Kulventil 22 mm med spak", "st", "goods25", "279.00", "138.00", "44", barcode="7310990187272"),
    Article("1872041", "Kulventil 15 mm med spak", "st", "goods25", "198.00", "96.50", "52"),
    Article("2412110", "Avloppsrör PP 110 mm, 3 m", "st", "goods25", "365.00", "191.00", "38"),
    Article("2412075", "Avloppsrör PP 75 mm, 2 m", "st", "goods25", "219.00", "112.00", "41"),
    Article("2413111", "Avloppsböj PP 110 mm 45°", "st", "goods25", "98.00", "47.00", "70"),
    Article("2451001", "Golvbrunn 75 mm med klinkerram", "st", "goods25", "1295.00", "720.00", "12"),
    Article("2460050", "Vattenlås diskho med maskinanslutning", "st", "goods25", "325.00", "168.00", "25"),
    Article("8210345", "Köksblandare hög pip, diskmaskinsavst.", "st", "goods25", "2495.00", "1420.00", "9",
            barcode="7310990821039"),
    Article("8210350", "Tvättställsblandare krom", "st", "goods25", "1695.00", "930.00", "14", barcode="7310990821046"),
    Article("8210360", "Duschblandare termostat 160 c/c", "st", "goods25", "2190.00", "1235.00", "11"),
    Article("8230100", "Takduschset med handdusch", "st", "goods25", "3890.00", "2250.00", "4"),
    Article("7820110", "WC-stol golvstående, mjukstängande sits", "st", "goods25", "4195.00", "2480.00", "6"),
    Article("7820120", "WC-stol vägghängd", "st", "goods25", "3695.00", "2190.00", "3"),
    Article("7820130", "Inbyggnadsfixtur WC 1120 mm", "st", "goods25", "3290.00", "1985.00", "5"),
    Article("7830210", "Tvättställ 60 cm porslin", "st", "goods25", "1495.00", "845.00", "7"),
    Article("6920150", "Varmvattenberedare 150 l", "st", "goods25", "11900.00", "8350.00", "2"),
    Article("6930006", "Luft-vattenvärmepump 6 kW", "st", "goods25", "84500.00", "61200.00", "1"),
    Article("6930030", "Cirkulationspump 25-60 A-klass", "st", "goods25", "3150.00", "1890.00", "5"),
    Article("6931018", "Expansionskärl 18 l", "st", "goods25", "980.00", "540.00", "6"),
    Article("6710140", "Radiatortermostat M28", "st", "goods25", "385.00", "205.00", "40"),
    Article("6710612", "Panelradiator C22 600x1200", "st", "goods25", "4290.00", "2610.00", "3"),
    Article("6750010", "Golvvärmefördelare 6 slingor", "förp", "goods25", "5890.00", "3640.00", "2"),
    Article("6760005", "Glykolblandning 30 %", "l", "goods25", "64.00", "31.50", "200"),
    Article("1990100", "Rörisolering 22/20 mm", "m", "goods25", "38.00", "17.20", "350"),
    Article("1990200", "Lin och gängpasta", "förp", "goods25", "149.00", "72.00", "18"),
    Article("1990300", "Köldmedium R32", "kg", "goods25", "1150.00", "640.00", "15"),
    # Electrical goods.
    Article("0064211", "Installationskabel EQLQ 3G1,5", "m", "goods25", "19.80", "8.90", "900"),
    Article("0064212", "Installationskabel EQLQ 3G2,5", "m", "goods25", "28.50", "13.40", "750"),
    Article("0064225", "Kabel FXQJ 5G10", "m", "goods25", "146.00", "82.00", "120"),
    Article("0066710", "VP-rör 16 mm flex", "m", "goods25", "14.20", "6.10", "500"),
    Article("1815500", "Vägguttag 2-vägs jordat, vit", "st", "goods25", "129.00", "61.00", "80",
            barcode="7310990181553"),
    Article("1815510", "Strömställare trapp, vit", "st", "goods25", "109.00", "52.00", "65"),
    Article("1815520", "Dimmer LED 5-250 W", "st", "goods25", "795.00", "430.00", "16"),
    Article("2110610", "Jordfelsbrytare 4P 40A 30mA typ A", "st", "goods25", "1190.00", "640.00", "9"),
    Article("2110616", "Dvärgbrytare 1P C16A", "st", "goods25", "148.00", "71.00", "60"),
    Article("2120042", "Normcentral 42 moduler, utanpåliggande", "st", "goods25", "2690.00", "1540.00", "3"),
    Article("7510020", "LED-downlight IP44 8 W, vit", "st", "goods25", "459.00", "238.00", "48",
            barcode="7310990751022"),
    Article("7510040", "LED-armatur 1200 mm IP65", "st", "goods25", "890.00", "470.00", "20"),
    Article("9010011", "Laddbox 11 kW typ 2, 5 m kabel", "st", "goods25", "9990.00", "6850.00", "2"),
    Article("9010090", "Lastbalansering för laddbox", "st", "goods25", "2490.00", "1560.00", "4"),
    Article("9020410", "Solpanel 410 W helsvart", "st", "goods25", "2150.00", "1320.00", "24"),
    # Awkward ones: a unit that is not listed any more, an odd unit, other VAT rates, an inactive one, surface, volume.
    Article("9990001", "Diverse montagematerial", "?", "goods25", "100.00", "50.00"),
    Article("9990002", "Tätskiktssats våtrum", "sats", "goods25", "1890.00", "1040.00", "5"),
    Article("9990003", "Kakelskiva för bakvägg", "m2", "goods25", "219.00", "118.00", "40"),
    Article("9990004", "Makadam 8-16", "m3", "goods25", "690.00", "410.00", "6"),
    Article("9990005", "Kaffe och smörgås, personalmöte", "st", "goods12", "62.50", "48.00"),
    Article("9990006", "Handbok: Säker vatteninstallation", "st", "goods6", "449.06", "310.00", "3"),
    Article("9990007", "Oljebrännare, utgått sortiment", "st", "goods25", "12900.00", "9100.00", active=False),
)

PROJECTS = (
    Project("24-017", "Stambyte Brf Kastanjen, etapp 1", "10001", -610, -240, finished=True),
    Project("25-004", "Stambyte Brf Kastanjen, etapp 2", "10001", -235, 150,
            notes="Trapphus C-E. Tillträde vardagar 7-16."),
    Project("25-009", "Nya undercentralen, Brf Sjöutsikten", "10002", -180, 40),
    Project("25-011", "Kvarnbergsgatan 3, ombyggnad till lägenheter", "10004", -150, 210, notes="Omvänd byggmoms."),
    Project("25-012", "Laddplatser Linnéporten", "10010", -120, 25),
    Project("25-015", "Storköket, Restaurang Bryggan", "10008", -95, None),
    Project("25-018", "Solceller Kungälvs Konferens", "10021", -70, 60),
    Project("25-020", "Badrum Nyström", "10036", -45, 20, notes="ROT, två sökande."),
    Project("25-021", "Ventilation och el, Torslanda Plåt", "10024", -38, None),
    Project("25-022", "Belysning verkstaden, Lundby Mekaniska", "10006", -30, 35),
    Project("25-024", "Värmepump Särö", "10035", -12, 14),
    Project("INTERN", "Interntid och utbildning", None, -900, None),
    Project("23-041", "Kontorsanpassning Lilla Bommen", "10015", -800, -520, finished=True),
    Project("24-030", "Reservkraft Solängens Vårdcentral", "10022", -400, -160, finished=True,
            notes="Garanti till nästa år."),
)
