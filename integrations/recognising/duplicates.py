"""Who in the books might be this customer already: looked for before one is created.

The books' customers are known from imports: as customers of ours with a link, or, while nobody has said whether one
is ours already, from the entry of the inbox that asks. Alike are customers who share a number, an organisation or VAT
number, an e-mail, or name and postcode; a name alone says nothing. Of whom a person said that they are two, they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace

from accounting.types import CustomerRecord
from fieldwork.models import Customer
from integrations.models import Case, Connection, Link, LinkDecision
from integrations.recognising.facts import CUSTOMER_FIELDS
from integrations.recognising.marks import postcode_mark, vat_mark
from integrations.recognising.pairing import Reason

ASKED = "look_alike"
CENTURIES = ("16", "18", "19", "20")


# Signs by which one customer of the books is used instead of creating another; the others are a question.
IDENTIFYING = frozenset({Reason.NUMBER, Reason.ORGANISATION_NUMBER, Reason.VAT_NUMBER, Reason.EMAIL})


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """Another customer of ours that may be the same. With a `link` it is in the books.

    `contradicted` when something says that they are two after all.
    """

    customer: Customer
    reasons: frozenset[Reason]
    link: Link | None = None
    contradicted: bool = False


@dataclass(frozen=True, kw_only=True)
class Match:
    """`certain` is used instead of creating another; about `doubtful` ones a person decides."""

    certain: LookAlike | None = None
    doubtful: Sequence[LookAlike] = ()


def match(connection: Connection, customer: Customer) -> Match:
    """The one customer in the books that this is, or those about whom we cannot tell."""
    linked = [each for each in look_alikes(connection, customer) if each.link and not each.link.gone_at]
    return judged(customer, linked, asked_about(connection, customer))


def match_there(connection: Connection, customer: Customer, records: Iterable[CustomerRecord]) -> Match:
    """The same among customers whom the books have just shown, by the same rules. One statement.

    Who is not active over there is never used without a question.
    """
    decisions = LinkDecision.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    apart = set(decisions.filter(verdict=LinkDecision.Verdict.DIFFERENT).values_list("remote_id", flat=True))
    alike = [shown_as(customer, each) for each in records if each.remote_id not in apart]
    return judged(customer, [each for each in alike if each.reasons], [])


def shown_as(customer: Customer, record: CustomerRecord) -> LookAlike:
    values = {name: getattr(record, name) for name in CUSTOMER_FIELDS}
    other = Customer(postcode=record.address.postcode, active=record.active, **values)
    found = compare(customer, other, Link(remote_id=record.remote_id, remote_number=record.number))
    return found if record.active else replace(found, contradicted=True)


def judged(customer: Customer, linked: Sequence[LookAlike], asked: Sequence[LookAlike]) -> Match:
    agreeing = [each for each in linked if not each.contradicted]
    certain = [each for each in agreeing if each.reasons & IDENTIFYING]
    if len(certain) == 1 and not asked:
        return Match(certain=certain[0])
    doubtful = certain or agreeing or [each for each in linked if not is_somebody_else(each, customer)]
    return Match(doubtful=[*doubtful, *asked])


def asked_about(connection: Connection, customer: Customer) -> list[LookAlike]:
    """Customers of the books who may be this one, and of whom there is no record here before somebody says so."""
    cases = Case.objects.filter(
        connection=connection, subject_kind="remote_customer", code=ASKED, state=Case.State.OPEN
    )
    mine = cases.filter(values__ours__icontains=str(customer.pk)).values_list("values", flat=True)
    return [
        LookAlike(
            customer=Customer(number=values.get("number", ""), name=values.get("name", "")),
            reasons=frozenset(),
        )
        for values in mine
    ]


def look_alikes(connection: Connection, customer: Customer) -> list[LookAlike]:
    """Everybody who shares a number, an organisation number or an e-mail, those in the books first."""
    shared = shares_something(connection, customer)
    if not shared:
        return []
    others = Customer.objects.filter(organization=customer.organization_id).exclude(pk=customer.pk)
    found = list(others.annotate(**BARE).filter(shared))
    links = Link.objects.filter(books=connection.books_id, kind="customer", local_id__in=[each.pk for each in found])
    by_customer = {link.local_id: link for link in links.annotate(is_apart=told_apart(connection, customer))}
    apart = {link.remote_id for link in by_customer.values() if getattr(link, "is_apart", False)}
    alike = [compare(customer, each, by_customer.get(each.pk)) for each in found]
    mine = (each for each in alike if each.reasons and not (each.link and each.link.remote_id in apart))
    return sorted(mine, key=lambda each: (each.link is None, each.customer.name))


def told_apart(connection: Connection, customer: Customer) -> Exists:
    """Whether somebody said that the one of the books, who has the link, is not this customer."""
    decisions = LinkDecision.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    return Exists(decisions.filter(verdict=LinkDecision.Verdict.DIFFERENT, remote_id=OuterRef("remote_id")))


def shares_something(connection: Connection, customer: Customer) -> Q:
    """The condition on other customers; empty when there is nothing to compare by."""
    condition = Q()
    if customer.number:
        numbered = Link.objects.filter(books=connection.books_id, kind="customer", remote_number=customer.number)
        condition |= Q(pk__in=numbered.values("local_id"))
    if customer.email:
        condition |= Q(email__iexact=customer.email)
    if number := normal(customer.organisation_number):
        condition |= Q(bare_number__iendswith=number)
    if customer.vat_number:
        condition |= Q(vat_number__iexact=customer.vat_number)
    if customer.name and customer.postcode:
        condition |= Q(name__iexact=customer.name, bare_postcode__iexact=postcode_mark(customer.postcode))
    return condition


def compare(customer: Customer, other: Customer, link: Link | None) -> LookAlike:
    same = {
        Reason.NUMBER: link is not None and link.remote_number == customer.number,
        Reason.ORGANISATION_NUMBER: same_text(*map(normal, numbers(customer, other))),
        Reason.VAT_NUMBER: same_text(vat_mark(customer.vat_number), vat_mark(other.vat_number)),
        Reason.EMAIL: same_text(customer.email.lower(), other.email.lower()),
        Reason.NAME_AND_POSTCODE: same_name(customer.name, other.name)
        and same_text(postcode_mark(customer.postcode), postcode_mark(other.postcode)),
    }
    reasons = frozenset(reason for reason, is_same in same.items() if is_same)
    return LookAlike(customer=other, reasons=reasons, link=link, contradicted=is_contradicted(customer, other, reasons))


def is_contradicted(customer: Customer, other: Customer, reasons: frozenset[Reason]) -> bool:
    """Different organisation numbers, a company and a person, or the same number for different names."""
    if Reason.ORGANISATION_NUMBER in reasons:
        return False
    if all(numbers(customer, other)) or customer.is_company != other.is_company:
        return True
    return reasons == {Reason.NUMBER} and not same_name(customer.name, other.name)


def is_somebody_else(alike: LookAlike, customer: Customer) -> bool:
    """Two organisation numbers are two companies, also with one mailbox, or with one name in one place; a company
    and a person of one name are two as well."""
    if alike.reasons == {Reason.NAME_AND_POSTCODE}:
        return alike.contradicted
    return alike.reasons <= {Reason.EMAIL, Reason.NAME_AND_POSTCODE} and all(numbers(customer, alike.customer))


def marks_of(customer: Customer) -> set[str]:
    """What two customers must share to be looked at together."""
    return {mark for mark in (normal(customer.organisation_number), customer.email.lower()) if mark}


def numbers(customer: Customer, other: Customer) -> tuple[str, str]:
    return customer.organisation_number, other.organisation_number


def same_text(ours: str, theirs: str) -> bool:
    return bool(ours) and ours == theirs


def same_name(ours: str, theirs: str) -> bool:
    """Equal but for case and spaces."""
    return ours.casefold().split() == theirs.casefold().split()


def normal(number: str) -> str:
    """An organisation or personal number without spaces, dashes and century."""
    kept = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    return kept[2:] if len(kept) == 12 and kept.startswith(CENTURIES) else kept


def bare(field: str) -> Any:
    """The column without spaces and dashes, to be narrowed in the database and compared by `normal`."""
    return Replace(Replace(field, Value("-"), Value("")), Value(" "), Value(""))


BARE = {"bare_number": bare("organisation_number"), "bare_postcode": bare("postcode")}
