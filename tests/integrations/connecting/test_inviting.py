"""Somebody without an account signs in for the firm, with a link: what it allows, and everything that it does not."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from config.logs import JsonFormatter
from fieldwork.models import Membership, User
from integrations.connecting.disconnecting import disconnect
from integrations.models import Connection, ConnectionSettings, Invitation, LoginFlow
from integrations.models.hook import hashed
from integrations.models.invitation import MOST_STARTS
from tests.integrations.connecting.acme_login import LoginServer
from tests.integrations.connecting.steps import BOOKS, come_back, connected, messages_of

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)
HERE, DONE = "/authorise/", "/authorise/done/"


def make(browser: Client, key: str, **asked: object) -> str:
    """The path of a new link."""
    page = browser.post(reverse("integrations:invite", args=[key]), {"hours": 72, "language": "en", **asked})
    assert page.status_code == 200, page
    return page.context["address"].removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def link(browser: Client, service) -> str:
    return make(browser, service.provider.key)


@pytest.fixture
def guest() -> Client:
    """A browser that has never been here."""
    return Client(headers={"accept-language": "en"})


def opened(guest: Client, link: str) -> HttpResponse:
    return guest.get(link, follow=True)


def authorise(guest: Client, service, link: str, *, company: int = 0, deny: bool = False) -> HttpResponse:
    """Opens the link, sets out, signs in over there, comes back."""
    opened(guest, link)
    return come_back(guest, service.sign_in(guest.post(HERE)["Location"], company=company, deny=deny))


def is_gone(answer: HttpResponse) -> bool:
    return answer.status_code == 404 and "This link cannot be used" in answer.content.decode()


# --- the straight way -----------------------------------------------------------


def test_the_page_says_who_asks_what_is_allowed_and_nothing_else(guest, link, service, organization):
    page = opened(guest, link)
    shown = page.content.decode()

    assert page.redirect_chain == [(HERE, 302)]
    assert "Rör &amp; Värme AB" in shown
    assert service.auth.permissions[0].sentence in shown
    assert str(service.provider.checklist[0]).replace("'", "&#x27;") in shown
    assert "Dashboard" not in shown
    assert "owner" not in shown


def test_a_guest_signs_in_and_the_owner_is_asked_whether_it_is_the_right_company(browser, guest, link, service):
    answer = authorise(guest, service, link)
    thanks = guest.get(answer["Location"]).content.decode()

    found, invitation = Connection.objects.get(), Invitation.objects.get()
    assert answer["Location"] == DONE
    assert service.companies[0]["name"].replace("&", "&amp;") in thanks
    assert found.state == Connection.State.CONFIRMING
    assert (invitation.led_to, invitation.used_at is not None) == (found, True)

    asked = browser.get(reverse("integrations:confirm", args=[found.pk])).content.decode()
    assert "with the link that owner had made" in asked
    browser.post(reverse("integrations:confirm", args=[found.pk]), {"use": "1"})
    found.refresh_from_db()
    assert found.state == Connection.State.ACTIVE


def test_the_connections_page_lists_who_made_it_and_that_it_was_used(browser, guest, link, service):
    before = browser.get(BOOKS).content.decode()
    authorise(guest, service, link)
    after = browser.get(BOOKS).content.decode()

    assert ">Open</span>" in before
    assert ">Used</span>" in after
    assert "owner" in before.partition('id="invitations"')[2]


def test_a_new_login_for_the_same_books_goes_on_by_itself(browser, guest, service):
    connection = connected(browser, service)
    ConnectionSettings.objects.update(saved_at=timezone.now())
    Connection.objects.update(state=Connection.State.RECONNECT, next_due_at=None)
    link = make(browser, service.provider.key)

    shown = opened(guest, link).content.decode()
    authorise(guest, service, link)

    connection.refresh_from_db()
    assert f"Choose <strong>{str(connection.books).replace('&', '&amp;')}" in shown
    assert connection.state == Connection.State.ACTIVE
    assert connection.next_due_at is not None
    assert "Everything goes on by itself" in guest.get(DONE).content.decode()


def test_another_company_is_refused_explained_and_can_be_tried_again(browser, guest, service):
    connection = connected(browser, service)
    held = connection.credential.tokens()
    Connection.objects.update(state=Connection.State.RECONNECT)
    link = make(browser, service.provider.key)

    answer = authorise(guest, service, link, company=1)

    connection.refresh_from_db()
    assert "the connection belongs to" in answer.content.decode()
    assert connection.state == Connection.State.RECONNECT
    assert connection.credential.tokens() == held
    assert Invitation.objects.get().used_at is None
    assert authorise(guest, service, link)["Location"] == DONE


def test_whoever_does_not_give_access_may_think_better_of_it(guest, link, service):
    answer = authorise(guest, service, link, deny=True)

    assert "You did not give access" in answer.content.decode()
    assert not Connection.objects.exists()
    assert authorise(guest, service, link)["Location"] == DONE


def test_the_page_takes_few_statements(browser, guest, service, django_assert_max_num_queries):
    connected(browser, service)
    opened(guest, make(browser, service.provider.key))

    with django_assert_max_num_queries(6):
        guest.get(HERE)


# --- what a link does not allow -----------------------------------------------------


def test_only_a_digest_of_the_secret_is_kept(link):
    secret = link.rstrip("/").rpartition("/")[2]
    row = Invitation.objects.values().get()

    assert len(secret) > 40
    assert secret not in str(row)
    assert row["secret_hash"] == hashed(secret)


def test_an_unknown_link_is_answered_like_any_that_does_not_hold(guest, link, service, browser):
    unknown = guest.get("/authorise/made-up/")
    Invitation.objects.update(revoked_at=timezone.now())
    known = guest.get(link)

    assert is_gone(unknown)
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers["Referrer-Policy"] == "no-referrer"
    assert is_gone(guest.get(HERE))
    assert is_gone(guest.get(DONE))


def test_a_link_that_is_too_old_opens_nothing(guest, link):
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert is_gone(guest.get(link))


def test_a_link_that_grew_too_old_on_the_way_keeps_nothing(guest, link, service):
    opened(guest, link)
    location = service.sign_in(guest.post(HERE)["Location"])
    Invitation.objects.update(expires_at=timezone.now())

    assert is_gone(come_back(guest, location))
    assert not Connection.objects.exists()


def test_a_link_is_used_once(guest, link, service):
    authorise(guest, service, link)
    again = Client()

    assert is_gone(again.get(link))
    assert is_gone(guest.post(HERE))


def test_of_two_who_set_out_with_one_link_the_first_to_come_back_uses_it(guest, link, service):
    other = Client()
    for each in (guest, other):
        opened(each, link)
    first = service.sign_in(guest.post(HERE)["Location"])
    second = service.sign_in(other.post(HERE)["Location"], company=1)

    assert come_back(guest, first)["Location"] == DONE
    assert is_gone(come_back(other, second))
    assert Connection.objects.count() == 1


def test_a_link_that_was_taken_back_opens_nothing_wherever_one_is(browser, guest, link, service):
    opened(guest, link)
    location = service.sign_in(guest.post(HERE)["Location"])

    invitation = Invitation.objects.get()
    browser.post(reverse("integrations:revoke_invitation", args=[invitation.pk]))

    assert is_gone(come_back(guest, location))
    assert is_gone(guest.get(HERE))
    assert is_gone(guest.post(HERE))
    assert is_gone(Client().get(link))
    assert not Connection.objects.exists()
    invitation.refresh_from_db()
    assert invitation.revoked_by.username == "owner"


def test_coming_back_in_another_browser_keeps_nothing(guest, link, service):
    opened(guest, link)
    location = service.sign_in(guest.post(HERE)["Location"])
    other = Client()
    nobody = come_back(other, location)
    opened(other, link)

    assert is_gone(nobody)
    assert "started by somebody else" in come_back(other, location).content.decode()
    assert not Connection.objects.exists()
    assert LoginFlow.objects.get().used_at is None
    assert come_back(guest, location)["Location"] == DONE


def test_an_owner_signed_in_here_cannot_finish_a_guests_login(browser, guest, link, service):
    opened(guest, link)
    location = service.sign_in(guest.post(HERE)["Location"])

    assert is_gone(come_back(browser, location))
    assert not Connection.objects.exists()


def test_a_forged_cookie_opens_nothing(guest, link):
    opened(guest, link)
    value = guest.cookies["invited"].value
    forged = Client()
    forged.cookies["invited"] = value.replace(value[:8], "00000000")

    assert is_gone(forged.get(HERE))


def test_a_link_of_somebody_who_is_no_owner_any_more_is_dead(guest, link, owner):
    Membership.objects.filter(user=owner).update(role=Membership.Role.COORDINATOR)

    assert is_gone(guest.get(link))


def test_a_link_of_somebody_who_may_not_sign_in_any_more_is_dead(guest, link, owner):
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert is_gone(guest.get(link))


def test_a_link_is_dead_when_the_licence_has_ended(guest, link, licence):
    licence.delete()

    assert is_gone(guest.get(link))


def test_a_link_to_a_connection_that_was_disconnected_is_dead(browser, guest, service, owner):
    connection = connected(browser, service)
    link = make(browser, service.provider.key)
    disconnect(connection, by=owner)

    assert is_gone(guest.get(link))


def test_a_link_for_new_books_is_dead_once_the_owner_has_connected(browser, guest, link, service):
    opened(guest, link)
    location = service.sign_in(guest.post(HERE)["Location"])
    connection = connected(browser, service)
    held = connection.credential.tokens()

    assert is_gone(come_back(guest, location))
    assert is_gone(guest.get(link))
    assert Connection.objects.get().credential.tokens() == held


def test_links_that_nobody_needs_any_more_stay_closed_after_a_later_disconnect(browser, guest, link, service, owner):
    connection = connected(browser, service)
    disconnect(connection, by=owner)

    assert is_gone(guest.get(link))


def test_a_link_for_further_books_gives_no_new_login_to_those_that_are_connected(browser, guest, service):
    connection = connected(browser, service)
    held = connection.credential.tokens()
    link = make(browser, service.provider.key)
    Invitation.objects.update(connection=None, as_further=True)

    answer = authorise(guest, service, link)

    assert "is connected already" in answer.content.decode()
    assert connection.credential.tokens() == held


def test_books_of_another_firm_are_refused(guest, link, service, stranger):
    books = Books.objects.create(
        provider=service.provider.key,
        environment=service.environment[next(n for n in service.environment if n.endswith("_API_URL"))],
        remote_id=service.companies[0]["id"],
        name="x",
    )
    Connection.objects.create(
        organization=stranger.memberships.get().organization,
        provider=service.provider.key,
        books=books,
        state=Connection.State.ACTIVE,
    )

    answer = authorise(guest, service, link)

    assert "belongs to another organization" in answer.content.decode()
    assert Connection.objects.count() == 1


def test_nobody_sets_out_for_ever_with_one_link(guest, link):
    opened(guest, link)
    Invitation.objects.update(starts=MOST_STARTS)

    assert is_gone(guest.post(HERE))


def test_no_log_line_holds_the_secret(guest, link, service, caplog):
    caplog.set_level(logging.DEBUG)
    secret = link.rstrip("/").rpartition("/")[2]
    opened(guest, link)
    guest.post(link)
    guest.get(f"{link}x")
    guest.get(link.replace(secret[:4], "xxxx"))

    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("Not Found" in line for line in lines)
    assert [line for line in lines if secret[4:] in line] == []


# --- the owner's side -----------------------------------------------------------


def test_links_are_the_owners(client, organization, service, licence, link):
    person = User.objects.create_user(username="other", password="secret")
    Membership.objects.create(user=person, organization=organization, role=Membership.Role.COORDINATOR)
    client.force_login(person)
    invitation = Invitation.objects.get()

    assert client.get(reverse("integrations:invite", args=[service.provider.key])).status_code == 403
    assert client.post(reverse("integrations:revoke_invitation", args=[invitation.pk])).status_code == 403
    invitation.refresh_from_db()
    assert invitation.is_open


def test_a_stranger_takes_nothing_back(client, stranger, link):
    client.force_login(stranger)

    assert client.post(reverse("integrations:revoke_invitation", args=[Invitation.objects.get().pk])).status_code == 404
    assert Invitation.objects.get().is_open


def test_what_could_not_be_used_is_not_made(browser, service, licence):
    licence.delete()

    page = browser.post(reverse("integrations:invite", args=[service.provider.key]), {"hours": 72, "language": "en"})

    assert "has no licence" in page.content.decode()
    assert not Invitation.objects.exists()


def test_a_wrong_address_is_refused_beside_its_field(browser, service):
    asked = {"hours": 72, "language": "en", "sent_to": "not an address"}

    page = browser.post(reverse("integrations:invite", args=[service.provider.key]), asked)

    assert page.context["form"].errors["sent_to"]
    assert "not an address" in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("language", "word"), [("en", "Open this link"), ("sv", "Rör & Värme AB")])
def test_the_link_is_mailed_in_the_chosen_language(browser, service, language, word):
    link = make(browser, service.provider.key, sent_to="revisor@example.com", language=language)

    [sent] = mail.outbox
    assert sent.to == ["revisor@example.com"]
    assert f"http://127.0.0.1:8000{link}" in sent.body
    assert word in sent.body
    assert "Rör & Värme AB" in sent.subject


def test_a_mail_that_cannot_be_sent_is_said_and_the_link_is_shown(browser, service, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    asked = {"hours": 72, "language": "en", "sent_to": "revisor@example.com"}

    page = browser.post(reverse("integrations:invite", args=[service.provider.key]), asked)

    assert "could not be sent" in messages_of(page)
    assert page.context["address"] in page.content.decode()


def test_there_is_an_end_to_open_links(browser, service, organization):
    for _number in range(10):
        make(browser, service.provider.key)

    page = browser.post(reverse("integrations:invite", args=[service.provider.key]), {"hours": 72, "language": "en"})

    assert "Take one back first" in page.content.decode()


# --- the other ways to sign in -------------------------------------------------------


TENANT = "2b1f8a2e-6a52-4f7e-9a0c-0f1f5d1c7a11"


def test_a_grant_without_a_state_finds_the_guests_browser(
    office, guest, offer, acme_login: LoginServer, acme: FakeCompany
):
    offer("BY_GRANT")
    link = make(office, "acme_books")
    opened(guest, link)
    back = acme_login.add_app(guest.post(HERE)["Location"], acme).removeprefix("http://127.0.0.1:8000")
    elsewhere = Client()

    assert elsewhere.get(back)["Location"] == BOOKS
    assert guest.get(back)["Location"] == "/books/acme_books/callback/"
    assert guest.get("/books/acme_books/callback/")["Location"] == DONE
    assert Connection.objects.get().state == Connection.State.CONFIRMING
    assert Invitation.objects.get().used_at is not None


def test_a_grant_that_was_not_given_leaves_the_link_open(office, guest, offer, acme_login, acme):
    offer("BY_GRANT")
    link = make(office, "acme_books")
    opened(guest, link)
    back = acme_login.add_app(guest.post(HERE)["Location"], cancel=True).removeprefix("http://127.0.0.1:8000")

    assert "No access was given" in guest.get(back).content.decode()
    assert Invitation.objects.get().is_open


def test_a_tenant_id_is_asked_of_the_guest(office, guest, offer, acme_login, acme):
    offer("BY_TENANT")
    acme_login.tenants[TENANT] = acme
    opened(guest, make(office, "acme_books"))

    wrong = guest.post(HERE, {"login": "client_credentials", "tenant": "what?"})
    unknown = guest.post(HERE, {"login": "client_credentials", "tenant": TENANT.replace("2", "3")})
    right = guest.post(HERE, {"login": "client_credentials", "tenant": TENANT})

    assert wrong.context["ways"][0].form.errors["tenant"]
    assert "what?" in wrong.content.decode()
    assert unknown.context["problem"]
    assert right["Location"] == DONE
    assert Connection.objects.get().state == Connection.State.CONFIRMING


def test_the_firms_own_tenant_id_is_not_shown_to_a_guest(office, guest, offer, acme_login, acme):
    offer("BY_TENANT")
    acme_login.tenants[TENANT] = acme
    login = {"login": "client_credentials", "tenant": TENANT}
    office.post(office.post("/books/acme_books/connect/", login)["Location"], {"use": "1"})

    assert TENANT not in opened(guest, make(office, "acme_books")).content.decode()


def test_what_the_books_are_to_be_is_the_owners_choice_and_not_the_guests(browser, guest, service, connection):
    address = reverse("integrations:invite", args=[service.provider.key])
    unanswered = browser.post(address, {"hours": 72, "language": "en"})
    link = make(browser, service.provider.key, role="further")

    shown = opened(guest, link).content.decode()
    authorise(guest, service, link)

    assert unanswered.context["form"].errors["role"]
    assert "Books of record" not in shown
    assert Connection.objects.exclude(pk=connection.pk).get().is_books_of_record is False


def test_of_two_at_the_same_moment_one_may_use_it(link):
    first, second = Invitation.objects.get(), Invitation.objects.get()

    assert first.claim()
    assert not second.claim()
    first.give_back()
    assert second.claim()
