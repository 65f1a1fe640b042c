"""The judge of all storms notices what is lost, doubled, or stopped without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.exports import SALES
from integrations.models import Operation
from storm.crew import crew
from storm.faults import orders_of
from storm.firms import found_firm
from storm.settling import settle
from storm.verdict import judge
from storm.world import World


@pytest.fixture
def settled(tiny_world: World) -> World:
    """Two jobs were finished and sent."""
    tiny_world.begin_anew()
    orders = orders_of(found_firm(tiny_world), 2)
    with crew(tiny_world) as workers:
        workers.do("complete", orders)
        settle(workers, within=timedelta(hours=1))
    assert judge(tiny_world).holds
    return tiny_world


def test_a_job_that_the_outbox_forgot_is_lost_and_its_document_nobodys(settled: World) -> None:
    Operation.objects.filter(kind__in=SALES).order_by("pk")[0].delete()

    verdict = judge(settled)

    assert (len(verdict.lost), len(verdict.doubled), verdict.holds) == (1, 1, False)


def test_a_document_that_the_books_do_not_have_is_lost(settled: World) -> None:
    operation = Operation.objects.filter(kind__in=SALES).order_by("pk")[0]
    Operation.objects.filter(pk=operation.pk).update(remote_id="elsewhere")

    assert any("not in the books" in each for each in judge(settled).lost)


def test_what_waits_for_a_person_must_say_so(settled: World) -> None:
    operation = Operation.objects.filter(kind__in=SALES).order_by("pk")[0]
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.BLOCKED)

    verdict = judge(settled)

    assert (verdict.in_inbox, len(verdict.silent), verdict.holds) == (1, 1, False)


def test_what_is_still_open_has_not_held(settled: World) -> None:
    operation = Operation.objects.filter(kind__in=SALES).order_by("pk")[0]
    Operation.objects.filter(pk=operation.pk).update(state=Operation.State.QUEUED)

    assert not judge(settled).holds
