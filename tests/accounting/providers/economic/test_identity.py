"""Numbers are given again after a delete: what lies under one must be ours before it is read, changed or deleted."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import Thread

import pytest

from accounting.errors import AccountingError, Conflict, NotFound, Refused, TryLater
from accounting.providers import economic
from accounting.providers.economic.wire import Wire, file_of, path_to
from accounting.sandbox.faults import Fault
from accounting.types import Receipt, SalesDocument, Stage
from tests.accounting.contract import long_ago
from tests.accounting.providers.economic.sandbox_books import SandboxBooks

# --- a stranger under our number ---------------------------------------------------------


def stranger_under_our_number(books: SandboxBooks, kind: str) -> Receipt:
    """The receipt of a document of ours that was deleted, and whose number is another's now."""
    receipt = books.ledger().create(books.document(kind))
    books.act(receipt, "remove")
    other = books.ledger().create(books.document(kind, "9999-ZZZZZZ"))
    assert other.number == receipt.number
    return receipt


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
def test_a_stranger_is_never_fetched_changed_or_deleted(books: SandboxBooks, kind: str) -> None:
    receipt = stranger_under_our_number(books, kind)
    document = books.document(kind)
    ledger = books.ledger()
    before = len(books.written())

    for ask in (
        lambda: ledger.fetch(receipt),
        lambda: ledger.update(receipt, document, frozenset({"lines"})),
        lambda: ledger.remove(replace(receipt, stage=Stage.DRAFT)),
    ):
        with pytest.raises(NotFound):
            ask()
    assert len(books.written()) == before
    assert ledger.find([document], since=long_ago()) == {document.reference: []}


def test_a_draft_is_told_from_a_stranger_by_its_handle_alone(books: SandboxBooks) -> None:
    """As an audit asks that knows the id, and no reference."""
    receipt = stranger_under_our_number(books, "invoice_draft")

    with pytest.raises(NotFound):
        books.ledger().fetch(Receipt(stage=Stage.DRAFT, remote_id=receipt.remote_id))


def test_a_draft_whose_reference_somebody_removed_is_still_ours(books: SandboxBooks) -> None:
    receipt = books.ledger().create(books.document("invoice_draft"))
    books.act(receipt, "change", references={"other": "PO 4711"})

    fetched = books.ledger().fetch(receipt)

    assert (fetched.remote_id, fetched.reference) == (receipt.remote_id, "")


def test_without_handles_the_reference_decides(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"handles": False}})
    receipt = books.ledger().create(books.document("invoice_draft"))
    assert receipt.remote_id == "draft-370"
    books.act(receipt, "change", references={"other": "PO 4711"})

    with pytest.raises(NotFound):
        books.ledger().fetch(receipt)


@pytest.mark.parametrize("kind", ["customer", "article"])
def test_another_name_under_the_number_is_a_conflict(books: SandboxBooks, kind: str) -> None:
    ledger = books.ledger()
    receipt = ledger.create(books.document(kind))
    books.act(receipt, "change", name="En helt anden")

    with pytest.raises(Conflict, match="En helt anden"):
        ledger.fetch(receipt)
    with pytest.raises(Conflict):
        ledger.update(receipt, books.document(kind), frozenset({"name"}))


def test_the_id_of_a_new_draft_is_another_although_its_number_is_not(books: SandboxBooks) -> None:
    receipt = stranger_under_our_number(books, "invoice_draft")

    listed = {each.remote_id for batch in books.ledger().documents(since=long_ago()) for each in batch.records}

    assert receipt.remote_id not in listed


# --- a replacement creates nothing ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["customer", "article", "sales_order", "invoice_draft"])
def test_what_is_gone_is_not_created_by_an_update(books: SandboxBooks, kind: str) -> None:
    ledger = books.ledger()
    document = books.document(kind)
    receipt = ledger.create(document)
    books.act(receipt, "remove")

    with pytest.raises(NotFound):
        ledger.update(receipt, document, frozenset({"currency" if kind != "article" else "name"}))
    assert "PUT" not in books.written()


@pytest.mark.parametrize("kind", ["customer", "article", "sales_order", "invoice_draft"])
def test_what_goes_between_our_look_and_our_replacement(books: SandboxBooks, kind: str) -> None:
    """The vendor then creates it anew; a sales document, which is provably new, is taken back."""
    document = books.document(kind)
    receipt = books.ledger().create(document)
    held = Fault(action="hold", method="PUT", name="put", seconds=20)
    books.stage.faults.add(held)
    caught: list[AccountingError] = []

    def update() -> None:
        try:
            books.ledger().update(receipt, document, frozenset({"currency" if kind != "article" else "name"}))
        except AccountingError as error:
            caught.append(error)

    thread = Thread(target=update)
    thread.start()
    while not any(each["seen"] for each in books.stage.faults.state()):
        thread.join(0.01)
    books.act(receipt, "remove")
    books.stage.release("put")
    thread.join(20)

    assert [type(error) for error in caught] == [Conflict]
    is_sale = isinstance(document, SalesDocument)
    assert (books.stored(receipt) == {}) == is_sale
    assert books.written().count("DELETE") == is_sale


# --- a delete takes one draft -----------------------------------------------------------------


@pytest.mark.parametrize(
    "remote_id",
    [
        *("", "draft", "draft-", "draft-0", "draft--1", "draft- ", "draft-*", "draft-٣"),
        *("draft-366/..", "draft-366?filter=x", "draft-366-999", "order-1", "366"),
    ],
)
def test_no_id_can_mean_more_than_one_draft(books: SandboxBooks, remote_id: str) -> None:
    with pytest.raises(NotFound):
        books.ledger().remove(Receipt(stage=Stage.DRAFT, remote_id=remote_id))

    assert "DELETE" not in books.written()
    assert len(books.sandbox.books.tables["invoices/drafts"]) == 4


def test_a_draft_of_which_nothing_is_known_stays(books: SandboxBooks) -> None:
    with pytest.raises(Refused, match="so it stays"):
        books.ledger().remove(Receipt(stage=Stage.DRAFT, remote_id="draft-366"))

    assert "DELETE" not in books.written()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.DRAFT])
def test_nothing_but_a_draft_is_deleted(books: SandboxBooks, stage: Stage) -> None:
    with pytest.raises(Refused):
        books.ledger().remove(Receipt(stage=stage, remote_id="order-1"))

    assert "DELETE" not in books.written()


@pytest.mark.parametrize("key", [0, -1, "", " "])
def test_a_path_to_one_record_is_never_that_of_a_list(key: int | str) -> None:
    with pytest.raises(ValueError, match="has no"):
        path_to("invoices/drafts", key)


def test_the_client_can_delete_by_number_only() -> None:
    """Every delete of the package, seen in its source: in one module, and always of one path made of a number."""
    calls = {name: found for name, found in ((name, deletes_in(name)) for name in modules()) if found}

    assert list(calls) == ["wire"]
    assert [ast.unparse(each.args[0]) for each in calls["wire"]] == [
        "path_to(DRAFTS, number)",
        "file_of(table, number)",
        "f'{WEBHOOKS}/webhooks/{event}'",
        "path_to(table, number)",
    ]
    deleting = [name for name, _ in inspect.getmembers(Wire, inspect.isfunction) if "delete" in name]
    assert deleting == ["delete_draft", "delete_file", "delete_hook", "delete_just_created"]
    last = {name: list(inspect.signature(getattr(Wire, name)).parameters)[-1] for name in deleting}
    assert last == dict.fromkeys(deleting, "number") | {"delete_hook": "event"}
    assert file_of("invoices/drafts", 368) == "invoices/drafts/368/attachment/file"


@pytest.mark.parametrize("event", ["", "/", "..", "CUSTOMER_UPDATED/", "*"])
def test_no_event_can_mean_more_than_one_registration(books: SandboxBooks, event: str) -> None:
    with pytest.raises(ValueError, match="there is no event"):
        Wire(books.site, books.access).delete_hook(event)


def modules() -> Iterator[str]:
    return (each.name for each in iter_modules(economic.__path__) if not each.ispkg)


def deletes_in(name: str) -> list[ast.Call]:
    source = Path(import_module(f"{economic.__name__}.{name}").__file__ or "").read_text("utf-8")
    called = (each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call))
    return [each for each in called if isinstance(each.func, ast.Attribute) and each.func.attr == "delete"]


# --- an answer from memory ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["customer", "article", "sales_order", "invoice_draft", "contact"])
def test_a_late_first_attempt_and_its_repetition_are_one_document(books: SandboxBooks, kind: str) -> None:
    """What the look could not see yet: the same key brings back what was made meanwhile."""
    document = books.document(kind)
    ledger = books.ledger()

    first, second = ledger.create(document), ledger.create(document)

    assert first.remote_id == second.remote_id
    assert len(ledger.find([document], since=long_ago())[document.reference]) == 1


def test_what_was_made_and_removed_is_not_taken_for_made(books: SandboxBooks) -> None:
    document = books.document("invoice_draft")
    books.ledger().remove(books.ledger().create(document))

    with pytest.raises(TryLater, match="in an hour"):
        books.ledger().create(document)
    books.sandbox.clock.offset += 3601 * type(books.sandbox.clock.offset)(seconds=1)
    assert books.ledger().create(document).remote_id


def test_a_changed_document_has_another_key(books: SandboxBooks) -> None:
    document = books.document("invoice_draft")
    assert isinstance(document, SalesDocument)
    first = books.ledger().create(document)

    second = books.ledger().create(replace(document, title="Noget andet"))

    assert first.remote_id != second.remote_id


def test_another_record_with_the_same_content_has_another_key(books: SandboxBooks) -> None:
    one, other = books.new_customer("C-AAAAAAAA"), books.new_customer("C-BBBBBBBB")

    assert books.ledger().create(one).remote_id != books.ledger().create(other).remote_id
