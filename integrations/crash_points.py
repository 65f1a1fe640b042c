"""Named places at which a test may kill the worker, to prove that another one goes on without loss.

Only the settings of tests know CRASH_POINT; in the product's own settings there is nothing to arm.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

from django.conf import settings

arrivals: Counter[str] = Counter()


def reach(place: str) -> None:
    """Nothing, or with CRASH_POINT "place:n" the end of this process at its n-th arrival there."""
    armed = getattr(settings, "CRASH_POINT", "")
    if not armed:
        return
    arrivals[place] += 1
    name, _, nth = armed.partition(":")
    if name == place and arrivals[place] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
