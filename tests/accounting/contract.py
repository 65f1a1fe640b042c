"""What every accounting system's ledger must do, whatever its wire looks like.

A provider's test class inherits `LedgerContract` and gives it a fixture `books`: a `ContractBooks`, one
company over there as a test arranges and inspects it. The same class runs over sample answers and over the
provider's stand-in.

    class TestSamples(LedgerContract):
        @pytest.fixture
        def books(self) -> Iterator[ContractBooks]:
            with SampleBooks() as books:
                yield books
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting import client, http
from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    NotFound,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.protocol import Ledger, Provider
from accounting.types import (
    Batch,
    Company,
    CustomerDocument,
    Document,
    InvoiceDraft,
    Page,
    Receipt,
    Record,
    SalesDocument,
    SalesOrder,
    Stage,
    TermsRecord,
)
from tests.accounting.listing_contract import ListingContract, listed, long_ago

Json = dict[str, Any]
EVERY_KIND = ("customer", "article", "sales_order", "invoice_draft")
SALES = ("sales_order", "invoice_draft")
HTML = b"<!DOCTYPE html><html><body>Log in</body></html>"


class ContractBooks(ABC):
    """One company over there. Every list of `kinds` holds at least three records."""

    provider: Provider
    company: Company
    kinds: tuple[type[Record], ...]
    # Lists that come as a whole, in one page.
    whole: frozenset[type[Record]] = frozenset()
    # Kinds of documents that keep their id when they are booked, and that tell when they were made.
    keeps_id: frozenset[str] = frozenset()
    tells_creation: frozenset[str] = frozenset({"sales_order", "invoice_draft"})
    # Kinds of documents from which a file is taken only by hand.
    keeps_files: frozenset[str] = frozenset()
    # Whether a document that was booked takes no files any more.
    only_drafts_have_files: bool = False
    # Kinds of documents that an invoice names as what it was made of, and stages that do not tell when they changed.
    named_as_origin: frozenset[str] = frozenset({"sales_order", "invoice_draft"})
    undated: frozenset[Stage] = frozenset({Stage.DRAFT})

    @abstractmethod
    def ledger(self) -> Ledger:
        """A fresh session; every list comes in several pages."""

    @abstractmethod
    def empty(self, kind: type[Record]) -> None:
        """No record of that kind is there any more."""

    @abstractmethod
    def change(self, kind: type[Record]) -> str:
        """One record changes now; its id."""

    @abstractmethod
    def add_bad(self, kind: type[Record]) -> tuple[str, str]:
        """A record that cannot be read appears; its id, and a word that people know it by."""

    @abstractmethod
    def add_odd(self, kind: type[Record]) -> str:
        """A good record appears with members and values that nobody has documented; its id."""

    @abstractmethod
    def document(self, kind: str, reference: str = "1187-K7Q2M9") -> Document:
        """A document that these books accept. What it refers to is there."""

    @abstractmethod
    def refused_document(self) -> tuple[Document, str]:
        """A document that they refuse, and what they say of it."""

    @abstractmethod
    def stored(self, receipt: Receipt) -> Json:
        """The object as it lies there."""

    @abstractmethod
    def book(self, receipt: Receipt) -> None:
        """Somebody over there makes an invoice of the draft or order."""

    @abstractmethod
    def touch(self, receipt: Receipt) -> None:
        """Somebody over there changes the object, which gets a new version."""

    @abstractmethod
    def spoil(self, receipt: Receipt) -> None:
        """The document gets a total that is no number."""

    @abstractmethod
    def refuse_token(self) -> None:
        """No token is accepted any more."""

    @abstractmethod
    def answer_instead(
        self, method: str, status: int, body: bytes | None = None, *, path: str = "", after: bool = False
    ) -> None:
        """Requests of that method (and path) are answered so from now on; without a body in the vendor's words.

        With `after` they are carried out all the same.
        """

    @abstractmethod
    def cut(self, method: str, *, path: str = "") -> None:
        """Answers stop in the middle of the body."""

    @abstractmethod
    def stay_silent(self, method: str, *, after: bool = False) -> None:
        """Requests of that method get no answer; with `after` they are carried out."""

    @abstractmethod
    def recover(self) -> None:
        """Nothing goes wrong any more."""

    @property
    @abstractmethod
    def requests(self) -> list[tuple[str, str]]:
        """Method and path of what came in."""

    def ids_of(self, kind: type[Record], remote_id: str) -> set[str]:
        """The ids of all records of ours that this one of theirs comes as."""
        return {remote_id}

    def written(self) -> list[str]:
        return [method for method, _ in self.requests if method != "GET"]


def read_all(ledger: Ledger, kind: type[Record], *, since: datetime | None = None) -> Iterator[Page[Record]]:
    position = ""
    for _ in range(100):
        page = ledger.read(kind, since=since, position=position)
        yield page
        if not page.next_position:
            return
        position = page.next_position
    raise AssertionError("the list does not end")


def ids_of(pages: Iterator[Page[Record]]) -> list[str]:
    return [entry.remote_id for page in pages for entry in page.entries]


def understood(pages: Iterator[Page[Record]]) -> Batch[Record]:
    batches = [page.translate(page.entries) for page in pages]
    return Batch(
        records=[each for batch in batches for each in batch.records],
        rejected=[each for batch in batches for each in batch.rejected],
    )


def values_in(value: object) -> Iterator[object]:
    """Every plain value inside a record."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from values_in(getattr(value, field.name))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from values_in(each)
    else:
        yield value


class LedgerContract(ListingContract):
    """Inherit, and give a fixture `books`."""

    @pytest.fixture(autouse=True)
    def _in_a_hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "READ_PAUSES_S", (0.0, 0.0))
        monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.3)

    # --- who ---

    def test_the_company_says_who_it_is(self, books: ContractBooks) -> None:
        assert books.ledger().company() == books.company

    def test_another_session_meets_the_same_company(self, books: ContractBooks) -> None:
        assert books.ledger().company().remote_id == books.ledger().company().remote_id != ""

    # --- reading ---

    def test_pages_end_and_give_every_record_once(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            pages = list(read_all(books.ledger(), kind))
            ids = ids_of(iter(pages))

            assert (len(pages) > 1) == (kind not in books.whole), kind
            assert len(ids) == len(set(ids)) == pages[0].total, kind
            assert all(page.requests >= 1 for page in pages)
            assert pages[0].server_time is not None
            assert pages[0].server_time.tzinfo is not None

    def test_a_killed_run_goes_on_where_it_stopped(self, books: ContractBooks) -> None:
        for kind in (each for each in books.kinds if each not in books.whole):
            first = books.ledger().read(kind, since=None)
            second = books.ledger().read(kind, since=None, position=first.next_position)

            assert not {e.remote_id for e in first.entries} & {e.remote_id for e in second.entries}, kind

    def test_an_empty_list_is_one_empty_page(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            books.empty(kind)
            page = books.ledger().read(kind, since=None)

            assert (page.entries, page.next_position, page.total) == ([], "", 0), kind

    def test_every_record_is_understood(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            batch = understood(read_all(books.ledger(), kind))

            assert batch.rejected == [], kind
            assert {type(record) for record in batch.records} == {kind}
            assert all(record.remote_id for record in batch.records)

    def test_no_number_is_a_float_and_no_moment_is_naive(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            values = list(values_in(list(understood(read_all(books.ledger(), kind)).records)))

            assert [value for value in values if isinstance(value, float)] == []
            assert [v for v in values if isinstance(v, datetime) and v.tzinfo is None] == []
            assert [v for v in values if isinstance(v, str) and (v != v.strip() or "\0" in v)] == []

    def test_only_what_changed_is_read_again(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            everything = ids_of(read_all(books.ledger(), kind))
            since = datetime.now(UTC) - timedelta(seconds=1)
            changed = books.change(kind)

            found = ids_of(read_all(books.ledger(), kind, since=since))

            # A list without change stamps is read whole.
            assert found in ([changed], everything), kind

    def test_a_fingerprint_changes_with_its_record_only(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            before = {e.remote_id: e.fingerprint for p in read_all(books.ledger(), kind) for e in p.entries}
            changed = books.change(kind)
            after = {e.remote_id: e.fingerprint for p in read_all(books.ledger(), kind) for e in p.entries}

            assert {key for key in before if before[key] != after[key]} == books.ids_of(kind, changed), kind

    def test_one_bad_record_spoils_no_other(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            good = len(understood(read_all(books.ledger(), kind)).records)
            remote_id, known_as = books.add_bad(kind)

            batch = understood(read_all(books.ledger(), kind))

            assert len(batch.records) == good, kind
            assert {each.remote_id for each in batch.rejected} == books.ids_of(kind, remote_id)
            assert known_as in batch.rejected[0].sentence
            assert batch.rejected[0].label in batch.rejected[0].sentence
            assert batch.rejected[0].label, kind

    def test_what_nobody_documented_is_tolerated(self, books: ContractBooks) -> None:
        for kind in books.kinds:
            remote_id = books.add_odd(kind)

            batch = understood(read_all(books.ledger(), kind))

            assert batch.rejected == []
            assert remote_id in {record.remote_id for record in batch.records}

    # --- looking and writing ---

    @pytest.mark.parametrize("kind", EVERY_KIND)
    def test_what_was_created_is_found_and_fetched(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        document = books.document(kind)

        receipt = ledger.create(document)

        assert receipt.remote_id
        assert receipt.reference == document.reference
        assert [each.remote_id for each in ledger.find([document], since=long_ago())[document.reference]] == [
            receipt.remote_id
        ]
        assert ledger.fetch(receipt).remote_id == receipt.remote_id
        assert ledger.fetch(receipt).reference == document.reference
        assert books.written() == ["POST"]

    @pytest.mark.parametrize("kind", SALES)
    def test_totals_come_back_exact(self, books: ContractBooks, kind: str) -> None:
        receipt = books.ledger().create(books.document(kind))

        assert receipt.totals is not None
        assert {type(each) for each in (receipt.totals.net, receipt.totals.vat, receipt.totals.rounding)} == {Decimal}
        assert receipt.totals.total > 0

    @pytest.mark.parametrize("kind", EVERY_KIND)
    def test_what_is_not_there_is_looked_for_and_said_to_be_absent(self, books: ContractBooks, kind: str) -> None:
        documents = [books.document(kind, "1001-AAAAAA"), books.document(kind, "1002-BBBBBB")]

        found = books.ledger().find(documents, since=long_ago())

        assert {key: list(value) for key, value in found.items()} == {each.reference: [] for each in documents}

    @pytest.mark.parametrize("kind", SALES)
    def test_a_booked_document_is_still_found_and_found_once(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        document = books.document(kind)
        books.book(ledger.create(document))

        found = ledger.find([document], since=long_ago())[document.reference]

        assert [each.stage for each in found] == [Stage.INVOICE]

    @pytest.mark.parametrize("kind", SALES)
    @pytest.mark.parametrize("other", ["1187-K7Q2M9-2", "21187-K7Q2M9", "1187-K7Q2M99"])
    def test_a_similar_reference_is_another_reference(self, books: ContractBooks, kind: str, other: str) -> None:
        ledger = books.ledger()
        ledger.create(books.document(kind, other))

        assert ledger.find([books.document(kind)], since=long_ago()) == {"1187-K7Q2M9": []}

    @pytest.mark.parametrize("kind", SALES)
    def test_a_look_up_that_could_not_look_everywhere_fails(self, books: ContractBooks, kind: str) -> None:
        document = books.document(kind)
        before = len(books.requests)
        books.ledger().find([document], since=long_ago())
        stages = {path for _, path in books.requests[before:]}

        assert stages
        for path in stages:
            books.answer_instead("GET", 503, path=f"{path}$")
            with pytest.raises(TryLater):
                books.ledger().find([document], since=long_ago())
            books.recover()

    @pytest.mark.parametrize("kind", EVERY_KIND)
    def test_a_lost_answer_is_unclear_and_the_document_is_found_once(self, books: ContractBooks, kind: str) -> None:
        document = books.document(kind)
        books.stay_silent("POST", after=True)

        with pytest.raises(Unclear):
            books.ledger().create(document)

        assert len(books.ledger().find([document], since=long_ago())[document.reference]) == 1
        assert books.written() == ["POST"]

    @pytest.mark.parametrize("body", [HTML, b"", b"{}", b'{"Id": "38fe43cc-c8'], ids=["html", "empty", "{}", "half"])
    @pytest.mark.parametrize("kind", EVERY_KIND)
    def test_a_success_without_the_document_is_unclear(self, books: ContractBooks, kind: str, body: bytes) -> None:
        document = books.document(kind)
        books.answer_instead("POST", 201, body, after=True)

        with pytest.raises(Unclear):
            books.ledger().create(document)

        assert len(books.ledger().find([document], since=long_ago())[document.reference]) == 1

    def test_a_refusal_is_told_in_their_words(self, books: ContractBooks) -> None:
        document, sentence = books.refused_document()

        with pytest.raises(Refused) as caught:
            books.ledger().create(document)

        assert sentence in caught.value.sentence
        assert caught.value.code
        assert caught.value.error_id
        assert books.written() == ["POST"]

    def test_an_update_touches_what_it_was_told_and_nothing_else(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        document = books.document("customer")
        assert isinstance(document, CustomerDocument)
        receipt = ledger.create(document)
        before = books.stored(receipt)

        changed = dataclasses.replace(
            document, name="Another name", phone="031-99 99 99", email="other@bageriet.example"
        )
        updated = ledger.update(receipt, changed, frozenset({"phone"}))

        after = books.stored(receipt)
        different = [value for name, value in after.items() if before.get(name) != value]
        assert "031-99 99 99" in different
        assert len(different) <= 2  # the phone, and a stamp
        assert updated.remote_id == receipt.remote_id

    def test_an_update_can_empty_a_field(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        document = books.document("customer")
        assert isinstance(document, CustomerDocument)
        receipt = ledger.create(document)
        assert document.email in books.stored(receipt).values()

        ledger.update(receipt, dataclasses.replace(document, email=""), frozenset({"email"}))

        assert document.email not in books.stored(receipt).values()

    @pytest.mark.parametrize("kind", SALES)
    def test_an_updated_document_keeps_its_reference(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        document = books.document(kind)
        assert isinstance(document, SalesDocument)
        receipt = ledger.create(document)

        more = dataclasses.replace(document, lines=(*document.lines, document.lines[-1]))
        updated = ledger.update(receipt, more, frozenset({"lines"}))

        assert updated.totals is not None
        assert receipt.totals is not None
        assert updated.totals.net > receipt.totals.net
        assert len(ledger.find([document], since=long_ago())[document.reference]) == 1

    def test_an_update_does_not_overwrite_what_changed_meanwhile(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        document = books.document("customer")
        receipt = ledger.create(document)
        assert receipt.version
        books.touch(receipt)

        with pytest.raises(Conflict):
            ledger.update(receipt, document, frozenset({"phone"}))

        assert "PUT" not in books.written()

    def test_a_draft_can_be_taken_back(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        document = books.document("invoice_draft")
        assert isinstance(document, InvoiceDraft)
        receipt = ledger.create(document)

        ledger.remove(receipt)

        assert ledger.find([document], since=long_ago())[document.reference] == []
        with pytest.raises(NotFound):
            ledger.fetch(receipt)

    def test_more_than_a_draft_cannot_be_taken_back(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        document = books.document("sales_order")
        assert isinstance(document, SalesOrder)
        receipt = ledger.create(document)

        with pytest.raises(Refused):
            ledger.remove(receipt)

        assert "DELETE" not in books.written()
        assert ledger.fetch(receipt).remote_id == receipt.remote_id

    def test_every_question_with_choices_has_some(self, books: ContractBooks) -> None:
        for question in books.provider.questions:
            choices = books.ledger().choices(question.key) if question.has_choices else []

            assert bool(choices) == question.has_choices, question.key
            assert len({choice.value for choice in choices}) == len(choices)

    def test_an_answer_is_the_id_of_a_record_of_the_kind_that_is_asked_for(self, books: ContractBooks) -> None:
        asking = [question for question in books.provider.questions if question.of]
        for question in asking:
            assert question.of is not None
            known = set(ids_of(read_all(books.ledger(), question.of)))
            assert {choice.value for choice in books.ledger().choices(question.key)} <= known, question.key
        assert TermsRecord in {question.of for question in asking}

    # --- what goes wrong ---

    def test_a_refused_login_needs_a_person(self, books: ContractBooks) -> None:
        books.refuse_token()

        for ask in self.reads_of(books):
            with pytest.raises(ReconnectNeeded):
                ask(books.ledger())

    def test_a_refused_login_stops_a_write_before_it_is_repeated(self, books: ContractBooks) -> None:
        document = books.document("customer")
        books.answer_instead("POST", 401)

        with pytest.raises(TryLater) as caught:
            books.ledger().create(document)

        assert caught.value.after == timedelta(0)
        assert books.written() == ["POST"]

    def test_a_forbidden_read_is_not_allowed(self, books: ContractBooks) -> None:
        books.answer_instead("GET", 403)

        for ask in self.reads_of(books):
            with pytest.raises(NotAllowed):
                ask(books.ledger())

    @pytest.mark.parametrize(
        ("status", "read", "written"),
        [
            (403, NotAllowed, NotAllowed),
            (429, TryLater, TryLater),
            (500, TryLater, Unclear),
            (503, TryLater, Unclear),
        ],
    )
    def test_a_failure_out_of_the_blue(
        self, books: ContractBooks, status: int, read: type[AccountingError], written: type[AccountingError]
    ) -> None:
        document = books.document("customer")
        books.answer_instead("GET", status)
        books.answer_instead("POST", status)

        with pytest.raises(read):
            books.ledger().read(books.kinds[0], since=None)
        with pytest.raises(written):
            books.ledger().create(document)

        assert books.written() == ["POST"]

    def test_too_many_requests_say_how_long_to_wait(self, books: ContractBooks) -> None:
        books.answer_instead("GET", 429)

        with pytest.raises(TryLater) as caught:
            books.ledger().company()

        assert caught.value.after is not None
        assert timedelta(seconds=50) <= caught.value.after <= timedelta(seconds=60)

    def test_silence_is_temporary_for_a_read_and_unclear_for_a_write(self, books: ContractBooks) -> None:
        document = books.document("customer")
        books.stay_silent("GET")
        books.stay_silent("POST")

        with pytest.raises(TryLater):
            books.ledger().read(books.kinds[0], since=None)
        with pytest.raises(Unclear):
            books.ledger().create(document)

        assert books.written() == ["POST"]

    def test_a_page_instead_of_data_is_no_data(self, books: ContractBooks) -> None:
        books.answer_instead("GET", 200, HTML)

        for ask in self.reads_of(books):
            with pytest.raises(UnexpectedAnswer):
                ask(books.ledger())

    def test_half_an_answer_is_no_answer(self, books: ContractBooks) -> None:
        books.cut("GET")

        for ask in self.reads_of(books):
            with pytest.raises((UnexpectedAnswer, TryLater)):
                ask(books.ledger())

    # --- parts ---

    def reads_of(self, books: ContractBooks) -> list[Callable[[Ledger], object]]:
        """One of each way of reading."""
        document = books.document("invoice_draft")
        kind = books.kinds[0]
        return [
            lambda ledger: ledger.company(),
            lambda ledger: ledger.read(kind, since=None),
            lambda ledger: ledger.find([document], since=long_ago()),
            listed,
            lambda ledger: ledger.choices(next(q.key for q in books.provider.questions if q.has_choices)),
        ]
