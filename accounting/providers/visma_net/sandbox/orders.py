"""Sales orders, as the sales order service keeps them: head, lines, shipments."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounting.providers.visma_net.sandbox.amounts import amounts_of, line_amount, zone_of
from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.errors import OrderRefusal, refuse_order
from accounting.providers.visma_net.sandbox.moments import order_stamp
from accounting.providers.visma_net.sandbox.values import Json

MAY_CHANGE = frozenset({"Hold", "Open", "BackOrder", "CreditHold"})
LENGTHS = {"description": 255, "note": 2048, "branchId": 30, "currencyId": 5, "projectId": 30}
CUSTOMER_LENGTHS = {"order": 40, "refNo": 40}
LINE_LENGTHS = {"description": 256, "note": 2048, "unitOfMeasure": 6}


def create_order(books: Books, command: Json, *, at: float | None = None) -> Json:
    """The new order as it is stored. Raises OrderRefusal."""
    kind, who = command.get("type"), command.get("customer")
    if not isinstance(kind, str) or not isinstance(who, dict):
        raise refuse_order("type" if not isinstance(kind, str) else "customer", "0001-NullNotAllowed")
    order_type = books.tables["salesordertype"].get(kind)
    if order_type is None or not order_type["active"]:
        raise refuse_order("type", "0003-InvalidValue")
    number = f"{books.take_number('order'):06d}"
    record: Json = {
        "type": kind,
        "orderId": number,
        "key": f"{kind}/{number}",
        "status": "Open",
        "date": f"{books.today()}T00:00:00",
        "lines": [],
        "shipments": [],
        "nextLine": 1,
    }
    return store(books, with_lines(books, changed(books, record, command), command.get("orderLines") or []), at=at)


def changed(books: Books, record: Json, command: Json) -> Json:
    """The order's head with what a command says; what it leaves out stays. Raises OrderRefusal."""
    check_lengths(command, LENGTHS, "")
    result = dict(record)
    result |= {name: command[name] for name in ("description", "note") if name in command}
    for name in ("date", "requestOn", "cancelBy"):
        if name in command:
            result[name] = f"{command[name][:10]}T00:00:00" if command[name] else None
    result["status"] = status_of(command, record, is_new=not record["lines"] and "version" not in record)
    result = with_customer(books, result, command)
    for name, table in (("branchId", "branch"), ("currencyId", "currency")):
        if command.get(name) and command[name] not in books.tables[table]:
            raise refuse_order(name, "0003-InvalidValue")
    if command.get("branchId"):
        result["branchId"] = command["branchId"]
    currency = command.get("currencyId") or result.get("currencyId") or result["customerCurrency"]
    if currency != result["customerCurrency"] and not books.switches.currency_override:
        raise refuse_order("currencyId", "1408-OverrideCurrencyIdProhibited")
    result["currencyId"] = currency
    result = with_payment(books, with_project(books, result, command), command)
    return with_shipping(books, result, command)


def check_lengths(said: Json, lengths: dict[str, int], where: str) -> None:
    for name, limit in lengths.items():
        if isinstance(said.get(name), str) and len(said[name]) > limit:
            raise refuse_order(f"{where}{name}", "0003-InvalidValue")


def status_of(command: Json, record: Json, *, is_new: bool) -> str:
    wanted = command.get("status")
    if wanted is None:
        return str(record["status"])
    if wanted not in (("Hold", "Open") if is_new else ("Hold", "Open", "BackOrder")):
        raise refuse_order("status", "0003-InvalidValue")
    return str(wanted)


def with_customer(books: Books, record: Json, command: Json) -> Json:
    said = command.get("customer") or {}
    check_lengths(said, CUSTOMER_LENGTHS, "customer.")
    key = said.get("id") or record.get("customerId") or ""
    customer = books.tables["customer"].get(key)
    if customer is None:
        raise refuse_order("customer.id", "1400-CustomerLookupException")
    if customer["status"] in ("OnHold", "CreditHold", "Inactive"):
        raise refuse_order("customer.id", "1407-InvalidCustomerStatus")
    terms = said.get("termsId") or record.get("termsId") or (customer.get("creditTerms") or {}).get("id")
    if not terms or terms not in books.tables["creditTerm"]:
        raise refuse_order("customer.termsId", "1401-MissingTermsId")
    return {
        **record,
        "customerId": customer["number"],
        "customerName": customer["name"],
        "customerInternalId": customer["internalId"],
        "customerCurrency": customer["currencyId"],
        "zone": zone_of(customer),
        "termsId": terms,
        "order": said["order"] if "order" in said else record.get("order"),
        "refNo": said["refNo"] if "refNo" in said else record.get("refNo"),
    }


def with_project(books: Books, record: Json, command: Json) -> Json:
    if not command.get("projectId"):
        return record
    project = books.tables["project"].get(command["projectId"])
    if project is None:
        raise refuse_order("projectId", "1904-ProjectNotFound")
    if not (project.get("visibility") or {}).get("visibleInSo", True):
        raise refuse_order("projectId", "1905-ProjectNotVisibleInSO")
    if project["status"] in ("Cancelled", "Completed"):
        raise refuse_order(
            "projectId", f"{'1906-ProjectCancelled' if project['status'] == 'Cancelled' else '1907-ProjectCompleted'}"
        )
    chosen = {"id": project["projectID"], "internalId": project["internalID"], "description": project["description"]}
    return {**record, "project": chosen}


def with_payment(books: Books, record: Json, command: Json) -> Json:
    method = (command.get("paymentSettings") or {}).get("paymentMethodId")
    if not method:
        return record
    if method not in books.tables["paymentmethod"]:
        raise refuse_order("paymentSettings.paymentMethodId", "1402-PaymentMethodIdNotFound")
    return {**record, "paymentMethodId": method}


def with_shipping(books: Books, record: Json, command: Json) -> Json:
    """The delivery address: the customer's unless the order has its own, of which nothing is filled in."""
    said = command.get("shipping") or {}
    warehouse = said.get("preferredWarehouseId")
    if warehouse and warehouse not in books.tables["warehouse"]:
        raise refuse_order("shipping.preferredWarehouseId", "1802-InvalidWarehouseId")
    result = {**record, "warehouse": warehouse or record.get("warehouse")}
    if isinstance(said.get("address"), dict):
        result["address"] = said["address"]
    if isinstance(said.get("contact"), dict):
        result["contact"] = said["contact"]
    return result


def with_lines(books: Books, record: Json, said: Iterable[Json]) -> Json:
    """The order with further lines. Raises OrderRefusal."""
    lines, number = list(record["lines"]), record["nextLine"]
    for each in said:
        lines.append(line_of(books, {"lineId": number}, each, len(lines)))
        number += 1
    return {**record, "lines": lines, "nextLine": number}


def line_of(books: Books, before: Json, said: Json, place: int) -> Json:
    where = f"orderLines[{place}]."
    check_lengths(said, LINE_LENGTHS, where)
    line = dict(before)
    line |= item_members(books, before, said, where)
    line |= {name: said[name] for name in ("description", "note", "projectTaskId", "warehouseId") if name in said}
    if said.get("unitOfMeasure"):
        if said["unitOfMeasure"] not in books.tables["unitofmeasure"]:
            raise refuse_order(f"{where}unitOfMeasure", "1808-InvalidUnitOfMeasure")
        line["unitOfMeasure"] = said["unitOfMeasure"]
    figures = {name: said.get(name) for name in ("quantity", "unitPrice", "discountPercent")}
    line |= {name: Decimal(value) for name, value in figures.items() if value is not None}
    if line["quantity"] < 0 and line["lineType"] != "MiscCharge":
        raise refuse_order(f"{where}quantity", "1809-InvalidQuantityForType")
    amount, discount = line_amount(line["quantity"], line["unitPrice"], line["discountPercent"])
    return line | {"extendedPrice": amount, "discountAmount": discount}


def item_members(books: Books, before: Json, said: Json, where: str) -> Json:
    """What the item gives to a new line. Raises OrderRefusal."""
    if "inventory" in before:
        return {}
    item = books.tables["inventory"].get(str(said.get("inventoryId") or ""))
    if item is None or item["status"] in ("Inactive", "NoSales", "MarkedForDeletion"):
        raise refuse_order(f"{where}inventoryId", "1804-InventoryIdNotFound")
    return {
        "inventory": {"id": item["inventoryNumber"], "description": item["description"], "baseUnit": item["baseUnit"]},
        "lineType": "GoodsForInventory" if item["stockItem"] else "NonStockGoods",
        "description": item["description"],
        "unitOfMeasure": item["salesUnit"],
        "unitPrice": Decimal(item["defaultPrice"]),
        "taxCategoryId": item["vatCode"]["id"],
        "quantity": Decimal(0),
        "discountPercent": Decimal(0),
        "operation": "Issue",
        "completed": False,
    }


def store(books: Books, record: Json, *, at: float | None = None) -> Json:
    """Adds up and keeps the order."""
    moment = books.now() if at is None else at
    pairs = [(Decimal(line["extendedPrice"]), line["taxCategoryId"]) for line in record["lines"]]
    amounts = amounts_of(books, pairs, record["zone"])
    record = {
        **record,
        "net": amounts.net,
        "vat": amounts.vat,
        "quantity": sum((Decimal(line["quantity"]) for line in record["lines"]), Decimal(0)),
        "lastModified": order_stamp(moment),
        "version": books.new_version(),
    }
    books.tables["salesorder"].put(record["key"], record, moment)
    return record


def change_order(books: Books, record: Json, command: Json) -> Json:
    """The order after a PATCH. Raises OrderRefusal."""
    may_change(record)
    return store(books, changed(books, record, command))


def add_lines(books: Books, record: Json, said: list[Json]) -> Json:
    may_change(record)
    return store(books, with_lines(books, record, said))


def patch_lines(books: Books, record: Json, said: list[Json]) -> Json:
    may_change(record)
    lines = {line["lineId"]: line for line in record["lines"]}
    for each in said:
        if each.get("lineId") not in lines:
            raise OrderRefusal(404, f"Line {each.get('lineId')} does not exist in the order.")
        lines[each["lineId"]] = line_of(books, lines[each["lineId"]], each, each["lineId"])
    return store(books, {**record, "lines": list(lines.values())})


def delete_lines(books: Books, record: Json, ids: list[int]) -> Json:
    may_change(record)
    if record["shipments"]:
        raise refuse_order("ids", "1823-DeleteLineWhichIsAlreadyShipped")
    known = {line["lineId"] for line in record["lines"]}
    if not known >= set(ids):
        raise OrderRefusal(404, "A line with that id does not exist in the order.")
    return store(books, {**record, "lines": [line for line in record["lines"] if line["lineId"] not in ids]})


def delete_order(books: Books, record: Json) -> None:
    if record["shipments"]:
        raise refuse_order("orderId", "1825-DeleteSalesOrderWithShippedLines")
    books.tables["salesorder"].remove(record["key"])
    books.removed("salesorder", record["key"])
    books.files_removed(record)


def may_change(record: Json) -> None:
    if record["status"] not in MAY_CHANGE:
        raise OrderRefusal(405, f"An order with the status {record['status']} cannot be changed.")


def remember(books: Books, record: Json, *, request: int | None = None) -> None:
    """Brings what we know of a client's order up to date, or notes a new one."""
    if request is None and ("salesorder", record["key"]) not in books.deeds:
        return
    references: dict[str, Any] = {"order": record["order"], "refNo": record["refNo"]}
    books.created(
        "salesorder",
        record["key"],
        number=record["orderId"],
        references=references,
        texts=[line["description"] for line in record["lines"] if line.get("description")],
        totals={"orderTotal": record["net"] + record["vat"], "taxTotal": record["vat"]},
        request=request,
    )
