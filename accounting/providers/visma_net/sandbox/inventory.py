"""Items: the rules that the ERP applies to a new or changed one, and stock."""

from __future__ import annotations

from decimal import Decimal

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.customers import existing
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.moments import erp_stamp
from accounting.providers.visma_net.sandbox.values import Json, number, text

STOCK = frozenset({"FinishedGoodItem", "ComponentPartItem", "SubassemblyItem"})
STATUSES = ("Active", "NoSales", "NoPurchases", "NoRequest", "Inactive", "MarkedForDeletion")
# What a class gives to its items beside its type: unit, VAT category, posting class.
CLASS_DEFAULTS = {
    "LAGER": ("STK", "3", "VARE"),
    "VARE": ("STK", "3", "VARE"),
    "ARBEID": ("TIME", "3", "TJEN"),
    "TJENESTE": ("STK", "3", "TJEN"),
}


def create_item(books: Books, values: Json, *, at: float | None = None) -> Json:
    """The new item as it is stored. Raises Refusal."""
    key = text(values, "inventoryNumber").strip()
    if not key:
        raise Refusal("'Inventory ID' cannot be empty.")
    if key in books.tables["inventory"]:
        raise Refusal(f"An inventory item with the number '{key}' already exists.")
    if not text(values, "itemClass"):
        raise Refusal("'Item Class' cannot be empty.")
    record: Json = {
        "inventoryId": books.take_number("internal"),
        "inventoryNumber": key,
        "status": "Active",
        "description": "",
        "defaultPrice": Decimal(0),
        "crossReferences": [],
    }
    return books.put("inventory", applied(books, with_class(books, record, text(values, "itemClass")), values), at=at)


def with_class(books: Books, record: Json, id: str) -> Json:
    """What the class gives to an item that says nothing else. Raises Refusal."""
    chosen = existing(books, "itemClass", id, "ItemClass")
    unit, category, posting = CLASS_DEFAULTS.get(id, ("STK", "3", "VARE"))
    return {
        **record,
        "type": chosen["type"],
        "stockItem": chosen["type"] in STOCK,
        "kitItem": False,
        "itemClass": {"type": chosen["type"], "id": id, "description": chosen["description"]},
        "postingClass": described(books, "itemPostClass", posting, "PostingClass"),
        "vatCode": described(books, "vatCategory", category, "TaxCategory"),
        "baseUnit": unit,
        "salesUnit": unit,
        "purchaseUnit": unit,
    }


def described(books: Books, table: str, id: str, noun: str) -> Json:
    return {"id": id, "description": existing(books, table, id, noun)["description"]}


def applied(books: Books, record: Json, values: Json) -> Json:
    """The record with what the request says; what it leaves out stays. Raises Refusal."""
    changed = {**record, **{ours: text(values, name) for name, ours in MEMBERS.items() if name in values}}
    if "itemclass" in values and values["itemclass"] != record["itemClass"]["id"]:
        changed = with_class(books, changed, text(values, "itemClass"))
    if values.get("vatcode"):
        changed["vatCode"] = described(books, "vatCategory", text(values, "vatCode"), "TaxCategory")
    if values.get("postingclass"):
        changed["postingClass"] = described(books, "itemPostClass", text(values, "postingClass"), "PostingClass")
    for unit in ("baseUnit", "salesUnit", "purchaseUnit"):
        if values.get(unit.lower()):
            changed[unit] = existing(books, "unitofmeasure", text(values, unit), "Unit")["fromUnit"]
    if "defaultprice" in values:
        changed["defaultPrice"] = number(values, "defaultPrice")
    if changed["status"] not in STATUSES:
        raise Refusal(f"'{changed['status']}' is not a valid status.")
    changed["crossReferences"] = cross_references(record["crossReferences"], values.get("crossreferences") or [])
    return changed


MEMBERS = {"description": "description", "body": "body", "status": "status"}


def cross_references(before: list[Json], said: list[Json]) -> list[Json]:
    """The other numbers of an item, after the operations asked for; without an operation nothing happens."""
    kept = {(each["alternateType"], each["alternateID"]): each for each in before}
    for each in said:
        key = (text(each, "alternateType"), text(each, "alternateID"))
        if each.get("operation") in ("Insert", "Update"):
            kept[key] = {"alternateType": key[0], "alternateID": key[1], "description": "", "uom": text(each, "uom")}
        elif each.get("operation") == "Delete":
            kept.pop(key, None)
    return list(kept.values())


def set_stock(books: Books, key: str, quantity: Decimal, *, at: float | None = None) -> None:
    """The item's stock in the main warehouse; the item itself does not count as changed."""
    table, moment = books.tables["inventory"], books.now() if at is None else at
    record = table.get(key)
    assert record is not None
    booked = min(quantity, Decimal(2))
    record["warehouseDetails"] = [
        {
            "isDefault": True,
            "warehouse": "1",
            "quantityOnHand": quantity,
            "available": quantity - booked,
            "availableForShipment": quantity - booked,
            "lastModifiedDateTime": erp_stamp(moment),
        },
        {
            "isDefault": False,
            "warehouse": "BIL1",
            "quantityOnHand": Decimal(1),
            "available": Decimal(1),
            "availableForShipment": Decimal(1),
            "lastModifiedDateTime": erp_stamp(moment),
        },
    ]
    table.put(key, record, table.changed[key])
    books.availability[key] = moment
