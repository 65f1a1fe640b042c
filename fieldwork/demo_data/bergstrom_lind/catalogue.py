"""What the firm sells. Each table says whether its rows stand in the books with the same number, name and price."""

from __future__ import annotations

from fieldwork.demo_data.shapes import Item

# One record per line reads as a table, so the formatter stays out.
# fmt: off
HOUR_TYPES_IN_THE_BOOKS = (
    Item("A100", "Arbetstid VVS-montör", "tim", "695.00"),
    Item("A101", "Arbetstid elektriker", "tim", "695.00"),
    Item("A102", "Arbetstid lärling", "tim", "445.00"),
    Item("A104", "Övertid 50 %", "tim", "1042.50"),
    Item("A106", "Restid", "tim", "495.00"),
)
HOUR_TYPES_ONLY_HERE = (
    Item("A112", "Felsökning med värmekamera", "tim", "925.00"),
)

MATERIALS_IN_THE_BOOKS = (
    Item("A120", "Utryckning jour, startavgift", "st", "1850.00"),
    Item("A121", "Servicebil, dygn", "dag", "650.00"),
    Item("A122", "Milersättning servicebil", "km", "9.50"),
    Item("A124", "Miljö- och deponiavgift", "st", "185.00"),
    Item("A126", "Filmning av avlopp", "st", "2950.00"),
    Item("A127", "Högtrycksspolning stam", "st", "3400.00"),
    Item("1810022", "Kopparrör 22 mm, rakt 5 m", "m", "168.00", "240"),
    Item("1810015", "Kopparrör 15 mm, rakt 5 m", "m", "112.00", "310"),
    Item("1823016", "PEX-rör 16x2,2 i skyddsrör", "m", "46.50", "600"),
    Item("1871201", "Pressvinkel 22 mm 90°", "st", "89.00", "130", "7310990187128"),
    Item("1871202", "Pressvinkel 15 mm 90°", "st", "64.00", "150", "7310990187135"),
    Item("1872040", "Kulventil 22 mm med spak", "st", "279.00", "44", "7310990187272"),
    Item("1872041", "Kulventil 15 mm med spak", "st", "198.00", "52"),
    Item("2412110", "Avloppsrör PP 110 mm, 3 m", "st", "365.00", "38"),
    Item("2413111", "Avloppsböj PP 110 mm 45°", "st", "98.00", "70"),
    Item("2460050", "Vattenlås diskho med maskinanslutning", "st", "325.00", "25"),
    Item("8210345", "Köksblandare hög pip, diskmaskinsavst.", "st", "2495.00", "9", "7310990821039"),
    Item("8210350", "Tvättställsblandare krom", "st", "1695.00", "14", "7310990821046"),
    Item("8210360", "Duschblandare termostat 160 c/c", "st", "2190.00", "11"),
    Item("7820110", "WC-stol golvstående, mjukstängande sits", "st", "4195.00", "6"),
    Item("7830210", "Tvättställ 60 cm porslin", "st", "1495.00", "7"),
    Item("6920150", "Varmvattenberedare 150 l", "st", "11900.00", "2"),
    Item("6930006", "Luft-vattenvärmepump 6 kW", "st", "84500.00", "1"),
    Item("6930030", "Cirkulationspump 25-60 A-klass", "st", "3150.00", "5"),
    Item("6931018", "Expansionskärl 18 l", "st", "980.00", "6"),
    Item("6710140", "Radiatortermostat M28", "st", "385.00", "40"),
    Item("1990100", "Rörisolering 22/20 mm", "m", "38.00", "350"),
    Item("1990200", "Lin och gängpasta", "förp", "149.00", "18"),
    Item("0064211", "Installationskabel EQLQ 3G1,5", "m", "19.80", "900"),
    Item("0064212", "Installationskabel EQLQ 3G2,5", "m", "28.50", "750"),
    Item("0066710", "VP-rör 16 mm flex", "m", "14.20", "500"),
    Item("1815500", "Vägguttag 2-vägs jordat, vit", "st", "129.00", "80", "7310990181553"),
    Item("1815520", "Dimmer LED 5-250 W", "st", "795.00", "16"),
    Item("2110610", "Jordfelsbrytare 4P 40A 30mA typ A", "st", "1190.00", "9"),
    Item("2110616", "Dvärgbrytare 1P C16A", "st", "148.00", "60"),
    Item("7510020", "LED-downlight IP44 8 W, vit", "st", "459.00", "48", "7310990751022"),
    Item("7510040", "LED-armatur 1200 mm IP65", "st", "890.00", "20"),
    Item("9010011", "Laddbox 11 kW typ 2, 5 m kabel", "st", "9990.00", "2"),
    Item("9010090", "Lastbalansering för laddbox", "st", "2490.00", "4"),
)

MATERIALS_ONLY_HERE = (
    Item("1824020", "PEX-koppling 16x2,2 rak", "st", "78.00", "90"),
    Item("1824025", "PEX-fördelare 4 utlopp", "st", "645.00", "8"),
    Item("1871230", "Presskoppling övergång 22x15", "st", "84.00", "55"),
    Item("1873005", "Backventil 22 mm", "st", "312.00", "12"),
    Item("1873010", "Säkerhetsventil 9 bar", "st", "298.00", "10"),
    Item("1874002", "Tryckreduceringsventil 22 mm", "st", "1340.00", "4"),
    Item("2414020", "Rensgrenrör PP 110 mm", "st", "285.00", "16"),
    Item("2415075", "Övergång PP 110/75 mm", "st", "92.00", "22"),
    Item("2452010", "Klämring golvbrunn", "st", "245.00", "14"),
    Item("6711420", "Radiatorventil rak M28", "st", "342.00", "25"),
    Item("6712010", "Avluftare automatisk", "st", "189.00", "30"),
    Item("6933020", "Magnetitfilter 28 mm", "st", "2180.00", "3"),
    Item("6934001", "Påfyllningsset värmesystem", "st", "695.00", "6"),
    Item("7821005", "Spolventil till WC, universal", "st", "395.00", "20"),
    Item("7821010", "WC-sits vit, mjukstängande", "st", "795.00", "9"),
    Item("8215501", "Köksblandare beröringsfri, matt svart", "st", "5490.00", "2", "7310990830079"),
    Item("8215510", "Utkastare frostsäker 15 mm", "st", "1290.00", "7"),
    Item("8231020", "Duschslang 1,75 m metall", "st", "229.00", "35"),
    Item("0067001", "Kopplingsdosa IP65", "st", "58.00", "120"),
    Item("0067010", "Apparatdosa dubbel", "st", "34.00", "160"),
    Item("0068100", "Kabelstege 300 mm, 3 m", "st", "465.00", "12"),
    Item("1815530", "Rörelsevakt utomhus 180°", "st", "695.00", "11"),
    Item("1815540", "Spisvakt med avstängning", "st", "2290.00", "3"),
    Item("2110620", "Personskyddsbrytare 2P C16A 30mA", "st", "845.00", "10"),
    Item("2120080", "Överspänningsskydd typ 2", "st", "1780.00", "5"),
    Item("2130010", "Elmätare 3-fas DIN, MID", "st", "1495.00", "4"),
    Item("7511005", "LED-list 5 m, 24 V", "st", "749.00", "13"),
    Item("7512020", "Nödljusarmatur självtestande", "st", "1190.00", "8"),
    Item("7513001", "Stolparmatur LED park", "st", "4250.00", "2"),
    Item("9011002", "Laddstolpe för två uttag", "st", "6890.00", "2"),
)
