"""Units, codings and terms of payment are mirrored: people read them, only imports write them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from accounting.types import CodingRecord, TermsRecord, UnitRecord
from integrations.models import Case, Link
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


def test_units_with_all_their_words(acme: FakeCompany, read: Read, books: Books) -> None:
    acme.put(UnitRecord(remote_id="u1", name="Timme", abbreviation="tim.", words=("Hour", "tim")))

    runs = [read("units"), read("units", full=True)]

    assert [(run.created, run.unchanged) for run in runs] == [(1, 0), (0, 1)]
    unit = Unit.objects.get()
    assert (unit.books, unit.remote_id, unit.name, unit.abbreviation) == (books, "u1", "Timme", "tim.")
    assert unit.words == "hour tim timme"


def test_codings_with_their_rate(acme: FakeCompany, read: Read) -> None:
    acme.put(
        CodingRecord(remote_id="k1", name="Varor 25 %", is_service=False, vat_percent=Decimal(25)),
        CodingRecord(remote_id="k2", name="Old", is_service=True, active=False),
    )

    read("codings")

    assert list(ArticleCoding.objects.order_by("remote_id").values_list("is_service", "vat_percent", "active")) == [
        (False, Decimal(25), True),
        (True, None, False),
    ]


def test_terms_that_change_their_name(acme: FakeCompany, read: Read) -> None:
    acme.put(TermsRecord(remote_id="t1", name="30 dagar", days=30))
    read("terms")
    acme.put(TermsRecord(remote_id="t1", name="30 dagar netto", days=30, for_sales=False))

    run = read("terms")

    assert run.updated == 1
    terms = TermsOfPayment.objects.get()
    assert (terms.name, terms.days, terms.for_sales) == ("30 dagar netto", 30, False)


def test_rows_whose_links_were_lost_are_found_again(acme: FakeCompany, read: Read) -> None:
    acme.put(UnitRecord(remote_id="u1", name="Styck", abbreviation="st"))
    read("units")
    Link.objects.all().delete()

    run = read("units", full=True)

    assert (run.created, run.updated) == (0, 1)
    assert Link.objects.get().local_id == Unit.objects.get().pk


@pytest.mark.parametrize("place", [0, 7, 15])
def test_a_value_that_the_database_refuses_keeps_just_its_record_out(acme: FakeCompany, read: Read, place: int) -> None:
    acme.put(*(TermsRecord(remote_id=f"t{n}", name=f"{n} days", days=n if n != place else -1) for n in range(16)))

    runs = [read("terms"), read("terms", full=True)]

    assert [(run.state, run.created, run.rejected) for run in runs] == [("done", 15, 1), ("done", 0, 1)]
    case = Case.objects.get()
    assert (case.code, case.subject_id, case.times) == ("not_saved", f"t{place}", 2)
    assert TermsOfPayment.objects.count() == 15


def test_what_vanished_is_archived_and_comes_back(acme: FakeCompany, read: Read) -> None:
    records = [UnitRecord(remote_id=f"u{n}", name=f"Unit {n}", abbreviation=str(n)) for n in range(3)]
    acme.put(*records)
    read("units")
    unit = Unit.objects.get(remote_id="u1")
    acme.take_away(UnitRecord, "u1")

    run = read("units", full=True)

    assert run.archived == 1
    assert set(Unit.objects.filter(active=True).values_list("remote_id", flat=True)) == {"u0", "u2"}
    acme.put(records[1])
    read("units")
    assert Unit.objects.get(remote_id="u1", active=True).pk == unit.pk
    assert Link.objects.get(remote_id="u1").gone_at is None
