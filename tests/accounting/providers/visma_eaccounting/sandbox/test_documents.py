"""Orders, invoice drafts, invoices and vouchers: rows, money, VAT, states and what books them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.providers.visma_eaccounting.sandbox.amounts import Line, add_up, row_amount
from tests.accounting.providers.visma_eaccounting.sandbox.api import (
    Api,
    draft_body,
    invoice_body,
    order_body,
    order_row,
    row,
    text_row,
)

NOBODY = "00000000-0000-4000-8000-000000000000"
BUILDER, PRIVATE, EXPORTER, GERMAN, NORWEGIAN = "10004", "10033", "10023", "10045", "10044"


def draft(api: Api, *rows: dict[str, Any], **members: Any) -> Any:
    answer = api.post("/customerinvoicedrafts", draft_body(api, *rows, **members))
    assert answer.status == 201, answer.body
    return answer.body


def money(document: dict[str, Any]) -> tuple[Decimal, Decimal, Decimal]:
    """Total, VAT and rounding of a draft."""
    return tuple(Decimal(document[name]) for name in ("TotalAmount", "TotalVatAmount", "TotalRoundings"))


def test_totals_are_computed_to_the_ore_and_rounded_to_whole_kronor(api: Api) -> None:
    document = draft(api, row(api, quantity=3.5, UnitPrice=695.10), row(api, "1810022", 7, UnitPrice=168.35))

    assert money(document) == (Decimal("4514.00"), Decimal("902.83"), Decimal("-0.13"))
    assert [each["Amount"] for each in document["Rows"]] == [Decimal("2432.85"), Decimal("1178.45")]


def test_a_company_that_does_not_round_keeps_the_ore(api: Api) -> None:
    api.sandbox.switch({"switches": {"rounding": 0}})

    assert money(draft(api, row(api, UnitPrice=100.1))) == (Decimal("125.13"), Decimal("25.03"), 0)


@given(
    st.lists(
        st.tuples(st.decimals(0, 10_000, places=2), st.decimals(0, 500, places=2), st.sampled_from([0, 6, 12, 25]))
    ),
    st.booleans(),
)
def test_totals_are_the_sum_of_their_parts(rows: list[tuple[Decimal, Decimal, int]], includes_vat: bool) -> None:
    lines = [Line(row_amount(price, quantity, Decimal(0)), Decimal(percent), 3041) for price, quantity, percent in rows]

    totals = add_up(lines, includes_vat=includes_vat, to_whole=True)

    exact = sum((line.amount for line in lines), Decimal(0))
    assert totals.total == totals.total.to_integral_value()
    assert abs(totals.rounding) <= Decimal("0.5")
    assert (totals.net + totals.vat if includes_vat else totals.net) == exact


@pytest.mark.parametrize(("price", "rounded"), [("100.45", "0.44"), ("100.40", "0.50"), ("-100.40", "-0.50")])
def test_halves_are_rounded_away_from_zero(price: str, rounded: str) -> None:
    totals = add_up([Line(Decimal(price), Decimal(25), 3041)], includes_vat=False, to_whole=True)

    assert totals.rounding == Decimal(rounded)


def test_prices_to_private_persons_include_vat_unless_the_company_chose_otherwise(api: Api) -> None:
    included = draft(api, row(api, UnitPrice=1000), customer=PRIVATE)
    api.sandbox.switch({"switches": {"show_prices_excl_vat_pc": True}})
    excluded = draft(api, row(api, UnitPrice=1000), customer=PRIVATE)

    assert (included["IncludesVat"], money(included)) == (True, (1000, 200, 0))
    assert (excluded["IncludesVat"], money(excluded)) == (False, (1250, 250, 0))


def test_a_price_that_is_left_out_is_the_articles(api: Api) -> None:
    company = draft(api, row(api), row(api, UnitPrice=0), row(api, UnitPrice=5))
    private = draft(api, row(api), customer=PRIVATE)
    replaced = draft(api, row(api, UnitPrice=0), ReplaceUnitPriceWhenZero=True)

    assert [each["UnitPrice"] for each in company["Rows"]] == [695, 0, 5]
    assert private["Rows"][0]["UnitPrice"] == Decimal("868.75")
    assert replaced["Rows"][0]["UnitPrice"] == 695


def test_discounts_are_fractions(api: Api) -> None:
    assert draft(api, row(api, UnitPrice=200, DiscountPercentage=0.125))["Rows"][0]["Amount"] == 175


def test_rows_echo_their_article_and_keep_their_order(api: Api) -> None:
    document = draft(api, text_row("Underlag 1187-K7Q2M9") | {"LineNumber": 3}, row(api) | {"LineNumber": 1})

    article, text = document["Rows"]
    assert (article["ArticleNumber"], article["Text"], article["UnitAbbreviation"]) == (
        "A100",
        "Arbetstid VVS-montör",
        "tim",
    )
    assert (text["Text"], text["VatRate"], text["ArticleId"]) == ("Underlag 1187-K7Q2M9", None, None)


WRONG_ROWS: list[tuple[dict[str, Any], str]] = [
    ({"ArticleId": None}, "Rows[0].ArticleId"),
    ({"ArticleId": NOBODY}, "Rows[0].ArticleId"),
    ({"IsTextRow": True, "ArticleId": None}, "Rows[0].Text"),
    ({"IsTextRow": True, "Text": "x"}, "Rows[0].ArticleId"),
    ({"IsTextRow": None}, "Rows[0].IsTextRow"),
    ({"ReversedConstructionServicesVatFree": None}, "Rows[0].ReversedConstructionServicesVatFree"),
    ({"UnitPrice": 1.005}, "Rows[0].UnitPrice"),
    ({"Quantity": 1.005}, "Rows[0].Quantity"),
    ({"DiscountPercentage": 25}, "Rows[0].DiscountPercentage"),
    ({"LineNumber": 1001}, "Rows[0].LineNumber"),
    ({"Text": "x" * 2001}, "Rows[0].Text"),
    ({"ProjectId": NOBODY}, "ProjectId"),
]


@pytest.mark.parametrize(("members", "field"), WRONG_ROWS)
def test_a_wrong_row_is_refused_with_its_place(api: Api, members: dict[str, Any], field: str) -> None:
    answer = api.post("/customerinvoicedrafts", draft_body(api, row(api) | members))

    assert answer.code == 2000
    assert field in answer.fields


def test_surplus_decimals_can_be_rounded_instead(api: Api) -> None:
    api.sandbox.switches.surplus_decimals = "round"

    assert draft(api, row(api, UnitPrice=1.005))["Rows"][0]["UnitPrice"] == Decimal("1.01")


def test_prices_abroad_have_four_decimals(api: Api) -> None:
    document = draft(api, row(api, UnitPrice=61.1234), customer=EXPORTER)

    assert document["InvoiceCurrencyCode"] == "EUR"
    assert document["Rows"][0]["UnitPrice"] == Decimal("61.1234")
    assert document["TotalRoundings"] == 0
    assert document["TotalAmountBaseCurrency"] == Decimal("859.50")


REVERSE = [("10004", True, 0), ("10004", False, 25)]


@pytest.mark.parametrize(("customer", "flag", "percent"), REVERSE)
def test_reverse_charge_needs_the_customer_and_the_row(api: Api, customer: str, flag: bool, percent: int) -> None:
    document = draft(api, row(api, UnitPrice=100, ReversedConstructionServicesVatFree=flag), customer=customer)

    assert document["Rows"][0]["VatRate"] == percent
    assert document["TotalVatAmount"] == percent


def test_reverse_charge_without_the_customers_is_refused(api: Api) -> None:
    flagged = row(api, ReversedConstructionServicesVatFree=True)

    assert api.post("/customerinvoicedrafts", draft_body(api, flagged)).code == 2000
    api.sandbox.switch({"switches": {"uses_reverse_charge": False}})
    assert api.post("/customerinvoicedrafts", draft_body(api, flagged, customer=BUILDER)).code == 2000


@pytest.mark.parametrize(
    ("order", "line", "percent"), [(True, True, 0), (True, False, 25), (False, True, 25), (False, False, 25)]
)
def test_an_order_needs_reverse_charge_on_itself_and_on_the_row(
    api: Api, order: bool, line: bool, percent: int
) -> None:
    body = order_body(
        api,
        order_row(api, EligibleForReverseChargeOnVat=line),
        customer=BUILDER,
        ReverseChargeOnConstructionServices=order,
    )

    assert api.post("/orders", body).body["VatAmount"] == percent
    other = order_body(api, order_row(api), ReverseChargeOnConstructionServices=True)
    assert api.post("/orders", other).code == 2000


@pytest.mark.parametrize(("customer", "percent"), [(GERMAN, 0), (NORWEGIAN, 0), (EXPORTER, 25)])
def test_vat_abroad(api: Api, customer: str, percent: int) -> None:
    assert draft(api, row(api, UnitPrice=100), customer=customer)["Rows"][0]["VatRate"] == percent


def house_work(api: Api, **members: Any) -> dict[str, Any]:
    labour = row(api, quantity=10, UnitPrice=1000, IsWorkCost=True, WorkCostType=7, WorkHours=10)
    material = row(api, "7820110", UnitPrice=5000)
    return draft_body(
        api,
        labour,
        material,
        customer=PRIVATE,
        **{
            "RotReducedInvoicingType": 1,
            "RotPropertyType": 2,
            "RotReducedInvoicingPropertyName": "Solrosen 7",
            "Persons": [{"Ssn": "641127-9810"}],
            **members,
        },
    )


def test_rot_reduces_by_its_share_of_the_labour(api: Api) -> None:
    document = api.post("/customerinvoicedrafts", house_work(api)).body

    assert document["RotReducedInvoicingAmount"] == 3000
    assert document["Persons"][0]["Amount"] == 3000
    assert document["MaxAllowedTaxReductionAmount"] == 50000


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"Persons": None}, 2000),
        ({"Persons": [{"Ssn": "641127-9811"}]}, 4029),
        ({"RotReducedInvoicingPropertyName": None}, 2000),
        ({"RotPropertyType": 1}, 2000),
        ({"RotReducedInvoicingOrgNumber": "769690-131812"}, 2000),
        ({"UsesGreenTechnology": True}, 2000),
        ({"RotReducedInvoicingType": 3}, 2000),
    ],
)
def test_rot_asks_for_what_it_needs(api: Api, members: dict[str, Any], code: int) -> None:
    assert api.post("/customerinvoicedrafts", house_work(api, **members)).code == code


def test_rot_is_for_private_persons_where_the_company_uses_it(api: Api) -> None:
    company = api.one("/customers", CustomerNumber="10006")["Id"]
    assert api.post("/customerinvoicedrafts", house_work(api, CustomerId=company)).code == 2000

    api.sandbox.switch({"switches": {"uses_rot": False}})

    assert api.post("/customerinvoicedrafts", house_work(api)).code == 2000


def test_labour_without_hours_is_refused_in_the_vendors_words(api: Api) -> None:
    answer = api.post("/customerinvoicedrafts", draft_body(api, row(api, WorkCostType=7, WorkHours=0.5)))

    assert "with work hours < 1.00" in answer.body["DeveloperErrorMessage"]


def test_a_draft_takes_from_its_customer_what_it_was_not_given(api: Api) -> None:
    customer = api.one("/customers", CustomerNumber="10004")
    taken = draft(api, row(api), customer="10004")
    given_ = draft(api, row(api), customer="10004", InvoiceAddress1="Egen väg 1", DeliveryCity="Borås")

    assert taken["InvoiceAddress1"] == customer["InvoiceAddress1"]
    assert (taken["DeliveryCity"], taken["InvoiceCity"]) == (customer["DeliveryCity"], customer["InvoiceCity"])
    assert (given_["InvoiceAddress1"], given_["DeliveryCity"]) == ("Egen väg 1", "Borås")


def test_a_draft_shows_todays_date_unless_the_company_keeps_its_own(api: Api) -> None:
    today = api.sandbox.books.today()
    document = draft(api, row(api), InvoiceDate=(today - timedelta(days=3)).isoformat())
    assert document["InvoiceDate"] == today.isoformat()

    api.sandbox.clock.offset = timedelta(days=1)
    # The access token has expired with the day that passed.
    later = Api(api.sandbox)
    shown = later.get(f"/customerinvoicedrafts/{document['Id']}").body["InvoiceDate"]
    assert shown == (today + timedelta(days=1)).isoformat()

    api.sandbox.switch({"switches": {"keep_original_draft_date": True}})
    kept = draft(later, row(later), InvoiceDate=(today - timedelta(days=3)).isoformat())

    assert kept["InvoiceDate"] == (today - timedelta(days=3)).isoformat()


def test_a_replaced_draft_has_the_new_rows_only(api: Api) -> None:
    before = draft(api, row(api), row(api, "1810022", 4), YourReference="Patrik")

    after = api.put(f"/customerinvoicedrafts/{before['Id']}", draft_body(api, row(api, quantity=2))).body

    assert [each["Quantity"] for each in after["Rows"]] == [2]
    assert after["YourReference"] is None
    assert (after["Id"], after["CreatedUtc"]) == (before["Id"], before["CreatedUtc"])


def test_converting_a_draft_books_it_and_the_draft_is_gone(api: Api) -> None:
    document = draft(api, row(api, quantity=2, UnitPrice=100.1), text_row("1187-K7Q2M9"), YourReference="Patrik")

    invoice = api.post(f"/customerinvoicedrafts/{document['Id']}/convert").body

    assert invoice["CreatedFromDraftId"] == document["Id"]
    assert invoice["TotalAmount"] == document["TotalAmount"]
    assert [each["Text"] for each in invoice["Rows"]][1] == "1187-K7Q2M9"
    assert invoice["YourReference"] == "Patrik"
    assert api.get(f"/customerinvoicedrafts/{document['Id']}").status == 400
    voucher = next(each for each in api.all("/vouchers") if each["Id"] == invoice["VoucherId"])
    assert (voucher["VoucherType"], voucher["NumberAndNumberSeries"]) == (14, invoice["VoucherNumber"])
    assert {each["AccountNumber"] for each in voucher["Rows"]} == {1510, 2611, 3041, 3740}
    assert balance(voucher) == 0


def balance(voucher: dict[str, Any]) -> Decimal:
    return sum((Decimal(each["DebitAmount"]) - Decimal(each["CreditAmount"]) for each in voucher["Rows"]), Decimal(0))


def test_what_the_client_expects_of_the_totals_is_checked(api: Api) -> None:
    document = draft(api, row(api, UnitPrice=100))
    path = f"/customerinvoicedrafts/{document['Id']}/convert"

    assert api.post(path, {"TotalAmountInvoiceCurrency": 100}).fields == {"TotalAmountInvoiceCurrency"}
    assert api.post(path, {"Rows": [{"LineNumber": 1, "TotalAmountIncVatInvoiceCurrency": 100}]}).fields == {"Rows"}
    assert api.post(path, {"Rows": [{"LineNumber": 7}]}).fields == {"Rows"}
    good = {"TotalVatAmountInvoiceCurrency": 25, "Rows": [{"LineNumber": 1, "TotalAmountNoVatInvoiceCurrency": 100}]}
    assert api.post(path, good).status == 201


def test_an_invoice_needs_an_article_row_an_open_year_and_a_day_that_has_come(api: Api) -> None:
    today = api.sandbox.books.today()
    only_text = draft(api, text_row("Hej"))

    assert api.post(f"/customerinvoicedrafts/{only_text['Id']}/convert").code == 4013
    dates = {
        (today + timedelta(days=1)).isoformat(): 4023,
        f"{today.year - 2}-06-01": 4038,
        f"{today.year - 5}-06-01": 3001,
    }
    for day, code in dates.items():
        assert api.post("/customerinvoices", invoice_body(api, row(api, UnitPrice=1), InvoiceDate=day)).code == code
    api.sandbox.switch({"switches": {"locked_to": (today - timedelta(days=1)).isoformat()}})
    locked = invoice_body(api, row(api, UnitPrice=1), InvoiceDate=(today - timedelta(days=1)).isoformat())
    assert api.post("/customerinvoices", locked).code == 4026
    assert api.post("/customerinvoices", invoice_body(api, row(api, UnitPrice=1))).status == 201


def test_a_refused_invoice_leaves_no_trace(api: Api) -> None:
    document = draft(api, text_row("Hej"))
    before = [len(api.all("/vouchers")), len(api.all("/customerinvoices"))]

    api.post(f"/customerinvoicedrafts/{document['Id']}/convert")

    assert [len(api.all("/vouchers")), len(api.all("/customerinvoices"))] == before
    assert api.get(f"/customerinvoicedrafts/{document['Id']}").status == 200


def test_a_coding_without_the_account_for_the_sale_cannot_be_booked(api: Api) -> None:
    lunch = row(api, "9990005", ReversedConstructionServicesVatFree=True)
    document = draft(api, lunch, customer=BUILDER)

    assert api.post(f"/customerinvoicedrafts/{document['Id']}/convert").code == 4024


def test_an_invoice_falls_due_without_being_modified(api: Api) -> None:
    invoice = api.post("/customerinvoices", invoice_body(api, row(api, UnitPrice=100))).body
    assert invoice["PaymentStatus"] == 1

    api.sandbox.clock.offset = timedelta(days=31)
    # The access token has expired with the days that passed.
    later = Api(api.sandbox).get(f"/customerinvoices/{invoice['Id']}").body

    assert later["PaymentStatus"] == 2
    assert later["ModifiedUtc"] == invoice["ModifiedUtc"]


def test_a_credit_invoice_is_negative(api: Api) -> None:
    invoice = api.post("/customerinvoices", invoice_body(api, row(api, UnitPrice=100), IsCreditInvoice=True)).body
    voucher = next(each for each in api.all("/vouchers") if each["Id"] == invoice["VoucherId"])

    assert (invoice["TotalAmount"], invoice["RemainingAmount"]) == (-125, -125)
    assert (voucher["VoucherType"], balance(voucher)) == (15, 0)


def test_a_draft_order_has_no_number_until_it_is_ongoing(api: Api) -> None:
    body = order_body(api, order_row(api, quantity=4))
    order = api.post("/orders", body).body
    assert order["Number"] is None

    ongoing = api.post(f"/orders/{order['Id']}/converteddrafttoorder").body
    assert (ongoing["Status"], ongoing["Number"]) == (2, 2019)
    assert api.post("/orders", {**body, "Status": 2}).body["Number"] == 2020

    shipped = api.post(f"/orders/{order['Id']}/completed").body
    assert shipped["Status"] == 3
    assert shipped["ShippedDateTime"] == api.sandbox.books.today().isoformat()
    assert shipped["DeliveredAmount"] == shipped["Amount"] == 500
    assert shipped["Rows"][0]["Id"] == order["Rows"][0]["Id"]

    back = api.post(f"/orders/{order['Id']}/voided").body
    assert (back["Status"], back["DeliveredAmount"], back["ShippedDateTime"]) == (2, 0, None)

    api.post(f"/orders/{order['Id']}/completed")
    invoice = api.post(f"/orders/{order['Id']}/convert", {"WorkHouseOtherCosts": None}).body
    assert (invoice["CreatedFromOrderId"], invoice["TotalAmount"]) == (order["Id"], 500)
    assert api.get(f"/orders/{order['Id']}").body["Status"] == 4


def test_an_action_out_of_turn_is_refused(api: Api) -> None:
    order = api.post("/orders", order_body(api, order_row(api))).body
    path = f"/orders/{order['Id']}"

    for action in ("completed", "voided", "convert"):
        assert api.post(f"{path}/{action}").code == 4002
    api.post(f"{path}/converteddrafttoorder")
    assert api.post(f"{path}/converteddrafttoorder").code == 4002
    api.post(f"{path}/completed")
    assert api.delete(path).code == 4001
    assert api.put(path, order_body(api, order_row(api), Status=2)).code == 4002


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"Status": 3}, 2000),
        ({"Status": 5}, 2000),
        ({"CurrencyCode": "XXX"}, 2000),
        ({"CustomerId": NOBODY}, 2000),
        ({"OrderDate": "1999-01-01"}, 3001),
        ({"OrderDate": "today"}, 6001),
        ({"TermsOfPaymentId": NOBODY}, 2000),
        ({"YourReference": "x" * 101}, 2000),
    ],
)
def test_a_wrong_order_is_refused(api: Api, members: dict[str, Any], code: int) -> None:
    assert api.post("/orders", order_body(api, order_row(api), **members)).code == code


def test_a_row_may_be_negative_but_not_the_order(api: Api) -> None:
    good = order_body(api, order_row(api, quantity=2), order_row(api, quantity=-1) | {"LineNumber": 2})

    assert api.post("/orders", good).body["Amount"] == 125
    assert api.post("/orders", order_body(api, order_row(api, quantity=-1))).code == 2000


def test_an_order_becomes_ongoing_by_a_replace_but_never_a_draft_again(api: Api) -> None:
    order = api.post("/orders", order_body(api, order_row(api))).body
    path = f"/orders/{order['Id']}"

    number = api.put(path, order_body(api, order_row(api), Status=2)).body["Number"]

    assert number is not None
    assert api.put(path, order_body(api, order_row(api), Status=1)).code == 2000
    assert api.put(path, order_body(api, order_row(api), Status=2)).body["Number"] == number


def voucher(api: Api, *rows: tuple[int, Any, Any], **members: Any) -> dict[str, Any]:
    return {
        "VoucherDate": api.sandbox.books.today().isoformat(),
        "VoucherText": "Prov",
        "Rows": [
            {"AccountNumber": number, "DebitAmount": debit, "CreditAmount": credit} for number, debit, credit in rows
        ],
        **members,
    }


def test_vouchers_are_numbered_in_their_series(api: Api) -> None:
    body = voucher(api, (6570, 100, 0), (1930, 0, 100), NumberSeries="L")

    default = api.post("/vouchers", body).body
    chosen = [api.post("/vouchers", body, useDefaultVoucherSeries="false").body for _ in range(2)]

    assert default["NumberAndNumberSeries"] == "V9"
    assert [each["NumberAndNumberSeries"] for each in chosen] == ["L1", "L2"]
    assert default["Rows"][0]["AccountDescription"] == "Bankkostnader"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(6570, 100, 0), (1930, 0, 99)], 2000),
        ([(6570, 100, 100), (1930, 100, 100)], 2000),
        ([(6570, 0, 0), (1930, 0, 0)], 2000),
        ([(6570, 1.005, 0), (1930, 0, 1.005)], 2000),
        ([(6571, 100, 0), (1930, 0, 100)], 3002),
        ([(1510, 100, 0), (3041, 0, 100)], 2000),
        ([(6570, -1, 0), (1930, 0, -1)], 2000),
        ([], 2000),
    ],
)
def test_a_wrong_voucher_is_refused(api: Api, rows: list[tuple[int, Any, Any]], code: int) -> None:
    assert api.post("/vouchers", voucher(api, *rows)).code == code


def test_a_voucher_needs_an_open_period(api: Api) -> None:
    year = api.sandbox.books.today().year
    rows = ((6570, 100, 0), (1930, 0, 100))

    for day, code in ((f"{year + 1}-01-01", 3001), (f"{year - 2}-12-31", 4038)):
        assert api.post("/vouchers", voucher(api, *rows, VoucherDate=day)).code == code
    api.sandbox.switch({"switches": {"locked_to": f"{year - 1}-12-31"}})
    assert api.post("/vouchers", voucher(api, *rows, VoucherDate=f"{year - 1}-12-31")).code == 4026
    assert api.post("/vouchers", voucher(api, *rows), useAutomaticVatCalculation="true").code == 6001


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [("2026-07-01", "2027-06-30", 4020), ("2040-01-01", "2040-12-30", 4022), ("2040-01-01", "2041-07-31", 4021)],
)
def test_a_wrong_fiscal_year_is_refused(api: Api, start: str, end: str, code: int) -> None:
    assert api.post("/fiscalyears", {"StartDate": start, "EndDate": end}).code == code


def test_a_new_fiscal_year_has_accounts(api: Api) -> None:
    year = api.post("/fiscalyears", {"StartDate": "2040-01-01", "EndDate": "2040-12-31"}).body

    assert len(api.all(f"/accounts/{year['Id']}")) == 149
    taken = {"Name": "x", "Number": "3041", "FiscalYearId": year["Id"], "IsActive": True}
    assert api.post("/accounts", taken).code == 4000
    assert api.post("/accounts", taken | {"Number": "30"}).code == 2000


def test_files_go_on_documents(api: Api) -> None:
    document = draft(api, row(api))
    order = api.post("/orders", order_body(api, order_row(api))).body
    file = {"ContentType": "application/pdf", "FileName": "ao-1187.pdf", "Data": "JVBERi0="}

    on_draft = api.post("/salesdocumentattachments/customerinvoicedraft", file | {"DockumentId": document["Id"]}).body
    on_order = api.post("/salesdocumentattachments/order", file | {"DockumentId": order["Id"]}).body

    assert (on_draft["DocumentId"], on_draft["DocumentSize"]) == (document["Id"], 5)
    assert api.get(f"/orders/{order['Id']}").body["SalesDocumentAttachments"] == [on_order["Id"]]
    assert api.delete(f"/salesdocumentattachments/order/{document['Id']}/{on_order['Id']}").status == 400
    assert api.delete(f"/salesdocumentattachments/order/{order['Id']}/{on_order['Id']}").status == 200
    assert api.get(f"/orders/{order['Id']}").body["SalesDocumentAttachments"] is None


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"DockumentId": NOBODY}, 5007),
        ({"ContentType": "text/plain"}, 2000),
        ({"Data": None}, 2000),
        ({"Data": "JVBERi0=", "Url": "https://files.example/x.pdf"}, 2000),
        ({"Data": "not base64"}, 2000),
        ({"FileName": "x" * 129}, 2000),
    ],
)
def test_a_wrong_file_is_refused(api: Api, members: dict[str, Any], code: int) -> None:
    file = {"ContentType": "application/pdf", "FileName": "x.pdf", "Data": "JVBERi0=", "DockumentId": draft(api)["Id"]}

    assert api.post("/salesdocumentattachments/customerinvoicedraft", file | members).code == code
