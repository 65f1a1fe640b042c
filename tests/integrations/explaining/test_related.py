"""From each explanation one comes to two or three that belong to it, and to the page where the work is done."""

from __future__ import annotations

from django.urls import reverse

from integrations.explaining.catalogue import ALL, explain
from integrations.explaining.related import TOPICS, related_codes


def test_every_explanation_has_two_or_three_related_ones():
    few = {each.code: related_codes(each.code) for each in ALL if not 2 <= len(related_codes(each.code)) <= 3}

    assert few == {}


def test_what_is_related_exists_has_a_page_and_is_another():
    for each in ALL:
        for code in related_codes(each.code):
            assert explain(code).code == code != each.code


def test_each_explanation_belongs_to_one_topic():
    codes = [code for topic in TOPICS for code in topic.codes]

    assert sorted(codes) == sorted(each.code for each in ALL)


def test_the_pages_of_the_topics_exist():
    assert all(reverse(topic.page) for topic in TOPICS)
