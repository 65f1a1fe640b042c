"""Articles become hour types or materials by their unit; one without a unit is asked about."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from accounting.types import ArticleRecord, CodingRecord, UnitRecord
from fieldwork.models import HourType, Material
from integrations.models import Case, Connection, ConnectionSettings, Link
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
UNITS = (
    UnitRecord(remote_id="u-h", name="Timme", abbreviation="tim."),
    UnitRecord(remote_id="u-st", name="Styck", abbreviation="st"),
    UnitRecord(remote_id="u-std", name="Stunde", abbreviation="Std"),
)


@pytest.fixture(autouse=True)
def units(acme: FakeCompany, read: Read) -> None:
    acme.put(*UNITS, CodingRecord(remote_id="k12", name="Food", is_service=False, vat_percent=Decimal(12)))
    read("units")
    read("codings")


def article(remote_id: str = "a1", number: str = "R22", unit: str = "u-st", **more: Any) -> ArticleRecord:
    return ArticleRecord(remote_id=remote_id, number=number, name=more.pop("name", number), unit_remote_id=unit, **more)


def decide(connection: Connection, **settings: Any) -> None:
    """What the owner saves on the settings page; a worker reads it anew at its next turn."""
    ConnectionSettings.objects.filter(connection=connection).update(**settings)
    connection.refresh_from_db()


def test_goods_become_materials_and_hours_hour_types(acme: FakeCompany, read: Read) -> None:
    acme.put(
        article(
            name="Pipe",
            text="Copper",
            price=Decimal("89.5000"),
            coding_remote_id="k12",
            ean="7310",
            stock_quantity=Decimal("3.5"),
        ),
        article("a2", "ARB", "u-h", price=Decimal(650)),
        article("a3", "STD", "u-std", price=Decimal(700), active=False),
    )

    runs = [read("articles"), read("articles", full=True)]

    assert [(run.created, run.unchanged) for run in runs] == [(3, 0), (0, 3)]
    pipe = Material.objects.get()
    assert (pipe.number, pipe.name, pipe.long_text, pipe.unit) == ("R22", "Pipe", "Copper", "st")
    assert (pipe.price, pipe.price_includes_vat, pipe.vat_percent) == (Decimal("89.5"), False, Decimal(12))
    assert (pipe.ean, pipe.currency, pipe.stock_quantity, pipe.product_type) == (
        "7310",
        "SEK",
        Decimal("3.5"),
        "simple",
    )
    assert list(HourType.objects.values_list("number", "unit", "price", "active")) == [
        ("ARB", "tim.", Decimal(650), True),
        ("STD", "Std", Decimal(700), False),
    ]
    assert Link.objects.get(remote_id="a2").local_model == "fieldwork.HourType"


def test_a_price_with_vat_says_so(acme: FakeCompany, read: Read) -> None:
    acme.put(article(price_with_vat=Decimal("125.00")))

    read("articles")

    made = Material.objects.get()
    assert (made.price, made.price_includes_vat) == (Decimal(125), True)


def test_a_unit_that_is_only_a_word_counts_too(acme: FakeCompany, read: Read) -> None:
    acme.put(article(unit="", unit_name="tim"))

    read("articles")

    assert HourType.objects.get().unit == "tim"


@pytest.mark.parametrize("unit", ["", "unknown"])
def test_an_article_without_unit_is_asked_about(acme: FakeCompany, read: Read, unit: str) -> None:
    acme.put(article(unit=unit), article("a2", "R23"))

    runs = [read("articles"), read("articles", full=True)]

    assert [(run.created, run.rejected) for run in runs] == [(1, 1), (0, 1)]
    case = Case.objects.get()
    assert (case.code, case.subject_id, case.times) == ("article_without_unit", "a1", 2)
    assert case.sentence % case.values


@pytest.mark.parametrize(("choice", "model"), [("material", Material), ("hour_type", HourType)])
def test_the_decision_is_carried_out_by_the_next_sync(
    acme: FakeCompany, read: Read, connection: Connection, choice: str, model: Any
) -> None:
    acme.put(article(unit="", changed_at=LONG_AGO))
    read("articles")
    decide(connection, articles_without_unit=choice)

    run = read("articles")

    assert run.created == 1
    assert model.objects.get().number == "R22"
    assert not Case.objects.filter(state="open").exists()


def test_other_hour_words_read_everything_again(acme: FakeCompany, read: Read, connection: Connection) -> None:
    acme.put(UnitRecord(remote_id="u-m", name="Manmånad", abbreviation="mm"))
    read("units")
    read("articles")
    acme.put(article(unit="u-m", changed_at=LONG_AGO))
    decide(connection, hour_units="mm")

    run = read("articles")

    assert (run.full, run.created) == (True, 1)
    assert HourType.objects.exists()


def test_an_article_that_changes_kind_is_not_made_twice(acme: FakeCompany, read: Read) -> None:
    acme.put(article(price=Decimal(10)))
    read("articles")
    acme.put(article(unit="u-h", price=Decimal(20)))

    runs = [read("articles"), read("articles", full=True)]

    assert [run.rejected for run in runs] == [1, 1]
    assert Case.objects.get().code == "article_changed_kind"
    assert Material.objects.get().price == Decimal(10)
    assert not HourType.objects.exists()


def test_a_known_article_that_loses_its_unit_stays_what_it_is(acme: FakeCompany, read: Read) -> None:
    acme.put(article(unit="u-h"))
    read("articles")
    acme.put(article(unit="", name="Plumber"))

    run = read("articles")

    assert run.updated == 1
    assert HourType.objects.get().name == "Plumber"


def test_a_changed_rate_of_the_coding_arrives(acme: FakeCompany, read: Read) -> None:
    acme.put(article(coding_remote_id="k12", changed_at=LONG_AGO))
    read("articles")
    acme.put(CodingRecord(remote_id="k12", name="Food", is_service=False, vat_percent=Decimal(6)))
    read("codings")

    run = read("articles")

    assert run.updated == 1
    assert Material.objects.get().vat_percent == Decimal(6)


def test_one_of_ours_is_recognised_by_its_number(acme: FakeCompany, read: Read, material: Material) -> None:
    acme.put(article(name="Copper pipe", price=Decimal(95)))

    runs = [read("articles"), read("articles", full=True)]

    assert [(run.created, run.updated) for run in runs] == [(0, 1), (0, 0)]
    adopted = Material.objects.get()
    assert (adopted.pk, adopted.name, adopted.price) == (material.pk, "Copper pipe", Decimal(95))
    assert Link.objects.get(kind="article").origin == "adopted"


def test_two_articles_with_one_number_are_asked_about(acme: FakeCompany, read: Read) -> None:
    acme.put(article("a1", "R22", name="First"), article("a2", "R22", name="Second"), article("a3", "R23"))

    run = read("articles")

    assert (run.state, run.created, run.rejected) == ("done", 2, 1)
    assert (Case.objects.get().code, Case.objects.get().subject_id) == ("number_taken", "a2")


def test_hours_and_goods_may_share_a_number(acme: FakeCompany, read: Read, material: Material) -> None:
    acme.put(article(unit="u-h"))

    run = read("articles")

    assert run.created == 1
    assert HourType.objects.get().number == material.number
