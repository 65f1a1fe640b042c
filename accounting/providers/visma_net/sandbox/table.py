"""One kind of record of one company, kept as the bytes that go over the wire.

Who needs a member decodes it. So a page of a thousand is a join, and a hundred thousand customers fit in memory.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from accounting.providers.visma_net.sandbox.values import DECODER, ENCODER, Json


class Table:
    """Records by key, in the order in which they came."""

    def __init__(self) -> None:
        self.raw: dict[str, bytes] = {}
        self.changed: dict[str, float] = {}
        self._by_change: list[tuple[float, str]] = []
        self._equal: dict[str, dict[Any, dict[str, None]]] = {}

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, key: object) -> bool:
        return key in self.raw

    def get(self, key: str) -> Json | None:
        """The record with all its members."""
        raw = self.raw.get(key)
        record: Json | None = None if raw is None else DECODER.decode(raw)
        return record

    def all(self) -> Iterable[Json]:
        return (DECODER.decode(raw) for raw in list(self.raw.values()))

    def put(self, key: str, record: Json, at: float) -> None:
        """Stores the record, new or changed at that moment."""
        self._forget(key)
        self.raw[key] = ENCODER.encode(record)
        self.changed[key] = at
        insort(self._by_change, (at, key))
        for path, index in self._equal.items():
            index.setdefault(member(record, path), {})[key] = None

    def load(self, records: Iterable[tuple[str, bytes, float]]) -> None:
        """Stores many new records at once: key, rendered record, moment of the last change."""
        for key, raw, at in records:
            self.raw[key] = raw
            self.changed[key] = at
            self._by_change.append((at, key))
        self._by_change.sort()
        self._equal.clear()

    def remove(self, key: str) -> None:
        self._forget(key)
        del self.raw[key]

    def since(self, at: float) -> list[str]:
        """Keys of what changed at that moment or later."""
        return [key for _, key in self._by_change[bisect_left(self._by_change, (at, "")) :]]

    def equal(self, path: str, value: Any) -> Sequence[str]:
        """Keys of the records whose member (`customer.number`) is that value."""
        if path not in self._equal:
            index: dict[Any, dict[str, None]] = {}
            self._equal[path] = index
            read = reader(path)
            for key, raw in self.raw.items():
                index.setdefault(read(raw), {})[key] = None
        return list(self._equal[path].get(value, ()))

    def _forget(self, key: str) -> None:
        if key not in self.raw:
            return
        at = self.changed[key]
        del self._by_change[bisect_left(self._by_change, (at, key))]
        if self._equal:
            old = self.get(key) or {}
            for path, index in self._equal.items():
                index.get(member(old, path), {}).pop(key, None)


def reader(path: str) -> Callable[[bytes], Any]:
    """What finds that member in a record as it goes over the wire, without decoding the rest of it."""
    kind: Any = Any
    for name in reversed(path.split(".")):
        kind = msgspec.defstruct("Part", [(name, kind if kind is Any else kind | None, None)])
    decoder = msgspec.json.Decoder(kind, float_hook=DECODER.float_hook)

    def read(raw: bytes) -> Any:
        try:
            return member(msgspec.to_builtins(decoder.decode(raw)), path)
        except msgspec.ValidationError:
            return member(DECODER.decode(raw), path)

    return read


def member(record: Json, path: str) -> Any:
    """The member at the end of a path; nothing where there is none."""
    found: Any = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if not isinstance(found, dict | list) else None
