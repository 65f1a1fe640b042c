"""What must be known before anything can be written to these books, and what may be answered.

The books know everything by short codes, and the same code ("1", "30") means other things in other lists: what an
answer means depends on its question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accounting.providers.visma_net.lists import Listing, Lists, Shape
from accounting.providers.visma_net.records import number_of
from accounting.types import Choice, OurValue, Question, TermsRecord, UnitRecord, ValueKind, gettext_noop

CUSTOMERS = frozenset({"customer"})
ARTICLES = frozenset({"article"})
ORDERS = frozenset({"sales_order"})
SALES = frozenset({"sales_order", "invoice_draft"})
OPEN, HOLD = "Open", "Hold"

ASK_THE_ACCOUNTANT = gettext_noop("It decides accounts and VAT. Ask your accountant before you change it.")

QUESTIONS = (
    Question(
        key="customer_class",
        label=gettext_noop("Customer class for new companies"),
        needed_for=CUSTOMERS,
        advice=gettext_noop("The class gives a new customer its accounts, VAT zone and terms of payment."),
    ),
    Question(
        key="customer_class_person",
        label=gettext_noop("Customer class for new private persons"),
        needed_for=CUSTOMERS,
        required=False,
        advice=gettext_noop("Without an answer private persons get the class of companies."),
    ),
    Question(
        key="terms_of_payment",
        label=gettext_noop("Terms of payment for new customers"),
        needed_for=CUSTOMERS,
        of=TermsRecord,
        required=False,
        advice=gettext_noop("Without an answer the customer class decides. A sales order needs terms from somewhere."),
    ),
    Question(
        key="vat_zone",
        label=gettext_noop("VAT zone for new customers"),
        needed_for=CUSTOMERS,
        required=False,
        advice=gettext_noop("Without an answer the customer class decides. Some classes require one."),
    ),
    Question(
        key="payment_method",
        label=gettext_noop("Payment method for new customers"),
        needed_for=CUSTOMERS,
        required=False,
    ),
    Question(
        key="payment_method_of_sales",
        label=gettext_noop("Payment method of all new orders and invoices"),
        needed_for=SALES,
        required=False,
        advice=gettext_noop("Without an answer a document has its customer's."),
    ),
    Question(
        key="item_class_goods",
        label=gettext_noop("Item class for new materials"),
        needed_for=ARTICLES,
        advice=ASK_THE_ACCOUNTANT,
    ),
    Question(
        key="item_class_service",
        label=gettext_noop("Item class for new hour types"),
        needed_for=ARTICLES,
        advice=ASK_THE_ACCOUNTANT,
    ),
    Question(
        key="posting_class_goods",
        label=gettext_noop("Posting class for new materials"),
        needed_for=ARTICLES,
        required=False,
        advice=gettext_noop("Without an answer the item class decides."),
    ),
    Question(
        key="posting_class_service",
        label=gettext_noop("Posting class for new hour types"),
        needed_for=ARTICLES,
        required=False,
        advice=gettext_noop("Without an answer the item class decides."),
    ),
    Question(
        key="vat_category",
        label=gettext_noop("VAT category for new items whose rate fits none or several"),
        needed_for=ARTICLES,
        required=False,
        advice=gettext_noop("Without an answer the item class decides."),
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
        key="order_type",
        label=gettext_noop("Type of new sales orders"),
        needed_for=ORDERS,
        required=False,
        advice=gettext_noop("Without an answer it is SO, the ordinary sales order."),
    ),
    Question(
        key="order_status",
        label=gettext_noop("How new sales orders begin"),
        needed_for=ORDERS,
        required=False,
        advice=gettext_noop("On hold, somebody in the accounting system looks at every order first."),
    ),
    Question(
        key="warehouse",
        label=gettext_noop("Warehouse of new sales orders"),
        needed_for=ORDERS,
        required=False,
        advice=gettext_noop("Without an answer each item is taken from its own warehouse."),
    ),
    Question(
        key="branch",
        label=gettext_noop("Branch of new orders and invoices"),
        needed_for=SALES,
        required=False,
        advice=gettext_noop("Without an answer the accounting system decides, by customer or company."),
    ),
)


MAPS = (
    ValueKind(
        key="vat_zone_of_country",
        label=gettext_noop("Countries and VAT zones"),
        ours=OurValue.COUNTRY,
        needed_for=CUSTOMERS,
        advice=gettext_noop(
            "A country without a VAT zone leaves the zone to the answer above, or to the customer class."
        ),
    ),
    ValueKind(
        key="vat_category_of_rate",
        label=gettext_noop("VAT rates and VAT categories"),
        ours=OurValue.VAT_PERCENT,
        needed_for=ARTICLES,
        advice=gettext_noop("Needed only where several categories have the same rate."),
    ),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where choices come from: a list, the member that is the code, and what a row must be like."""

    listing: Listing
    code: str
    suits: Callable[[Mapping[str, object]], bool] = lambda row: True


def is_active(row: Mapping[str, object]) -> bool:
    return row.get("active") is not False


def is_order(row: Mapping[str, object]) -> bool:
    return is_active(row) and row.get("behavior") == "SalesOrder"


def is_service(row: Mapping[str, object]) -> bool:
    return row.get("type") in ("LaborItem", "ServiceItem")


def is_goods(row: Mapping[str, object]) -> bool:
    return row.get("type") in ("FinishedGoodItem", "NonStockItem", "ComponentPartItem", "SubassemblyItem")


def for_sales(row: Mapping[str, object]) -> bool:
    return row.get("visibleTo") in (None, "All", "Customer", "Customers")


def is_open_branch(row: Mapping[str, object]) -> bool:
    return row.get("isActive") is not False


CUSTOMER_CLASSES = Offer(Listing(path="v1/customer/customerClass", shape=Shape.WHOLE), "id")
POSTING_CLASSES = Offer(Listing(path="v1/inventory/itemPostClass"), "id")
UNITS = Offer(Listing(path="v1/unitofmeasure", shape=Shape.WHOLE), "fromUnit")
VAT_ZONES = Offer(Listing(path="v1/vatZone"), "id")
VAT_CATEGORIES = Offer(Listing(path="v1/vatCategory", shape=Shape.WHOLE), "vatCategoryId", is_active)
PAYMENT_METHODS = Offer(Listing(path="v1/paymentmethod", shape=Shape.WHOLE), "paymentMethodID", is_active)
ITEM_CLASSES = Listing(path="v1/inventory/itemClass")
ORDER_TYPES = Listing(path="v1/salesordertype")

OFFERS: Mapping[str, Offer] = {
    "customer_class": CUSTOMER_CLASSES,
    "customer_class_person": CUSTOMER_CLASSES,
    "terms_of_payment": Offer(Listing(path="v1/creditTerm", shape=Shape.ENVELOPE), "termsId", for_sales),
    "vat_zone": VAT_ZONES,
    "payment_method": PAYMENT_METHODS,
    "payment_method_of_sales": PAYMENT_METHODS,
    "item_class_goods": Offer(ITEM_CLASSES, "id", is_goods),
    "item_class_service": Offer(ITEM_CLASSES, "id", is_service),
    "posting_class_goods": POSTING_CLASSES,
    "posting_class_service": POSTING_CLASSES,
    "vat_category": VAT_CATEGORIES,
    "unit_goods": UNITS,
    "unit_service": UNITS,
    "order_type": Offer(ORDER_TYPES, "orderType", is_order),
    "warehouse": Offer(Listing(path="v1/warehouse"), "warehouseID", is_active),
    "branch": Offer(Listing(path="v1/branch", shape=Shape.WHOLE), "number", is_open_branch),
    "vat_zone_of_country": VAT_ZONES,
    "vat_category_of_rate": VAT_CATEGORIES,
}
STATUSES = (
    Choice(value=OPEN, label=gettext_noop("Open: ready to be delivered and invoiced")),
    Choice(value=HOLD, label=gettext_noop("On hold: somebody looks at it first")),
)


def choices_of(lists: Lists, question: str) -> list[Choice]:
    """The possible answers. Raises KeyError for no question of ours. Network: the list that they come from."""
    if question == "order_status":
        return list(STATUSES)
    offer = OFFERS[question]
    rows: list[Mapping[str, object]] = list(lists.everything(offer.listing, dict))
    # Where none suits, a person knows better than an empty list.
    fitting = [row for row in rows if offer.suits(row)] or rows
    return sorted(choices_in(offer.code, fitting), key=lambda choice: choice.label.casefold())


def choices_in(code: str, rows: Iterable[Mapping[str, object]]) -> list[Choice]:
    found: dict[str, Choice] = {}
    for row in rows:
        known = number_of(str(row.get(code) or ""))
        name = str(row.get("description") or row.get("name") or "").strip()
        if known:
            label = f"{known} · {name}" if name and name != known else known
            found.setdefault(known, Choice(value=known, label=label))
    return list(found.values())
