"""What the field work tells us: one domain signal, turned into intended writes."""

from __future__ import annotations
