"""The tokens of one connection: used while they last, renewed by exactly one worker.

Whoever finds the tokens about to expire claims their renewal by a conditional UPDATE on the credential's
version, commits, makes one request, and saves both tokens in one UPDATE. Everybody else waits for the
version to change. The committed claim also proves that the database can be written before the old token is
spent. No transaction is open during the request.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import FrameType
from uuid import UUID, uuid4

from django.db import OperationalError
from django.db import connection as database
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting import login
from accounting.auth import AuthorizationCode, Tokens, login_named
from accounting.errors import AccountingError, ReconnectNeeded, TryLater
from accounting.protocol import Provider
from integrations.crash_points import reach
from integrations.models import Connection, Credential

LARGEST_MARGIN = timedelta(minutes=5)
CLAIM = timedelta(seconds=30)  # a request of at most 15 s, and the save
COOL_DOWN = timedelta(seconds=30)
SAVE_PATIENCE_S = 30.0
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGALRM") if hasattr(signal, name))


class StoredAccess:
    """The credentials of a connection, as its ledger asks for them. Network only when they must be renewed."""

    def __init__(self, connection_id: UUID, provider: Provider, site: Mapping[str, str]) -> None:
        self._connection_id = connection_id
        self._provider = provider
        self._site = site
        self._held: Credential | None = None

    def token(self) -> str:
        """A token that is valid now. Raises ReconnectNeeded or TryLater."""
        if self._held is not None and lasts(self._held, timezone.now()):
            return access_token(self._held)
        self._held = self._read()
        if not lasts(self._held, timezone.now()):
            self._held = self._renewed(self._held)
        return access_token(self._held)

    def renew(self, refused: str) -> str:
        """Another token than the one the books refused. Raises ReconnectNeeded or TryLater."""
        self._held = self._read()
        if access_token(self._held) == refused:
            self._held = self._renewed(self._held)
        return access_token(self._held)

    def _read(self) -> Credential:
        credential = Credential.objects.filter(connection_id=self._connection_id).first()
        if credential is None or not credential.secret:
            raise ReconnectNeeded(_("The connection has no login. Connect it again."))
        return credential

    def _renewed(self, old: Credential) -> Credential:
        """The credential in a later version than `old`, whoever renewed it."""
        if self._is_dead():
            raise self._refused(old)
        owner = uuid4().hex
        deadline = time.monotonic() + CLAIM.total_seconds()
        while time.monotonic() < deadline:
            if claim(old, owner):
                reach("refresh.claimed")
                return self._renew_as_owner(old, owner)
            current = self._read()
            if current.version != old.version:
                return current
            if cooling := cools_down_until(current):
                return self._use_up(current, cooling)
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311  (so that waiters do not ask in step)
        raise TryLater(_("Another worker is renewing the login."), after=COOL_DOWN)

    def _is_dead(self) -> bool:
        """True once the login was refused: only a person brings a new one, and nobody asks meanwhile."""
        return Connection.objects.filter(pk=self._connection_id, state=Connection.State.RECONNECT).exists()

    def _renew_as_owner(self, old: Credential, owner: str) -> Credential:
        """The credential after our one request. Signals wait, so that a rotated token is never lost."""
        with signals_deferred():
            reach("refresh.before_request")
            held = old.tokens()
            auth = login_named(self._provider.logins, held.login if held else "")
            try:
                fresh = login.refresh(auth, self._site, held)
            except ReconnectNeeded as error:
                # Where people do not simply sign in again, the login server's own reason says who must do what.
                return self._newer_than(old, "" if isinstance(auth, AuthorizationCode) else error.sentence)
            except AccountingError:
                # The token may have been rotated all the same; after the cool-down it is tried once more.
                release_claim(old, owner)
                raise
            reach("refresh.answered")
            save_renewed(old, fresh)
            reach("refresh.saved")
        return self._read()

    def _newer_than(self, old: Credential, reason: str) -> Credential:
        """What another worker saved meanwhile. Raises ReconnectNeeded when nobody did: the refusal is real."""
        current = self._read()
        if current.version != old.version:
            return current
        raise self._refused(old, reason)

    def _refused(self, old: Credential, reason: str = "") -> ReconnectNeeded:
        again = _("%(books)s no longer accepts the login. Sign in again.") % {"books": self._provider.label}
        sentence = reason or again
        need_reconnect(old.connection_id, sentence)
        return ReconnectNeeded(sentence)

    def _use_up(self, current: Credential, cooling: datetime) -> Credential:
        """The old token while it still works: a login server that is down does not stop us before it must."""
        now = timezone.now()
        if current.expires_at and current.expires_at > now:
            return current
        raise TryLater(_("The login server does not answer."), after=cooling - now)


def access_token(credential: Credential) -> str:
    tokens = credential.tokens()
    return tokens.access_token if tokens else ""


def lasts(credential: Credential, now: datetime) -> bool:
    """True while the token has more left than five minutes, or a fifth of its life when that is shorter."""
    if credential.expires_at is None:
        return True
    margin = min(LARGEST_MARGIN, (credential.expires_at - credential.saved_at) / 5)
    return credential.expires_at - now > margin


def claim(credential: Credential, owner: str) -> bool:
    """True when `owner` alone may renew this version of the credential, for the next half minute."""
    now = timezone.now()
    return bool(
        same_version(credential)
        .filter(Q(refresh_until__isnull=True) | Q(refresh_until__lt=now))
        .update(refresh_owner=owner, refresh_until=now + CLAIM)
    )


def release_claim(credential: Credential, owner: str) -> None:
    """Free again after a pause, so that a login server in trouble is not stormed."""
    same_version(credential).filter(refresh_owner=owner).update(
        refresh_owner="", refresh_until=timezone.now() + COOL_DOWN
    )


def cools_down_until(credential: Credential) -> datetime | None:
    """Until when nobody asks the login server again, after it failed; None when it may be asked."""
    until = credential.refresh_until
    return until if until and not credential.refresh_owner and until > timezone.now() else None


def save_renewed(old: Credential, fresh: Tokens) -> None:
    """Both tokens in one UPDATE, tried for half a minute: the old refresh token may be spent already.

    The version alone decides: even if our claim ran out meanwhile, nobody but us holds these tokens. A
    disconnect, which also raises the version, wins.
    """
    held = old.tokens()
    kept = fresh.refresh_token or (held.refresh_token if held else "")
    tokens = replace(
        fresh,
        refresh_token=kept,
        scopes=fresh.scopes or (held.scopes if held else frozenset()),
        tenant=fresh.tenant or (held.tenant if held else ""),
        login=fresh.login or (held.login if held else ""),
    )
    deadline = time.monotonic() + SAVE_PATIENCE_S
    while True:
        try:
            save_tokens(same_version(old), old.connection, tokens)
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            database.close()
            time.sleep(0.5)
        else:
            return


def save_tokens(rows: QuerySet[Credential], connection: Connection, tokens: Tokens) -> int:
    """How many of these credentials (one or none) now hold the tokens, in a later version."""
    return rows.update(
        secret=Credential.pack(connection, tokens),
        expires_at=tokens.expires_at,
        version=F("version") + 1,
        refresh_owner="",
        refresh_until=None,
        saved_at=timezone.now(),
    )


def same_version(credential: Credential) -> QuerySet[Credential]:
    return Credential.objects.filter(pk=credential.pk, version=credential.version)


def need_reconnect(connection_id: UUID, sentence: str) -> bool:
    """True when this call marked the connection as one that somebody must sign in to again."""
    return bool(
        Connection.objects.filter(pk=connection_id, state=Connection.State.ACTIVE).update(
            state=Connection.State.RECONNECT, problem=sentence
        )
    )


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Holds SIGTERM and SIGALRM back until the end: the queue's time limit raises anywhere, even between
    the answer with the new tokens and their save. Handlers run in the main thread, so others need no shield."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    former = {number: signal.getsignal(number) for number in SIGNALS}
    shielded = {number: handler for number, handler in former.items() if handler is not None}
    for number in shielded:
        signal.signal(number, remember)
    try:
        yield
    finally:
        for number, handler in shielded.items():
            signal.signal(number, handler)
        for number in arrived:
            signal.raise_signal(number)
