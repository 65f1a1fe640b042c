"""`manage.py sandbox`."""

from __future__ import annotations

import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounting.sandbox import Options, find_stand_ins


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.com"])  # noqa: S104
def test_other_machines_are_refused(host: str) -> None:
    with pytest.raises(CommandError, match="can be reached from other machines"):
        call_command("sandbox", host=host, customers=1, stdout=StringIO())


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(CommandError, match="Choose another --port"):
            call_command("sandbox", port=taken.getsockname()[1], customers=1, stdout=StringIO())


def test_the_command_finds_this_stand_in_and_passes_its_sizes_on() -> None:
    (found,) = [
        each
        for each in find_stand_ins(Options(customers=3, articles=2, rate_limit=9))
        if each.key == "visma_eaccounting"
    ]

    about = found.describe()
    assert about["companies"][0]["records"]["customers"] == 3
    assert about["switches"]["rate_limit"] == 9
