"""One storm on one database, in a process of its own: what `python -m storm` starts for each."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

import django


def main(order: str) -> None:
    """`order` is JSON: the parts, their sizes, and the file that the results go to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storm.settings")
    django.setup()

    from django.core.management import call_command

    from storm.parts import Sizes, measure, suits

    told = json.loads(order)
    call_command("migrate", verbosity=0)
    sizes = Sizes(**told["sizes"])
    results = []
    for part in filter(suits, told["parts"]):
        print(f"  {part} …", flush=True)
        result = measure(part, sizes, lambda line: print(f"    {line}", flush=True))
        print(f"  {part}: {'holds' if result.holds else 'BROKEN'} after {result.seconds:.0f} s", flush=True)
        results.append(asdict(result))
        with open(told["file"], "w") as file:
            json.dump(results, file, default=str)


if __name__ == "__main__":
    main(sys.argv[1])
