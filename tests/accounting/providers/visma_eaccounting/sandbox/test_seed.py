"""What the stand-in starts with: believable, awkward where the real world is, and the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from tests.accounting.providers.visma_eaccounting.sandbox.api import Api


def records(sandbox: Sandbox) -> dict[str, list[bytes]]:
    return {key: list(table.raw.values()) for key, table in sandbox.books.tables.items()}


def test_the_same_seed_gives_the_same_records() -> None:
    first, same, other = (Sandbox(seed=seed, customers=60, orders=30) for seed in (3, 3, 4))

    assert records(first) == records(same)
    assert records(first) != records(other)


def test_ids_differ_from_company_to_company(sandbox: Sandbox) -> None:
    first, second = sandbox.companies.values()

    for key in ("units", "termsofpayments", "articleaccountcodings", "vatcodes", "fiscalyears"):
        assert not first.tables[key].raw.keys() & second.tables[key].raw.keys()


def test_swedish_numbers_have_right_check_digits() -> None:
    customers = Api(Sandbox(seed=2, customers=400)).all("/customers", filter="InvoiceCountryCode eq 'SE'")
    numbers = [
        re.sub(r"\D", "", each["CorporateIdentityNumber"]) for each in customers if each["CorporateIdentityNumber"]
    ]

    assert len(numbers) > 390
    assert all(len(number) == 10 and luhn.is_valid(number) for number in numbers)
    assert all(
        each["VatNumber"][2:12] == re.sub(r"\D", "", each["CorporateIdentityNumber"])
        for each in customers
        if each["VatNumber"]
    )


def test_stamps_have_none_to_seven_digits() -> None:
    stamps = [each["ChangedUtc"] for each in Api(Sandbox(customers=500)).all("/customers")]

    lengths = {len(stamp.partition(".")[2].rstrip("Z")) for stamp in stamps}
    assert {0, 3, 6, 7} <= lengths <= set(range(8))


def test_hours_and_goods_and_an_article_without_a_known_unit(api: Api) -> None:
    units = {each["Id"]: each for each in api.all("/units")}
    articles = api.all("/articles")
    hours = [each for each in articles if units.get(each["UnitId"], {}).get("AbbreviationEnglish") == "h"]
    unknown = [each for each in articles if each["UnitId"] not in units]

    assert {units[each["UnitId"]]["Abbreviation"] for each in hours} == {"tim", "h"}
    assert [(each["Number"], each["UnitName"]) for each in unknown] == [("9990001", None)]


def test_orders_and_projects_come_in_every_state(api: Api) -> None:
    assert {each["Status"] for each in api.all("/orders")} == {1, 2, 3, 4}
    assert {each["Status"] for each in api.all("/projects")} == {1, 2}
    assert {each["PaymentStatus"] for each in api.all("/customerinvoices")} == {0, 1, 2}
    assert {each["Number"] is None for each in api.all("/orders", filter="Status eq 1")} == {True}


def test_every_voucher_balances(api: Api) -> None:
    for voucher in api.all("/vouchers"):
        assert sum(each["DebitAmount"] - each["CreditAmount"] for each in voucher["Rows"]) == 0


def test_every_reference_leads_somewhere(api: Api) -> None:
    known = {path: {each["Id"] for each in api.all(path)} for path in ("/customers", "/projects", "/articles")}

    for document in [*api.all("/orders"), *api.all("/customerinvoicedrafts"), *api.all("/customerinvoices")]:
        assert document["CustomerId"] in known["/customers"]
        for row in document["Rows"]:
            assert row["ArticleId"] in known["/articles"] | {None}
            assert row["ProjectId"] in known["/projects"] | {None}


def test_fewer_than_the_core_are_a_part_of_it() -> None:
    api = Api(Sandbox(customers=5, articles=4, projects=3, orders=2))

    assert [each["CustomerNumber"] for each in api.all("/customers")] == ["10001", "10002", "10003", "10004", "10005"]
    assert (len(api.all("/articles")), len(api.all("/projects"))) == (4, 3)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def test_nobody_real_can_be_written_to_or_called() -> None:
    said = [text for each in Api(Sandbox(customers=300)).all("/customers") for text in texts(each)]

    assert all(text.endswith(".example") for text in said if "@" in text)
    phones = [text for text in said if re.fullmatch(r"0\d{2}-[\d ]{7,}", text)]
    assert phones
    assert all(re.match(r"031-390 06 [0-4]|070-174 06", phone) for phone in phones)


def test_further_companies_are_firms_of_their_own() -> None:
    sandbox = Sandbox(customers=2, articles=2, projects=0, orders=0, companies=4)

    numbers = {books.org_number for books in sandbox.companies.values()}
    assert len(numbers) == 4
    assert all(luhn.is_valid(number.replace("-", "")) for number in numbers)
    assert sandbox.people.companies_of(sandbox.people.first) == (0, 1, 2, 3)
