"""Active projects come with their customers; finished ones are finished here too."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import time_machine

from accounting.types import CustomerRecord, ProjectRecord
from fieldwork.models import Customer, Organization, Project
from integrations.models import Case, Link
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

EKEN = CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True)


def project(remote_id: str = "p1", number: str = "P1", **more: Any) -> ProjectRecord:
    return ProjectRecord(remote_id=remote_id, number=number, name=more.pop("name", "Kitchen"), **more)


def test_an_active_one_with_its_customer(acme: FakeCompany, read: Read) -> None:
    acme.put(
        EKEN,
        project(customer_remote_id="c1", starts_on=date(2026, 3, 1), ends_on=date(2026, 9, 1), notes="Two floors"),
    )
    read("customers")

    runs = [read("projects"), read("projects", full=True)]

    assert [(run.created, run.unchanged) for run in runs] == [(1, 0), (0, 1)]
    made = Project.objects.get()
    assert (made.number, made.name, made.customer, made.status) == ("P1", "Kitchen", Customer.objects.get(), "active")
    assert (made.starts_on, made.ends_on, made.notes) == (date(2026, 3, 1), date(2026, 9, 1), "Two floors")


def test_a_finished_one_does_not_come(acme: FakeCompany, read: Read) -> None:
    acme.put(project(active=False), project("p2", "P2"))

    run = read("projects")

    assert (run.created, run.skipped) == (1, 1)
    assert Project.objects.get().number == "P2"


def test_one_that_becomes_finished_is_finished(acme: FakeCompany, read: Read) -> None:
    acme.put(project())
    read("projects")
    acme.put(project(active=False))

    read("projects")

    assert Project.objects.get().status == Project.Status.FINISHED
    acme.put(project())
    read("projects")
    assert Project.objects.get().status == Project.Status.ACTIVE


def test_without_a_start_it_keeps_the_day_it_was_first_seen(acme: FakeCompany, read: Read) -> None:
    with time_machine.travel("2026-03-01 12:00+00:00"):
        acme.put(project())
        read("projects", full=True)
    acme.put(project(name="Bathroom"))

    read("projects")

    changed = Project.objects.get()
    assert (changed.name, changed.starts_on) == ("Bathroom", date(2026, 3, 1))


def test_it_waits_for_a_customer_who_has_not_come(acme: FakeCompany, read: Read) -> None:
    acme.put(project(customer_remote_id="c1"))

    runs = [read("projects"), read("projects")]

    assert [run.created for run in runs] == [0, 0]
    assert Case.objects.get().code == "customer_not_linked"
    assert not Project.objects.exists()


def test_it_comes_once_its_customer_has_come(acme: FakeCompany, read: Read) -> None:
    hour_ago = acme.clock().replace(year=2025)
    acme.put(project(customer_remote_id="c1", changed_at=hour_ago))
    read("projects")
    acme.put(EKEN)
    read("customers")

    runs = [read("projects"), read("projects")]

    assert [(run.full, run.created) for run in runs] == [(True, 1), (False, 0)]
    assert not Case.objects.filter(state="open").exists()


def test_one_of_ours_is_recognised_by_number_and_name(
    acme: FakeCompany, read: Read, organization: Organization
) -> None:
    local = Project.objects.create(organization=organization, number="P1", name="kitchen")
    acme.put(project())

    read("projects")

    assert Project.objects.get().pk == local.pk
    assert Link.objects.get().origin == "adopted"


def test_the_number_alone_is_a_question(acme: FakeCompany, read: Read, organization: Organization) -> None:
    Project.objects.create(organization=organization, number="P1", name="Roof")
    acme.put(project(), project("p2", "P2"))

    run = read("projects")

    assert (run.created, run.rejected) == (1, 1)
    assert Case.objects.get().code == "number_taken"


def test_what_vanished_is_finished_not_deleted(acme: FakeCompany, read: Read) -> None:
    acme.put(*(project(f"p{n}", f"P{n}") for n in range(4)))
    read("projects")
    acme.take_away(ProjectRecord, "p2")

    run = read("projects", full=True)

    assert run.archived == 1
    assert Project.objects.get(number="P2").status == Project.Status.FINISHED
    assert Project.objects.count() == 4
