"""Secrets: what a login yielded, encrypted, and the login flows on their way."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounting.auth import Tokens
from fieldwork.models import Organization
from integrations.models.connection import Connection


class WrongKey(Exception):
    """The stored secret was encrypted with a key that FIELD_ENCRYPTION_KEYS does not hold."""


def cipher() -> MultiFernet:
    """The installation's keys; the first one encrypts, all of them decrypt."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: secrets cannot be stored.")
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):
    """Text that is plain in Python and encrypted in the database. A wrong key raises `WrongKey`."""

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if value in (None, ""):
            return value
        try:
            return cipher().decrypt(str(value).encode()).decode()
        except InvalidToken:
            raise WrongKey("A stored secret cannot be decrypted: check FIELD_ENCRYPTION_KEYS.") from None


class Credential(models.Model):
    """One connection's tokens. `version` counts saves; refreshing is claimed on it.

    `secret` names the connection it belongs to, so that a value copied to another row
    is refused.
    """

    connection = models.OneToOneField(
        Connection,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="credential",
    )
    secret = EncryptedTextField(blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    refresh_owner = models.CharField(max_length=64, blank=True, editable=False)
    refresh_until = models.DateTimeField(null=True, blank=True, editable=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self) -> str:
        return f"credential of {self.connection_id}"

    def __repr__(self) -> str:
        return f"<Credential {self.connection_id} version {self.version}>"

    def tokens(self) -> Tokens | None:
        """The stored tokens, or None after a disconnect."""
        if not self.secret:
            return None
        held = json.loads(self.secret)
        if held["connection"] != str(self.connection_id):
            raise WrongKey("This secret belongs to another connection.")
        return Tokens(
            access_token=held["access_token"],
            refresh_token=held["refresh_token"],
            expires_at=self.expires_at,
            scopes=frozenset(held["scopes"]),
            tenant=held.get("tenant", ""),
            login=held.get("login", ""),
        )

    @staticmethod
    def pack(connection: Connection, tokens: Tokens) -> str:
        """The text that `secret` stores for these tokens."""
        return json.dumps(
            {
                "connection": str(connection.pk),
                "access_token": tokens.access_token,
                "refresh_token": tokens.refresh_token,
                "scopes": sorted(tokens.scopes),
                "tenant": tokens.tenant,
                "login": tokens.login,
            }
        )


class LoginFlow(models.Model):
    """A login on its way: single use, ten minutes, bound to user, session and organization."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    state_hash = models.CharField(max_length=64, unique=True)
    verifier = EncryptedTextField()
    provider = models.CharField(max_length=40)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    session_hash = models.CharField(max_length=64)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        null=True,
        help_text=_("The connection to renew, or the one awaiting confirmation."),
    )
    # Which of the provider's logins, and whether the books are to be further ones.
    login = models.CharField(max_length=40, blank=True)
    as_further = models.BooleanField(default=False)
    # By which link somebody without an account set out; the user is then who had made it.
    invitation = models.ForeignKey("integrations.Invitation", on_delete=models.CASCADE, null=True, related_name="flows")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("login flow")
        verbose_name_plural = _("login flows")

    def __str__(self) -> str:
        return f"login flow {self.pk}"
