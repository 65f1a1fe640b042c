"""The server of the stand-ins ends whenever it is told to."""

from __future__ import annotations

import os
from threading import Event

from waitress.server import create_server

from accounting.sandbox.server import running


def test_a_request_that_ends_meanwhile_does_not_close_the_pipe_under_our_hands():
    server = create_server(lambda environ, start: [], host="127.0.0.1", port=0, threads=1)
    trigger, closed = server.trigger, Event()
    pull, close = trigger._physical_pull, trigger.close

    def pull_after_another() -> None:
        """A request has ended a moment before, and the server's thread, if it can, does what it is to do."""
        os.write(trigger.trigger, b"x")
        closed.wait(0.5)
        pull()

    def close_and_say_so() -> None:
        close()
        closed.set()

    trigger._physical_pull, trigger.close = pull_after_another, close_and_say_so
    with running(server):
        pass

    assert closed.is_set()
