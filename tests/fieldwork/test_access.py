"""Who may open what: roles inside a firm, and walls between firms."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import ContactPerson, Customer, Membership, User, WorkOrder
from tests.fieldwork.conftest import Firm

SignIn = Callable[[User], Client]


class Page(NamedTuple):
    """A view, the record of the firm that it is about, and whether only the office may open it."""

    name: str
    about: str = ""
    office_only: bool = True
    method: str = "get"


PAGES = [
    Page("customer_list"),
    Page("customer_create"),
    Page("customer_detail", "customer"),
    Page("customer_edit", "customer"),
    Page("contact_person_create", "customer"),
    Page("work_site_create", "customer"),
    Page("work_order_create_for_customer", "customer"),
    Page("contact_person_edit", "contact_person"),
    Page("contact_person_remove", "contact_person"),
    Page("work_site_edit", "work_site"),
    Page("work_site_remove", "work_site"),
    Page("material_list"),
    Page("material_create"),
    Page("material_edit", "material"),
    Page("hour_type_list"),
    Page("hour_type_create"),
    Page("hour_type_edit", "hour_type"),
    Page("project_list"),
    Page("project_create"),
    Page("project_edit", "project"),
    Page("work_order_list", office_only=False),
    Page("work_order_create"),
    Page("work_order_detail", "work_order", office_only=False),
    Page("work_order_edit", "work_order", office_only=False),
    Page("work_order_reopen", "work_order"),
    Page("work_order_complete", "work_order", office_only=False, method="post"),
    Page("work_order_set_status", "work_order", method="post"),
    Page("suggest_work_sites"),
    Page("profile", office_only=False),
]
ABOUT_A_RECORD = [page for page in PAGES if page.about]
OFFICE_PAGES = [page for page in PAGES if page.office_only]
EVERYBODYS_PAGES = [page for page in PAGES if not page.office_only]


def name_of(page: Page) -> str:
    return page.name


def ask(client: Client, page: Page, firm: Firm) -> int:
    """The status of the answer to a request for this page about this firm's record."""
    records = {
        "work_order": lambda: WorkOrder.objects.filter(organization=firm.organization).first() or firm.work_order(),
        "contact_person": lambda: ContactPerson.objects.create(customer=firm.customer, first_name="Eva"),
    }
    record = records.get(page.about, lambda: getattr(firm, page.about))() if page.about else None
    address = reverse(f"fieldwork:{page.name}", args=[record.pk] if record else [])
    return getattr(client, page.method)(address).status_code


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_office_opens_every_page(sign_in: SignIn, firm: Firm, page: Page) -> None:
    for person in (firm.owner, firm.coordinator):
        assert ask(sign_in(person), page, firm) == (302 if page.method == "post" else 200)


@pytest.mark.parametrize("page", OFFICE_PAGES, ids=name_of)
def test_performers_are_refused_at_the_offices_pages(sign_in: SignIn, firm: Firm, page: Page) -> None:
    assert ask(sign_in(firm.performer), page, firm) == 403


@pytest.mark.parametrize("page", EVERYBODYS_PAGES, ids=name_of)
def test_performers_open_their_own_work(sign_in: SignIn, firm: Firm, page: Page) -> None:
    assert ask(sign_in(firm.performer), page, firm) == (302 if page.method == "post" else 200)


@pytest.mark.parametrize("page", ABOUT_A_RECORD, ids=name_of)
def test_another_firms_record_is_not_found(sign_in: SignIn, firm: Firm, stranger: Firm, page: Page) -> None:
    assert ask(sign_in(firm.owner), page, stranger) == 404


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_who_is_not_signed_in_is_asked_to(client: Client, firm: Firm, page: Page) -> None:
    assert ask(client, page, firm) == 302


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_who_belongs_to_no_firm_is_refused(sign_in: SignIn, firm: Firm, page: Page) -> None:
    loner = User.objects.create_user("loner")

    assert ask(sign_in(loner), page, firm) == 403


def test_lists_show_the_own_firms_records_only(sign_in: SignIn, firm: Firm, stranger: Firm) -> None:
    firm.work_order(title="Vårt jobb")
    stranger.work_order(title="Deras jobb")
    client = sign_in(firm.owner)

    for page in ("customer_list", "material_list", "hour_type_list", "project_list", "work_order_list"):
        text = client.get(reverse(f"fieldwork:{page}")).content.decode()
        assert "elfirman" not in text
        assert "Deras jobb" not in text
        assert "rorfirman" in text


def test_performers_see_the_work_assigned_to_them_only(sign_in: SignIn, firm: Firm) -> None:
    mine = firm.work_order(number="1", title="Mitt jobb")
    others = firm.work_order(number="2", title="Någon annans jobb", assigned_to=firm.coordinator)
    client = sign_in(firm.performer)

    text = client.get(reverse("fieldwork:work_order_list")).content.decode()

    assert (mine.title in text, others.title in text) == (True, False)
    for step in ("detail", "edit"):
        assert client.get(reverse(f"fieldwork:work_order_{step}", args=[others.pk])).status_code == 404
    assert client.post(reverse("fieldwork:work_order_complete", args=[others.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["customers", "projects", "terms"])
def test_performers_get_no_suggestions_of_the_offices_records(sign_in: SignIn, firm: Firm, kind: str) -> None:
    address = reverse("fieldwork:suggest", args=[kind])

    assert sign_in(firm.performer).get(address, {"q": "Kund"}).status_code == 403
    assert sign_in(firm.coordinator).get(address, {"q": "Kund"}).status_code == 200


def test_suggestions_come_from_the_own_firm(sign_in: SignIn, firm: Firm, stranger: Firm) -> None:
    text = sign_in(firm.performer).get(reverse("fieldwork:suggest", args=["items"]), {"q": "hos"}).content.decode()

    assert "R22 Rör hos rorfirman" in text
    assert "A100 Tid hos rorfirman" in text
    assert "elfirman" not in text


def test_an_unknown_kind_of_suggestion_is_not_found(sign_in: SignIn, firm: Firm) -> None:
    assert sign_in(firm.owner).get(reverse("fieldwork:suggest", args=["users"])).status_code == 404


def test_a_person_in_two_firms_switches_between_them(sign_in: SignIn, firm: Firm, stranger: Firm) -> None:
    Membership.objects.create(user=firm.owner, organization=stranger.organization, role="coordinator")
    client = sign_in(firm.owner)
    switch, customers = reverse("fieldwork:organization_choose"), reverse("fieldwork:customer_list")

    client.post(switch, {"organization": "elfirman"})
    assert "Kund hos elfirman" in client.get(customers).content.decode()

    client.post(switch, {"organization": "rorfirman"})
    assert "Kund hos rorfirman" in client.get(customers).content.decode()


def test_nobody_switches_to_a_firm_of_others(sign_in: SignIn, firm: Firm, stranger: Firm) -> None:
    client = sign_in(firm.owner)

    answer = client.post(reverse("fieldwork:organization_choose"), {"organization": "elfirman"})

    assert answer.status_code == 404
    assert "Kund hos rorfirman" in client.get(reverse("fieldwork:customer_list")).content.decode()


def test_a_membership_that_ended_gives_no_access(sign_in: SignIn, firm: Firm, stranger: Firm) -> None:
    second = Membership.objects.create(user=firm.owner, organization=stranger.organization, role="owner")
    client = sign_in(firm.owner)
    client.post(reverse("fieldwork:organization_choose"), {"organization": "elfirman"})
    second.delete()

    assert Customer.objects.count() == 2
    text = client.get(reverse("fieldwork:customer_list")).content.decode()
    assert ("Kund hos rorfirman" in text, "Kund hos elfirman" in text) == (True, False)


def test_pages_are_in_the_persons_own_language(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in(firm.owner)

    for language in ("en", "sv"):
        User.objects.filter(pk=firm.owner.pk).update(language=language)
        assert f'lang="{language}"' in client.get(reverse("fieldwork:customer_list")).content.decode()
