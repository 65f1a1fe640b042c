"""What is arranged for documents, read in one statement whatever there is of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from integrations.models import Answer, Connection, Licence, ValueMap
from integrations.recognising.arrangements import read_arrangements

pytestmark = pytest.mark.django_db


@pytest.fixture
def arranged(connection: Connection) -> Connection:
    """One of everything, and beside it what must not be taken: archived, for purchases, or of other books."""
    books, other = connection.pinned_books, Books.objects.create(provider="acme_books", environment="x", remote_id="2")
    for model in (Answer, ValueMap, TermsOfPayment, Unit, ArticleCoding):
        model._default_manager.all().delete()
    Answer.objects.create(connection=connection, question="unknown_to_us", value="9", label="Nine")
    Answer.objects.create(connection=connection, question="layout", value="std", label="Std", gone_at=timezone.now())
    ValueMap.objects.create(connection=connection, kind="unit", ours=" Tim ", theirs="u1")
    ValueMap.objects.create(connection=connection, kind="country", ours="SE", theirs="46")
    for number, where in (("1", books), ("2", other)):
        TermsOfPayment.objects.create(books=where, remote_id=f"t{number}", name=f"{number}0 dagar")
        Unit.objects.create(books=where, remote_id=f"u{number}", name="Timme", abbreviation="h", words="timme tim")
        ArticleCoding.objects.create(
            books=where, remote_id=f"c{number}", name="Arbete", is_service=True, vat_percent=Decimal("12.5")
        )
    TermsOfPayment.objects.create(books=books, remote_id="t3", name="Inköp", for_sales=False)
    Unit.objects.create(books=books, remote_id="u3", name="Gammal", active=False)
    ArticleCoding.objects.create(books=books, remote_id="c3", name="Utan moms")
    return connection


def test_everything_comes_as_it_stands_in_its_table(arranged: Connection, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = read_arrangements(arranged)

    assert list(found.answers.items()) == [("layout", "std"), ("unknown_to_us", "9")]
    assert found.gone_answers == {"layout": "Std"}
    assert found.values == {"terms_of_payment": {}, "unit": {"tim": "u1"}, "country": {"se": "46"}}
    assert found.terms == {"t1": "10 dagar"}
    assert [(each.remote_id, each.name, each.abbreviation, each.words) for each in found.units] == [
        ("u1", "Timme", "h", "timme tim")
    ]
    assert [(each.remote_id, each.is_service, each.vat_percent) for each in found.codings] == [
        ("c1", True, Decimal("12.5")),
        ("c3", False, None),
    ]


@pytest.mark.parametrize(("days", "licensed"), [(0, True), (-1, False)])
def test_a_licence_counts_up_to_its_last_day(arranged: Connection, days: int, licensed: bool) -> None:
    today = timezone.localdate()
    Licence.objects.update(starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=days))

    assert read_arrangements(arranged).licensed is licensed
