"""What each operation of the API does with the books: reads, writes through the resource's rules, and renders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from accounting.providers.visma_eaccounting.sandbox import company, customers, drafts, invoices, orders
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.call import Call, Result
from accounting.providers.visma_eaccounting.sandbox.errors import Refusal, refuse
from accounting.providers.visma_eaccounting.sandbox.lists import page
from accounting.providers.visma_eaccounting.sandbox.schema import DECODER, Json, complete, schema
from accounting.providers.visma_eaccounting.sandbox.vouchers import create_voucher

Handler = Callable[[Call], Result]
# Resources that say 404 for what is not there; all others say 400 with code 3000.
SAYS_404 = {"projects", "costcenters", "costcenteritems", "units", "accounts", "vouchers", "vatcodes"}


class Writer(Protocol):
    """A resource's rules: stores the values as a new record or over `before`."""

    def __call__(self, books: Books, values: Json, /, *, before: Json | None = None) -> Json: ...


def found(call: Call, key: str, id: str) -> Json:
    """The record. Raises Refusal as the resource says that it is not there."""
    record = call.books.table(key).get(id)
    if record is None:
        raise not_found(call.books, key, id)
    return record


def not_found(books: Books, key: str, id: str) -> Refusal:
    style = books.service.not_found
    says_404 = key in SAYS_404 if style == "documented" else style == "404"
    # As described: of those that say 404, only units say it with a body.
    bare = style == "documented" and says_404 and key != "units"
    return Refusal(3000, f"There is no {key} with id {id}.", status=404 if says_404 else 0, bare=bare)


def rendered(call: Call, key: str, status: int, id: str) -> Result:
    """The record as it goes over the wire."""
    return Result(status, call.books.table(key).raw[id])


def listing(key: str) -> Handler:
    return lambda call: page(call, key)


def reading(key: str) -> Handler:
    def handle(call: Call) -> Result:
        id = call.args["id"].upper() if key == "countries" else call.args["id"]
        found(call, key, id)
        return rendered(call, key, 200, id)

    return handle


def creating(key: str, of: str, write: Writer, *, status: int = 201) -> Handler:
    def handle(call: Call) -> Result:
        record = write(call.books, call.body(of))
        call.books.created(key, complete(schema(of), record), request=call.entry.number)
        return rendered(call, key, status, record["Id"])

    return handle


def replacing(key: str, of: str, write: Writer, *, status: int = 200) -> Handler:
    def handle(call: Call) -> Result:
        before = found(call, key, call.args["id"])
        record = write(call.books, call.body(of), before=before)
        call.books.updated(key, complete(schema(of), record))
        return rendered(call, key, status, record["Id"])

    return handle


def named(key: str, of: str) -> Handler:
    """Creates what is only a name on a list (delivery methods and terms); answers 200."""

    def write(books: Books, values: Json, /, *, before: Json | None = None) -> Json:
        record = {**values, "Id": books.new_id()}
        books.tables[key].put(record)
        return record

    return creating(key, of, write, status=200)


def delete_customer(call: Call) -> Result:
    customer = found(call, "customers", call.args["id"])
    customers.delete_customer(call.books, customer)
    call.books.removed("customers", customer["Id"])
    return Result(200)


def delete_order(call: Call) -> Result:
    order = found(call, "orders", call.args["id"])
    if order["Status"] >= orders.SHIPPED:
        raise refuse(4001, "An order that is shipped or invoiced cannot be deleted.")
    call.books.tables["orders"].remove(order["Id"])
    call.books.removed("orders", order["Id"])
    return Result(200)


def delete_draft(call: Call) -> Result:
    draft = found(call, "customerinvoicedrafts", call.args["id"])
    call.books.tables["customerinvoicedrafts"].remove(draft["Id"])
    call.books.removed("customerinvoicedrafts", draft["Id"])
    return Result(200)


def order_action(act: Callable[[Books, Json], Json]) -> Handler:
    def handle(call: Call) -> Result:
        order = act(call.books, found(call, "orders", call.args["id"]))
        call.books.updated("orders", complete(schema("OrderApi"), order))
        return rendered(call, "orders", 200, order["Id"])

    return handle


def convert_order(call: Call) -> Result:
    order = found(call, "orders", call.args["id"])
    costs: Decimal | None = call.body("OrderConversionApi", optional=True).get("WorkHouseOtherCosts")
    invoice = orders.convert_order(call.books, order, other_costs=costs)
    return converted(call, invoice, 200)


def convert_draft(call: Call) -> Result:
    draft = found(call, "customerinvoicedrafts", call.args["id"])
    expected = call.body("CustomerInvoiceDraftValidationApi", optional=True)
    keep = call.flag("keepOriginalDraftDate") and call.flag("overrideCompanyKeepOriginalDraftDate")
    invoice = drafts.convert_draft(call.books, draft, expected, keep_date=keep)
    call.books.removed("customerinvoicedrafts", draft["Id"], became=invoice["Id"])
    return converted(call, invoice, 201)


def converted(call: Call, invoice: Json, status: int) -> Result:
    record = complete(schema("CustomerInvoiceApi"), invoice)
    call.books.created("customerinvoices", record, request=call.entry.number)
    return rendered(call, "customerinvoices", status, invoice["Id"])


def create_invoice(books: Books, values: Json, /, *, before: Json | None = None) -> Json:
    return invoices.create_invoice(books, values)


def post_voucher(call: Call) -> Result:
    if call.flag("useAutomaticVatCalculation"):
        raise refuse(6001, "The stand-in does not compute VAT on vouchers; send the VAT rows.")
    default_series = call.flag("useDefaultVoucherSeries", default=True)
    voucher = create_voucher(call.books, call.body("VoucherApi"), default_series=default_series)
    call.books.created("vouchers", complete(schema("VoucherApi"), voucher), request=call.entry.number)
    return rendered(call, "vouchers", 201, voucher["Id"])


def vouchers_of_year(call: Call) -> Result:
    year = found(call, "fiscalyears", call.args["year"])
    result = [
        voucher["Id"]
        for voucher in call.books.tables["vouchers"].all()
        if year["StartDate"] <= voucher["VoucherDate"] <= year["EndDate"]
    ]
    return page(call, "vouchers", among=frozenset(result))


def voucher_of_year(call: Call) -> Result:
    year = found(call, "fiscalyears", call.args["year"])
    voucher = found(call, "vouchers", call.args["id"])
    if not year["StartDate"] <= voucher["VoucherDate"] <= year["EndDate"]:
        raise not_found(call.books, "vouchers", call.args["id"])
    return rendered(call, "vouchers", 200, voucher["Id"])


def accounts_of_year(call: Call) -> Result:
    found(call, "fiscalyears", call.args["year"])
    table = call.books.tables["accounts"]
    return page(call, "accounts", among=frozenset(table.equal("FiscalYearId", call.args["year"])))


def account_of_year(call: Call) -> Json:
    account = call.books.account(call.args["year"], call.args["number"])
    if account is None:
        raise not_found(call.books, "accounts", call.args["number"])
    return account


def get_account(call: Call) -> Result:
    return Result(200, account_of_year(call))


def post_account(call: Call) -> Result:
    values = complete(schema("AccountApi"), company.write_account(call.books, call.body("AccountApi")))
    return Result(201, values)


def put_account(call: Call) -> Result:
    before = account_of_year(call)
    values = company.write_account(call.books, call.body("AccountApi"), before=before)
    return Result(200, complete(schema("AccountApi"), values))


def post_fiscal_year(call: Call) -> Result:
    year = company.create_fiscal_year(call.books, call.body("FiscalYearCreateApi"))
    return rendered(call, "fiscalyears", 201, year["Id"])


def put_fiscal_year(call: Call) -> Result:
    year = found(call, "fiscalyears", call.args["id"])
    company.update_fiscal_year(call.books, year, call.body("FiscalYearUpdateApi"))
    return rendered(call, "fiscalyears", 200, year["Id"])


def put_cost_center(call: Call) -> Result:
    center = found(call, "costcenters", call.args["id"])
    call.books.tables["costcenters"].put({**center, **call.body("CostCenterApi")})
    return rendered(call, "costcenters", 200, center["Id"])


def get_settings(call: Call) -> Result:
    return Result(200, company.settings_of(call.books))


def put_settings(call: Call) -> Result:
    return Result(200, company.write_settings(call.books, call.body("CompanySettingsApi")))


def users(call: Call) -> Result:
    """The company's users; the one who signed in is marked."""
    content = decoded(page(call, "users"))
    for user in content["Data"]:
        if "IsCurrentUser" in user:
            user["IsCurrentUser"] = user.get("Email") == call.grant.user
    return Result(200, content)


def decoded(result: Result) -> Json:
    """The object that a rendered answer holds."""
    content: Json = DECODER.decode(result.content) if isinstance(result.content, bytes) else result.content or {}
    return content


def priced_for_customer(handle: Handler) -> Handler:
    """Articles with the price that the query's customer pays."""

    def priced(call: Call) -> Result:
        result = handle(call)
        id = call.request.args.get("customerId")
        if id is None:
            return result
        customer = call.books.existing("customers", id.lower(), member="customerId")
        content = decoded(result)
        for article in content.get("Data", [content]):
            article["NetPriceWithDiscount"] = article["NetPrice"] * (1 - Decimal(customer["DiscountPercentage"]))
        return Result(200, content)

    return priced


def attaching(document: str) -> Handler:
    def handle(call: Call) -> Result:
        values = call.body("SalesDocumentAttachmentUploadApi")
        record = company.attach(call.books, values, document, by=call.grant.user)
        of = schema("SalesDocumentAttachmentApi")
        call.books.created("salesdocumentattachments", complete(of, record), request=call.entry.number)
        return rendered(call, "salesdocumentattachments", 201, record["Id"])

    return handle


def detaching(document: str) -> Handler:
    def handle(call: Call) -> Result:
        attachment = found(call, "salesdocumentattachments", call.args["id"])
        if attachment["DocumentId"] != call.args["document"]:
            raise not_found(call.books, "salesdocumentattachments", call.args["id"])
        company.detach(call.books, attachment, document)
        call.books.removed("salesdocumentattachments", attachment["Id"])
        return Result(200)

    return handle
