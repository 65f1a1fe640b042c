"""Which fields belong together, one declaration per group. A group is decided about as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Customer, HourType, Material, OwnedRecord
from integrations.models import FieldOwner

Owner = FieldOwner.Owner


@dataclass(frozen=True, kw_only=True)
class Group:
    """`as_one` when its columns make sense together only, like an address; else each column is compared by itself.

    `dated` when our history knows when a column was changed here, so that the newest can be told.
    """

    key: str
    label: str | Promise
    stream: str
    models: tuple[type[OwnedRecord], ...]
    columns: tuple[str, ...]
    as_one: bool = False
    dated: bool = False

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        return [(value, label) for value, label in Owner.choices if self.dated or value != Owner.NEWEST]


ARTICLES = (Material, HourType)
GROUPS = (
    Group(
        key="customer_name",
        label=_("Name"),
        stream="customers",
        models=(Customer,),
        columns=("name",),
        dated=True,
    ),
    Group(
        key="customer_numbers",
        label=_("Organisation number and VAT number"),
        stream="customers",
        models=(Customer,),
        columns=("organisation_number", "vat_number"),
        dated=True,
    ),
    Group(
        key="customer_address",
        label=_("Postal address"),
        stream="customers",
        models=(Customer,),
        columns=("street", "street2", "postcode", "city", "country"),
        as_one=True,
        dated=True,
    ),
    Group(
        key="customer_contact",
        label=_("Phone, e-mail and website"),
        stream="customers",
        models=(Customer,),
        columns=("phone", "mobile", "email", "website"),
        dated=True,
    ),
    Group(
        key="customer_terms",
        label=_("Terms of payment and discount"),
        stream="customers",
        models=(Customer,),
        columns=("terms_of_payment", "discount_percent"),
        dated=True,
    ),
    Group(
        key="article_name",
        label=_("Name and text"),
        stream="articles",
        models=ARTICLES,
        columns=("name", "long_text"),
    ),
    Group(
        key="article_price",
        label=_("Price"),
        stream="articles",
        models=ARTICLES,
        columns=("price", "price_includes_vat", "currency"),
        as_one=True,
    ),
)
