"""Every page fits the desk and the phone, in light and dark, and the browser has nothing to complain about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from accounting.models import Books
from fieldwork.demo import PASSWORD, DemoFirm
from fieldwork.models import ContactPerson, Customer, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations.connections import environment_of, site_of
from integrations.models import (
    Case,
    Connection,
    ConnectionSettings,
    Credential,
    Link,
    LinkDecision,
    Plan,
    PlanEntry,
    Run,
)
from integrations.pipelines import PIPELINES, ensure_streams
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)

OWNER = "karin"


@pytest.fixture
def addresses(firm: DemoFirm, service: Service) -> list[str]:
    """One address of every page, of a firm at work whose login was refused and whose inbox is not empty."""
    provider = service.provider
    books = Books.objects.create(
        provider=provider.key, environment=environment_of(site_of(provider)), remote_id="1", name="Bergström & Lind"
    )
    connection = Connection.objects.create(
        organization=firm.organization, provider=provider.key, books=books, state=Connection.State.RECONNECT
    )
    ConnectionSettings.objects.create(connection=connection, saved_at=timezone.now())
    Credential.objects.create(connection=connection)
    ensure_streams(connection)
    runs = [Run.objects.create(connection=connection, stream=name, read=3, total=12345) for name in PIPELINES]
    job = WorkOrder.objects.filter(completed_at=None, status__phase="open").order_by("number")[0]
    complete_work_order(job, by=None)
    subject = Subject(kind="work_order", id=str(job.pk), label=str(job))
    long = Finding(code="c", sentence="Bolagsstämmoprotokollsförvaringsanvisningsdokumentet saknas.", detail="x" * 300)
    open_cases(connection, [(subject, long)])
    make_a_plan(connection, job)
    link_a_double(connection)
    ContactPerson.objects.create(
        customer=Customer.objects.first(), first_name="Ann", email="protokollsforvaring@bolagsstammoprotokoll.example"
    )
    return [
        "/",
        "/inbox/",
        "/inbox/rules/",
        "/inbox/help/",
        "/inbox/help/postcode_missing/",
        f"/inbox/{Case.objects.first().pk}/",
        "/books/",
        "/books/runs/",
        reverse("integrations:run", args=[runs[0].pk]),
        reverse("integrations:settings", args=[connection.pk]),
        reverse("integrations:values", args=[connection.pk]),
        reverse("integrations:disconnect", args=[connection.pk]),
        reverse("integrations:licence", args=[provider.key]),
        reverse("integrations:ways", args=[provider.key]),
        reverse("integrations:invite", args=[provider.key]),
        reverse("integrations:plan", args=[connection.pk]),
        f"/books/{connection.pk}/links/?group=certain",
        f"/books/{connection.pk}/links/?group=none",
        reverse("integrations:links_made", args=[connection.pk]),
        "/work-orders/",
        reverse("fieldwork:work_order_detail", args=[job.pk]),
        "/customers/",
        reverse("fieldwork:customer_detail", args=[Customer.objects.first().pk]),
        reverse("integrations:customer_books", args=[Customer.objects.first().pk]),
        reverse("integrations:add_customer", args=[Customer.objects.first().pk]),
        reverse("integrations:link_customer", args=[Customer.objects.first().pk]),
        reverse("integrations:reference_person", args=[Customer.objects.first().pk]),
        "/customers/new/",
        "/materials/",
        "/hour-types/",
        "/projects/",
        "/profile/",
        "/api-keys/",
        "/api-keys/new/",
        "/no-such-page/",
    ]


def make_a_plan(connection: Connection, job: WorkOrder) -> None:
    """With an entry of every kind, as the worker would leave it."""
    plan = Plan.objects.create(
        connection=connection,
        state=Plan.State.DONE,
        finished_at=timezone.now(),
        expires_at=timezone.now() + Plan.GOOD_FOR,
        runs=[{"stream": name, "total": 12345, "read": 12345, "created": 12345} for name in PIPELINES],
        tally=[
            {
                "kind": "invoice_draft",
                "action": "create",
                "count": 1,
                "net": {"SEK": "1234567.5"},
                "total": {"SEK": "1"},
            }
        ],
    )
    name = ["fieldwork.Customer.name", "Bolagsstämmoprotokollsförvaringsanvisningsdokumentet AB", "Kort", ""]
    PlanEntry.objects.bulk_create(
        PlanEntry(
            plan=plan,
            position=place,
            direction="out" if place % 2 else "in",
            kind="invoice_draft" if place % 2 else "customers",
            action=action,
            label="Bolagsstämmoprotokollsförvaringsanvisningsdokumentet",
            local_model=job._meta.label,
            local_id=job.pk,
            changes=[name, ["Line", "", "Rör", "line", "3", "m", "89.5", ""]],
            reasons=[{"code": "c", "sentence": "x" * 200, "values": {}}],
            total=Decimal("1234567.89"),
            currency="SEK",
        )
        for place, action in enumerate(["create", "create", "update", "update", "skip", "blocked"])
    )


def link_a_double(connection: Connection) -> None:
    """A customer of ours a second time, as it came from the books."""
    ours = Customer.objects.exclude(email="").first()
    double = Customer.objects.create(organization_id=ours.organization_id, name=ours.name, email=ours.email)
    link = {"kind": "customer", "remote_id": "r1", "local_model": ours._meta.label, "books": connection.books}
    Link.objects.create(**link, local_id=double.pk)
    LinkDecision.objects.create(
        **{**link, "remote_id": "r2"},
        local_id=double.pk,
        verdict="same",
        local_label="Bolagsstämmoprotokollsförvaringsanvisningsdokumentet",
    )


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1280, "light", "sv"), (390, "light", "sv"), (390, "dark", "en")]
)
def test_no_page_is_wider_than_its_window(chromium: Browser, live_server, addresses, width, scheme, language):
    User.objects.update(language=language)
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page)

    too_wide = {path: over for path in addresses if (over := overflow(page, path)) > 0}

    context.close()
    assert too_wide == {}
    assert [each for each in complaints if "404" not in each] == []


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def overflow(page: Page, path: str) -> int:
    """By how many pixels the page must be scrolled sideways, or a panel on it hides what it holds."""
    page.goto(path)
    pixels: int = page.evaluate(WIDEST)
    return pixels


WIDEST = """Math.max(...[document.documentElement, ...document.querySelectorAll(".panel.flush")]
    .map(each => each.scrollWidth - each.clientWidth))"""
