#!/usr/bin/env python
"""The door to every command of the project: `python manage.py help`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# These are meant for the machine in front of you. Where nobody has written a .env they run as a
# trial, with DEBUG on, so that keys are made on the spot; everywhere else settings decide alone.
TRIAL_COMMANDS = {"demo", "dev", "sandbox"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] and sys.argv[1] in TRIAL_COMMANDS and not Path(__file__).with_name(".env").exists():
        os.environ.setdefault("DEBUG", "true")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
