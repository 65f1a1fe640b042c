"""The admin of the integrations: what it lists, what it changes, what it never shows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from fieldwork.models import Customer, Membership, Organization, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations import models
from integrations.trouble.cases import Finding, Subject, open_cases

pytestmark = pytest.mark.django_db

LOOK_ONLY = (
    models.Connection,
    models.Run,
    models.Operation,
    models.Attempt,
    models.Link,
    models.LinkDecision,
    models.SendDecision,
    models.Plan,
    models.Case,
    models.Change,
    models.RepairRule,
    models.Invitation,
    models.HelpVote,
    Books,
    TermsOfPayment,
    Unit,
    ArticleCoding,
)
CHANGED = (models.ConnectionSettings, models.StreamSetting, models.Answer, models.ValueMap, models.Licence)


@pytest.fixture
def host(db: None) -> Client:
    """Who runs the installation."""
    user = User.objects.create_superuser(username="host", password="secret", language="en")
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def clerk(organization: Organization) -> Client:
    """Staff of one firm, with every permission but for that firm only."""
    user = User.objects.create_user(username="clerk", password="secret", is_staff=True, language="en")
    user.user_permissions.set(Permission.objects.all())
    Membership.objects.create(user=user, organization=organization, role=Membership.Role.COORDINATOR)
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def everything(connection, work_order, owner) -> dict[type, object]:
    """One row of each kind."""
    complete_work_order(work_order, by=owner)
    operation = models.Operation.objects.get()
    subject = Subject(kind="work_order", id=str(work_order.pk), label=str(work_order))
    open_cases(connection, [(subject, Finding(code="c", sentence="No %(what)s.", values={"what": "postcode"}))])
    books = connection.books
    rows = [
        models.Run.objects.create(connection=connection, stream="customers"),
        models.Attempt.objects.create(
            operation=operation, purpose="send", worker="w", fence=1, started_at=timezone.now()
        ),
        models.Link.objects.create(
            books=books, kind="customer", remote_id="r", local_model="m", local_id=work_order.customer_id
        ),
        models.LinkDecision.objects.create(
            books=books, kind="customer", remote_id="r", local_model="m", local_id=work_order.pk, verdict="different"
        ),
        models.SendDecision.objects.create(books=books, local_id=work_order.pk, verdict="held"),
        models.Plan.objects.create(connection=connection, expires_at=timezone.now()),
        models.Change.objects.create(
            organization=connection.organization,
            subject_id=work_order.customer_id,
            local_model="fieldwork.Customer",
            local_id=work_order.customer_id,
            label="1001 Eken",
            source="here",
            fields={"phone": ["08-1", "070-9"]},
        ),
        models.ValueMap.objects.create(connection=connection, kind="unit", ours="timme", theirs="u1"),
        models.RepairRule.objects.create(
            organization=connection.organization, connection=connection, repair="exclude", code="c", decision="d"
        ),
        models.Invitation.objects.create(
            organization=connection.organization, provider="acme_books", secret_hash="d", expires_at=timezone.now()
        ),
        models.HelpVote.objects.create(
            organization=connection.organization, user=owner, code="postcode_missing", helpful=True
        ),
        TermsOfPayment.objects.create(books=books, remote_id="t30", name="30 dagar"),
        Unit.objects.create(books=books, remote_id="u1", name="timme"),
        ArticleCoding.objects.create(books=books, remote_id="c1", name="Varor"),
    ]
    found = {type(row): row for row in rows}
    for model in (*LOOK_ONLY, *CHANGED):
        found.setdefault(model, model.objects.first())
    return found


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_row_can_be_listed_found_and_opened(host, everything):
    for model, row in everything.items():
        assert host.get(address(model, "changelist")).status_code == 200, model
        assert host.get(address(model, "changelist") + "?q=x").status_code == 200, model
        assert host.get(address(model, "change", row.pk)).status_code == 200, model


@pytest.mark.parametrize("model", LOOK_ONLY)
def test_what_the_program_writes_is_only_looked_at(host, everything, model):
    row = everything[model]

    assert host.get(address(model, "add")).status_code == 403
    assert host.post(address(model, "change", row.pk), {}).status_code == 403
    assert host.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_secrets_are_not_in_the_admin(host, connection):
    registered = {model for model, _ in admin.site._registry.items()}

    assert not registered & {models.Credential, models.LoginFlow, models.Lease}
    assert "acme-token" not in host.get(address(models.Connection, "change", connection.pk)).content.decode()


# Why a model has no admin of its own.
WITHOUT = {
    "integrations.Credential": "the secrets of a connection",
    "integrations.LoginFlow": "the secrets of a login under way",
    "integrations.Hook": "the secret of the address that is called",
    "integrations.Lease": "who works right now; changed by the second",
    "integrations.Canary": "a row for the encryption keys to prove themselves on",
    "integrations.Notice": "stands with its alarm",
    "integrations.PlanEntry": "stands on the page of its plan, by the thousand",
    "integrations.Pairing": "computed and thrown away, for one page",
    "integrations.PairingRow": "computed and thrown away, for one page",
    "fieldwork.AnsweredRequest": "answers kept for callers that ask twice",
    "admin.LogEntry": "Django's: stands with each record and on the first page",
    "auth.Permission": "Django's: chosen with people and groups",
    "contenttypes.ContentType": "Django's: the list of models",
    "sessions.Session": "who holds a session's key is that person",
    "django_q.Task": "the queue's, listed as successes and failures",
}


def test_every_model_is_in_the_admin_or_has_a_reason_not_to_be():
    known = {model._meta.label: admin.site.is_registered(model) for model in apps.get_models()}

    assert {label for label, registered in known.items() if not registered} - set(WITHOUT) == set()
    assert {label for label in WITHOUT if known.get(label)} == set()


def test_the_history_is_found_by_whom_it_is_about(host, everything):
    subject = everything[models.Change].subject_id
    models.Change.objects.create(
        organization=everything[models.Change].organization,
        subject_id=uuid4(),
        local_model="fieldwork.Customer",
        local_id=uuid4(),
        label="1002 Linden",
        source="books",
        fields={"active": ["true", "false"]},
    )
    listed = address(models.Change, "changelist")

    for asked in (f"q={subject}", "q=eken", "source__exact=here"):
        page = host.get(f"{listed}?{asked}").content.decode()
        assert "Phone: 08-1 → 070-9" in page
        assert "Linden" not in page


# --- one firm's staff -----------------------------------------------------------


def test_staff_see_the_rows_of_their_own_firm(clerk, everything):
    for model, row in everything.items():
        assert clerk.get(address(model, "change", row.pk)).status_code == 200, model


def test_staff_see_no_rows_of_other_firms(clerk, everything):
    other = Organization.objects.create(name="Other", slug="other")
    models.Connection.objects.update(organization=other)
    models.Operation.objects.update(organization=other)
    models.Case.objects.update(organization=other)
    models.Change.objects.update(organization=other)
    models.RepairRule.objects.update(organization=other)
    models.Licence.objects.update(organization=other)
    models.Invitation.objects.update(organization=other)
    models.HelpVote.objects.update(organization=other)

    for model, row in everything.items():
        assert clerk.get(address(model, "change", row.pk)).status_code == 302, model
        assert "0 " in clerk.get(address(model, "changelist")).content.decode(), model


def test_two_connections_to_the_same_books_do_not_double_the_rows(clerk, connection, everything):
    models.Connection.objects.create(
        organization=connection.organization,
        provider="acme_books",
        books=connection.books,
        state=models.Connection.State.DISCONNECTED,
    )

    assert clerk.get(address(TermsOfPayment, "changelist")).context["cl"].result_count == 1


# --- what is configured ---------------------------------------------------------


def test_settings_and_streams_can_be_changed(host, connection):
    stream = connection.streams.get(stream="customers")

    answer = host.post(address(models.StreamSetting, "change", stream.pk), {"overwrite": "on"})

    stream.refresh_from_db()
    assert answer.status_code == 302
    assert (stream.enabled, stream.overwrite) == (False, True)


def test_a_licence_is_given_for_a_system_that_exists(host, organization):
    data = {"organization": organization.pk, "provider": "acme_books", "starts_on": "2026-01-01", "ends_on": ""}

    host.post(address(models.Licence, "add"), data)
    host.post(address(models.Licence, "add"), {**data, "provider": "nobodys"})
    host.post(address(models.Licence, "add"), {**data, "ends_on": "2025-12-31"})

    assert [(each.provider, str(each.starts_on)) for each in models.Licence.objects.all()] == [
        ("acme_books", "2026-01-01")
    ]


@pytest.fixture
def terms(connection) -> TermsOfPayment:
    return TermsOfPayment.objects.create(books=connection.books, remote_id="t30", name="30 dagar netto")


def test_a_word_of_ours_is_mapped_by_choosing_theirs(host, connection, terms):
    page = host.get(address(models.ValueMap, "add")).content.decode()
    data = {"connection": connection.pk, "kind": "terms_of_payment", "ours": "30 dgr", "theirs": "t30"}

    host.post(address(models.ValueMap, "add"), data)

    row = models.ValueMap.objects.get()
    assert "30 dagar netto" in page
    assert (row.theirs, row.label) == ("t30", "30 dagar netto")


def test_a_mapping_to_another_kind_or_other_books_is_refused(host, connection, terms):
    elsewhere = Books.objects.create(provider="acme_books", environment="x", remote_id="y", name="Z")
    TermsOfPayment.objects.create(books=elsewhere, remote_id="foreign", name="Foreign")
    data = {"connection": connection.pk, "kind": "terms_of_payment", "ours": "30 dgr"}

    host.post(address(models.ValueMap, "add"), {**data, "theirs": "foreign"})
    host.post(address(models.ValueMap, "add"), {**data, "kind": "unit", "theirs": "t30"})

    assert not models.ValueMap.objects.exists()


def test_staff_map_only_to_their_own_books(clerk, connection, terms):
    elsewhere = Books.objects.create(provider="acme_books", environment="x", remote_id="y", name="Elsewhere AB")
    TermsOfPayment.objects.create(books=elsewhere, remote_id="foreign", name="Foreign")

    page = clerk.get(address(models.ValueMap, "add")).content.decode()

    assert "30 dagar netto" in page
    assert "Foreign" not in page


def test_an_answer_is_corrected_but_not_moved(host, connection):
    answer = connection.answers.get()

    host.post(address(models.Answer, "change", answer.pk), {"value": "svc", "label": "Service", "question": "other"})

    answer.refresh_from_db()
    assert (answer.question, answer.value, answer.label) == ("layout", "svc", "Service")


# --- actions --------------------------------------------------------------------


def test_connections_are_synced_by_an_action(host, connection):
    models.Connection.objects.update(next_due_at=timezone.now() + timezone.timedelta(hours=1))

    host.post(
        address(models.Connection, "changelist"), {"action": "sync_now", "_selected_action": [str(connection.pk)]}
    )

    connection.refresh_from_db()
    assert connection.next_due_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_customers_are_added_in_the_books_by_an_action(host, connection, customer, acme):
    alone = Customer.objects.create(
        organization=Organization.objects.create(name="Other", slug="other"), name="Without books"
    )

    page = host.post(
        address(Customer, "changelist"),
        {"action": "add_in_the_books", "_selected_action": [str(customer.pk), str(alone.pk)]},
        follow=True,
    ).content.decode()

    assert [stored.document.name for stored in acme.created("customer")] == [customer.name]
    assert "1 customers go to the books." in page
    assert "1 stay" in page


# --- the task queue -------------------------------------------------------------


@pytest.mark.parametrize("model", [Schedule, Success, Failure, OrmQ])
def test_the_queue_is_only_looked_at(host, clerk, model):
    data = {"func": "os.system", "args": "'id'", "schedule_type": "O", "name": "x", "repeats": "1"}

    assert host.get(address(model, "changelist")).status_code == 200
    assert host.post(address(model, "add"), data).status_code == 403
    assert clerk.get(address(model, "changelist")).status_code == 403
    assert clerk.post(address(model, "add"), data).status_code == 403
    assert not Schedule.objects.filter(name="x").exists()


def test_a_failed_task_cannot_be_started_again_from_the_admin(host):
    now = timezone.now()
    Failure.objects.create(id="f1", name="f", func="os.system", started=now, stopped=now, success=False)

    page = host.get(address(Failure, "changelist"))
    host.post(address(Failure, "changelist"), {"action": "resubmit_task", "_selected_action": ["f1"]})

    assert "resubmit" not in page.content.decode().lower()
    assert OrmQ.objects.count() == 0
    assert Failure.objects.filter(pk="f1").exists()


def test_the_admin_wears_our_style_sheet(host):
    page = host.get("/admin/").content.decode()

    assert "fieldledger-admin.css" in page
    assert "Fieldledger" in page


def test_a_long_list_costs_no_more_statements(host, connection, everything, django_assert_max_num_queries):
    work_order = WorkOrder.objects.get()
    models.Operation.objects.bulk_create(
        models.Operation(
            organization=connection.organization,
            books=connection.books,
            kind="customer",
            business_key=f"k{n}",
            reference=f"r{n}",
            local_model="m",
            local_id=work_order.pk,
            due_at=timezone.now(),
        )
        for n in range(60)
    )

    with django_assert_max_num_queries(12):
        host.get(address(models.Operation, "changelist"))
