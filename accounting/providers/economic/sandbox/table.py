"""One kind of record of one agreement: kept as the bytes that go over the wire, found by key, change or filter.

Who needs a member decodes it. So a page of a thousand is a join, and a hundred thousand customers fit in memory.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from accounting.providers.economic.sandbox.fields import DECODER, ENCODER, Json
from accounting.providers.economic.sandbox.filters import Condition

Key = int | str


class Table:
    """Records by key, in its order. `shown` makes of a record what a collection shows of it."""

    CACHED_QUERIES = 64

    def __init__(self, key: str, *, stamp: str = "lastUpdated", shown: Callable[[Json], Json] | None = None) -> None:
        self.key = key
        self.stamp = stamp
        self.raw: dict[Key, bytes] = {}
        self.keys: list[Key] = []
        self._shown = shown
        self._items: dict[Key, bytes] = {}
        self._stamps: dict[Key, str] = {}
        self._by_stamp: list[tuple[str, Key]] = []
        self._results: dict[object, Sequence[Key]] = {}
        self._readers: dict[frozenset[str], msgspec.json.Decoder[Any]] = {}

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, key: object) -> bool:
        return key in self.raw

    @property
    def items(self) -> dict[Key, bytes]:
        """Each record as a collection shows it."""
        return self._items if self._shown else self.raw

    def get(self, key: Key | None) -> Json | None:
        raw = self.raw.get(key) if key is not None else None
        record: Json | None = None if raw is None else DECODER.decode(raw)
        return record

    def all(self) -> Iterable[Json]:
        return (DECODER.decode(self.raw[key]) for key in list(self.keys))

    def put(self, record: Json) -> None:
        """Stores the record, new or changed."""
        key: Key = record[self.key]
        self._leave(key)
        if key not in self.raw:
            insort(self.keys, key)
        self.raw[key] = ENCODER.encode(record)
        if self._shown:
            self._items[key] = ENCODER.encode(self._shown(record))
        stamp = comparable(record.get(self.stamp))
        if stamp:
            self._stamps[key] = stamp
            insort(self._by_stamp, (stamp, key))
        self._results.clear()

    def load(self, records: Iterable[tuple[Key, bytes, str]]) -> None:
        """Stores many new records at once: key, bytes, stamp. Not for tables that show less than they hold."""
        for key, raw, stamp in records:
            self.raw[key] = raw
            self._stamps[key] = comparable(stamp)
            self._by_stamp.append((comparable(stamp), key))
        self.keys = sorted(self.raw)
        self._by_stamp.sort()
        self._results.clear()

    def remove(self, key: Key) -> None:
        self._leave(key)
        del self.raw[key]
        self._items.pop(key, None)
        del self.keys[bisect_left(self.keys, key)]
        self._results.clear()

    def find(
        self, condition: Condition | None, order: Sequence[tuple[str, bool]] = (), *, name: object
    ) -> Sequence[Key]:
        """Keys of what fits, sorted. Kept under `name` until a record changes."""
        found = self._results.get(name)
        if found is None:
            found = self._matching(condition)
            # From the last member to the first: sorting is stable.
            for member, descending in reversed(order):
                # What was found is in the order of its keys already.
                if (member, descending) != (self.key, False) or len(order) > 1:
                    found = self._sorted(found, member, descending=descending)
            if len(self._results) >= self.CACHED_QUERIES:
                self._results.clear()
            self._results[name] = found
        return found

    def _matching(self, condition: Condition | None) -> Sequence[Key]:
        if condition is None:
            return list(self.keys)
        candidates: Iterable[Key] = self.keys
        if condition.since:
            start = bisect_left(self._by_stamp, (condition.since[1],))
            candidates = sorted(key for _, key in self._by_stamp[start:])
        decode = self._reader(condition.needs)
        return [key for key in candidates if condition.test(decode(self.raw[key]))]

    def _reader(self, members: frozenset[str]) -> Callable[[bytes], Json]:
        """Decodes (at least) those members of a record, and skips the others."""
        if members not in self._readers:
            shape = [(name, object, None) for name in sorted(members)]
            part = msgspec.defstruct("Part", shape)
            self._readers[members] = msgspec.json.Decoder(part, float_hook=DECODER.float_hook)
        decoder = self._readers[members]
        return lambda raw: msgspec.structs.asdict(decoder.decode(raw))

    def _sorted(self, keys: Sequence[Key], member: str, *, descending: bool) -> Sequence[Key]:
        decode = self._reader(frozenset({member}))
        values = {key: decode(self.raw[key])[member] for key in keys}
        filled = [key for key in keys if values[key] is not None]
        filled.sort(key=lambda key: values[key], reverse=descending)
        return [*filled, *(key for key in keys if values[key] is None)]

    def _leave(self, key: Key) -> None:
        stamp = self._stamps.pop(key, None)
        if stamp is not None:
            del self._by_stamp[bisect_left(self._by_stamp, (stamp, key))]


def comparable(stamp: object) -> str:
    return str(stamp or "").rstrip("Zz")[:19]
