"""An A4 page in the one look that our papers have: its type, its margins, its foot."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONTS = Path(__file__).parent / "fonts"
SANS = "SourceSans"
MARGIN_MM = 18.0
TITLE, LARGE, NORMAL, SMALL = 18, 12, 9.5, 8
LINE_MM = 4.8
INK, QUIET, RULE = 30, 110, 200


class Paper(FPDF):
    """The page. `foot` stands on each, with the page's number."""

    def __init__(self, *, title: str, foot: str, language: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.add_font(SANS, "", FONTS / "SourceSansPro-Regular.ttf")
        self.add_font(SANS, "B", FONTS / "SourceSansPro-Bold.ttf")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.c_margin = 0  # texts begin where tables do
        self.set_auto_page_break(True, margin=22)
        self.set_title(printable(title))
        self.set_lang(language)
        # Of the record and not of the moment, so that the same work gives the same bytes.
        self.set_creation_date(made_at)
        self.set_draw_color(RULE)
        self.write_in(NORMAL)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.write_in(SMALL, quiet=True)
        self.cell(self.epw * 0.8, LINE_MM, printable(self.foot))
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(0, LINE_MM, page, align="R")
        self.write_in(NORMAL)

    def write_in(self, size: float, *, bold: bool = False, quiet: bool = False) -> None:
        self.set_font(SANS, "B" if bold else "", size)
        self.set_text_color(QUIET if quiet else INK)

    def paragraph(self, text: str, *, size: float = NORMAL, bold: bool = False, quiet: bool = False) -> None:
        """The text across the page, broken where it must be."""
        self.write_in(size, bold=bold, quiet=quiet)
        self.multi_cell(0, LINE_MM * size / NORMAL, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.write_in(NORMAL)

    def columns(self, *texts: str) -> None:
        """Texts of several lines beside each other, the first line of each as its heading."""
        width, top, bottom = self.epw / len(texts), self.get_y(), self.get_y()
        for number, text in enumerate(texts):
            heading, _, rest = text.partition("\n")
            self.set_xy(self.l_margin + number * width, top)
            for part, quiet in ((heading, True), (rest, False)):
                self.write_in(SMALL if quiet else NORMAL, quiet=quiet)
                self.set_x(self.l_margin + number * width)
                self.multi_cell(width - 4, LINE_MM, printable(part), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
            bottom = max(bottom, self.get_y())
        self.set_xy(self.l_margin, bottom)

    def bytes(self) -> bytes:
        return bytes(self.output())


def printable(text: str) -> str:
    """The text without what has no place on paper: control characters. Hard spaces hold numbers together."""
    return "".join(each for each in text if each in "\n\N{NO-BREAK SPACE}" or each.isprintable())


def money(amount: Decimal, currency: str = "") -> str:
    """`1 234,50 SEK` in Swedish."""
    decimals = max(2, decimals_of(amount))
    return f"{number_format(amount, decimal_pos=decimals, force_grouping=True)} {currency}".strip()


def quantity(number: Decimal, unit: str = "") -> str:
    """`3,25 tim` in Swedish."""
    return f"{number_format(number, decimal_pos=decimals_of(number), force_grouping=True)} {unit}".strip()


def decimals_of(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
