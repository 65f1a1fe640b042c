"""Single customers: shown by their id, searched by what they are known by, recognised in a pasted address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounting.errors import NotFound, Refused, UnexpectedAnswer
from accounting.protocol import KnowsAddresses, SearchesCustomers, ShowsRecords, remote_id_in
from accounting.providers.visma_eaccounting import PROVIDER
from accounting.types import CustomerDocument, CustomerRecord
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks, new_customer
from tests.accounting.providers.visma_eaccounting.samples import guid

ID = "38fe43cc-c843-48e0-9efe-fa7b262a8191"
NOBODY = replace(new_customer("K-1"), number="", organisation_number="", email="")


def shows(samples: SampleBooks) -> ShowsRecords:
    ledger = samples.ledger()
    assert isinstance(ledger, ShowsRecords)
    return ledger


def searched(samples: SampleBooks, document: CustomerDocument) -> list[str]:
    ledger = samples.ledger()
    assert isinstance(ledger, SearchesCustomers)
    return [each.number for each in ledger.customers_like(document)]


# --- one customer --------------------------------------------------------------------


def test_a_customer_is_shown_as_a_read_would_show_it(samples: SampleBooks) -> None:
    page = samples.ledger().read(CustomerRecord, since=None)
    [read, *_] = page.translate(page.entries).records

    assert shows(samples).record(CustomerRecord, read.remote_id) == read


def test_a_customer_who_is_not_in_these_books_is_not_found(samples: SampleBooks) -> None:
    with pytest.raises(NotFound):
        shows(samples).record(CustomerRecord, ID)


def test_a_customer_who_cannot_be_read_says_why(samples: SampleBooks) -> None:
    samples.lists["customers"][0]["Name"] = ""

    with pytest.raises(UnexpectedAnswer, match="Name is empty"):
        shows(samples).record(CustomerRecord, guid("customer 1"))


# --- who is like ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known_by", "there"),
    [
        ({"organisation_number": "5560160680"}, {"CorporateIdentityNumber": "556016-0680"}),
        ({"organisation_number": "556016-0680"}, {"CorporateIdentityNumber": "5560160680"}),
        ({"organisation_number": "16556016-0680"}, {"CorporateIdentityNumber": "556016-0680"}),
        ({"organisation_number": "800101-1234"}, {"CorporateIdentityNumber": "198001011234"}),
        ({"email": "Kontor@Ek.example"}, {"EmailAddress": "kontor@ek.example"}),
        ({"number": "O'Neill"}, {"CustomerNumber": "O'Neill"}),
    ],
)
def test_a_customer_is_searched_by_each_of_their_marks(
    samples: SampleBooks, known_by: dict[str, str], there: dict[str, str]
) -> None:
    samples.lists["customers"].append(
        sample.customer(77, **({"CorporateIdentityNumber": "1", "EmailAddress": ""} | there))
    )

    assert searched(samples, replace(NOBODY, **known_by)) == [there.get("CustomerNumber", "1077")]  # type: ignore[arg-type]


def test_inactive_customers_are_found_too(samples: SampleBooks) -> None:
    samples.lists["customers"].append(sample.customer(77, EmailAddress="kontor@ek.example", IsActive=False))

    assert searched(samples, replace(NOBODY, email="kontor@ek.example")) == ["1077"]


def test_without_marks_nobody_is_asked(samples: SampleBooks) -> None:
    samples.calls = []

    assert searched(samples, NOBODY) == []
    assert samples.calls == []


def test_books_that_cannot_be_searched_say_so(samples: SampleBooks) -> None:
    samples.unfilterable = True

    with pytest.raises(Refused):
        searched(samples, replace(NOBODY, email="kontor@ek.example"))


# --- what people paste ---------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        ID,
        ID.upper(),
        f"  {ID}\n",
        f"{{{ID}}}",
        f"https://eaccounting.vismaonline.com/#/sales/customers/edit/{ID}",
        f"https://eaccounting.vismaonline.com/#/company/{guid('company')}/customer/{ID}?tab=statistics",
    ],
)
def test_the_id_is_the_last_guid_in_what_was_copied(pasted: str) -> None:
    assert isinstance(PROVIDER, KnowsAddresses)
    assert remote_id_in(PROVIDER, pasted) == ID


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "1042",
        ID[:-1],
        f"{ID}0",
        ID.replace("-", ""),
        "zzfe43cc-c843-48e0-9efe-fa7b262a8191",
        "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
    ],
)
def test_what_is_no_guid_names_nothing(pasted: str) -> None:
    assert remote_id_in(PROVIDER, pasted) == ""
