"""`manage.py rotate_keys`: every stored secret is encrypted with the first of FIELD_ENCRYPTION_KEYS."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.rotating import Rotated, rotate_keys


class Command(BaseCommand):
    help = "Encrypts every stored secret with the first key. Afterwards the other keys may be removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = rotate_keys()
        if options["json"]:
            self.stdout.write(json.dumps({"secrets": [dataclasses.asdict(each) for each in columns]}))
        else:
            for each in columns:
                self.stdout.write(line_for(each))
        if any(each.unreadable for each in columns):
            raise CommandError(
                "Some secrets fit none of FIELD_ENCRYPTION_KEYS. Add the key they were made with, or connect anew."
            )
        if not options["json"]:
            self.stdout.write(
                "The first key opens everything. The others may be removed once every process has been restarted."
            )


def line_for(column: Rotated) -> str:
    line = f"{column.label}: {column.renewed} encrypted again, {column.current} with the first key already"
    return f"{line}, {column.unreadable} unreadable" if column.unreadable else line
