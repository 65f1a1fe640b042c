"""Workers in processes of their own, told over pipes when to take turns, and killed where a test wants it."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Any

from django.conf import settings
from django.db import connection as database

from storm.duty import Duty, report_for_duty
from storm.world import World

# A clean process that has loaded Django once and forks quickly: it holds none of our sockets.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["storm.duty"])
LONGEST_WAIT_S = 120


class Killed(Exception):
    """The worker is gone in the middle of its work."""


@dataclass(kw_only=True)
class Worker:
    process: BaseProcess
    pipe: Pipe

    def ask(self, clock_offset: timedelta, job: str, *args: Any) -> None:
        self.pipe.send((clock_offset, job, args))

    def answer(self) -> Any:
        """What the job gave. Raises Killed, and RuntimeError with what went wrong in the worker."""
        if not self.pipe.poll(LONGEST_WAIT_S):
            raise TimeoutError("A worker does not answer.")
        try:
            went_well, result = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.process.join(10)
            if self.process.exitcode != -signal.SIGKILL:
                raise RuntimeError(f"A worker ended with {self.process.exitcode}.") from None
            raise Killed from None
        if not went_well:
            raise RuntimeError(result)
        return result

    def call(self, clock_offset: timedelta, job: str, *args: Any) -> Any:
        """Asks and waits for the answer."""
        self.ask(clock_offset, job, *args)
        return self.answer()

    def dismiss(self) -> None:
        if self.process.is_alive():
            self.pipe.send(None)
            self.process.join(10)
        self.pipe.close()
        self.process.close()


@dataclass(kw_only=True)
class Crew:
    """Some workers of one world. `outcomes` counts how their turns ended, `requests` those that sending took."""

    world: World
    workers: list[Worker] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)

    def hire(self, count: int = 1, **duty: Any) -> None:
        """More workers; `duty` says what is special about them, for instance where they are killed."""
        told = Duty(
            database=dict(database.settings_dict),
            environment=self.world.environment,
            installation_id=str(settings.INSTALLATION_ID),
            **duty,
        )
        for _ in range(count):
            ours, theirs = PROCESSES.Pipe()
            process = PROCESSES.Process(target=report_for_duty, args=(theirs, told), daemon=True)
            process.start()
            theirs.close()
            self.workers.append(Worker(process=process, pipe=ours))

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.dismiss()
        self.workers.clear()

    def do(self, job: str, *args: Any) -> list[Any]:
        """What each worker gave for the job, all at the same time. Raises Killed."""
        offset = self.world.clock.offset
        for worker in self.workers:
            worker.ask(offset, job, *args)
        return [worker.answer() for worker in self.workers]

    def take_turns(self) -> int:
        """How many turns were taken, by all workers together, until none of them found anything to do."""
        turns = 0
        for report in self.do("take_turns"):
            self.outcomes.update(report.outcomes)
            self.requests.update(report.requests)
            turns += sum(report.outcomes.values())
        return turns


@contextmanager
def crew(world: World, count: int = 1, **duty: Any) -> Iterator[Crew]:
    """Workers as long as the block lasts."""
    hired = Crew(world=world)
    hired.hire(count, **duty)
    try:
        yield hired
    finally:
        hired.dismiss()
