"""`manage.py take_over`: this copy of the database belongs to this installation from now on."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.installation import is_in_charge, owner_of_database, take_over

QUESTION = "Is the other installation stopped for good? Then type yes: "


class Command(BaseCommand):
    help = "Lets this installation take over a database that was copied or restored. Every connection is paused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="the other installation is stopped or lost; do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_in_charge():
            self.stdout.write("This installation is in charge already.")
            return
        former = owner_of_database()
        self.stdout.write(f"The database belongs to {former.identity} since {former.since:%Y-%m-%d %H:%M} UTC.")
        if not options["yes"] and input(QUESTION).strip().lower() != "yes":
            raise CommandError("Nothing was changed.")
        take_over(by=None, who=f"{getpass.getuser()} (manage.py take_over)")
        self.stdout.write("This installation is in charge now. Every connection is paused until its owner resumes it.")
        self.stdout.write("Next: manage.py rebuild_links, manage.py reconcile, then Resume under Books.")
