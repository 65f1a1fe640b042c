"""The firm's customers, with their people and work sites.

About half of them stand in the books with the same number, name and organisation number. Of the others some are in
the books under a number that this firm does not know, and the rest are new. Organisation numbers are Luhn-valid and
lie in ranges that are not in use, personal numbers have the birth numbers 980-999 that are kept for tests, phone
numbers come from the series that are kept for fiction, and mail goes to `.example`.
"""

from __future__ import annotations

from fieldwork.demo_data.shapes import Buyer, Contact, Site

# One record per line reads as a table, so the formatter stays out.
# fmt: off
COMPANIES_IN_THE_BOOKS = (
    Buyer("10001", "Brf Kastanjen 12", "769690-1318", "Kastanjegatan 12", "413 18", "Göteborg",
          "styrelsen@brfkastanjen.example", "031-390 06 01",
          contacts=(Contact("Monica", "Edvardsson", "monica@brfkastanjen.example", "070-174 06 51"),
                    Contact("Ove", "Strömberg", mobile="070-174 06 52")),
          sites=(Site("Trapphus C", "Kastanjegatan 12 C", "413 18", "Göteborg"),
                 Site("Trapphus D", "Kastanjegatan 12 D", "413 18", "Göteborg"),
                 Site("Tvättstugan", "Kastanjegatan 14", "413 18", "Göteborg"))),
    Buyer("10002", "Brf Sjöutsikten", "769690-4429", "Saltholmsgatan 41", "426 76", "Västra Frölunda",
          "forvaltning@brfsjoutsikten.example", "031-390 06 02", contacts=(Contact("Gunnar", "Ek"),),
          sites=(Site("Undercentralen", "Saltholmsgatan 43", "426 76", "Västra Frölunda"),)),
    # Came from the old system without a postcode, in the books as well as here.
    Buyer("10003", "Bygg & Rör i Åmål AB", "559970-1124", "Kungsgatan 22", "", "Åmål",
          "faktura@byggror.example", "031-390 06 03", contacts=(Contact("Roger", "Fahlén"),)),
    Buyer("10004", "Hansson Byggentreprenad AB", "559971-1495", "Importgatan 9", "422 46", "Hisings Backa",
          "leverantor@hanssonbygg.example", "031-390 06 04", contacts=(Contact("Stefan", "Hansson"),),
          sites=(Site("Kvarnbergsgatan 3", "Kvarnbergsgatan 3", "411 05", "Göteborg"),),
          delivery=Site("Hansson Byggentreprenad AB", "Kvarnbergsgatan 3", "411 05", "Göteborg")),
    Buyer("10006", "Lundby Mekaniska Verkstad AB", "559973-2236", "Herkulesgatan 54", "417 01", "Göteborg",
          "faktura@lundbymek.example", "031-390 06 06", contacts=(Contact("Patrik", "Sandell"),)),
    Buyer("10007", "Café Kardemumma HB", "969690-5125", "Vegagatan 30", "413 11", "Göteborg",
          "hej@cafekardemumma.example", "070-174 06 07", terms="10 dagar netto",
          contacts=(Contact("Lovisa", "Brandt"),)),
    Buyer("10008", "Restaurang Bryggan Fisk & Skaldjur AB", "559974-2607", "Hovås Hamnväg 2", "436 52", "Hovås",
          "bokning@restaurangbryggan.example", "031-390 06 08", terms="10 dagar netto",
          contacts=(Contact("Milan", "Petrović", mobile="070-174 06 53"),)),
    Buyer("10009", "Majornas Tandläkargrupp AB", "559975-2978", "Karl Johansgatan 88", "414 55", "Göteborg",
          "reception@majornastand.example", "031-390 06 09", contacts=(Contact("Susanne", "Lilja"),)),
    Buyer("10010", "Fastighets AB Linnéporten", "559976-3348", "Linnégatan 21", "413 04", "Göteborg",
          "faktura@linneporten.example", "031-390 06 10", contacts=(Contact("Henrik", "Asp"),),
          sites=(Site("Garaget", "Linnégatan 23", "413 04", "Göteborg"),
                 Site("Takvåningen", "Linnégatan 21", "413 04", "Göteborg"))),
    Buyer("10013", "Kungsbacka Trä & Snickeri AB", "559978-4088", "Energigatan 14", "434 37", "Kungsbacka",
          "info@kungsbackatra.example", "031-390 06 13", contacts=(Contact("Anders", "Bjurström"),)),
    Buyer("10014", "Partille Bilservice AB", "559979-4459", "Gamla Kronvägen 50", "433 33", "Partille",
          "verkstad@partillebil.example", "031-390 06 14", contacts=(Contact("Dragan", "Ilić"),)),
    Buyer("10017", "Tallbackens Samfällighetsförening", "717990-1181", "Tallbacksvägen 1", "427 36", "Billdal",
          "ordforande@tallbacken.example", "070-174 06 17", contacts=(Contact("Agneta", "Sköld"),)),
    Buyer("10018", "Stiftelsen Gamla Prästgården", "857990-3413", "Prästgårdsgatan 8", "412 71", "Göteborg",
          "kansli@gamlaprastgarden.example", "031-390 06 18", contacts=(Contact("Bo", "Tengvall"),)),
    Buyer("10020", "Förskolan Blåklinten ek. för.", "769691-0640", "Blåklintsvägen 4", "436 40", "Askim",
          "forskolechef@blaklinten.example", "031-390 06 20", contacts=(Contact("Åsa", "Werner"),)),
    Buyer("10021", "Kungälvs Hotell & Konferens AB", "559981-5197", "Fästningsholmen 2", "442 31", "Kungälv",
          "faktura@kungalvskonferens.example", "031-390 06 21", contacts=(Contact("Rebecka", "Storm"),),
          sites=(Site("Spa-avdelningen", "Fästningsholmen 2", "442 31", "Kungälv"),
                 Site("Annexet", "Fästningsholmen 4", "442 31", "Kungälv"))),
    Buyer("10022", "Solängens Vårdcentral AB", "559982-5568", "Solängsvägen 11", "435 32", "Mölnlycke",
          "ekonomi@solangen.example", "031-390 06 22", contacts=(Contact("Jonas", "Ferm"),)),
    Buyer("10024", "Torslanda Plåt & Ventilation AB", "559984-6309", "Gamla Flygplatsvägen 26", "423 37", "Torslanda",
          "faktura@torslandaplat.example", "031-390 06 24", contacts=(Contact("Niklas", "Öberg"),)),
    Buyer("10027", "Västra Hamnens Logistik AB", "559987-7411", "Oljevägen 12", "418 78", "Göteborg",
          "ap@vastrahamnen.example", "031-390 06 27", terms="60 dagar netto", contacts=(Contact("Emma", "Kjellberg"),)),
    Buyer("10030", "Göteborgs Hamnmagasin KB", "969690-9317", "Magasinsgatan 24", "411 18", "Göteborg",
          "faktura@hamnmagasinet.example", "031-390 06 30", contacts=(Contact("Oskar", "Lindh"),)),
)

PERSONS_IN_THE_BOOKS = (
    Buyer("10031", "Lars Andersson", "580314-9805", "Fågelvägen 8", "429 31", "Kullavik",
          "lars.andersson58@post.example", "070-174 06 31", is_company=False, terms="20 dagar netto"),
    # The same name, another person.
    Buyer("10032", "Lars Andersson", "791022-9819", "Utlandagatan 19", "412 80", "Göteborg",
          "lasse.a@post.example", "070-174 06 32", is_company=False, terms="20 dagar netto"),
    Buyer("10035", "Birgitta Öhman", "510821-9816", "Norra Särövägen 114", "429 41", "Särö",
          "birgitta.ohman@post.example", "070-174 06 35", is_company=False, terms="20 dagar netto"),
    Buyer("10036", "Johan och Sara Nyström", "861109-9857", "Äppelvägen 3", "437 30", "Lindome",
          "familjennystrom@post.example", "070-174 06 36", is_company=False, terms="20 dagar netto"),
    Buyer("10037", "Karin Sjöberg", "710902-9822", "Viktoriagatan 14", "411 25", "Göteborg",
          "karin.sjoberg@post.example", "070-174 06 37", is_company=False, terms="20 dagar netto"),
    Buyer("10039", "Elif Yıldız", "910723-9866", "Rymdtorget 7", "415 19", "Göteborg",
          "elif.yildiz@post.example", "070-174 06 39", is_company=False, terms="20 dagar netto"),
    Buyer("10041", "Maja Engström", "940311-9903", "Eklandagatan 52", "412 61", "Göteborg",
          "maja.engstrom@post.example", "070-174 06 41", is_company=False, terms="20 dagar netto"),
)

# In the books too, but entered here by hand: no number, and not quite the same spelling.
PROBABLY_IN_THE_BOOKS = (
    Buyer("", "Hisingens Bageri och Konditori", "559977-3719", "Wieselgrensgatan 6", "417 17", "Göteborg",
          "order@hisingensbageri.example", "031-390 06 12", contacts=(Contact("Fredrik", "Malm"),)),
    Buyer("", "Mölnlycke Optik AB", "559989-8151", "Biblioteksgatan 1", "435 30", "Mölnlycke",
          "butik@molnlyckeoptik.example", "031-390 06 29"),
    Buyer("", "Eva Lindqvist", "", "Solrosgatan 5", "431 66", "Mölndal",
          "eva.lindqvist@post.example", "070-174 06 33", is_company=False, terms="20 dagar netto"),
    Buyer("", "Nikolaj Sorensen", "", "Sankt Sigfrids plan 1", "412 65", "Göteborg",
          "", "070-174 06 43", is_company=False, terms="20 dagar netto"),
)

COMPANIES_ONLY_HERE = (
    Buyer("", "Guldhedens Bostäder AB", "559990-1120", "Doktor Fries torg 6", "413 24", "Göteborg",
          "reparation@guldhedensbostader.example", "031-390 06 60",
          contacts=(Contact("Pernilla", "Grahn", "pernilla@guldhedensbostader.example", "070-174 06 60"),),
          sites=(Site("Tvättstuga Norra", "Doktor Bex gata 2", "413 24", "Göteborg"),
                 Site("Tvättstuga Södra", "Doktor Bex gata 11", "413 24", "Göteborg"),
                 Site("Tvättstuga Mitt", "Doktor Bex gata 7", "413 24", "Göteborg"))),
    Buyer("", "Backaplans Parkering AB", "559990-2375", "Backavägen 3", "417 05", "Göteborg",
          "drift@backaplansparkering.example", "031-390 06 61", contacts=(Contact("Tommy", "Rask"),),
          sites=(Site("Däck 2", "Backavägen 3", "417 05", "Göteborg"),)),
    Buyer("", "Kålltorps Blomsterhandel AB", "559990-3415", "Virginsgatan 12", "416 62", "Göteborg",
          "butiken@kalltorpsblommor.example", "031-390 06 62", contacts=(Contact("Ylva", "Sandin"),)),
    Buyer("", "Örgryte Fysio & Träning AB", "559990-4686", "Sankt Pauligatan 19", "416 60", "Göteborg",
          "info@orgrytefysio.example", "031-390 06 63", contacts=(Contact("Mårten", "Wiik"),)),
    # Taken down on the phone, without a postcode.
    Buyer("", "Lerums Entreprenadmaskiner AB", "559990-5733", "Aggetorpsvägen 8", "", "Lerum",
          "faktura@lerumsmaskin.example", "031-390 06 64", contacts=(Contact("Sven-Erik", "Boman"),)),
    Buyer("", "Majviken Redovisning AB", "559990-6129", "Majviksgatan 4", "414 51", "Göteborg",
          "post@majvikenredovisning.example", "031-390 06 65", contacts=(Contact("Helena", "Craft"),)),
    Buyer("", "Gårda Tryckeri AB", "559990-7457", "Drakegatan 10", "412 50", "Göteborg",
          "order@gardatryckeri.example", "031-390 06 66", contacts=(Contact("Nils", "Ahrén"),)),
    Buyer("", "Billdals Ridskola AB", "559990-8299", "Snipenvägen 15", "427 38", "Billdal",
          "stallet@billdalsridskola.example", "070-174 06 67", contacts=(Contact("Cecilia", "Ödman"),)),
    Buyer("", "Slottsskogens Djurklinik AB", "559990-9669", "Slottsskogsgatan 70", "414 70", "Göteborg",
          "reception@slottsskogensdjur.example", "031-390 06 68", contacts=(Contact("Disa", "Lund"),)),
    Buyer("", "Härlanda Cykelverkstad AB", "559991-0444", "Härlandavägen 23", "416 72", "Göteborg",
          "hej@harlandacykel.example", "070-174 06 69", terms="10 dagar netto"),
    Buyer("", "Ölmanäs Fritidshus Förmedling AB", "559991-1715", "Åsa stationsväg 2", "439 54", "Åsa",
          "bokning@olmanasfritidshus.example", "031-390 06 70", contacts=(Contact("Jerker", "Tysk"),)),
    Buyer("", "Mossens Idrottsanläggning AB", "559991-2580", "Mossens väg 1", "412 61", "Göteborg",
          "drift@mossensidrott.example", "031-390 06 71", contacts=(Contact("Kicki", "Blad"),)),
    Buyer("", "Brf Utsikten i Majorna", "769692-1159", "Såggatan 45", "414 67", "Göteborg",
          "styrelsen@brfutsiktenmajorna.example", "031-390 06 72", contacts=(Contact("Anna-Lena", "Quist"),),
          sites=(Site("Stam B", "Såggatan 47", "414 67", "Göteborg"),)),
    Buyer("", "Brf Vinkelhaken", "769692-2371", "Gibraltargatan 60", "412 79", "Göteborg",
          "kontakt@brfvinkelhaken.example", "031-390 06 73", contacts=(Contact("Per", "Hjelte"),)),
    Buyer("", "Sävedalens Tennisklubb", "802991-1453", "Göteborgsvägen 100", "433 63", "Sävedalen",
          "kansli@savedalenstennis.example", "031-390 06 74", contacts=(Contact("Louise", "Berne"),)),
    Buyer("", "Hinsholmens Vägförening", "717991-2022", "Hinsholmsvägen 9", "426 79", "Västra Frölunda",
          "sekreterare@hinsholmen.example", "070-174 06 75"),
)

PERSONS_ONLY_HERE = (
    Buyer("", "Gunilla Hedberg", "620418-9820", "Lillhagsvägen 30", "422 45", "Hisings Backa",
          "gunilla.hedberg@post.example", "070-174 06 80", is_company=False, terms="20 dagar netto"),
    Buyer("", "Tobias Rehn", "751203-9830", "Påvelundsgatan 12", "426 72", "Västra Frölunda",
          "tobias.rehn@post.example", "070-174 06 81", is_company=False, terms="20 dagar netto"),
    Buyer("", "Amina Warsame", "880917-9842", "Siriusgatan 24", "415 23", "Göteborg",
          "amina.warsame@post.example", "070-174 06 82", is_company=False, terms="20 dagar netto"),
    Buyer("", "Rune Fredholm", "470226-9855", "Toltorpsgatan 51", "431 39", "Mölndal",
          "", "070-174 06 83", is_company=False, terms="20 dagar netto",
          note="Ring alltid före besök, hör dåligt på dörrklockan."),
    Buyer("", "Ellen Sandqvist", "930615-9865", "Övre Husargatan 33", "413 14", "Göteborg",
          "ellen.sandqvist@post.example", "070-174 06 84", is_company=False, terms="20 dagar netto"),
    Buyer("", "Mats Holgersson", "690801-9877", "Brattåsvägen 7", "439 36", "Onsala",
          "mats.holgersson@post.example", "070-174 06 85", is_company=False, terms="20 dagar netto"),
)

CUSTOMERS = (
    *COMPANIES_IN_THE_BOOKS,
    *PERSONS_IN_THE_BOOKS,
    *PROBABLY_IN_THE_BOOKS,
    *COMPANIES_ONLY_HERE,
    *PERSONS_ONLY_HERE,
)
