"""What each operation of the two hosts does with the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounting.providers.economic.sandbox import lists, records, sale
from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.call import Call, Result
from accounting.providers.economic.sandbox.errors import Refusal, not_found
from accounting.providers.economic.sandbox.fields import ENCODER, Json
from accounting.providers.economic.sandbox.filters import member
from accounting.providers.economic.sandbox.table import Key
from accounting.providers.economic.sandbox.wire import link, reference, unescaped

Handler = Callable[[Call], Result]


def key_of(call: Call, table: str) -> Key:
    said = unescaped(call.args["number"])
    if table in ("products", "vat-accounts", "currencies"):
        return said
    if not said.isdigit():
        raise not_found("E06000")
    return int(said)


def existing(call: Call, table: str) -> Json:
    record = call.books.tables[table].get(key_of(call, table))
    if record is None:
        raise not_found("E06000")
    return record


def listing(table: str) -> Handler:
    return lambda call: lists.page(call, table)


def reading(table: str) -> Handler:
    return lambda call: Result(200, existing(call, table))


# --- self ----------------------------------------------------------------------------


def who(call: Call) -> Result:
    """`GET /self`."""
    books = call.books
    modules = [(number, name) for number, name, switch in MODULES if not switch or getattr(books.switches, switch)]
    return Result(
        200,
        {
            "agreementNumber": books.number,
            "agreementType": {"agreementTypeNumber": 1, "name": "denmark"},
            "userName": books.user.get("name", ""),
            "signupDate": "2019-03-01",
            "user": {
                "loginId": books.user.get("loginId", ""),
                "email": books.user.get("email", ""),
                "name": books.user.get("name", ""),
                "agreementNumber": books.number,
                "language": reference("languageNumber", 0, "languages", name="Dansk", culture="da-DK"),
            },
            "company": books.company,
            "application": {
                "appNumber": 4711,
                "name": "Fieldledger",
                "appPublicToken": "fieldledger-public",
                "created": "2026-01-05",
                "requiredRoles": [reference("roleNumber", 1, "app-roles", name="SuperUser")],
                "self": link("self/application"),
            },
            "settings": {"baseCurrency": "DKK", "internationalLedger": "false"},
            "companyAffiliation": books.switches.affiliation,
            "canSendElectronicInvoice": True,
            "modules": [reference("moduleNumber", number, "modules", name=name) for number, name in modules],
            "self": link("self"),
        },
    )


MODULES = ((1, "Base", ""), (2, "Project", "project"), (3, "Inventory", "inventory"), (20, "Dimension", "dimension"))

# --- creating, replacing, deleting -----------------------------------------------------


def stored(call: Call, table: str, record: Json, *, is_new: bool) -> Result:
    """The answer to a write on the legacy host: the whole resource."""
    if is_new:
        call.books.created(table, record, request=call.entry.number)
        return Result(201, record, location=record["self"])
    call.books.updated(table, record)
    return Result(200, record)


def create_customer(call: Call) -> Result:
    record = records.write_customer(call.books, call.body("customer post"))
    return stored(call, "customers", record, is_new=True)


def replace_customer(call: Call) -> Result:
    """Creates it when there is none of that number."""
    number = call.number()
    is_new = number not in call.books.tables["customers"]
    record = records.write_customer(call.books, call.body("customer put"), number=number)
    return stored(call, "customers", record, is_new=is_new)


def delete_customer(call: Call) -> Result:
    customer = existing(call, "customers")
    records.delete_customer(call.books, customer["customerNumber"])
    call.books.removed("customers", customer["customerNumber"])
    return Result(204)


def create_product(call: Call) -> Result:
    record = records.write_product(call.books, call.body("product post"))
    return stored(call, "products", record, is_new=True)


def replace_product(call: Call) -> Result:
    number = str(key_of(call, "products"))
    is_new = number not in call.books.tables["products"]
    record = records.write_product(call.books, call.body("product put"), number=number)
    return stored(call, "products", record, is_new=is_new)


def delete_product(call: Call) -> Result:
    product = existing(call, "products")
    records.delete_product(call.books, product["productNumber"])
    call.books.removed("products", product["productNumber"])
    return Result(204)


def creating_sale(table: str, document: str) -> Handler:
    def handle(call: Call) -> Result:
        record = sale.write_sale(call.books, table, call.body(f"{document} post"))
        return stored(call, table, record, is_new=True)

    return handle


def replacing_sale(table: str, document: str) -> Handler:
    """Creates it when there is none of that number."""

    def handle(call: Call) -> Result:
        number = call.number()
        is_new = number not in call.books.tables[table]
        record = sale.write_sale(call.books, table, call.body(f"{document} put"), number=number)
        return stored(call, table, record, is_new=is_new)

    return handle


def delete_order(call: Call) -> Result:
    order = existing(call, "orders/drafts")
    call.books.tables["orders/drafts"].remove(order["orderNumber"])
    call.books.removed("orders/drafts", order["orderNumber"])
    return Result(204)


def delete_draft(call: Call) -> Result:
    return deleted_drafts(call, [existing(call, "invoices/drafts")])


def delete_all_drafts(call: Call) -> Result:
    """What the vendor does when the number is missing: every draft (of the filter) is gone."""
    keys = lists.found(call.books, "invoices/drafts", call.query)
    return deleted_drafts(call, [call.books.tables["invoices/drafts"].get(key) or {} for key in list(keys)])


def deleted_drafts(call: Call, drafts: list[Json]) -> Result:
    items = []
    for draft in drafts:
        call.books.tables["invoices/drafts"].remove(draft["draftInvoiceNumber"])
        call.books.removed("invoices/drafts", draft["draftInvoiceNumber"])
        items.append({"draftInvoiceNumber": draft["draftInvoiceNumber"], "self": draft["self"]})
    noun = "invoice" if len(items) == 1 else "invoices"
    return Result(200, {"message": f"Deleted {noun}.", "deletedCount": len(items), "deletedItems": items})


def register_as_sent(call: Call) -> Result:
    number = call.json().get("orderNumber")
    order = call.books.tables["orders/drafts"].get(number)
    if order is None:
        raise not_found("E06000")
    return Result(201, sale.send_order(call.books, order))


def book(call: Call) -> Result:
    body = call.body("booking post")
    draft = call.books.tables["invoices/drafts"].get((body.get("draftInvoice") or {}).get("draftInvoiceNumber"))
    if draft is None:
        raise not_found("E06000")
    invoice = sale.book_draft(call.books, draft, with_number=body.get("bookWithNumber"))
    return Result(201, invoice, location=invoice["self"])


# --- parts of others -------------------------------------------------------------------


def sales_accounts(call: Call) -> Result:
    """One account per VAT zone: what decides the VAT of a product of the group."""
    group = existing(call, "product-groups")["productGroupNumber"]
    part = [sales_account(call.books, zone, *of) for zone, of in call.books.sales_accounts[group].items()]
    path = f"product-groups/{group}/sales-accounts"
    rendered = [ENCODER.encode(each) for each in part]
    return Result(200, lists.envelope(path, "", rendered, skip=0, size=20, total=len(part), all=len(part)))


def sales_account(books: Books, zone: int, account: int, code: str) -> Json:
    shown: Json = {
        "accountNumber": account,
        "accountType": "profitAndLoss",
        "blockDirectEntries": False,
        "debitCredit": "credit",
        "name": f"Salg {account}",
        "self": link("accounts", account),
    }
    if code:
        shown["vatAccount"] = reference("vatCode", code, "vat-accounts")
    return {"salesAccount": shown, "vatZone": books.tables["vat-zones"].get(zone)}


def customer_contacts(call: Call) -> Result:
    """The contacts of one customer as the legacy host numbers them."""
    customer = existing(call, "customers")["customerNumber"]
    mine = [each for each in call.books.tables["contacts"].all() if each["customerNumber"] == customer]
    rendered = [ENCODER.encode(legacy_contact(each)) for each in mine if not each["isDeleted"]]
    path = f"customers/{customer}/contacts"
    return Result(200, lists.envelope(path, "", rendered, skip=0, size=1000, total=len(rendered), all=len(mine)))


def legacy_contact(contact: Json) -> Json:
    customer, number = contact["customerNumber"], contact["userInterfaceNumber"]
    shown: Json = {name: contact[name] for name in ("name", "email", "phone", "notes") if contact.get(name)}
    return {
        **shown,
        "customer": reference("customerNumber", customer, "customers"),
        "customerContactNumber": number,
        "deleted": contact["isDeleted"],
        "self": link(f"customers/{customer}/contacts", number),
    }


# --- the services ----------------------------------------------------------------------


def needs_project(call: Call) -> None:
    if not call.books.switches.project:
        raise Refusal(403, "AccessDeniedAgreementMissingModules", "Missing modules: Project")


def projects(how: Callable[[Call, str], Result]) -> Handler:
    def handle(call: Call) -> Result:
        needs_project(call)
        return how(call, "projects")

    return handle


def service_item(call: Call, name: str) -> Result:
    record = call.books.tables[name].get(key_of(call, name))
    if record is None:
        raise not_found()
    return Result(200, record)


def create_contact(call: Call) -> Result:
    record = records.write_contact(call.books, call.json())
    call.books.created("contacts", record, request=call.entry.number)
    return Result(201, {"number": record["number"]}, location=f"/Contacts/{record['number']}")


def replace_contact(call: Call) -> Result:
    """Only with the `objectVersion` of the present state."""
    body = call.json()
    before = call.books.tables["contacts"].get(body.get("number"))
    if before is None:
        raise not_found()
    if body.get("objectVersion") != before["objectVersion"]:
        text = "The resource has been updated by another user"
        raise Refusal(409, "UpdateConflict", text, lines=[text])
    call.books.updated("contacts", records.write_contact(call.books, body, before=before))
    return Result(204)


def delete_contact(call: Call) -> Result:
    record = call.books.tables["contacts"].get(key_of(call, "contacts"))
    if record is None:
        raise not_found()
    call.books.tables["contacts"].put(records.versioned({**record, "isDeleted": True, "active": False}))
    call.books.removed("contacts", record["number"])
    return Result(call.books.service.deleted_status)


# --- lines of orders ---------------------------------------------------------------------

LINE_FILTERS = {
    "documentId": "integer",
    "orderNumber": "integer",
    "number": "integer",
    "userInterfaceNumber": "integer",
    "productNumber": "string",
    "discountPercentage": "number",
}


def order_lines(call: Call) -> Result:
    """Lines of all orders of a stage, as the services see them."""
    table = call.books.tables[f"orders/{call.args['status']}"]
    text = call.query.get("filter", "")
    condition = lists.service_condition("", text, LINE_FILTERS)
    lines: dict[Key, Json] = {}
    for key in order_numbers(text, list(table.keys)):
        for line in lines_of(table.get(key) or {"lines": []}):
            if condition is None or condition.test(line):
                lines[line["number"]] = line
    return lists.cut(sorted(lines), call, lambda key: ENCODER.encode(lines[key]))


def order_numbers(text: str, known: list[Any]) -> list[Key]:
    """Those that a plain filter by order numbers can mean: what saves looking at every order."""
    head, _, rest = text.partition("$in:[")
    if head != "orderNumber" or not rest.endswith("]"):
        return known
    there = set(known)
    return [number for each in rest[:-1].split(",") if each.isdigit() and (number := int(each)) in there]


def lines_of(order: Json) -> list[Json]:
    document = sale.handle_of(order) or order.get("orderNumber", 0)
    return [
        {
            "documentId": document,
            "orderNumber": order["orderNumber"],
            "number": document * 1000 + line["lineNumber"],
            "userInterfaceNumber": line["lineNumber"],
            "productNumber": member(line, "product.productNumber"),
            "description": line.get("description"),
            "quantity": line.get("quantity"),
            "unitNumber": member(line, "unit.unitNumber"),
            "unitNetPrice": line.get("unitNetPrice"),
            "discountPercentage": line.get("discountPercentage"),
            "totalNetAmount": line.get("totalNetAmount"),
        }
        for line in order["lines"]
    ]
