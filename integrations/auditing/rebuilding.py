"""Restores every link from the books, after links or operations were lost: nothing is created over there.

Documents are recognised by their references, everything else as an import recognises it. It may run twice, and on
a database that has lost nothing: then it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from accounting.errors import AccountingError, ReconnectNeeded
from accounting.protocol import Ledger
from integrations.auditing.restoring_records import Restored, offered, restore_stream
from integrations.auditing.restoring_sales import RestoredSales, restore_sales
from integrations.connections import open_ledger
from integrations.models import Connection, Lease
from integrations.tokens import need_reconnect
from integrations.trouble.breaker import leave_alone


class Busy(Exception):
    """A worker is on the connection; it must not read and write links at the same time."""


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What was restored. `problem` says why it is not everything."""

    sales: RestoredSales
    streams: Sequence[Restored]
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Whether everything was read, and a person need not choose between several."""
        return not self.problem and not self.sales.unclear and not any(each.unclear for each in self.streams)


State = RestoredSales | Restored


def nobody(state: State) -> None:
    """For those who need not know how far it has come."""


def rebuild(connection: Connection, *, writes: bool = True, report: Callable[[State], None] = nobody) -> Rebuilt:
    """Network: GETs only. Without `writes` it only counts. Raises Busy, and LeaseLost when another worker took over."""
    lease = Lease.take(connection, owner=uuid4().hex)
    if lease is None:
        raise Busy
    states: dict[str, State] = {"": RestoredSales()}
    problem = ""
    try:
        for state in restore_all(connection, open_ledger(connection), fence=lease.fence, writes=writes):
            lease.renew()
            states[getattr(state, "stream", "")] = state
            report(state)
    except AccountingError as error:
        problem = str(error)
        if isinstance(error, ReconnectNeeded):
            need_reconnect(connection.pk, error.sentence)
        leave_alone(connection, error)
    finally:
        lease.release()
    return Rebuilt(
        sales=next(each for each in states.values() if isinstance(each, RestoredSales)),
        streams=[each for each in states.values() if isinstance(each, Restored)],
        problem=problem,
    )


def restore_all(connection: Connection, ledger: Ledger, *, fence: int, writes: bool) -> Iterator[State]:
    """Sales first: the orders among them are ours, and the import must not take them for new work."""
    yield from restore_sales(connection, ledger, fence=fence, writes=writes)
    for pipeline in offered(connection):
        yield from restore_stream(connection, ledger, pipeline, writes=writes)
