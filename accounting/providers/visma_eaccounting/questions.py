"""What must be known before anything can be written to these books, and what may be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from accounting.providers.visma_eaccounting.sale_payloads import CLOSING_ROW, YOUR_REFERENCE
from accounting.types import Choice, CodingRecord, Question, Record, TermsRecord, UnitRecord, gettext_noop

SALES = frozenset({"sales_order", "invoice_draft"})
ARTICLES = frozenset({"article"})

QUESTIONS = (
    Question(
        key="terms_of_payment",
        label=gettext_noop("Terms of payment for new customers"),
        needed_for=frozenset({"customer"}),
        of=TermsRecord,
        advice=gettext_noop("Check that the preselected terms are right. An update never changes them."),
    ),
    Question(
        key="coding_goods",
        label=gettext_noop("Article coding for new materials"),
        needed_for=ARTICLES,
        of=CodingRecord,
        advice=gettext_noop("The coding decides account and VAT. Ask your accountant before you change it."),
    ),
    Question(
        key="coding_service",
        label=gettext_noop("Article coding for new hour types"),
        needed_for=ARTICLES,
        of=CodingRecord,
        advice=gettext_noop("The coding decides account and VAT. Ask your accountant before you change it."),
    ),
    Question(
        key="unit_goods",
        label=gettext_noop("Unit for new materials whose unit is not known"),
        needed_for=ARTICLES,
        of=UnitRecord,
        required=False,
    ),
    Question(
        key="unit_service",
        label=gettext_noop("Unit for new hour types whose unit is not known"),
        needed_for=ARTICLES,
        of=UnitRecord,
        required=False,
    ),
    Question(
        key="reference_carrier",
        label=gettext_noop("Where our reference is printed"),
        needed_for=SALES,
        required=False,
        advice=gettext_noop("It is how a document is found again. A row of text leaves “Your reference” free."),
    ),
)

KINDS = {each.key: each.of for each in QUESTIONS if each.of}
CARRIERS = (
    Choice(value=CLOSING_ROW, label=gettext_noop("A row of text at the end")),
    Choice(value=YOUR_REFERENCE, label=gettext_noop("“Your reference”, before the customer's contact")),
)


def choices_of(question: str, read_all: Callable[[type[Record]], Iterable[Record]]) -> list[Choice]:
    """The possible answers, from the records that `read_all` gives. Raises KeyError for no question of ours."""
    if question == "reference_carrier":
        return list(CARRIERS)
    suits = SUITING.get(question, any_record)
    offered = list(read_all(KINDS[question]))
    # Where no coding is known as goods or service, a person knows better than an empty list.
    chosen = [each for each in offered if suits(each)] or offered
    choices = [Choice(value=each.remote_id, label=label_of(each)) for each in chosen]
    return sorted(choices, key=lambda choice: choice.label.casefold())


def for_sales(record: Record) -> bool:
    return isinstance(record, TermsRecord) and record.for_sales


def for_goods(record: Record) -> bool:
    return isinstance(record, CodingRecord) and record.active and not record.is_service


def for_service(record: Record) -> bool:
    return isinstance(record, CodingRecord) and record.active and record.is_service


def any_record(record: Record) -> bool:
    return True


SUITING: Mapping[str, Callable[[Record], bool]] = {
    "terms_of_payment": for_sales,
    "coding_goods": for_goods,
    "coding_service": for_service,
}


def label_of(record: Record) -> str:
    match record:
        case CodingRecord():
            rate = f"{record.vat_percent.normalize():f} %" if record.vat_percent is not None else ""
            return record.name if rate in record.name else f"{record.name} ({rate})"
        case UnitRecord() if record.abbreviation and record.abbreviation != record.name:
            return f"{record.name} ({record.abbreviation})"
        case TermsRecord() | UnitRecord():
            return record.name
    return record.remote_id
