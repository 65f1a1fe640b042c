"""Every operation of the two hosts that the stand-in knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Map, Rule

from accounting.providers.economic.sandbox import files, hooks, lists
from accounting.providers.economic.sandbox import handlers as do
from accounting.providers.economic.sandbox.call import Call, Result
from accounting.providers.economic.sandbox.handlers import Handler

CUSTOMERS = "/customersapi/v3.1.0"
PROJECTS = "/projectsapi/v1.1.0"
QUOTES_TO_CASH = "/q2capi/v5.3.0"
WEBHOOKS = "/webhooksapi/v1.0.0"


@dataclass(frozen=True, slots=True)
class Route:
    """`roles` are those of which the app needs one; a SuperUser may do everything."""

    method: str
    path: str
    handler: Handler
    roles: frozenset[str] = frozenset({"Sales"})


SALES = frozenset({"Sales"})
BOTH = frozenset({"Sales", "Bookkeeping"})
NOBODY = frozenset[str]()  # but a SuperUser
EMPLOYEE = frozenset({"ProjectEmployee"})


def read_only(table: str, roles: frozenset[str] = SALES) -> list[Route]:
    return [
        Route("GET", f"/{table}", do.listing(table), roles),
        Route("GET", f"/{table}/<number>", do.reading(table), roles),
    ]


def with_file(table: str) -> list[Route]:
    """What can be done with the file of a draft."""
    path = f"/{table}/<int:number>/attachment/file"
    return [
        Route("GET", path, files.read_file(table)),
        Route("POST", path, files.put_file(table)),
        Route("DELETE", path, files.delete_file(table)),
    ]


REST: list[Route] = [
    Route("GET", "/self", do.who),
    *read_only("customers"),
    Route("POST", "/customers", do.create_customer),
    Route("PUT", "/customers/<int:number>", do.replace_customer),
    Route("DELETE", "/customers/<int:number>", do.delete_customer),
    Route("GET", "/customers/<number>/contacts", do.customer_contacts),
    *read_only("products"),
    Route("POST", "/products", do.create_product),
    Route("PUT", "/products/<number>", do.replace_product),
    Route("DELETE", "/products/<number>", do.delete_product),
    *read_only("product-groups"),
    Route("GET", "/product-groups/<number>/sales-accounts", do.sales_accounts),
    *(
        route
        for table in ("units", "customer-groups", "payment-terms", "vat-zones", "layouts", "employees")
        for route in read_only(table)
    ),
    *read_only("currencies", BOTH),
    *read_only("vat-accounts", BOTH),
    *read_only("orders/drafts"),
    *read_only("orders/sent"),
    *read_only("orders/archived"),
    Route("POST", "/orders/drafts", do.creating_sale("orders/drafts", "order")),
    Route("PUT", "/orders/drafts/<int:number>", do.replacing_sale("orders/drafts", "order")),
    Route("DELETE", "/orders/drafts/<int:number>", do.delete_order),
    *with_file("orders/drafts"),
    Route("POST", "/orders/sent", do.register_as_sent),
    *read_only("invoices/drafts"),
    *read_only("invoices/booked"),
    Route("POST", "/invoices/drafts", do.creating_sale("invoices/drafts", "invoice")),
    Route("PUT", "/invoices/drafts/<int:number>", do.replacing_sale("invoices/drafts", "invoice")),
    Route("DELETE", "/invoices/drafts/<int:number>", do.delete_draft),
    Route("DELETE", "/invoices/drafts", do.delete_all_drafts),
    *with_file("invoices/drafts"),
    Route("POST", "/invoices/booked", do.book),
]


def service(base: str, collection: str, table: str, roles: frozenset[str] = SALES) -> list[Route]:
    """The four ways of reading that every collection of a service has."""

    def of(how: Callable[[Call, str], Result]) -> Handler:
        return do.projects(how) if table == "projects" else lambda call: how(call, table)

    return [
        Route("GET", f"{base}/{collection}", of(lists.cursor_page), roles),
        Route("GET", f"{base}/{collection}/paged", of(lists.paged), roles),
        Route("GET", f"{base}/{collection}/count", of(lists.count), roles),
        Route("GET", f"{base}/{collection}/<number>", of(do.service_item), roles),
    ]


SERVICES: list[Route] = [
    *service(CUSTOMERS, "Contacts", "contacts"),
    Route("POST", f"{CUSTOMERS}/Contacts", do.create_contact),
    Route("PUT", f"{CUSTOMERS}/Contacts", do.replace_contact),
    Route("DELETE", f"{CUSTOMERS}/Contacts/<number>", do.delete_contact),
    *service(CUSTOMERS, "DeliveryLocations", "deliverylocations"),
    *service(PROJECTS, "Projects", "projects", EMPLOYEE),
    Route("GET", f"{WEBHOOKS}/EventTypes", hooks.event_types, NOBODY),
    Route("GET", f"{WEBHOOKS}/webhooks", hooks.listing, NOBODY),
    Route("POST", f"{WEBHOOKS}/webhooks", hooks.create, NOBODY),
    Route("PUT", f"{WEBHOOKS}/webhooks", hooks.replace, NOBODY),
    Route("GET", f"{WEBHOOKS}/webhooks/<event>", hooks.read, NOBODY),
    Route("DELETE", f"{WEBHOOKS}/webhooks/<event>", hooks.delete, NOBODY),
    Route("GET", f"{QUOTES_TO_CASH}/orders/<any(drafts,sent,archived):status>/lines", do.order_lines),
]


def mapped(routes: list[Route]) -> Map:
    rules = [Rule(route.path, methods=[route.method], endpoint=number) for number, route in enumerate(routes)]
    return Map(rules, strict_slashes=False)


AREAS: dict[str, tuple[Map, list[Route]]] = {"rest": (mapped(REST), REST), "apis": (mapped(SERVICES), SERVICES)}
