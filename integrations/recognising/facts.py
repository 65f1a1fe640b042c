"""What is compared of our records and of theirs, read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounting.types import ArticleRecord, CustomerRecord
from fieldwork.models import Customer, HourType, Material, OwnedRecord
from integrations.recognising.pairing import ArticleFacts, Comparable, Facts

CUSTOMER_FIELDS = ("name", "number", "is_company", "organisation_number", "vat_number", "email", "phone", "mobile")
OF_CUSTOMERS = (*CUSTOMER_FIELDS, "postcode")
OF_ARTICLES = ("name", "number", "ean")
MODELS: dict[str, tuple[type[OwnedRecord], ...]] = {"customer": (Customer,), "article": (Material, HourType)}
LABELS: dict[str, type[OwnedRecord]] = {model._meta.label: model for models in MODELS.values() for model in models}


def facts_here(
    organization_id: UUID, kind: str, *, condition: Q | None = None
) -> Iterator[tuple[str, UUID, bool, Comparable]]:
    """Model, id, whether it is in use, and facts of our records. One statement per model."""
    fields = OF_CUSTOMERS if kind == "customer" else OF_ARTICLES
    for model in MODELS[kind]:
        ours: QuerySet[Any] = model._default_manager.all()
        rows = ours.filter(condition or Q(), organization=organization_id).order_by()
        label = model._meta.label
        for pk, active, *values in rows.values_list("pk", "active", *fields).iterator(chunk_size=2000):
            yield label, pk, active, made_of(kind, str(pk), dict(zip(fields, values, strict=True)))


def facts_there(record: CustomerRecord | ArticleRecord) -> Comparable:
    """Of a record of the books, known by its id there."""
    if isinstance(record, ArticleRecord):
        return ArticleFacts(key=record.remote_id, name=record.name, number=record.number, ean=record.ean)
    values = {name: getattr(record, name) for name in CUSTOMER_FIELDS}
    return Facts(key=record.remote_id, postcode=record.address.postcode, **values)


def made_of(kind: str, key: str, values: Mapping[str, Any]) -> Comparable:
    return Facts(key=key, **values) if kind == "customer" else ArticleFacts(key=key, **values)


# --- beside an entry of the inbox -----------------------------------------------


def told(record: CustomerRecord | ArticleRecord) -> dict[str, str]:
    """The facts as texts, to be kept where there is no record of ours."""
    facts = facts_there(record)
    fields = OF_CUSTOMERS if isinstance(facts, Facts) else OF_ARTICLES
    return {name: as_text(getattr(facts, name)) for name in fields}


def as_text(value: Any) -> str:
    return ("1" if value else "") if isinstance(value, bool) else str(value)


def from_texts(kind: str, key: str, texts: Mapping[str, Any]) -> Comparable:
    """The facts that were kept; what is missing is empty."""
    fields: Iterable[str] = OF_CUSTOMERS if kind == "customer" else OF_ARTICLES
    values = {name: str(texts.get(name, "")) for name in fields}
    company = {"is_company": bool(values["is_company"])} if kind == "customer" else {}
    return made_of(kind, key, {**values, **company})
