"""The checks before sending, shown while the job is still open."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork.services import complete_work_order
from integrations.models import Answer, Operation
from integrations.sending.preflight import preflight

pytestmark = pytest.mark.django_db


@pytest.fixture
def wordy(work_order):
    """A line that is longer than the books print."""
    line = work_order.lines.first()
    line.text = "x" * 60
    line.save()
    return work_order


def page_of(browser, work_order) -> str:
    return browser.get(reverse("fieldwork:work_order_detail", args=[work_order.pk])).content.decode()


def test_a_rule_of_the_books_is_told_before_the_job_is_completed(browser, connection, wordy):
    page = page_of(browser, wordy)

    assert "please repair" in page
    assert "is longer than 50 characters" in page


def test_what_is_in_order_is_not_talked_about(browser, connection, work_order):
    assert preflight(connection, work_order) == []
    assert "please repair" not in page_of(browser, work_order)


def test_several_problems_come_at_once(connection, wordy):
    Answer.objects.all().delete()
    wordy.customer = None
    wordy.save()

    codes = {problem.code for problem in preflight(connection, wordy)}

    assert codes >= {"text_too_long", "answer_missing", "work_order_customer_missing"}


def test_asking_writes_nothing(connection, wordy):
    preflight(connection, wordy)

    assert not Operation.objects.exists()


def test_a_completed_job_shows_what_became_of_it_instead(browser, connection, wordy, owner):
    complete_work_order(wordy, by=owner)

    assert "please repair" not in page_of(browser, wordy)


def test_the_number_of_lines_costs_nothing(connection, work_order, django_assert_max_num_queries):
    line = work_order.lines.filter(material__isnull=False).first()
    type(line).objects.bulk_create(
        type(line)(work_order=work_order, kind=line.kind, material=line.material, text=str(n), quantity=1)
        for n in range(40)
    )

    with django_assert_max_num_queries(24):
        preflight(connection, work_order)


def test_a_work_order_is_checked_on_the_day_it_is_open(connection, work_order):
    connection.settings.cut_off_date = timezone.localdate() + timezone.timedelta(days=30)
    connection.settings.save()

    assert preflight(connection, work_order) == []
