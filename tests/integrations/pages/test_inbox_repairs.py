"""Repairs from the page: the form in the entry, what was typed kept, all alike at once, rules, roles and tenants."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounting.models import TermsOfPayment, Unit
from fieldwork.models import Customer, Material, WorkOrderLine
from integrations.models import Answer, Case, Connection, Operation, RepairRule
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.exporting import complete, copies_of, operation_of, put_in_books

pytestmark = pytest.mark.django_db
State = Operation.State


@pytest.fixture
def without_postcode(worker, work_order) -> Case:
    """A completed job whose customer has no postcode."""
    Customer.objects.update(postcode="")
    complete(work_order)
    worker.run()
    return Case.objects.get()


def repair(browser: Client, case: Case, value: str = "", key: str = "field", **more: str):
    return browser.post(
        reverse("integrations:repair", args=[case.pk]),
        {"repair": key, "value": value, "back": "/inbox/?q=Eken", **more},
    )


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


class TestTheForm:
    def test_stands_in_the_entry_with_what_is_there_now(self, coordinator, worker, connection, work_order) -> None:
        put_in_books(connection, work_order.customer, Material.objects.get(), *work_order.organization.hour_types.all())
        line = work_order.lines.first()
        WorkOrderLine.objects.filter(pk=line.pk).update(text="x" * 51)
        complete(work_order)
        worker.run()

        page = coordinator.get("/inbox/").content.decode()

        assert f'action="{reverse("integrations:repair", args=[Case.objects.get().pk])}"' in page
        assert "x" * 51 in page

    def test_saves_sends_and_leads_back_to_the_list(self, coordinator, without_postcode, work_order) -> None:
        answer = repair(coordinator, without_postcode, "123 45")

        assert (answer.status_code, answer["Location"]) == (302, "/inbox/?q=Eken")
        assert operation_of(work_order).state == State.QUEUED
        shown = coordinator.get("/inbox/")
        assert "1 entry is repaired. 1 record goes to the books next." in said(shown)
        assert shown.context["entries"] == []

    def test_keeps_what_was_typed_and_says_beside_it_what_is_wrong(self, coordinator, without_postcode) -> None:
        answer = repair(coordinator, without_postcode, "12345678901234567890123")

        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="12345678901234567890123"' in page
        assert "errorlist" in page
        assert Customer.objects.get().postcode == ""

    def test_is_just_the_entry_for_a_browser_that_swaps_it(self, coordinator, without_postcode) -> None:
        address = reverse("integrations:repair", args=[without_postcode.pk])
        wrong = coordinator.post(address, {"repair": "field", "value": ""}, headers={"HX-Request": "true"})
        right = coordinator.post(address, {"repair": "field", "value": "123 45"}, headers={"HX-Request": "true"})

        assert wrong.content.decode().lstrip().startswith("<article")
        assert right["HX-Redirect"] == "/inbox/"

    def test_leads_nowhere_else(self, coordinator, without_postcode) -> None:
        answer = repair(coordinator, without_postcode, "123 45", back="https://evil.example/inbox/")

        assert answer["Location"] == "/inbox/"

    def test_pressed_twice_says_that_it_is_repaired(self, coordinator, without_postcode) -> None:
        repair(coordinator, without_postcode, "123 45")
        repair(coordinator, without_postcode, "999 99")

        assert "was repaired meanwhile" in said(coordinator.get("/inbox/"))
        assert Customer.objects.get().postcode == "123 45"

    def test_says_when_nothing_goes_out_for_now(self, coordinator, connection, without_postcode) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)

        repair(coordinator, without_postcode, "123 45")

        assert "What waits is sent as soon as that is over." in said(coordinator.get("/inbox/"))

    def test_nothing_is_offered_while_it_is_tried_again(self, coordinator, without_postcode) -> None:
        Operation.objects.update(state=State.QUEUED)

        page = coordinator.get("/inbox/")

        assert page.context["entries"][0].form is None
        assert "Is on its way to Acme Books again." in page.content.decode()

    @pytest.mark.parametrize("key", ["terms", "release", "no such repair", ""])
    def test_a_repair_that_does_not_fit_is_not_found(self, coordinator, without_postcode, key) -> None:
        assert repair(coordinator, without_postcode, "x", key=key).status_code == 404


class TestQuestions:
    @pytest.fixture
    def unanswered(self, worker, connection, work_order, material, hour_type) -> Case:
        put_in_books(connection, work_order.customer, material, hour_type)
        Answer.objects.all().delete()
        complete(work_order)
        worker.run()
        return Case.objects.get()

    def test_the_list_does_not_ask_the_books(self, browser, unanswered, acme) -> None:
        before = list(acme.requests)

        page = browser.get("/inbox/").content.decode()

        assert acme.requests == before
        assert reverse("integrations:entry", args=[unanswered.pk]) in page

    def test_the_entrys_own_page_does_and_the_owner_answers(self, browser, unanswered) -> None:
        page = browser.get(reverse("integrations:entry", args=[unanswered.pk])).content.decode()
        assert '<option value="std">Standard</option>' in page

        repair(browser, unanswered, "std", key="question")

        assert Answer.objects.get().label == "Standard"
        # From now on the choices are known, and stand in the list.
        Answer.objects.all().delete()
        Case.objects.update(state=Case.State.OPEN)
        Operation.objects.update(state=State.BLOCKED)
        assert '<option value="std">Standard</option>' in browser.get("/inbox/").content.decode()

    def test_nobody_else_does(self, coordinator, unanswered) -> None:
        assert "Only the owner answers this." in coordinator.get("/inbox/").content.decode()
        assert repair(coordinator, unanswered, "std", key="question").status_code == 403
        assert not Answer.objects.exists()


class TestAllAlike:
    @pytest.fixture
    def fourteen(self, worker, connection, work_order, material, hour_type) -> Case:
        put_in_books(connection, work_order.customer, material, hour_type)
        TermsOfPayment.objects.create(books=connection.books, remote_id="t30", name="30 days net")
        Customer.objects.update(terms_of_payment="30 dagar")
        for each in [work_order, *copies_of(work_order, [str(1188 + n) for n in range(13)])]:
            complete(each)
        worker.run()
        return Case.objects.first()

    def test_the_count_is_said_before_and_proven_after(self, coordinator, fourteen) -> None:
        page = coordinator.get("/inbox/").content.decode()
        assert '<span class="times">14 ×</span> Terms of payment unknown to the books' in page
        assert "Save for all 14, and for new ones" in page

        repair(coordinator, fourteen, "t30", key="terms", **{"for": "all"})

        shown = coordinator.get("/inbox/")
        assert "14 entries are repaired. 14 records go to the books next." in said(shown)
        assert set(Operation.objects.values_list("state", flat=True)) == {State.QUEUED}

    def test_the_rule_is_listed_with_its_use_and_can_be_switched_off_and_deleted(self, coordinator, fourteen) -> None:
        repair(coordinator, fourteen, "t30", key="terms", **{"for": "all"})
        rule = RepairRule.objects.get()
        page = coordinator.get("/inbox/rules/").content.decode()
        assert "The terms of payment “30 dagar” mean “30 days net”." in page
        assert '<td class="number">14</td>' in page

        coordinator.post(reverse("integrations:switch_rule", args=[rule.pk]), {"on": "no"})
        assert not RepairRule.objects.get().active
        assert "Switch on" in coordinator.get("/inbox/rules/").content.decode()
        coordinator.post(reverse("integrations:delete_rule", args=[rule.pk]))
        assert "No rules yet." in coordinator.get("/inbox/rules/").content.decode()

    def test_all_of_a_kind_are_tried_again(self, coordinator, fourteen) -> None:
        assert "Try all 14 again" in coordinator.get("/inbox/").content.decode()

        coordinator.post("/inbox/retry/", {"kind": "customer_terms_unknown"})

        assert set(Operation.objects.values_list("state", flat=True)) == {State.QUEUED}
        assert "14 records are tried again." in said(coordinator.get("/inbox/"))

    def test_just_the_ticked_ones_are_tried_again(self, coordinator, fourteen) -> None:
        two = [str(pk) for pk in Case.objects.values_list("pk", flat=True)[:2]]

        coordinator.post("/inbox/retry/", {"case": [*two, "no id"]})

        assert Operation.objects.filter(state=State.QUEUED).count() == 2

    def test_the_ticked_ones_are_left_out_with_a_reason(self, coordinator, fourteen) -> None:
        two = [str(pk) for pk in Case.objects.values_list("pk", flat=True)[:2]]

        coordinator.post("/inbox/exclude/", {"case": two, "reason": " "})
        assert not Operation.objects.filter(state=State.CANCELLED).exists()
        coordinator.post("/inbox/exclude/", {"case": two, "reason": "Billed by hand"})

        assert Operation.objects.filter(state=State.CANCELLED, exclude_reason="Billed by hand").count() == 2

    def test_nothing_ticked_is_said(self, coordinator, fourteen) -> None:
        coordinator.post("/inbox/retry/", {})
        assert "Tick the entries" in said(coordinator.get("/inbox/"))

        coordinator.post("/inbox/exclude/", {"reason": "Billed by hand"})
        assert "Tick the work orders" in said(coordinator.get("/inbox/"))


class TestWhoMay:
    @pytest.mark.parametrize("name", ["entry", "repair", "accept"])
    def test_another_firms_case_is_not_found(self, stranger, without_postcode, name) -> None:
        address = reverse(f"integrations:{name}", args=[without_postcode.pk])

        assert (stranger.get if name == "entry" else stranger.post)(address, {"repair": "field"}).status_code == 404

    def test_another_firms_cases_are_neither_retried_nor_left_out(self, stranger, without_postcode, work_order) -> None:
        ticked = {"case": [str(without_postcode.pk)], "kind": without_postcode.code, "reason": "Mine now"}

        stranger.post("/inbox/retry/", ticked)
        stranger.post("/inbox/exclude/", ticked)

        assert operation_of(work_order).state == State.BLOCKED

    def test_another_firms_rule_is_not_found(self, stranger, connection) -> None:
        rule = RepairRule.objects.create(
            organization=connection.organization, connection=connection, repair="exclude", code="c", decision="d"
        )

        for name in ("switch_rule", "delete_rule"):
            assert stranger.post(reverse(f"integrations:{name}", args=[rule.pk])).status_code == 404
        assert "No rules yet." in stranger.get("/inbox/rules/").content.decode()

    def test_technicians_and_passers_by_may_nothing(self, performer, client, without_postcode) -> None:
        pk = without_postcode.pk
        for path in (f"/inbox/{pk}/repair/", "/inbox/retry/", "/inbox/exclude/", f"/inbox/rules/{pk}/delete/"):
            assert performer.post(path).status_code == 403
            assert client.post(path).status_code == 302
        for path in (f"/inbox/{pk}/", "/inbox/rules/"):
            assert performer.get(path).status_code == 403


class TestTheList:
    def test_is_narrowed_by_kind_record_and_words(self, browser, connection, without_postcode) -> None:
        about = Subject(kind="remote_article", id="4711", label="4711 Ångpanna")
        open_cases(connection, [(about, Finding(code="unreadable", sentence="Unreadable.", detail="The price is odd"))])

        def listed(**query: str) -> list[str]:
            return [entry.case.code for entry in browser.get("/inbox/", query).context["entries"]]

        assert listed() == ["postcode_missing", "unreadable"]
        assert listed(kind="unreadable") == listed(subject="remote_article") == ["unreadable"]
        assert listed(q="ångpanna") == listed(q="odd price") == ["unreadable"]
        assert listed(q="Eken") == ["postcode_missing"]
        assert listed(q="nothing at all") == []

    def test_what_stops_everything_comes_first(self, browser, connection, without_postcode) -> None:
        subject = Subject(kind="connection", id=str(connection.pk), label=str(connection))
        open_cases(connection, [(subject, Finding(code="reconnect_needed", sentence="Sign in.", where="connection"))])

        page = browser.get("/inbox/")

        assert [group.code for group in page.context["groups"]] == ["reconnect_needed", "postcode_missing"]
        assert reverse("integrations:connect", args=["acme_books"]) in page.content.decode()

    def test_a_page_with_every_sort_of_form_costs_no_more_statements(
        self, browser, connection, without_postcode, work_order, material, django_assert_max_num_queries
    ) -> None:
        TermsOfPayment.objects.create(books=connection.books, remote_id="t", name="30 days")
        Unit.objects.create(books=connection.books, remote_id="u", name="Metre")
        operation = operation_of(work_order)
        subject = Subject(kind="work_order", id=str(work_order.pk), label=str(work_order))
        line = str(work_order.lines.first().pk)
        found = [
            Finding(code="name_missing", sentence="N.", where="article", field="name", part=str(material.pk)),
            Finding(code="text_too_long", sentence="N.", where="line", field="text", part=line),
            Finding(code="unit_unanswered", sentence="N.", where="article", field="unit", part=str(material.pk)),
            Finding(code="customer_terms_unknown", sentence="N.", where="customer", values={"terms": "30"}),
            Finding(code="article_gone", sentence="N.", where="article", part=str(material.pk)),
            Finding(code="total_not_positive", sentence="N.", where="work_order"),
            Finding(code="answer_missing", sentence="N.", where="connection", field="layout"),
        ]
        open_cases(connection, [(subject, each) for each in found], operation=operation)
        articles = [Subject(kind="remote_article", id=str(n), label=str(n)) for n in range(30)]
        open_cases(connection, [(each, Finding(code="article_without_unit", sentence="N.")) for each in articles])

        with django_assert_max_num_queries(15):
            page = browser.get("/inbox/")

        assert len([entry for entry in page.context["entries"] if entry.form]) == 37


NASTY = "<script>alert(1)</script>\x00\x1b[31m\u202eevil" + "å" * 10_000


def test_names_from_the_books_are_shown_harmlessly(browser, connection) -> None:
    about = Subject(kind="remote_customer", id="c1", label=NASTY)
    finding = Finding(
        code="unreadable", sentence="%(name)s is odd.", values={"name": NASTY}, detail=NASTY, error_id=NASTY
    )
    open_cases(connection, [(about, finding), (about, finding)])
    open_cases(connection, [(about, finding)])

    page = browser.get("/inbox/").content.decode()
    alone = browser.get(reverse("integrations:entry", args=[Case.objects.get().pk])).content.decode()

    for shown in (page, alone, browser.get("/").content.decode()):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown
        assert not {"\x00", "\x1b", "\u202e"} & set(shown)
        assert "å" * 6000 not in shown
    assert Case.objects.get().times == 2


def test_a_typed_value_is_shown_harmlessly(coordinator, without_postcode) -> None:
    page = repair(coordinator, without_postcode, '"><script>alert(1)</script>' + "x" * 10_000).content.decode()

    assert "<script>alert" not in page
    assert Customer.objects.get().postcode == ""
