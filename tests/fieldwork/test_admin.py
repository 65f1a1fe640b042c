"""The admin: narrowed to the staff member's firms, its steps through services, its lists without a query per row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from fieldwork import models
from fieldwork.models import Customer, User, WorkOrder, WorkOrderLine
from fieldwork.services import complete_work_order
from tests.fieldwork.conftest import Firm

MODELS = [model for model in admin.site._registry if model._meta.app_label == "fieldwork"]


@pytest.fixture
def staff(sign_in: Callable[[User], Client], firm: Firm) -> Client:
    """A coordinator who may do everything in the admin but is no superuser."""
    firm.coordinator.is_staff = True
    firm.coordinator.save()
    firm.coordinator.user_permissions.set(Permission.objects.filter(content_type__app_label="fieldwork"))
    return sign_in(firm.coordinator)


@pytest.fixture
def superuser(sign_in: Callable[[User], Client], db: None) -> Client:
    return sign_in(User.objects.create_superuser("root", language="en"))


def listed(client: Client, model: type) -> list[object]:
    address = reverse(f"admin:fieldwork_{model._meta.model_name}_changelist")
    return list(client.get(address).context["cl"].result_list)


def fill(firm: Firm) -> None:
    """One of each that the firm does not have from the start."""
    firm.work_order()
    models.ContactPerson.objects.create(customer=firm.customer, first_name="Eva")
    models.ApiKey.make(firm.organization, name="Tavla", scope="read", by=firm.owner)


def name_of(model: type) -> str:
    return model.__name__


def test_every_model_of_the_field_work_is_in_the_admin() -> None:
    concrete = {getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "_meta")}

    # Answers to programs are kept for a day, for these programs alone.
    shown = concrete - {models.AnsweredRequest}
    assert {model for model in shown if not model._meta.abstract} == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_list_search_and_form_open(superuser: Client, firm: Firm, model: type) -> None:
    fill(firm)
    record = model.objects.first()
    name = model._meta.model_name

    assert superuser.get(reverse(f"admin:fieldwork_{name}_changelist"), {"q": "x"}).status_code == 200
    assert superuser.get(reverse(f"admin:fieldwork_{name}_change", args=[record.pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_staff_see_their_own_firms_records_only(staff: Client, firm: Firm, stranger: Firm, model: type) -> None:
    fill(firm), fill(stranger)
    foreign = set(_records_of(stranger, model))

    shown = set(listed(staff, model))

    assert shown
    assert not shown & foreign
    name = model._meta.model_name
    for record in foreign:
        answer = staff.get(reverse(f"admin:fieldwork_{name}_change", args=[record.pk]))
        assert answer.status_code == 302


def _records_of(firm: Firm, model: type) -> list[object]:
    if model is models.Organization:
        return [firm.organization]
    if model is User:
        return [firm.owner, firm.coordinator, firm.performer]
    return list(model.objects.for_organization(firm.organization))


def test_staff_cannot_post_another_firms_record(staff: Client, firm: Firm, stranger: Firm) -> None:
    values = {"organization": firm.organization.pk, "title": "Nytt", "ordered_on": "2026-11-20", **NO_LINES}

    answer = staff.post(
        reverse("admin:fieldwork_workorder_add"), {**values, "customer": stranger.customer.pk, "revision": 1}
    )

    assert list(answer.context["adminform"].form.errors) == ["customer"]
    assert not WorkOrder.objects.exists()


def test_autocomplete_offers_own_records_only(staff: Client, firm: Firm, stranger: Firm) -> None:
    answer = staff.get(
        reverse("admin:autocomplete"),
        {"app_label": "fieldwork", "model_name": "workorder", "field_name": "customer", "term": "Kund"},
    )

    assert [result["id"] for result in answer.json()["results"]] == [str(firm.customer.pk)]


def test_staff_cannot_make_themselves_superusers(staff: Client, firm: Firm) -> None:
    address = reverse("admin:fieldwork_user_change", args=[firm.coordinator.pk])
    form = staff.get(address).context["adminform"].form

    assert not {"is_superuser", "is_staff", "groups", "user_permissions"} & set(form.fields)


def test_staff_do_not_see_superusers(staff: Client, firm: Firm) -> None:
    firm.owner.is_superuser = True
    firm.owner.save()

    assert firm.owner not in listed(staff, User)


NO_LINES = {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}


def test_a_work_order_made_in_the_admin_gets_number_and_status(staff: Client, firm: Firm) -> None:
    values = {"organization": firm.organization.pk, "title": "Nytt", "ordered_on": "2026-11-20", **NO_LINES}

    staff.post(reverse("admin:fieldwork_workorder_add"), values)

    order = WorkOrder.objects.get()
    assert (order.number, order.status, order.revision) == ("1", firm.statuses["planned"], 1)


def test_the_action_completes_through_the_one_door_and_names_what_it_could_not(staff: Client, firm: Firm) -> None:
    open_order = firm.work_order(number="1")
    cancelled = firm.work_order(number="2", status=firm.statuses["cancelled"])

    answer = staff.post(
        reverse("admin:fieldwork_workorder_changelist"),
        {"action": "mark_as_completed", "_selected_action": [open_order.pk, cancelled.pk]},
        follow=True,
    )

    open_order.refresh_from_db()
    texts = [str(message) for message in answer.context["messages"]]
    assert (open_order.status, open_order.completed_by) == (firm.statuses["done"], firm.coordinator)
    assert texts == [
        "Work order 2 is cancelled. Open it again before you complete it.",
        "1 work order is completed.",
    ]


def test_the_action_opens_again(staff: Client, firm: Firm) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    staff.post(
        reverse("admin:fieldwork_workorder_changelist"), {"action": "open_again", "_selected_action": [order.pk]}
    )

    order.refresh_from_db()
    assert (order.is_completed, order.revision) == (False, 2)


def test_a_completed_work_order_cannot_be_edited_or_deleted(staff: Client, firm: Firm) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    page = staff.get(reverse("admin:fieldwork_workorder_change", args=[order.pk]))

    assert page.context["adminform"].form.fields == {}
    assert not any(formset.has_change_permission for formset in page.context["inline_admin_formsets"])
    assert staff.post(reverse("admin:fieldwork_workorder_delete", args=[order.pk])).status_code == 403
    staff.post(
        reverse("admin:fieldwork_workorder_changelist"),
        {"action": "delete_selected", "_selected_action": [order.pk], "post": "yes"},
    )
    assert WorkOrder.objects.filter(pk=order.pk).exists()


def test_saving_in_the_admin_does_not_undo_a_step_taken_meanwhile(staff: Client, firm: Firm) -> None:
    order = firm.work_order()
    values = {"organization": firm.organization.pk, "title": "Ändrat", "ordered_on": order.ordered_on, **NO_LINES}

    def somebody_starts_it(**_: object) -> None:
        WorkOrder.objects.filter(pk=order.pk).update(status=firm.statuses["started"])

    pre_save.connect(somebody_starts_it, sender=WorkOrder)
    try:
        staff.post(reverse("admin:fieldwork_workorder_change", args=[order.pk]), values)
    finally:
        pre_save.disconnect(somebody_starts_it, sender=WorkOrder)

    order.refresh_from_db()
    assert (order.title, order.status, order.number) == ("Ändrat", firm.statuses["started"], "1001")


@pytest.mark.parametrize("count", [2, 30])
def test_a_work_orders_form_costs_the_same_statements_whatever_its_lines(
    staff: Client, firm: Firm, count: int, django_assert_max_num_queries: Callable
) -> None:
    order = firm.work_order()
    order.lines.all().delete()
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            work_order=order, position=position, kind="hours", hour_type=firm.hour_type, performed_by=firm.performer
        )
        for position in range(count)
    )

    with django_assert_max_num_queries(22):
        text = staff.get(reverse("admin:fieldwork_workorder_change", args=[order.pk])).content.decode()
    assert text.count("A100 Tid hos rorfirman</option>") == count


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("model", [Customer, WorkOrder, WorkOrderLine], ids=name_of)
def test_lists_cost_the_same_statements_whatever_their_length(
    superuser: Client, firm: Firm, model: type, count: int, django_assert_max_num_queries: Callable
) -> None:
    for number in range(count):
        firm.work_order(number=str(number))
        Customer.objects.create(organization=firm.organization, name=f"Kund {number}")

    with django_assert_max_num_queries(16):
        listed(superuser, model)
