"""How records arrive: a page of entries now, records when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as field_
from datetime import datetime
from typing import Generic, TypeVar

from accounting.types.records import Record

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it came, not yet understood.

    `fingerprint` changes whenever the record's bytes change, so an entry whose
    fingerprint we already hold need not be read at all. `raw` belongs to the provider.
    """

    remote_id: str
    fingerprint: str
    raw: bytes = field_(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """One record that could not be understood, with a sentence a person can act on.

    `label` is how people know it, as far as that could be read: its number and name.
    """

    remote_id: str
    sentence: str
    field: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch(Generic[R_co]):
    records: Sequence[R_co]
    rejected: Sequence[Rejected] = ()


@dataclass(frozen=True, kw_only=True)
class Page(Generic[R_co]):
    """One page of a stream: entries now, records when asked.

    `next_position` is empty on the last page. `server_time` is the *server's* clock when
    it answered, `total` the number of records it promises for the whole read.
    `translate` reads the given entries; what it cannot read comes back as rejected.
    """

    entries: Sequence[Entry]
    translate: Callable[[Iterable[Entry]], Batch[R_co]]
    next_position: str = ""
    total: int | None = None
    server_time: datetime | None = None
    rejected: Sequence[Rejected] = ()
    requests: int = 1
