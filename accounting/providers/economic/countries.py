"""Countries as these books write them: free text, where we hold codes of two letters.

What the firm writes is Danish, Swedish, Norwegian or English. A name that is not here is not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)

# Code: Danish, Swedish, English, further spellings
NAMES: Mapping[str, tuple[str, ...]] = {
    "AT": ("Østrig", "Österrike", "Austria", "Østerrike"),
    "BE": ("Belgien", "Belgien", "Belgium", "Belgia"),
    "BG": ("Bulgarien", "Bulgarien", "Bulgaria"),
    "CH": ("Schweiz", "Schweiz", "Switzerland", "Sveits"),
    "CN": ("Kina", "Kina", "China"),
    "CY": ("Cypern", "Cypern", "Cyprus", "Kypros"),
    "CZ": ("Tjekkiet", "Tjeckien", "Czech Republic", "Czechia", "Tsjekkia"),
    "DE": ("Tyskland", "Tyskland", "Germany", "Deutschland"),
    "DK": ("Danmark", "Danmark", "Denmark"),
    "EE": ("Estland", "Estland", "Estonia"),
    "ES": ("Spanien", "Spanien", "Spain", "Spania"),
    "FI": ("Finland", "Finland", "Finland", "Suomi"),
    "FO": ("Færøerne", "Färöarna", "Faroe Islands", "Færøyene"),
    "FR": ("Frankrig", "Frankrike", "France"),
    "GB": ("Storbritannien", "Storbritannien", "United Kingdom", "England", "UK", "Great Britain", "Storbritannia"),
    "GL": ("Grønland", "Grönland", "Greenland"),
    "GR": ("Grækenland", "Grekland", "Greece", "Hellas"),
    "HR": ("Kroatien", "Kroatien", "Croatia", "Kroatia"),
    "HU": ("Ungarn", "Ungern", "Hungary"),
    "IE": ("Irland", "Irland", "Ireland"),
    "IS": ("Island", "Island", "Iceland"),
    "IT": ("Italien", "Italien", "Italy", "Italia"),
    "LT": ("Litauen", "Litauen", "Lithuania"),
    "LU": ("Luxembourg", "Luxemburg", "Luxembourg"),
    "LV": ("Letland", "Lettland", "Latvia", "Latvia"),
    "MT": ("Malta", "Malta", "Malta"),
    "NL": ("Holland", "Nederländerna", "Netherlands", "Nederlandene", "Nederland", "The Netherlands"),
    "NO": ("Norge", "Norge", "Norway"),
    "PL": ("Polen", "Polen", "Poland"),
    "PT": ("Portugal", "Portugal", "Portugal"),
    "RO": ("Rumænien", "Rumänien", "Romania"),
    "SE": ("Sverige", "Sverige", "Sweden"),
    "SI": ("Slovenien", "Slovenien", "Slovenia"),
    "SK": ("Slovakiet", "Slovakien", "Slovakia"),
    "TR": ("Tyrkiet", "Turkiet", "Turkey", "Tyrkia"),
    "UA": ("Ukraine", "Ukraina", "Ukraine"),
    "US": ("USA", "USA", "United States", "Amerikas Forenede Stater"),
}
LANGUAGES = {"SE": 1, "FI": 1}
CODES = {name.casefold(): code for code, names in NAMES.items() for name in names}


def code_of(name: str | None) -> str:
    """The code for what the books say; empty for nothing, and for what we do not know."""
    said = " ".join((name or "").split()).casefold()
    if said.upper() in NAMES:
        return said.upper()
    return CODES.get(said, "")


def name_of(code: str, *, home: str = "DK") -> str:
    """What to write for a code, in the language of the firm's country; the code itself where no name is known."""
    names = NAMES.get(code.upper())
    return names[LANGUAGES.get(home, 0)] if names else code
