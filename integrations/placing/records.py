"""How a record of the books becomes rows of ours. No database here: record and context in, rows or a reason out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop

from accounting.models import ArticleCoding, TermsOfPayment, Unit
from accounting.types import ArticleRecord, CodingRecord, CustomerRecord, ProjectRecord, TermsRecord, UnitRecord
from fieldwork.models import ContactPerson, Customer, HourType, Material, Project
from integrations.models import ConnectionSettings
from integrations.placing.context import Context, Known, words_of
from integrations.placing.matching import Candidates
from integrations.placing.upsert import Target
from integrations.trouble.cases import Finding


class Placed(NamedTuple):
    """The row of a record (its values without the id), and the rows that belong to it."""

    target: Target
    values: tuple[Any, ...]
    children: tuple[tuple[Target, tuple[Any, ...]], ...] = ()


class Skipped(NamedTuple):
    """Not for us, and nobody needs to know more than the number of such records."""

    reason: str


class Kept(NamedTuple):
    """Ours already, and this change over there is no reason to touch it."""


Placement = Placed | Skipped | Kept | Finding


@dataclass(kw_only=True)
class Around:
    """What the database knows of the records of a page: who they may be, and the records that they mention.

    `taken` are names that a record of the books has already, here or earlier on the page.
    """

    candidates: Candidates = field(default_factory=Candidates)
    mentioned: Mapping[tuple[str, str], Known] = field(default_factory=dict)
    sent_by_us: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set)


# --- reference data ----------------------------------------------------------------

UNIT = Target(
    model=Unit,
    columns=("remote_id", "name", "abbreviation", "words"),
    owned=frozenset({"name", "abbreviation", "words", "active"}),
)
CODING = Target(
    model=ArticleCoding,
    columns=("remote_id", "name", "is_service", "vat_percent", "active"),
    owned=frozenset({"name", "is_service", "vat_percent", "active"}),
)
TERMS = Target(
    model=TermsOfPayment,
    columns=("remote_id", "name", "days", "for_sales"),
    owned=frozenset({"name", "days", "for_sales", "active"}),
)


def place_unit(record: UnitRecord, known: Known | None, context: Context, around: Around) -> Placement:
    words = " ".join(sorted(words_of(record.name, record.abbreviation, *record.words)))
    return Placed(UNIT, (record.remote_id, record.name, record.abbreviation, words))


def place_coding(record: CodingRecord, known: Known | None, context: Context, around: Around) -> Placement:
    return Placed(CODING, (record.remote_id, record.name, record.is_service, record.vat_percent, record.active))


def place_terms(record: TermsRecord, known: Known | None, context: Context, around: Around) -> Placement:
    return Placed(TERMS, (record.remote_id, record.name, record.days, record.for_sales))


# --- customers ---------------------------------------------------------------------

CUSTOMER_COLUMNS = (
    "number",
    "name",
    "is_company",
    "organisation_number",
    "vat_number",
    "email",
    "phone",
    "mobile",
    "website",
    "street",
    "street2",
    "postcode",
    "city",
    "country",
    "delivery_name",
    "delivery_street",
    "delivery_street2",
    "delivery_postcode",
    "delivery_city",
    "delivery_country",
    "currency",
    "discount_percent",
    "terms_of_payment",
    "active",
    "note",
)
# The note is copied once: later it is where the firm keeps what its technicians must know.
CUSTOMER = Target(model=Customer, columns=CUSTOMER_COLUMNS, owned=frozenset(CUSTOMER_COLUMNS) - {"note"})
REFERENCE_COLUMNS = ("first_name", "last_name", "email", "direct_phone", "mobile")
REFERENCE_PERSON = Target(
    model=ContactPerson,
    parent="customer_id",
    columns=REFERENCE_COLUMNS,
    owned=frozenset(REFERENCE_COLUMNS),
    fixed=(("is_reference", True),),
    conflict="customer_id",
    where="is_reference",
)
# Of books that keep people as records of their own, those records say how the person is called from then on.
FIRST_REFERENCE_PERSON = replace(REFERENCE_PERSON, owned=frozenset())


def place_customer(record: CustomerRecord, known: Known | None, context: Context, around: Around) -> Placement:
    address, delivery, contact = record.address, record.delivery_address, record.contact
    values = (
        record.number,
        record.name,
        record.is_company,
        record.organisation_number,
        record.vat_number,
        record.email,
        record.phone,
        record.mobile,
        record.website,
        address.street,
        address.street2,
        address.postcode,
        address.city,
        address.country or context.country,
        record.delivery_name,
        delivery.street,
        delivery.street2,
        delivery.postcode,
        delivery.city,
        delivery.country,
        record.currency or context.currency,
        record.discount_percent,
        context.terms.get(record.terms_remote_id, ""),
        record.active,
        record.note,
    )
    if not contact.name:
        return Placed(CUSTOMER, values)
    person = (*split_name(contact.name), contact.email, contact.phone, contact.mobile)
    target = FIRST_REFERENCE_PERSON if context.reads_people else REFERENCE_PERSON
    return Placed(CUSTOMER, values, ((target, person),))


def split_name(name: str) -> tuple[str, str]:
    """First and last name, of which the books hold one text."""
    first, _, last = name.strip().partition(" ")
    return first, last.lstrip()


# --- articles ----------------------------------------------------------------------

ARTICLE_COLUMNS = (
    "number",
    "name",
    "long_text",
    "unit",
    "price",
    "price_includes_vat",
    "vat_percent",
    "ean",
    "currency",
    "active",
)
MATERIAL = Target(
    model=Material,
    columns=(*ARTICLE_COLUMNS, "stock_quantity"),
    owned=frozenset({*ARTICLE_COLUMNS, "stock_quantity"}),
)
HOUR_TYPE = Target(model=HourType, columns=ARTICLE_COLUMNS, owned=frozenset(ARTICLE_COLUMNS))


def place_article(record: ArticleRecord, known: Known | None, context: Context, around: Around) -> Placement:
    target = article_target(record, context)
    if known is not None:
        if target is not None and target.label != known.label:
            return article_changed_kind(record)
        target = HOUR_TYPE if known.label == HOUR_TYPE.label else MATERIAL
    if target is None:
        return article_without_unit(record)
    if known is None:
        note_decision(record, context)
    values = article_values(record, context)
    return Placed(target, values) if target is HOUR_TYPE else Placed(target, (*values, record.stock_quantity))


def article_target(record: ArticleRecord, context: Context) -> Target | None:
    """Hours become hour types, everything else a material; None when the unit does not say and nobody decided."""
    if words := unit_words(record, context):
        return HOUR_TYPE if words & context.hour_words else MATERIAL
    mark = deciding_rule(record, context)
    decided = context.settings.articles_without_unit if mark is None else context.decided_kinds[mark]
    return KINDS.get(ConnectionSettings.WithoutUnit(decided))


def unit_words(record: ArticleRecord, context: Context) -> frozenset[str]:
    unit = context.units.get(record.unit_remote_id)
    return unit.words if unit else words_of(record.unit_name)


def note_decision(record: ArticleRecord, context: Context) -> None:
    """Counts the rule that let this new article in, if one did."""
    if not unit_words(record, context) and (mark := deciding_rule(record, context)) is not None:
        context.decided.add((mark, record.remote_id))


def deciding_rule(record: ArticleRecord, context: Context) -> str | None:
    """The mark of the rule that says what an article without a unit becomes: one for just this article comes first."""
    return next((mark for mark in (record.remote_id, "") if mark in context.decided_kinds), None)


KINDS = {
    ConnectionSettings.WithoutUnit.MATERIAL: MATERIAL,
    ConnectionSettings.WithoutUnit.HOUR_TYPE: HOUR_TYPE,
}


def article_values(record: ArticleRecord, context: Context) -> tuple[Any, ...]:
    unit = context.units.get(record.unit_remote_id)
    with_vat = record.price is None and record.price_with_vat is not None
    vat_percent = context.vat_of_codings.get(record.coding_remote_id)
    return (
        record.number,
        record.name,
        record.text,
        unit.short if unit else record.unit_name,
        (record.price_with_vat if with_vat else record.price) or Decimal(0),
        with_vat,
        Decimal(25) if vat_percent is None else vat_percent,
        record.ean,
        record.currency or context.currency,
        record.active,
    )


def article_changed_kind(record: ArticleRecord) -> Finding:
    return Finding(
        code="article_changed_kind",
        sentence=gettext_noop(
            "The unit of article %(number)s %(name)s has changed between hours and goods. It stays what it was here "
            "until you change the unit back, or give the article a new number, in the accounting system."
        ),
        values={"number": record.number, "name": record.name},
        where="books",
        field="unit",
    )


def article_without_unit(record: ArticleRecord) -> Finding:
    return Finding(
        code="article_without_unit",
        sentence=gettext_noop(
            "Article %(number)s %(name)s has no unit that says whether it is hours or goods. Give it a unit in the "
            "accounting system, or decide in the settings what articles without a unit become."
        ),
        values={"number": record.number, "name": record.name},
        where="connection",
        field="unit",
    )


# --- projects ----------------------------------------------------------------------

PROJECT_COLUMNS = ("number", "name", "customer_id", "ends_on", "status", "notes", "starts_on")
PROJECT = Target(model=Project, columns=PROJECT_COLUMNS, owned=frozenset(PROJECT_COLUMNS))
# Of books that keep no start date, ours is the day on which the project was first seen.
PROJECT_WITHOUT_START = Target(model=Project, columns=PROJECT_COLUMNS, owned=frozenset(PROJECT_COLUMNS) - {"starts_on"})


def place_project(record: ProjectRecord, known: Known | None, context: Context, around: Around) -> Placement:
    if not record.active and known is None:
        return Skipped("not active")
    customer = around.mentioned.get(("customer", record.customer_remote_id))
    if record.customer_remote_id and customer is None:
        return customer_not_linked(record.number, record.name, record.customer_remote_id)
    values = (
        record.number,
        record.name,
        customer.id if customer else None,
        record.ends_on,
        Project.Status.ACTIVE if record.active else Project.Status.FINISHED,
        record.notes,
        record.starts_on or timezone.localdate(),
    )
    return Placed(PROJECT if record.starts_on else PROJECT_WITHOUT_START, values)


def customer_not_linked(number: str, name: str, customer_remote_id: str) -> Finding:
    return Finding(
        code="customer_not_linked",
        sentence=gettext_noop(
            "%(number)s %(name)s waits for its customer, who has not come from the accounting system yet. "
            "Look for another entry about that customer."
        ),
        values={"number": number, "name": name, "awaits": f"customer:{customer_remote_id}"},
        where="books",
    )
