"""`manage.py sandbox`: the stand-ins of all accounting systems on one local port."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounting.sandbox import NotLoopback, Options, Stage, find_stand_ins, run

SIZES = ("customers", "articles", "projects", "orders")


class Command(BaseCommand):
    """Serves until it is interrupted. Nothing is kept: a restart begins anew."""

    help = "Serves stand-ins for the accounting systems on this machine: same wire format, no real company."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="an address of this machine alone")
        parser.add_argument("--port", type=int, default=8765)
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same records")
        for name in SIZES:
            parser.add_argument(f"--{name}", type=int, help=f"how many {name}; without it the hand-written ones")
        parser.add_argument("--latency-ms", type=int, default=0, help="how long every answer is held back")
        parser.add_argument("--rate-limit", type=int, help="requests per minute, client and endpoint; 0 is no limit")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = {name: options[name] for name in SIZES}
        chosen = Options(seed=options["seed"], rate_limit=options["rate_limit"], **sizes)
        stage = Stage(*find_stand_ins(chosen), latency_ms=options["latency_ms"])
        self.introduce(stage, options["port"])
        try:
            run(stage, host=options["host"], port=options["port"])
        except NotLoopback as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                f"Port {options['port']} cannot be used: {error.strerror}. Choose another --port."
            ) from None

    def introduce(self, stage: Stage, port: int) -> None:
        """Where everything is, and as whom one can sign in."""
        root = f"http://127.0.0.1:{port}"
        for key, stand_in in stage.stand_ins.items():
            about = stand_in.describe()
            self.stdout.write(self.style.MIGRATE_HEADING(f"{stand_in.label}, stand-in at {root}/{key}"))
            for name, value in about.items():
                if isinstance(value, str) and value.startswith("/"):
                    self.stdout.write(f"  {name:<10} {root}{value}")
            for name in ("clients", "users"):
                for each in about.get(name, ()):
                    self.stdout.write(f"  {name[:-1]:<10} " + "  ".join(str(value) for value in each.values()))
            for company in about.get("companies", ()):
                self.stdout.write(f"  {'company':<10} {company['name']}  {company['organisation_number']}")
        self.stdout.write(f"Control desk at {root}/control. Stop with Ctrl-C.")
