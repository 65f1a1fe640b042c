"""`manage.py health`: one line per fact, well or not."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.watching.facts import Fact
from integrations.watching.health import health


class Command(BaseCommand):
    help = "Says how the installation and every connection are doing. Exit status 0 only when all is well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the facts as JSON")

    def handle(self, **options: Any) -> None:
        facts = health()
        if options["json"]:
            self.stdout.write(json.dumps([as_json(fact) for fact in facts], indent=2, ensure_ascii=False))
        else:
            for fact in facts:
                self.stdout.write(line_of(fact))
        if not all(fact.is_well for fact in facts):
            sys.exit(1)


def line_of(fact: Fact) -> str:
    return f"{fact.level.word:<8} {fact.code:<11} {fact.subject}: {fact.sentence}"


def as_json(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "level": fact.level.word,
        "subject": fact.subject,
        "sentence": fact.sentence,
        "since": fact.since.isoformat() if fact.since else None,
        "organization": str(fact.organization_id or "") or None,
        "connection": str(fact.connection_id or "") or None,
    }
