"""Owners make keys, see each once, and take them back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import ApiKey, User
from tests.fieldwork.api.conftest import Caller, key_of

pytestmark = pytest.mark.django_db

LIST = reverse("fieldwork:api_keys")
NEW = reverse("fieldwork:api_key_create")
KEY = re.compile(r"flk_[a-z0-9]+_[\w-]{40,}")


def test_a_key_is_shown_once_and_opens_the_firm(firm, sign_in):
    owner = sign_in(firm.owner)

    made = owner.post(NEW, {"name": "Planeringstavla", "scope": "read", "days": "90"})

    [text] = set(KEY.findall(made.content.decode()))
    assert "no-store" in made["Cache-Control"]
    assert Caller(text).get("/customers").status_code == 200
    key = ApiKey.objects.get()
    assert (key.organization, key.made_by, key.scope) == (firm.organization, firm.owner, "read")
    assert timedelta(days=89) < key.expires_at - timezone.now() <= timedelta(days=90)
    page = owner.get(LIST).content.decode()
    assert (key.shown in page, text in page, KEY.findall(page)) == (True, False, [])
    assert 'href="/api/v1/openapi.json"' in page
    assert 'href="/docs/api.md"' in page


def test_a_key_may_be_in_force_until_it_is_revoked(firm, sign_in):
    sign_in(firm.owner).post(NEW, {"name": "Skript", "scope": "write", "days": ""})

    assert ApiKey.objects.get().expires_at is None


def test_a_key_needs_a_name_and_a_known_scope(firm, sign_in):
    answer = sign_in(firm.owner).post(NEW, {"name": "", "scope": "everything", "days": "365"})

    assert set(answer.context["form"].errors) == {"name", "scope"}
    assert not ApiKey.objects.exists()


def test_revoking_asks_first_and_stops_the_program(firm, sign_in):
    key, caller = key_of(firm)
    owner, address = sign_in(firm.owner), reverse("fieldwork:api_key_revoke", args=[key.pk])

    asked = owner.get(address)
    still = caller.get("/customers").status_code
    owner.post(address)

    assert (asked.status_code, still, caller.get("/customers").status_code) == (200, 200, 401)
    key.refresh_from_db()
    assert key.revoked_by == firm.owner
    assert "Revoked" in owner.get(LIST).content.decode()


def test_a_second_revoking_keeps_the_first_moment(firm):
    key, _caller = key_of(firm)
    key.revoke(by=firm.owner)
    first = ApiKey.objects.get().revoked_at

    key.revoke(by=firm.coordinator)

    assert (ApiKey.objects.get().revoked_at, ApiKey.objects.get().revoked_by) == (first, firm.owner)


def test_only_owners_open_the_pages_and_only_of_their_firm(firm, stranger, sign_in):
    key, _caller = key_of(firm)
    pages = [LIST, NEW, reverse("fieldwork:api_key_revoke", args=[key.pk])]

    coordinator = sign_in(firm.coordinator)
    assert {coordinator.get(page).status_code for page in pages} == {403}
    foreign_owner = sign_in(stranger.owner)
    assert foreign_owner.post(pages[2]).status_code == 404
    assert ApiKey.objects.get().revoked_at is None


def test_owners_find_the_page_in_their_menu(firm, sign_in):
    assert f'href="{LIST}"' in sign_in(firm.owner).get(reverse("fieldwork:profile")).content.decode()
    assert f'href="{LIST}"' not in sign_in(firm.performer).get(reverse("fieldwork:profile")).content.decode()


def test_the_admin_shows_keys_and_nothing_that_opens(firm, stranger, sign_in):
    key, _caller = key_of(firm)
    foreign, _other = key_of(stranger)
    User.objects.filter(pk=firm.owner.pk).update(is_staff=True)
    firm.owner.user_permissions.set(Permission.objects.all())
    boss = sign_in(User.objects.get(pk=firm.owner.pk))

    listed = boss.get(reverse("admin:fieldwork_apikey_changelist")).content.decode()
    page = boss.get(reverse("admin:fieldwork_apikey_change", args=[key.pk])).content.decode()

    assert (key.shown in listed, foreign.shown in listed, key.shown in page) == (True, False, True)
    assert key.secret_hash not in listed + page
    assert 'name="_save"' not in page
