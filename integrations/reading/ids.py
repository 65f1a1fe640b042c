"""Ids for many new rows: random, and in the order of their making, so that indexes grow at their end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

BATCH = 512
RANDOM_DIGITS = 18


def new_ids() -> Iterator[str]:
    """One id after the other as 32 hexadecimal digits, which both databases take as they are.

    Of version 7 (RFC 9562): the millisecond first, then 72 random bits.
    """
    while True:
        noise = os.urandom(BATCH * RANDOM_DIGITS // 2).hex()
        stamp = f"{time.time_ns() // 1_000_000:012x}7"
        for start in range(0, BATCH * RANDOM_DIGITS, RANDOM_DIGITS):
            yield f"{stamp}{noise[start : start + 3]}8{noise[start + 3 : start + RANDOM_DIGITS]}"
