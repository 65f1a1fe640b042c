"""Order drafts and invoice drafts as request bodies. Nothing is taken over from the customer by the books themselves,
so everything they need about it is read first and repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from accounting.cleaning import rounded
from accounting.errors import Refused
from accounting.providers.economic.payloads import Json, bare, filled
from accounting.providers.economic.prices import unit_price
from accounting.providers.economic.receipts import Buyer
from accounting.providers.economic.remote_ids import LAYOUT, TERMS, is_number, number_of
from accounting.providers.economic.resources import Unit
from accounting.types import DocumentLine, SalesDocument, gettext_noop

LONGEST_TEXT = 2500
LONGEST_HEADING = 250

SALE_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "customer_remote_id": ("customer", "recipient"),
    "currency": ("currency",),
    "dated": ("date",),
    "deliver_on": ("delivery",),
    "delivery_name": ("delivery",),
    "delivery_address": ("delivery",),
    "your_reference": ("notes",),
    "title": ("notes", "lines"),
    "terms_remote_id": ("paymentTerms",),
    "lines": ("lines", "project"),
    "prices_include_vat": ("lines",),
    "reference": ("references",),
    "our_reference": (),
    "work_order_number": (),
    "customer_is_company": (),
}
SALE_KEPT = frozenset(
    {
        "date", "currency", "exchangeRate", "dueDate", "layout", "project", "paymentTerms", "customer",
        "deliveryLocation", "delivery", "notes", "recipient", "references", "lines",
    }
)  # fmt: skip
LINE_KEPT = frozenset(
    {
        "sortKey", "description", "accrual", "unit", "product", "quantity", "unitNetPrice", "discountPercentage",
        "unitCostPrice", "departmentalDistribution",
    }
)  # fmt: skip


def sale_body(document: SalesDocument, buyer: Buyer, units: Mapping[str, Unit], *, country: str) -> Json:
    """A new draft, for a customer as it is in the books now. `units` are those of the books by their
    names, `country` is that of the delivery in words."""
    project = project_of(document)
    return filled(
        date=document.dated.isoformat(),
        currency=document.currency,
        layout={"layoutNumber": layout_of(document, buyer)},
        paymentTerms={"paymentTermsNumber": terms_of(document, buyer)},
        customer={"customerNumber": buyer.customer_number},
        recipient=recipient_of(buyer),
        delivery=delivery_of(document, country=country),
        notes=notes_of(document),
        references={"other": document.reference},
        project={"projectNumber": project} if project else None,
        lines=[*lines_of(document, units)],
    )


def layout_of(document: SalesDocument, buyer: Buyer) -> int:
    """The customer's own, else the one chosen in the settings."""
    if buyer.layout and buyer.layout.layout_number:
        return buyer.layout.layout_number
    answer = document.answers.get("layout", "")
    if not answer:
        raise Refused(gettext_noop("No layout is chosen, and the customer has none of its own."), field="layout")
    return number_of(answer, LAYOUT)


def terms_of(document: SalesDocument, buyer: Buyer) -> int:
    """Ours where there are some, else the customer's own, else those chosen for new customers."""
    own = buyer.payment_terms.payment_terms_number if buyer.payment_terms else None
    if document.terms_remote_id:
        return number_of(document.terms_remote_id, TERMS)
    return own if own is not None else number_of(document.answers.get("terms_of_payment", ""), TERMS)


def recipient_of(buyer: Buyer) -> Json:
    """Who is billed. Its VAT zone decides, with each product's group, what VAT there is."""
    zone = buyer.vat_zone.vat_zone_number if buyer.vat_zone else None
    if zone is None:
        raise Refused(gettext_noop("The customer has no VAT zone in the books."), field="customer")
    attention = buyer.attention.customer_contact_number if buyer.attention else None
    return filled(
        name=buyer.name,
        address=buyer.address,
        zip=buyer.zip,
        city=buyer.city,
        country=buyer.country,
        ean=buyer.ean,
        publicEntryNumber=buyer.public_entry_number,
        attention={"customerContactNumber": attention} if attention else None,
        vatZone={"vatZoneNumber": zone},
    )


def delivery_of(document: SalesDocument, *, country: str) -> Json:
    """Where and when; the place's name stands above its street."""
    address = document.delivery_address
    lines = (document.delivery_name, address.street, address.street2)
    return filled(
        address="\n".join(each for each in lines if each),
        zip=address.postcode,
        city=address.city,
        country=country,
        deliveryDate=document.deliver_on.isoformat() if document.deliver_on else None,
    )


def notes_of(document: SalesDocument) -> Json:
    title = document.title.strip()
    return filled(
        heading=title if len(title) <= LONGEST_HEADING else "",
        textLine1=f"Att.: {document.your_reference}" if document.your_reference else "",
    )


def project_of(document: SalesDocument) -> int | None:
    """These books know a project for the whole document only. Raises Refused for lines of several."""
    projects = {line.project_remote_id for line in document.lines if line.project_remote_id}
    if not projects:
        return None
    [found, *others] = projects
    if others or not is_number(found):
        raise Refused(gettext_noop("A document can belong to one project only."), field="project")
    return int(found)


# --- lines -------------------------------------------------------------------------


def lines_of(document: SalesDocument, units: Mapping[str, Unit]) -> Iterator[Json]:
    """The lines, without numbers: the books number them. A title that stands in the heading is not repeated."""
    title = document.title.strip()
    in_heading = bool(title) and len(title) <= LONGEST_HEADING
    if title and not in_heading:
        yield from text_lines(title)
    for place, line in enumerate(document.lines):
        if not line.is_text:
            yield article_line(line, document, units)
        elif not (place == 0 and title and line.text.strip() == title):
            yield from text_lines(line.text)


def article_line(line: DocumentLine, document: SalesDocument, units: Mapping[str, Unit]) -> Json:
    price = unit_price(line, document)
    if price is None:
        raise Refused(gettext_noop("A line has no VAT rate, so its price cannot be converted."), field="vat_percent")
    unit = units.get(line.unit.strip().casefold())
    return {
        "description": line.text,
        "product": {"productNumber": line.article_remote_id},
        "quantity": rounded(line.quantity, 2),
        "unitNetPrice": price,
        # The vendor's description of a replacement asks for the name too.
        **({"unit": {"unitNumber": unit.unit_number, "name": unit.name}} if unit else {}),
        **({"discountPercentage": rounded(line.discount_percent, 2)} if line.discount_percent else {}),
    }


def text_lines(text: str) -> Iterator[Json]:
    """A text as lines that the API takes: a long one is cut between words, a blank one is none."""
    rest = text.strip()
    while rest:
        cut = len(rest)
        if cut > LONGEST_TEXT:
            cut = max(rest.rfind("\n", 0, LONGEST_TEXT), rest.rfind(" ", 0, LONGEST_TEXT))
            cut = cut if cut > 0 else LONGEST_TEXT
        yield {"description": rest[:cut].rstrip()}
        rest = rest[cut:].lstrip()


# --- what a replacement repeats ---------------------------------------------------------


def repeatable(current: Json) -> Json:
    """The document as it is, in the form in which it may be sent back."""
    body = {name: bare(value) for name, value in current.items() if name in SALE_KEPT}
    for name in ("recipient", "references", "delivery", "notes"):
        if name in current:
            body[name] = {key: bare(value) for key, value in current[name].items() if key not in ("self", "cvr")}
    body["lines"] = [repeatable_line(line) for line in current.get("lines") or []]
    # As of a foreign currency: 100 for our own, which the books compute themselves.
    if body.get("exchangeRate") == Decimal(100):
        del body["exchangeRate"]
    return body


def repeatable_line(line: Json) -> Json:
    kept = {name: bare(value) for name, value in line.items() if name in LINE_KEPT}
    if "unit" in line:
        kept["unit"] = {name: line["unit"][name] for name in ("unitNumber", "name") if name in line["unit"]}
    return kept


def changed_sale(current: Json, new: Json, fields: frozenset[str]) -> Json:
    """The whole document with the members behind `fields` as in `new`. Raises KeyError for no field of ours."""
    body: dict[str, Any] = repeatable(current)
    for member in {member for field in fields for member in SALE_MEMBERS[field]}:
        body.pop(member, None)
        if member in new:
            body[member] = new[member]
    return body
