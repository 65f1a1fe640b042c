"""The history of a customer: what was changed here, from what to what, and by whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fieldwork.models import ContactPerson, Customer, WorkSite
from integrations.models import Change

pytestmark = pytest.mark.django_db

PERSON = {"first_name": "Eva", "last_name": "Ek", "email": "", "direct_phone": "08-1", "mobile": ""}


def form_of(browser, address: str) -> dict[str, str]:
    """What the form at that address would send back unchanged."""
    form = browser.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def save(browser, address: str, **changes: str) -> None:
    answer = browser.post(address, {**form_of(browser, address), **changes})
    assert answer.status_code == 302, answer.context["form"].errors


def changes_of(customer: Customer) -> list[tuple[str, str, dict[str, list[str]]]]:
    return [
        (each.what, each.label, each.fields) for each in Change.objects.filter(subject_id=customer.pk).order_by("at")
    ]


def test_an_edit_is_kept_with_the_old_and_the_new_value_and_the_person(browser, owner, customer):
    save(browser, reverse("fieldwork:customer_edit", args=[customer.pk]), phone="08-123", discount_percent="10.0")

    [change] = Change.objects.all()
    assert change.fields == {"phone": ["", "08-123"], "discount_percent": ["0", "10"]}
    assert (change.by, change.source, change.organization) == (owner, Change.Source.HERE, customer.organization)


def test_saved_without_a_change_leaves_no_trace(browser, customer):
    save(browser, reverse("fieldwork:customer_edit", args=[customer.pk]))

    assert not Change.objects.exists()


def test_people_are_kept_with_their_customer_from_coming_to_going(browser, customer):
    save(browser, reverse("fieldwork:contact_person_create", args=[customer.pk]), **PERSON)
    person = ContactPerson.objects.get()
    save(browser, reverse("fieldwork:contact_person_edit", args=[person.pk]), mobile="070-1")
    browser.post(reverse("fieldwork:contact_person_remove", args=[person.pk]))

    came, changed, went = changes_of(customer)
    assert came == (
        "added",
        "Eva Ek",
        {"first_name": ["", "Eva"], "last_name": ["", "Ek"], "direct_phone": ["", "08-1"]},
    )
    assert changed == ("changed", "Eva Ek", {"mobile": ["", "070-1"]})
    assert went[0] == "removed"
    assert went[2]["mobile"] == ["070-1", ""]


def test_a_new_customer_begins_with_who_wrote_it_down(browser, owner, organization):
    save(browser, reverse("fieldwork:customer_create"), name="Nya Kunden AB")

    [change] = Change.objects.all()
    assert (change.what, change.by, change.fields["name"]) == ("added", owner, ["", "Nya Kunden AB"])


def test_of_what_has_no_page_of_its_own_nothing_is_kept(browser, customer):
    save(browser, reverse("fieldwork:work_site_create", args=[customer.pk]), name="Attic")

    assert WorkSite.objects.exists()
    assert not Change.objects.exists()
