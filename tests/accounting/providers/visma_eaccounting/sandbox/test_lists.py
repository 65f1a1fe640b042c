"""Paging, filters, order and choice of members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from accounting.providers.visma_eaccounting.sandbox.moments import parse_ticks, write_ticks
from accounting.providers.visma_eaccounting.sandbox.odata import compile_filter
from accounting.providers.visma_eaccounting.sandbox.schema import schema
from tests.accounting.providers.visma_eaccounting.sandbox.api import Api, customer_body, draft_body, row, text_row


def test_pages_hold_fifty_by_default_and_end(api: Api) -> None:
    first, second, beyond = (api.get("/articles", page=number) for number in (1, 2, 3))

    assert [len(answer.body["Data"]) for answer in (first, second, beyond)] == [50, 26, 0]
    assert first.body["Meta"] | {"ServerTimeUtc": ""} == {
        "CurrentPage": 1,
        "PageSize": 50,
        "TotalNumberOfPages": 2,
        "TotalNumberOfResults": 76,
        "ServerTimeUtc": "",
    }


def test_a_page_is_never_longer_than_the_cap_and_says_so(api: Api) -> None:
    api.sandbox.switches.page_cap = 20

    answer = api.get("/articles", pagesize=500)

    assert (answer.body["Meta"]["PageSize"], len(answer.body["Data"])) == (20, 20)


@pytest.mark.parametrize("query", [{"page": 0}, {"page": "x"}, {"pagesize": -1}])
def test_a_page_that_is_no_number_is_refused(api: Api, query: dict[str, Any]) -> None:
    assert api.get("/articles", **query).code == 6000


@pytest.mark.parametrize("pages", [0, 1])
def test_an_empty_list_has_as_many_pages_as_the_switch_says(api: Api, pages: int) -> None:
    api.sandbox.switches.pages_of_nothing = pages

    assert api.get("/salesdocumentattachments").body["Meta"]["TotalNumberOfPages"] == pages


FILTERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "IsActive eq true": lambda each: each["IsActive"],
    "IsPrivatePerson": lambda each: each["IsPrivatePerson"],
    "not IsActive": lambda each: not each["IsActive"],
    "CustomerNumber eq '10006'": lambda each: each["CustomerNumber"] == "10006",
    "contains(Name,'Göteborg')": lambda each: "Göteborg" in each["Name"],
    "startswith(Name,'Brf') and IsActive eq true": lambda each: each["Name"].startswith("Brf"),
    "endswith(Name,'AB') or endswith(Name,'HB')": lambda each: each["Name"].endswith(("AB", "HB")),
    "(InvoiceCity eq 'Göteborg' or InvoiceCity eq 'Mölndal') and not contains(Name,'AB')": lambda each: (
        each["InvoiceCity"] in ("Göteborg", "Mölndal") and "AB" not in each["Name"]
    ),
    "Name eq 'O''Hara'": lambda each: each["Name"] == "O'Hara",
    "EmailAddress eq null": lambda each: each["EmailAddress"] is None,
    "EmailAddress ne null": lambda each: each["EmailAddress"] is not None,
    "CustomerNumber ge '10040'": lambda each: each["CustomerNumber"] >= "10040",
    "DiscountPercentage eq -0": lambda each: each["DiscountPercentage"] == 0,
}


@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_finds_what_it_says(api: Api, text: str) -> None:
    api.post("/customers", customer_body(api, Name="O'Hara"))
    everybody = api.all("/customers")

    found = api.all("/customers", filter=text)

    assert found == [each for each in everybody if FILTERS[text](each)]
    assert found, "a filter that finds nothing shows nothing"


def test_ids_are_written_without_quotes_and_in_any_case(api: Api) -> None:
    customer = api.one("/customers", CustomerNumber="10006")

    assert api.all("/customers", filter=f"Id eq {customer['Id'].upper()}") == [customer]
    assert api.get("/customers", filter=f"Id eq '{customer['Id']}'").code == 6000


def test_rows_can_be_searched(api: Api) -> None:
    draft = api.post("/customerinvoicedrafts", draft_body(api, row(api), text_row("Vår referens 1187-K7Q2M9"))).body

    found = [
        api.all("/customerinvoicedrafts", filter="Rows/any(c: contains(c/Text,'1187-K7Q2M9'))"),
        api.all("/customerinvoicedrafts", filter="Rows/any(r: r/ArticleNumber eq 'A100') and CreatedUtc ge 2001-01-01"),
        api.all("/customerinvoicedrafts", filter="Rows/all(r: r/IsTextRow)"),
    ]

    assert found[0] == [draft]
    assert draft in found[1]
    assert draft not in found[2]


def test_a_property_can_be_negative(api: Api) -> None:
    text = "RemainingAmountInvoiceCurrency eq -TotalAmountInvoiceCurrency"

    assert api.all("/customerinvoices", filter=text) == []
    assert api.all("/customerinvoices", filter="TotalAmount gt -1")


def test_goods_and_services_are_told_apart(api: Api) -> None:
    goods, services = (api.all("/articles", filter=f"CodingType eq {kind}") for kind in (1, 2))

    assert {each["IsServiceArticle"] for each in goods} == {False}
    assert {each["IsServiceArticle"] for each in services} == {True}
    assert len(goods) + len(services) == 76


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Colour eq 'red'", 6000),
        ("CustomerLabels eq 'x'", 6000),
        ("UnpaidInvoicesAmount gt 0", 6000),
        ("Name eq", 6000),
        ("Name equals 'x'", 6000),
        ("Name eq 'x' and", 6000),
        ("(Name eq 'x'", 6000),
        ("Name eq 7", 6000),
        ("IsActive eq 'true'", 6000),
        ("Name eq 'x' IsActive", 6000),
        ("Name eq #", 6000),
        ("contains(IsActive,'x')", 6000),
        ("Rows/any(c: c/Text eq 'x')", 6000),
        ("Name eq -'x'", 6000),
        (") eq (", 6000),
        ("ChangedUtc gt 2026-13-01T00:00:00Z", 6001),
        ("ChangedUtc gt 2026-01-01T00:00:00 00:00", 6000),
        ("ChangedUtc gt 2026-01-01 00:00:00", 6000),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(api: Api, text: str, code: int) -> None:
    answer = api.get("/customers", filter=text)

    assert (answer.status, answer.code) == (400, code)


def test_members_can_be_made_unfilterable(api: Api) -> None:
    assert api.get("/orders", filter="YourReference eq 'x'").status == 200

    api.sandbox.switches.not_filterable = ("orders.YourReference",)

    assert api.get("/orders", filter="YourReference eq 'x'").code == 6000
    assert api.get("/customerinvoicedrafts", filter="YourReference eq 'x'").status == 200


@pytest.mark.parametrize("path", ["/customers", "/articles", "/projects", "/orders", "/customerinvoices", "/vouchers"])
def test_what_changed_since_is_found_from_the_stamp_itself(api: Api, path: str) -> None:
    stamp = "ChangedUtc" if path in ("/customers", "/articles") else "ModifiedUtc"
    records = sorted(api.all(path), key=lambda each: parse_ticks(each[stamp]))
    middle = records[len(records) // 2]

    newer = api.all(path, filter=f"{stamp} gt {middle[stamp]}")
    from_it = api.all(path, filter=f"{stamp} ge {middle[stamp]}")

    assert {each["Id"] for each in from_it} - {each["Id"] for each in newer} == {middle["Id"]}
    assert len(newer) == len(records) - len(records) // 2 - 1


def test_the_servers_own_time_is_the_right_mark_for_the_next_read(api: Api) -> None:
    mark = api.get("/customers").body["Meta"]["ServerTimeUtc"]
    assert api.all("/customers", filter=f"ChangedUtc ge {mark}") == []

    created = api.post("/customers", customer_body(api)).body

    assert api.all("/customers", filter=f"ChangedUtc ge {mark}") == [created]


def test_invoices_know_a_plain_parameter_for_the_same(api: Api) -> None:
    records = sorted(api.all("/customerinvoices"), key=lambda each: parse_ticks(each["ModifiedUtc"]))

    newest = api.all("/customerinvoices", modifiedSinceUtc=records[-1]["ModifiedUtc"])

    assert newest == records[-1:]
    assert api.get("/customerinvoices", modifiedSinceUtc="yesterday").code == 6001


def test_records_are_sorted_as_asked(api: Api) -> None:
    answer = api.all("/articles", orderby="IsServiceArticle desc,Name")

    assert answer == sorted(answer, key=lambda each: (not each["IsServiceArticle"], each["Name"]))
    assert api.get("/articles", orderby="Colour").code == 6000
    assert api.get("/articles", orderby="Name upwards").code == 6000


def test_only_the_chosen_members_come(api: Api) -> None:
    answer = api.get("/articles", select="Id, Number", pagesize=3, documented=False)

    assert [set(each) for each in answer.body["Data"]] == [{"Id", "Number"}] * 3
    assert api.get("/articles", select="Colour").code == 6000


def test_parameters_that_nobody_knows_are_tolerated(api: Api) -> None:
    answer = api.client.get("/v2/articles?$top=2&$expand=All&x=1", headers={"Authorization": f"Bearer {api.token}"})

    assert answer.status_code == 200
    assert len(answer.json["Data"]) == 50


def test_new_records_can_lag_behind_in_lists(api: Api) -> None:
    api.sandbox.switches.lists_lag = 30
    created = api.post("/customers", customer_body(api)).body

    at_once = [
        api.get(f"/customers/{created['Id']}").status,
        len(api.all("/customers", filter="Name eq 'Provkund AB'")),
    ]
    api.sandbox.clock.offset += 31 * (api.sandbox.clock.offset.resolution * 1_000_000)
    later = api.all("/customers", filter="Name eq 'Provkund AB'")

    assert at_once == [200, 0]
    assert later == [created]


def test_a_search_finds_the_record_under_its_new_value_only(api: Api) -> None:
    before = api.one("/customers", CustomerNumber="10006")
    assert api.all("/customers", filter="CustomerNumber eq '10006'") == [before]

    api.put(f"/customers/{before['Id']}", {**before, "CustomerNumber": "K-77"})

    assert api.all("/customers", filter="CustomerNumber eq '10006'") == []
    assert [each["Id"] for each in api.all("/customers", filter="CustomerNumber eq 'K-77'")] == [before["Id"]]


def test_articles_show_what_a_customer_pays(api: Api) -> None:
    customer = api.post("/customers", customer_body(api, DiscountPercentage=0.15)).body

    articles = api.all("/articles", customerId=customer["Id"])

    assert all(each["NetPriceWithDiscount"] * 100 == each["NetPrice"] * 85 for each in articles)
    assert api.get("/articles", customerId="00000000-0000-4000-8000-000000000000").code == 2000


@given(ticks=st.integers(min_value=0, max_value=10**18))
def test_moments_keep_all_seven_digits(ticks: int) -> None:
    assert parse_ticks(write_ticks(ticks)) == ticks


@settings(max_examples=300)
@given(text=st.text(alphabet="()'ANDorenotqCustomerNumber 0129-:Tz/,.", max_size=60))
def test_any_filter_is_either_understood_or_refused(text: str) -> None:
    sandbox = SHARED
    answer = Api(sandbox)("GET", "/customers", filter=text, documented=False)

    assert answer.status == 200 or answer.code in (6000, 6001)


SHARED = Sandbox(customers=3, articles=1, rate_limit=0)


def test_a_condition_says_what_an_index_can_answer() -> None:
    condition = compile_filter("Name eq 'x' and ChangedUtc gt 2026-01-01T00:00:00Z and IsActive", schema("CustomerApi"))

    assert condition.equal == (("Name", "x"),)
    assert [part[:2] for part in condition.since] == [("ChangedUtc", "gt")]
    assert condition.needs == {"Name", "ChangedUtc", "IsActive"}
