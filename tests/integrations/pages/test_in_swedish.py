"""A Swedish reader meets no English of ours on any page, nor in what the database holds in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounting.errors import TryLater
from fieldwork.models import Customer, Project, User, WorkOrder, WorkOrderStatus
from fieldwork.services import complete_work_order
from integrations.auditing.discrepancies import TWICE_SENTENCE
from integrations.models import Alarm, Case, Connection, Notice, Operation, Run
from integrations.presenting.pills import documents_in_words
from integrations.presenting.pills import in_words as in_words_of
from integrations.trouble.cases import Finding, Subject, open_cases
from integrations.watching.connection_facts import READ_LATE
from integrations.watching.facts import in_words
from integrations.watching.notices import send
from integrations.wording import fill_in, retell
from tests.catalogue import written
from tests.integrations.pages.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PLACE = re.compile(r"%\(\w+\)s|%%")
LONG = 12
# Words of English that no name in these tests has, for texts that were never marked for translation.
ENGLISH = re.compile(
    r"\b(?:and|with|from|your|you|not|has|was|are|will|customers?|work orders?|settings|sync|send|sent|inbox"
    r"|invoice|since|until|ago|save|cancel|search|edit|add|remove|next|previous)\b",
    re.IGNORECASE,
)


class Texts(HTMLParser):
    """What a person reads or hears: text, titles, labels and placeholders. A code is the same in every language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread = tag in ("script", "style", "code")
        self.found += [value for name, value in attrs if value and name in ("placeholder", "aria-label", "alt")]

    def handle_data(self, data: str) -> None:
        if not self._unread and data.strip():
            self.found.append(" ".join(data.split()))


def texts_of(page: str) -> list[str]:
    parser = Texts()
    parser.feed(page)
    return parser.found


def pieces() -> Iterator[str]:
    """What stands between the places for values in our English texts, where no Swedish text says the same."""
    entries = [entry for entry in written() if entry.english]
    swedish = " ".join(translation for entry in entries for translation in entry.translations)
    for entry in entries:
        for text in filter(None, (entry.english, entry.plural)):
            yield from (piece for part in PLACE.split(text) if (piece := part.strip()) and piece not in swedish)


@pytest.fixture(scope="module")
def english() -> set[str]:
    return set(pieces()) - {"English"}  # whoever looks for it looks for that word


@pytest.fixture
def swede(owner: User) -> Client:
    User.objects.filter(pk=owner.pk).update(language="sv", first_name="Karin", last_name="Bergström")
    return sign_in(owner)


@pytest.fixture
def at_work(
    connection: Connection, work_order: WorkOrder, customer: Customer, owner: User, statuses: dict[str, WorkOrderStatus]
) -> Callable[[str], str]:
    """A firm with something on every page; gives the address of a page by name."""
    for number, (name, status) in enumerate(
        zip(("Planerad", "Klar", "Fakturerad", "Fast"), statuses.values(), strict=False)
    ):
        WorkOrderStatus.objects.filter(pk=status.pk).update(name=name, position=number)
    WorkOrder.objects.update(title="Läckande element")
    work_order.lines.update(text="Kopplingar och rör")
    Project.objects.create(organization=connection.organization, number="P1", name="Kvarteret Ugglan")
    run = Run.objects.create(
        connection=connection, stream="customers", read=412, total=3200, asked_by=owner,
        state=Run.State.WAITING, problem=str(TryLater("The accounting system did not answer in time.", status=503)),
    )  # fmt: skip
    complete_work_order(work_order, by=owner)
    operation = Operation.objects.get()
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.REFUSED)
    unreadable = Finding(
        code="stream_stopped",
        sentence="%(books)s gave an answer about %(stream)s that we do not understand.",
        values={"books": "Bokföringen", "stream": "Customers"},
        detail="The accounting system sent something unreadable.",
        where="connection",
    )
    refused = Finding(code="refused", sentence="The customer has no name.", where="customer", error_id="e-77")
    open_cases(connection, [(Subject(kind="stream", id="customers", label="Customers"), unreadable)])
    own = Subject(kind="work_order", id=str(work_order.pk), label="1187 Läckande element")
    open_cases(connection, [(own, refused)], operation=operation)
    Alarm.objects.create(
        key="reading:1", code="reading", organization=connection.organization, connection=connection,
        subject="Bokföringen", text="Everything is read in time.", begun_at=timezone.now(),
        seen_at=timezone.now(), told_at=timezone.now(), since=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    records = {"run": run, "customer_detail": customer}
    records |= dict.fromkeys(
        ("settings", "disconnect", "plan", "linking", "links_made", "values", "owners"), connection
    )
    records |= {"work_order_detail": work_order, "work_order_reopen": work_order}

    def address(name: str) -> str:
        record = records.get(name.rpartition(":")[2])
        return reverse(name, args=[record.pk] if record else [])

    return address


@pytest.mark.parametrize(
    "name",
    [
        "integrations:dashboard",
        "integrations:books",
        "integrations:settings",
        "integrations:disconnect",
        "integrations:runs",
        "integrations:run",
        "integrations:health",
        "integrations:inbox",
        "integrations:plan",
        "integrations:linking",
        "integrations:links_made",
        "integrations:values",
        "integrations:owners",
        "integrations:rules",
        "integrations:catalogue",
        "integrations:activity",
        "fieldwork:work_order_list",
        "fieldwork:work_order_detail",
        "fieldwork:work_order_reopen",
        "fieldwork:work_order_create",
        "fieldwork:customer_list",
        "fieldwork:customer_detail",
        "fieldwork:customer_create",
        "fieldwork:material_list",
        "fieldwork:hour_type_list",
        "fieldwork:project_list",
        "fieldwork:profile",
    ],
)
def test_no_page_has_a_word_of_english(swede, at_work, english, name):
    page = swede.get(at_work(name))
    texts = texts_of(page.content.decode())

    assert page.status_code == 200
    assert '<html lang="sv">' in page.content.decode()
    assert [text for text in texts if text in english] == []
    assert [text for text in texts for piece in english if len(piece) >= LONG and piece in text] == []
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_the_inbox_tells_what_was_stored_in_english(swede, at_work):
    page = swede.get("/inbox/").content.decode()

    assert "Bokföringen gav ett svar om Kunder som vi inte förstår." in page
    assert "Bokföringsprogrammet skickade något oläsligt." in page


def test_a_run_that_waits_says_why_and_keeps_the_evidence(swede, at_work):
    page = swede.get(at_work("integrations:run")).content.decode()

    assert "Bokföringsprogrammet svarade inte i tid. (HTTP 503)" in page


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("Customers", "Kunder"),
        ("There is nothing to bill: a line with an article is needed. (error id 0815)",
         "Det finns inget att fakturera: det behövs en rad med en artikel. (error id 0815)"),
        ("PostalCode is required (4003)", "PostalCode is required (4003)"),
        ("", ""),
    ],
)  # fmt: skip
def test_ours_is_translated_and_anybody_elses_repeated(stored, told):
    with translation.override("sv"):
        assert retell(stored) == told


def test_only_words_of_ours_are_translated_among_the_values():
    sentence = "%(books)s does not let us read %(stream)s. Check the permissions and what is switched on."

    with translation.override("sv"):
        told = fill_in(sentence, {"books": "Customers", "stream": "Customers"})

    assert told.startswith("Customers låter oss inte läsa Kunder.")


def test_documents_are_named_in_the_readers_language(connection):
    twice = Case(
        sentence=TWICE_SENTENCE, values={"record": "1187", "provider": "Acme", "documents": "draft 7, order 233"}
    )

    with translation.override("sv"):
        assert in_words_of(twice).startswith("1187 finns mer än en gång i Acme: Utkast 7, Order 233.")


def test_a_document_without_a_stage_keeps_its_name():
    assert documents_in_words("1042, SO-2009") == "1042, SO-2009"


def test_a_mail_about_an_alarm_is_in_the_receivers_language(at_work, mailoutbox, english):
    Alarm.objects.update(text=READ_LATE, values={"stream": "Articles", "books": "Acme"}, piled_up=2)
    now = timezone.now()
    notice = Notice.objects.create(
        alarm=Alarm.objects.get(), kind="reminder", channel="mail", address="a@b.example", language="sv", created_at=now
    )

    send(notice)

    [mail] = mailoutbox
    assert mail.subject.startswith("Pågår fortfarande: Artiklar i Acme lästes senast 20")
    assert "Artiklar i Acme lästes senast" in mail.body
    assert "2 överföringar till bokföringen väntar." in mail.body
    assert [line for line in mail.body.splitlines() if line in english or ENGLISH.search(line)] == []


def test_an_amount_is_written_as_the_reader_writes_it():
    sentence = "The price %(price)s of “%(text)s” has more than %(limit)s decimals, which would change the amount."

    with translation.override("sv"):
        told = fill_in(sentence, {"price": "10.125", "text": "Rör 2.5", "limit": "2"})

    assert told == "Priset 10,125 för ”Rör 2.5” har fler än 2 decimaler, vilket skulle ändra beloppet."


def test_a_sentence_without_values_may_hold_a_per_cent_sign():
    assert fill_in("50 % of it", {}) == "50 % of it"


def test_an_alarm_is_told_in_the_readers_language():
    with translation.override("sv"):
        told = in_words(READ_LATE, {"stream": "Articles", "books": "Acme"}, None)

    assert told.startswith("Artiklar i Acme lästes")


@pytest.mark.parametrize(("asked", "got"), [("sv-SE,sv;q=0.9,en;q=0.5", "sv"), ("de,en;q=0.5", "en"), ("nb", "en")])
def test_a_visitor_reads_the_language_of_their_browser(client, asked, got):
    page = client.get("/login/", headers={"Accept-Language": asked}).content.decode()

    assert f'<html lang="{got}">' in page
    assert ("Logga in" in page) is (got == "sv")
