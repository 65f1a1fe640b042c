"""The made-up firms, the host's first."""

from __future__ import annotations

from fieldwork.demo_data import bergstrom_lind, fjordlys, vestkysten

FIRMS = (bergstrom_lind.FIRM, fjordlys.FIRM, vestkysten.FIRM)
