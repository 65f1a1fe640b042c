"""The Swedish catalogue: complete, with every named place, and compiled as it is written."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).parents[2] / "locale/sv/LC_MESSAGES/django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%%")


def entries() -> Iterator[dict[str, str]]:
    """Each entry's texts by keyword: msgid, msgid_plural, msgstr, msgstr[0] …"""
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n")[1:]:
        entry: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            start, _, text = line.partition('"')
            keyword = start.strip() or keyword
            entry[keyword] = entry.get(keyword, "") + ast.literal_eval(f'"{text}')
        yield entry


def translations(entry: dict[str, str]) -> list[str]:
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def test_everything_is_translated():
    assert [entry["msgid"] for entry in entries() if not all(translations(entry))] == []


def test_no_translation_is_only_a_guess():
    assert "fuzzy" not in CATALOGUE.read_text(encoding="utf-8")


def test_every_named_place_is_kept():
    for entry in entries():
        for translation in translations(entry):
            assert sorted(set(PLACES.findall(translation))) == sorted(set(PLACES.findall(entry["msgid"]))), entry


@pytest.mark.parametrize("words", [("accounting system", "bokföringsprogram"), ("Needs you", "Behöver dig")])
def test_the_words_for_states_are_those_that_were_agreed(words):
    english, swedish = words
    assert {"msgid": english, "msgstr": swedish} in list(entries())


def test_the_compiled_catalogue_is_the_one_that_was_written():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for entry in entries():
        if "msgstr" in entry:
            assert compiled.gettext(entry["msgid"]) == entry["msgstr"]
        else:
            assert compiled.ngettext(entry["msgid"], entry["msgid_plural"], 1) == entry["msgstr[0]"]
            assert compiled.ngettext(entry["msgid"], entry["msgid_plural"], 2) == entry["msgstr[1]"]
