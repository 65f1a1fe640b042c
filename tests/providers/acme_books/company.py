"""One company's books in memory: what is in them, what was asked of them, and what shall go wrong."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from accounting.errors import ReconnectNeeded
from accounting.types import AttachmentDocument, Choice, Company, Document, Entry, Receipt, Record, Stage

COMPANIES: dict[str, FakeCompany] = {}
"""Who answers to which access token. A token that is not here is refused."""


@dataclass(kw_only=True)
class Fault:
    """The `nth` request of this verb (and kind, when named) from now on fails, `times` in a row.

    `after_commit` lets a write happen before its answer is lost.
    """

    verb: str
    error: BaseException
    kind: str = ""
    nth: int = 1
    times: int = 1
    after_commit: bool = False
    seen: int = 0

    def strikes(self, verb: str, kind: str, *, after_commit: bool) -> bool:
        if self.verb != verb or self.kind not in ("", kind) or self.after_commit != after_commit:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass(kw_only=True)
class StoredDocument:
    """`texts` are what is printed on it, its reference unless somebody changed that. `files` are PDFs by their ids."""

    document: Document
    receipt: Receipt
    created_at: datetime
    changed_at: datetime | None = None
    texts: tuple[str, ...] = ()
    made_of: tuple[Receipt, ...] = ()
    is_credit: bool = False
    files: dict[str, AttachmentDocument] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed_at = self.changed_at or self.created_at
        self.texts = self.texts or (self.document.reference,)


@dataclass(kw_only=True)
class FakeCompany:
    """What a test sees of Acme Books: `put` fills them, `fail` breaks them, `writes` tells what we did.

    `page_size` is honoured by `read`. `blind` names kinds that cannot be asked for changes: everything
    comes each time. `unreadable` and `hidden` are ids of documents that are shown badly or not in lists.
    `called` holds the address to call, and the secret to bring along.
    `stuck` lets a page point to itself. `hide_from_find` makes the next n look-ups blind to what exists. With
    `holds_back` a create is taken in without an answer, and carried out when it is `let_through`. `witness` is
    told of every request while it is made. `clock` may be replaced to move the server's time.
    """

    company: Company
    page_size: int = 100
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    blind: set[type[Record]] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    called: tuple[str, str] | None = None
    stuck: bool = False
    promise: int | None = None
    hide_from_find: int = 0
    holds_back: bool = False
    held: list[tuple[StoredDocument, list[Record]]] = field(default_factory=list)
    witness: Callable[[str, str], None] = field(default=lambda verb, kind: None)
    choices: dict[str, list[Choice]] = field(
        default_factory=lambda: {
            "layout": [Choice(value="std", label="Standard"), Choice(value="svc", label="Service")]
        }
    )
    entries: dict[type[Record], dict[str, tuple[datetime | None, Entry]]] = field(default_factory=dict)
    documents: dict[str, StoredDocument] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    # --- what a test arranges ---

    def put(self, *records: Record) -> None:
        """Creates or changes records over there, as of now unless they carry their own stamp."""
        for record in records:
            stamped = record if record.changed_at else replace(record, changed_at=self.clock())
            self._store(type(record), record.remote_id, stamped.changed_at, msgspec.json.encode(stamped))

    def put_bad(self, kind: type[Record], remote_id: str, raw: bytes = b'{"remote_id": 1}') -> None:
        """A record that cannot be read: translating it yields a `Rejected`."""
        self._store(kind, remote_id, self.clock(), raw)

    def take_away(self, kind: type[Record], *remote_ids: str) -> None:
        """Deletes records over there."""
        for remote_id in remote_ids:
            del self.entries[kind][remote_id]

    def fail(
        self,
        verb: str,
        error: BaseException,
        *,
        kind: str = "",
        nth: int = 1,
        times: int = 1,
        after_commit: bool = False,
    ) -> None:
        """`verb` is a method of the ledger; `kind` a record class' name or a document's kind."""
        fault = Fault(verb=verb, error=error, kind=kind, nth=nth, times=times, after_commit=after_commit)
        self.faults.append(fault)

    def book(self, remote_id: str) -> StoredDocument:
        """The accountant makes an invoice of it: a draft is gone then, an order stays."""
        source = self.documents[remote_id]
        if source.receipt.stage is Stage.DRAFT:
            del self.documents[remote_id]
        invoice = replace(source.receipt, stage=Stage.INVOICE, remote_id=self.next_id(), number=f"F{remote_id}")
        return self.file(replace(source, receipt=invoice, changed_at=self.clock(), made_of=(source.receipt,)))

    def copy(self, remote_id: str) -> StoredDocument:
        """The accountant makes another one from it, with everything that is printed on it."""
        source = self.documents[remote_id]
        return self.file(replace(source, receipt=replace(source.receipt, remote_id=self.next_id())))

    def alter(self, remote_id: str, **changes: object) -> StoredDocument:
        """The accountant changes the document: members of the receipt, or `texts`."""
        source = self.documents[remote_id]
        own = {name: changes.pop(name) for name in ("texts", "is_credit") if name in changes}
        receipt = replace(source.receipt, **changes)  # type: ignore[arg-type]
        return self.file(replace(source, receipt=receipt, changed_at=self.clock(), **own))  # type: ignore[arg-type]

    def file(self, stored: StoredDocument) -> StoredDocument:
        self.documents[stored.receipt.remote_id] = stored
        return stored

    def let_through(self) -> None:
        """What was held back is carried out now."""
        for stored, records in self.held:
            self.documents[stored.receipt.remote_id] = stored
            self.put(*records)
        self.held.clear()

    # --- what a test looks at ---

    def count(self, verb: str, kind: str = "") -> int:
        """How many requests of this verb (and kind) have come in."""
        return sum(1 for each in self.requests if each[0] == verb and kind in ("", each[1]))

    @property
    def writes(self) -> Counter[str]:
        """How often each writing verb was asked for."""
        return Counter(verb for verb, _ in self.requests if verb in {"create", "update", "remove", "attach", "detach"})

    def created(self, kind: str) -> list[StoredDocument]:
        """The documents of this kind that exist over there."""
        return [stored for stored in self.documents.values() if stored.document.kind == kind]

    # --- what the ledger does ---

    def meet(self, verb: str, kind: str = "") -> None:
        """Notes the request and lets it fail when a fault says so."""
        self.requests.append((verb, kind))
        self.witness(verb, kind)
        self._strike(verb, kind, after_commit=False)

    def lose_answer(self, verb: str, kind: str) -> None:
        self._strike(verb, kind, after_commit=True)

    def changed_since(self, kind: type[Record], since: datetime | None) -> list[Entry]:
        held = self.entries.get(kind, {}).values()
        everything = since is None or kind in self.blind
        return [entry for stamp, entry in held if everything or stamp is None or stamp >= since]

    def next_id(self) -> str:
        return f"acme-{next(self.ids)}"

    def _store(self, kind: type[Record], remote_id: str, stamp: datetime | None, raw: bytes) -> None:
        fingerprint = hashlib.blake2b(raw, digest_size=16).hexdigest()
        self.entries.setdefault(kind, {})[remote_id] = (stamp, Entry(remote_id, fingerprint, raw))

    def _strike(self, verb: str, kind: str, *, after_commit: bool) -> None:
        # Every fault counts the request, also when an earlier one strikes first.
        struck = [fault for fault in self.faults if fault.strikes(verb, kind, after_commit=after_commit)]
        if struck:
            raise struck[0].error


def company_of(token: str) -> FakeCompany:
    """The books that this token opens. Raises ReconnectNeeded."""
    if token not in COMPANIES:
        raise ReconnectNeeded("Acme Books does not know this login.", status=401)
    return COMPANIES[token]


def new_company(name: str = "Rör & Värme AB", *, remote_id: str = "acme-company-1") -> FakeCompany:
    """Empty books of a Swedish firm, with orders and projects switched on."""
    return FakeCompany(
        company=Company(
            remote_id=remote_id,
            name=name,
            organisation_number="556016-0680",
            country="SE",
            currency="SEK",
            features=frozenset({"orders", "projects"}),
            locked_until=(datetime.now(UTC) - timedelta(days=400)).date(),
        )
    )
