"""The seam every accounting system implements: a `Provider` that opens a `Ledger`.

Methods of a ledger raise only the classes of `accounting.errors`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from accounting.auth import Auth
from accounting.hooks import Webhook
from accounting.types import (
    AttachmentDocument,
    Batch,
    Choice,
    Company,
    Contact,
    CustomerDocument,
    CustomerRecord,
    Document,
    Page,
    Problem,
    Question,
    Receipt,
    Record,
    Rule,
    SalesDocumentRecord,
    Totals,
    ValueKind,
)

R = TypeVar("R", bound=Record)


class Access(Protocol):
    """The credentials of an open session, renewed by whoever owns them."""

    def token(self) -> str:
        """A token that is valid now. Raises ReconnectNeeded or TryLater."""
        ...

    def renew(self, refused: str) -> str:
        """Another token after the books refused `refused`; at most one request per expiry."""
        ...


class Ledger(Protocol):
    """One company's books at one provider, opened with its credentials."""

    def company(self) -> Company:
        """Who we are talking to. Network: one or two GETs."""
        ...

    def read(self, kind: type[R], *, since: datetime | None, position: str = "") -> Page[R]:
        """One page of `kind`, changed at or after `since` where the books can tell, from `position` on.

        Network: one GET. `position` is what an earlier page gave as `next_position`, for
        the same `since`.
        """
        ...

    def find(self, documents: Sequence[Document], *, since: datetime) -> Mapping[str, Sequence[Receipt]]:
        """By our reference, what already exists of `documents`, in every stage.

        `since` is a moment before which none of them can have been created. Every
        reference asked for is a key; an empty sequence means *looked everywhere, not
        there*. Raises when it could not look everywhere.
        """
        ...

    def documents(self, *, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
        """Every sales document changed at or after `since`, in every stage, a page at a time.

        Older ones come along where the books cannot tell. One that is converted while the list is read comes as
        the one, the other or both. Network: one GET per page. Raises, on any page, when it cannot read on: then
        nobody knows what is missing.
        """
        ...

    def create(self, document: Document) -> Receipt:
        """The document as it now exists over there. Network: one POST, never repeated here.

        Raises Unclear when the outcome is unknown: look before posting again.
        """
        ...

    def fetch(self, receipt: Receipt) -> Receipt:
        """The document as it is now. Network: one GET. Raises NotFound when it is gone."""
        ...

    def update(self, receipt: Receipt, document: Document, fields: frozenset[str]) -> Receipt:
        """The document after changing just `fields` (names of the document's own fields)."""
        ...

    def remove(self, receipt: Receipt) -> None:
        """Takes back a draft. Raises Refused for anything that is more than a draft."""
        ...

    def choices(self, question: str) -> Sequence[Choice]:
        """What may be answered to the question of that key, read from the books."""
        ...


class Provider(Protocol):
    """An accounting system, as data and three functions."""

    key: str
    label: str
    logins: tuple[Auth, ...]
    """The ways to sign in, of which the owner chooses one; the usual one first."""
    environment: Mapping[str, str]
    reads: frozenset[type[Record]]
    writes: frozenset[type[Document]]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    checklist: tuple[str, ...]
    documentation_url: str
    limit_is_shared: bool
    """Whether all companies that use the same client share one limit of requests."""

    def open(self, site: Mapping[str, str], access: Access) -> Ledger:
        """A session. `site` holds the values of `environment`. No network yet."""
        ...

    def predict(self, document: Document, company: Company) -> Totals | None:
        """What the books will compute for it, to the smallest coin; None for records."""
        ...

    def link(self, site: Mapping[str, str], receipt: Receipt) -> str:
        """The address at which a person sees it in the accounting system, or empty."""
        ...


def problems(provider: Provider, document: Document, company: Company) -> list[Problem]:
    """Everything the accounting system would refuse about `document`, all at once."""
    return [problem for rule in provider.rules for problem in rule(document, company)]


def answers_of(provider: Provider, kind: type[Record], answers: Mapping[str, str]) -> list[str]:
    """The ids of records of that kind that were chosen, by whichever questions ask for one."""
    asking = [each.key for each in provider.questions if each.of is kind]
    return [answers[key] for key in asking if answers.get(key)]


# --- what not every accounting system can do --------------------------------------


@runtime_checkable
class ShowsRecords(Protocol):
    """A ledger that can be asked for a single record."""

    def record(self, kind: type[R], remote_id: str) -> R:
        """The record as it is now. Network: one GET.

        Raises NotFound when it is not in these books, UnexpectedAnswer when it cannot be read.
        """
        ...


@runtime_checkable
class TakesAttachments(Protocol):
    """A ledger whose documents can have files. Its provider has `AttachmentDocument` among its `writes`."""

    def attachments(self, receipt: Receipt) -> Mapping[str, str]:
        """The names of the document's files, by their ids. Network: one GET, and one for each file.

        Raises NotFound when the document is gone.
        """
        ...

    def attach(self, receipt: Receipt, attachment: AttachmentDocument) -> str:
        """The id of the file, now on the document. Network: one POST, never repeated here. Raises Unclear."""
        ...

    def detach(self, receipt: Receipt, remote_id: str) -> None:
        """The file is no longer on the document. Raises NotFound when it was not."""
        ...


@runtime_checkable
class SearchesCustomers(Protocol):
    """A ledger that can be searched for customers by what they are known by."""

    def customers_like(self, document: CustomerDocument) -> Sequence[CustomerRecord]:
        """Whoever has the document's number, organisation number or e-mail, active or not. Network: one or two GETs."""
        ...


@runtime_checkable
class KeepsLessOfPeople(Protocol):
    """A provider whose books have not a place for everything that we know of a person at a customer."""

    def person_kept(self, contact: Contact) -> Contact:
        """What of the person would stand there."""
        ...


def person_kept(provider: Provider, contact: Contact) -> Contact:
    return provider.person_kept(contact) if isinstance(provider, KeepsLessOfPeople) else contact


@runtime_checkable
class KnowsAddresses(Protocol):
    """A provider that knows what the ids of its records look like."""

    def remote_id_in(self, text: str) -> str:
        """The id of the record that an address of the accounting system, or the id itself, names; else empty."""
        ...


@runtime_checkable
class Calls(Protocol):
    """A provider that calls an address of ours when something has changed."""

    @property
    def webhook(self) -> Webhook | None: ...


@runtime_checkable
class RegistersHooks(Protocol):
    """A ledger that can be told itself which address to call."""

    def register_hooks(self, address: str, secret: str) -> Sequence[str]:
        """The names of the events at which `address` is called from now on, with `secret` in the agreed header.

        What was registered by us before now leads there. Network: one GET, and one write per event.
        """
        ...

    def remove_hooks(self) -> None:
        """No address of ours is called any more. Network: one GET, and one write per event."""
        ...


def webhook_of(provider: Provider) -> Webhook | None:
    return provider.webhook if isinstance(provider, Calls) else None


@runtime_checkable
class MapsValues(Protocol):
    """A provider to which values of ours must be translated, each through a table that the owner fills in."""

    @property
    def maps(self) -> tuple[ValueKind, ...]: ...


def maps_of(provider: Provider) -> tuple[ValueKind, ...]:
    return provider.maps if isinstance(provider, MapsValues) else ()


GUID = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE)
NO_GUID = "00000000-0000-0000-0000-000000000000"
NUMBER = re.compile(r"(?<![0-9a-z-])[0-9]{1,20}(?![0-9a-z-])", re.IGNORECASE)


def remote_id_in(provider: Provider, text: str) -> str:
    """The id of a record in what somebody copied from the accounting system; empty when there is none."""
    return provider.remote_id_in(text) if isinstance(provider, KnowsAddresses) else last_guid(text) or last_number(text)


def last_guid(text: str) -> str:
    """The last GUID in the text, in one spelling; the empty one names nothing."""
    found = [each.lower() for each in GUID.findall(text) if each != NO_GUID]
    return found[-1] if found else ""


def last_number(text: str) -> str:
    found = NUMBER.findall(text)
    return found[-1] if found else ""
