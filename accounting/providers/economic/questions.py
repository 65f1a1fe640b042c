"""What must be known before anything can be written to these books, and what may be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from accounting.providers.economic.lists import Listing, Lists
from accounting.providers.economic.remote_ids import CUSTOMER_GROUP, LAYOUT, ZONE, named
from accounting.providers.economic.resources import CustomerGroup, Layout, Zone
from accounting.types import Choice, CodingRecord, Question, Record, TermsRecord, UnitRecord, gettext_noop

CUSTOMERS = frozenset({"customer"})
ARTICLES = frozenset({"article"})
SALES = frozenset({"sales_order", "invoice_draft"})

QUESTIONS = (
    Question(
        key="layout",
        label=gettext_noop("Layout of documents"),
        needed_for=SALES,
        advice=gettext_noop("It is used for customers that have no layout of their own in the accounting system."),
    ),
    Question(key="customer_group", label=gettext_noop("Customer group for new customers"), needed_for=CUSTOMERS),
    Question(
        key="customer_group_person",
        label=gettext_noop("Customer group for new private persons"),
        needed_for=CUSTOMERS,
        required=False,
        advice=gettext_noop("Without an answer private persons get the group of other new customers."),
    ),
    Question(
        key="terms_of_payment",
        label=gettext_noop("Terms of payment for new customers"),
        needed_for=CUSTOMERS,
        of=TermsRecord,
        advice=gettext_noop("Check that the preselected terms are right. An update never changes them."),
    ),
    Question(
        key="vat_zone_domestic",
        label=gettext_noop("VAT zone for customers at home"),
        needed_for=CUSTOMERS,
        advice=gettext_noop("The zone of the customer and the group of the product decide the VAT together."),
    ),
    Question(
        key="vat_zone_eu",
        label=gettext_noop("VAT zone for customers in other countries of the EU"),
        needed_for=CUSTOMERS,
        required=False,
    ),
    Question(
        key="vat_zone_abroad",
        label=gettext_noop("VAT zone for customers outside the EU"),
        needed_for=CUSTOMERS,
        required=False,
    ),
    Question(
        key="coding_goods",
        label=gettext_noop("Product group for new materials"),
        needed_for=ARTICLES,
        of=CodingRecord,
        advice=gettext_noop("The group decides account and VAT. Ask your accountant before you change it."),
    ),
    Question(
        key="coding_service",
        label=gettext_noop("Product group for new hour types"),
        needed_for=ARTICLES,
        of=CodingRecord,
        advice=gettext_noop("The group decides account and VAT. Ask your accountant before you change it."),
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
)
KINDS = {each.key: each.of for each in QUESTIONS if each.of}


def choices_of(question: str, lists: Lists, read_all: Callable[[type[Record]], Iterable[Record]]) -> list[Choice]:
    """The possible answers. Raises KeyError for no question of ours."""
    if question == "layout":
        return [
            Choice(value=named(LAYOUT, each.layout_number), label=each.name or str(each.layout_number))
            for each in lists.everything(Listing("layouts", "layouts", ({},)), Layout)
            if not each.deleted
        ]
    if question.startswith("customer_group"):
        return [
            Choice(value=named(CUSTOMER_GROUP, each.customer_group_number), label=each.name or "")
            for each in lists.everything(Listing("customer groups", "customer-groups", ({},)), CustomerGroup)
        ]
    if question.startswith("vat_zone"):
        return [
            Choice(value=named(ZONE, each.vat_zone_number), label=each.name or "")
            for each in lists.everything(Listing("vat zones", "vat-zones", ({},)), Zone)
            if each.enabled_for_customer is not False
        ]
    return chosen_from(question, list(read_all(KINDS[question])))


def chosen_from(question: str, offered: list[Record]) -> list[Choice]:
    """Groups that sound like the right kind come first: nothing in these books says what is goods and what service."""
    wants_service = question == "coding_service"

    def place(record: Record) -> bool:
        return isinstance(record, CodingRecord) and record.is_service != wants_service

    return [Choice(value=each.remote_id, label=label_of(each)) for each in sorted(offered, key=place)]


def label_of(record: Record) -> str:
    match record:
        case CodingRecord():
            rate = f" ({record.vat_percent.normalize():f} %)" if record.vat_percent is not None else ""
            return f"{record.name}{rate}"
        case TermsRecord() | UnitRecord():
            return record.name
    return record.remote_id
