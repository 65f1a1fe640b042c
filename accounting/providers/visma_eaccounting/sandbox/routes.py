"""The operations that the API serves, each with its scopes, module and product variants.

Sources: wire facts, section 8 (operations and scopes) and 2.5 (variants).
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.routing import Map, Rule

from accounting.providers.visma_eaccounting.sandbox import handlers as do
from accounting.providers.visma_eaccounting.sandbox.articles import write_article, write_project
from accounting.providers.visma_eaccounting.sandbox.company import write_cost_center_item
from accounting.providers.visma_eaccounting.sandbox.customers import write_customer
from accounting.providers.visma_eaccounting.sandbox.drafts import write_draft
from accounting.providers.visma_eaccounting.sandbox.orders import confirm, ship, take_back, write_order

LETTERS = {
    "S": "ea:sales",
    "Sr": "ea:sales_readonly",
    "A": "ea:accounting",
    "Ar": "ea:accounting_readonly",
    "P": "ea:purchase",
    "Pr": "ea:purchase_readonly",
    "V": "vls:api",
}
STANDARD, INVOICING, BOOKKEEPING, SOLO, PRO, COLLABORATION = 1, 2, 3, 4, 5, 6
SALES = frozenset({PRO, STANDARD, INVOICING, SOLO, COLLABORATION})
ORDERS = SALES - {SOLO}
PROJECTS = frozenset({PRO, STANDARD, BOOKKEEPING, INVOICING, COLLABORATION})
EVERYBODY = SALES | PROJECTS


@dataclass(frozen=True, slots=True)
class Route:
    """One operation; `path` is in lower case, as it is matched."""

    method: str
    path: str
    scopes: frozenset[str]
    handler: do.Handler
    variants: frozenset[int]
    module: str


def route(method: str, path: str, scopes: str, handler: do.Handler, variants: frozenset[int] = EVERYBODY) -> Route:
    module = "sales_standard" if path.startswith("/orders") else ""
    return Route(method, path, frozenset(LETTERS[each] for each in scopes.split()), handler, variants, module)


def lists_and_reads(key: str, scopes: str, variants: frozenset[int] = EVERYBODY) -> list[Route]:
    return [
        route("GET", f"/{key}", scopes, do.listing(key), variants),
        route("GET", f"/{key}/<id>", scopes, do.reading(key), variants),
    ]


ROUTES = [
    # What only reads.
    *lists_and_reads("units", "S Sr"),
    *lists_and_reads("termsofpayments", "S Sr P Pr"),
    *lists_and_reads("articleaccountcodings", "S Sr"),
    *lists_and_reads("vatcodes", "A Ar"),
    *lists_and_reads("countries", "S Sr V"),
    route("GET", "/currencies", "S Sr P Pr", do.listing("currencies")),
    route("GET", "/users", "S Sr P Pr A Ar", do.users),
    # Customers.
    *lists_and_reads("customers", "S Sr", SALES),
    route("POST", "/customers", "S", do.creating("customers", "CustomerApi", write_customer), SALES),
    route("PUT", "/customers/<id>", "S", do.replacing("customers", "CustomerApi", write_customer), SALES),
    route("DELETE", "/customers/<id>", "S", do.delete_customer, SALES),
    # Articles.
    route("GET", "/articles", "S Sr", do.priced_for_customer(do.listing("articles")), SALES),
    route("GET", "/articles/<id>", "S Sr", do.priced_for_customer(do.reading("articles")), SALES),
    route("POST", "/articles", "S", do.creating("articles", "ArticleApi", write_article), SALES),
    route("PUT", "/articles/<id>", "S", do.replacing("articles", "ArticleApi", write_article), SALES),
    # Projects and cost centers. A PUT of a project answers 201.
    *lists_and_reads("projects", "A Ar S Sr P Pr", PROJECTS),
    route("POST", "/projects", "A", do.creating("projects", "ProjectApi", write_project), PROJECTS),
    route("PUT", "/projects/<id>", "A", do.replacing("projects", "ProjectApi", write_project, status=201), PROJECTS),
    route("GET", "/costcenters", "A Ar S Sr V", do.listing("costcenters"), PROJECTS),
    route("PUT", "/costcenters/<id>", "A S V", do.put_cost_center, PROJECTS),
    route("GET", "/costcenteritems/<id>", "A Ar S Sr V", do.reading("costcenteritems"), PROJECTS),
    route(
        "POST",
        "/costcenteritems",
        "A S V",
        do.creating("costcenteritems", "CostCenterItemApi", write_cost_center_item),
        PROJECTS,
    ),
    route(
        "PUT",
        "/costcenteritems/<id>",
        "A S V",
        do.replacing("costcenteritems", "CostCenterItemApi", write_cost_center_item),
        PROJECTS,
    ),
    # Orders.
    *lists_and_reads("orders", "S Sr", ORDERS),
    route("POST", "/orders", "S", do.creating("orders", "OrderApi", write_order), ORDERS),
    route("PUT", "/orders/<id>", "S", do.replacing("orders", "OrderApi", write_order), ORDERS),
    route("DELETE", "/orders/<id>", "S", do.delete_order, ORDERS),
    route("POST", "/orders/<id>/converteddrafttoorder", "S", do.order_action(confirm), ORDERS),
    route("POST", "/orders/<id>/completed", "S", do.order_action(ship), ORDERS),
    route("POST", "/orders/<id>/voided", "S", do.order_action(take_back), ORDERS),
    route("POST", "/orders/<id>/convert", "S", do.convert_order, ORDERS),
    # Invoice drafts and invoices.
    *lists_and_reads("customerinvoicedrafts", "S Sr", SALES),
    route(
        "POST",
        "/customerinvoicedrafts",
        "S",
        do.creating("customerinvoicedrafts", "CustomerInvoiceDraftApi", write_draft),
        SALES,
    ),
    route(
        "PUT",
        "/customerinvoicedrafts/<id>",
        "S",
        do.replacing("customerinvoicedrafts", "CustomerInvoiceDraftApi", write_draft),
        SALES,
    ),
    route("DELETE", "/customerinvoicedrafts/<id>", "S", do.delete_draft, SALES),
    route("POST", "/customerinvoicedrafts/<id>/convert", "S", do.convert_draft, SALES),
    *lists_and_reads("customerinvoices", "S Sr", SALES),
    route(
        "POST",
        "/customerinvoices",
        "S Sr",
        do.creating("customerinvoices", "CustomerInvoiceApi", do.create_invoice),
        SALES,
    ),
    # Bookkeeping.
    *lists_and_reads("fiscalyears", "S Sr A Ar"),
    route("POST", "/fiscalyears", "S A", do.post_fiscal_year),
    route("PUT", "/fiscalyears/<id>", "S A", do.put_fiscal_year),
    route("GET", "/accounts", "A Ar", do.listing("accounts")),
    route("GET", "/accounts/<year>", "A Ar", do.accounts_of_year),
    route("GET", "/accounts/<year>/<number>", "A Ar", do.get_account),
    route("POST", "/accounts", "A", do.post_account),
    route("PUT", "/accounts/<year>/<number>", "A", do.put_account),
    route("GET", "/vouchers", "A Ar", do.listing("vouchers")),
    route("GET", "/vouchers/<year>", "A Ar", do.vouchers_of_year),
    route("GET", "/vouchers/<year>/<id>", "A Ar", do.voucher_of_year),
    route("POST", "/vouchers", "A", do.post_voucher),
    # The company. New delivery methods and terms answer 200.
    route("GET", "/companysettings", "S Sr", do.get_settings),
    route("PUT", "/companysettings", "S", do.put_settings),
    *lists_and_reads("deliverymethods", "S Sr"),
    route("POST", "/deliverymethods", "S Sr", do.named("deliverymethods", "DeliveryMethodApi")),
    *lists_and_reads("deliveryterms", "S Sr"),
    route("POST", "/deliveryterms", "S Sr", do.named("deliveryterms", "DeliveryTermApi")),
    # Files on sales documents.
    *lists_and_reads("salesdocumentattachments", "S"),
    *(
        each
        for document in ("customerinvoicedraft", "customerinvoice", "order")
        for each in (
            route("POST", f"/salesdocumentattachments/{document}", "S", do.attaching(document)),
            route("DELETE", f"/salesdocumentattachments/{document}/<document>/<id>", "S", do.detaching(document)),
        )
    ),
]

MAP = Map(
    [Rule(each.path, methods=[each.method], endpoint=number) for number, each in enumerate(ROUTES)],
    strict_slashes=False,
    merge_slashes=False,
)
