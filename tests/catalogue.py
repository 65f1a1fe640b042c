"""The Swedish catalogue as it is written and as it is compiled, without gettext's tools."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/sv/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? )?(".*")')


@dataclass
class Entry:
    """One text: `translations` holds one, or one for each plural form."""

    context: str = ""
    english: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """How a compiled catalogue names it."""
        in_context = f"{self.context}\x04{self.english}" if self.context else self.english
        return f"{in_context}\0{self.plural}" if self.plural else in_context


def written(path: Path = PO) -> list[Entry]:
    """Every entry of a .po or .pot file, the header among them, whose English is empty."""
    return [entry_of(block) for block in path.read_text(encoding="utf-8").split("\n\n") if "msgid" in block]


def entry_of(block: str) -> Entry:
    entry, keyword = Entry(fuzzy="\n#, fuzzy" in f"\n{block}"), ""
    texts: dict[str, list[str]] = {"msgctxt": [""], "msgid": [""], "msgid_plural": [""], "msgstr": []}
    for found in filter(None, map(LINE.fullmatch, block.splitlines())):
        keyword = found[1] or keyword
        if found[1]:
            texts[keyword].append("")
        texts[keyword][-1] += ast.literal_eval(found[2])
    entry.context, entry.english, entry.plural = (texts[name][-1] for name in ("msgctxt", "msgid", "msgid_plural"))
    entry.translations = texts["msgstr"]
    return entry


def compiled(path: Path = MO) -> dict[str, list[str]]:
    """The translations of a .mo file by key."""
    return dict(pairs_of(path.read_bytes()))


def pairs_of(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """Source: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html (read 2026-11-20)."""
    order = "<" if content.startswith(b"\xde\x12\x04\x95") else ">"
    count, english, swedish = struct.unpack_from(f"{order}3I", content, 8)
    for number in range(count):
        key, translations = (
            content[start : start + length].decode()
            for length, start in (
                struct.unpack_from(f"{order}2I", content, table + 8 * number) for table in (english, swedish)
            )
        )
        yield key, translations.split("\0")
