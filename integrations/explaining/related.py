"""What belongs together: whoever reads one explanation is shown the next ones of its topic, and where to work on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Words

MOST = 3


@dataclass(frozen=True, kw_only=True)
class Topic:
    """Codes that one thinks of together, and the page (by its name among the addresses) where the work is done."""

    codes: Sequence[str]
    page: str
    label: Words

    @property
    def is_owners(self) -> bool:
        return self.page in OWNERS


OWNERS = {"integrations:books", "integrations:runs", "integrations:health"}
CUSTOMERS = ("fieldwork:customer_list", _("Customers"))
MATERIALS = ("fieldwork:material_list", _("Materials"))
WORK_ORDERS = ("fieldwork:work_order_list", _("Work orders"))
CONNECTIONS = ("integrations:books", _("Connections"))
WHO_IS_WHO = ("integrations:live_linking", _("Who is who"))
RUNS = ("integrations:runs", _("Runs"))
HEALTH = ("integrations:health", _("Health"))

WORDS = (
    ("postcode_missing city_missing country_missing name_missing *_missing", CUSTOMERS),
    ("organisation_number_invalid vat_number_invalid personal_number *_invalid", CUSTOMERS),
    ("email_invalid contact_email_invalid contact_gone *_too_long *_out_of_range too_long", CUSTOMERS),
    ("customer_inactive customer_gone customer_not_in_books customer_not_created number_taken", CUSTOMERS),
    ("customer_terms_unknown terms_unanswered answer_missing answer_gone value_not_mapped", CONNECTIONS),
    ("customer_looks_like_another look_alike customer_not_linked article_not_linked several_found", WHO_IS_WHO),
    ("article_inactive article_gone article_not_in_books article_not_created article_changed_kind", MATERIALS),
    ("article_number_missing article_name_missing article_without_unit unit_unanswered", MATERIALS),
    ("coding_unanswered article_vat_without_coding vat_missing *_unanswered line_without_article", CONNECTIONS),
    (
        "work_order_customer_missing work_order_lines_missing work_order_not_completed no_article_line record_missing",
        WORK_ORDERS,
    ),
    (
        "work_order_before_cut_off work_order_order_stands work_order_sent_before work_order_sent_to_other_books",
        WORK_ORDERS,
    ),
    ("not_a_draft document_not_changeable update_not_offered both_changed", WORK_ORDERS),
    ("attachments_not_offered attachment_without_document kind_not_offered", WORK_ORDERS),
    ("total_not_positive total_negative quantity_not_positive quantity_decimals price_decimals", WORK_ORDERS),
    ("several_projects projects_off orders_off too_many_lines", WORK_ORDERS),
    ("currency_invalid foreign_currency period_locked company_inactive", CONNECTIONS),
    ("refused conflict change_not_shown fault keeps_failing", HEALTH),
    ("worker_died not_queued stopped_silently overdue stream_given_up", HEALTH),
    ("reconnect_needed not_allowed licence_missing stream_not_allowed stream_stopped", CONNECTIONS),
    ("many_records_missing unreadable not_saved no_open_status", RUNS),
    ("differs changed_in_books twice_in_books not_recorded", HEALTH),
    ("not_there many_not_there unknown_in_books unreadable_in_books", HEALTH),
)
TOPICS = tuple(Topic(codes=words.split(), page=page, label=label) for words, (page, label) in WORDS)


def topic_of(code: str) -> Topic | None:
    return next((each for each in TOPICS if code in each.codes), None)


def related_codes(code: str) -> Sequence[str]:
    """The next ones of the topic that have a page of their own, going round; at most three."""
    topic = topic_of(code)
    if topic is None:
        return ()
    place = topic.codes.index(code)
    following = [*topic.codes[place + 1 :], *topic.codes[:place]]
    return [each for each in following if not each.startswith("*")][:MOST]
