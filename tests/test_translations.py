"""The Swedish catalogue: complete, faithful to the English, and compiled as it is written."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.catalogue import ROOT, Entry, compiled, written

CODE = ("config", "fieldwork", "accounting", "integrations", "templates")
# Places for values, and the per cent signs that such a sentence has to double.
PLACES = re.compile(r"%(?:\(\w+\))?[a-z]|%%")


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry for entry in written() if entry.english]


def test_everything_is_translated(entries):
    assert len(entries) > 500
    assert [entry.english for entry in entries if not all(map(str.strip, entry.translations))] == []


def test_no_translation_is_a_guess_that_nobody_has_read(entries):
    assert [entry.english for entry in entries if entry.fuzzy] == []


def test_what_has_a_plural_has_two_forms(entries):
    forms = {entry.english: len(entry.translations) for entry in entries}

    assert forms == {entry.english: 2 if entry.plural else 1 for entry in entries}


def test_every_place_for_a_value_is_kept(entries):
    lost = {
        entry.english: translation
        for entry in entries
        for english, translation in zip((entry.english, entry.plural), entry.translations, strict=False)
        if places_of(translation) != places_of(english)
    }

    assert lost == {}


def places_of(text: str) -> Counter[str]:
    """A text without places for values is shown as it is, whatever follows its per cent sign."""
    places = PLACES.findall(text)
    return Counter(places if any(place.startswith("%(") for place in places) else ())


def test_a_sentence_ends_in_both_languages_or_in_none(entries):
    """A label that became a sentence, or half a sentence, is seen here."""
    ends = (".", ":", "?", "…")
    other = {
        entry.english: translation
        for entry in entries
        for translation in entry.translations
        if entry.english.endswith(ends) != translation.endswith(ends)
    }

    assert other == {}


def test_nobody_is_shouted_at(entries):
    assert [each for entry in entries for each in entry.translations if "!" in each] == []


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        ("Not in the books", "Finns inte i bokföringen"),
        ("Linked", "Kopplad"),
        ("Waiting", "Väntar"),
        ("Sending", "Skickas"),
        ("In doubt, checking", "Osäkert, kontrolleras"),
        ("Needs you", "Behöver dig"),
        ("Draft %(number)s", "Utkast %(number)s"),
        ("Booked %(number)s", "Bokförd %(number)s"),
        ("Do not send", "Skickas inte"),
        ("Connected", "Ansluten"),
        ("Reconnect needed", "Behöver anslutas igen"),
        ("Paused", "Pausad"),
        ("Limited until %(time)s", "Begränsad till %(time)s"),
        ("Disconnected", "Frånkopplad"),
    ],
)
def test_the_words_for_states_are_those_agreed_upon(entries, english, swedish):
    assert [entry.translations for entry in entries if entry.english == english and not entry.context] == [[swedish]]


def test_the_compiled_catalogue_is_what_was_written():
    assert compiled() == {entry.key: entry.translations for entry in written()}


@pytest.mark.skipif(not shutil.which("xgettext"), reason="No xgettext to collect the texts (apt-get install gettext).")
def test_no_text_of_the_code_is_missing(entries, tmp_path, monkeypatch, settings):
    """In a copy, because collecting leaves files beside the templates while it runs."""
    copy_code(tmp_path)
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = []
    monkeypatch.chdir(tmp_path)

    call_command("makemessages", locale=["sv"], keep_pot=True, verbosity=0)

    collected = written(tmp_path / "locale/django.pot")
    assert len(collected) > 500
    assert sorted({each.key for each in collected if each.english} - {each.key for each in entries}) == []


def copy_code(to: Path) -> None:
    """Without the stand-ins: they speak the accounting system's language."""
    leave_out = shutil.ignore_patterns("sandbox", "migrations", "__pycache__")
    for folder in CODE:
        shutil.copytree(ROOT / folder, to / folder, ignore=leave_out)
