"""One stand-in with so many records, in a process of its own: `stand_in.py <key> <count> <orders>`.

Prints one line of JSON when it serves: its address, and the variables with which a client uses it.
"""

from __future__ import annotations

import json
import signal
import sys

from accounting.sandbox import Options, Stage, find_stand_ins, serve

PROJECTS = 20


def main(key: str, count: int, orders: int) -> None:
    sizes = Options(customers=count, articles=count, orders=orders, projects=PROJECTS, rate_limit=0)
    stand_in = next(each for each in find_stand_ins(sizes) if each.key == key)
    with serve(Stage(stand_in)) as base:
        print(json.dumps({"base": base, "environment": stand_in.environment(base)}), flush=True)
        signal.pause()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
