"""The ways to connect an accounting system, and what the owner is asked about the chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounting.auth import Auth, ClientCredentials, login_named
from accounting.protocol import Provider
from fieldwork.models import Organization
from integrations.connecting.refusals import ConnectRefused, books_of_record, refuse_second_system
from integrations.connecting.tenants import held_login
from integrations.connections import missing_variables
from integrations.models import Connection

RECORD, FURTHER = "record", "further"
EXAMPLE = "2b1f8a2e-6a52-4f7e-9a0c-0f1f5d1c7a11"


class RoleForm(forms.Form):
    """As what these books are to be connected, which is asked while there are others."""

    role = forms.ChoiceField(
        label=_("What these books are to be"),
        widget=forms.RadioSelect,
        choices=(
            (FURTHER, _("Further books: they can be read, and nothing is sent to them")),
            (RECORD, _("Books of record: work orders are sent to them")),
        ),
        help_text=_(
            "Of further books you choose later what is read. Nothing is at first, and what you have here is left alone "
            "unless you say otherwise."
        ),
    )

    def __init__(self, *args: Any, firm: Organization, asks_role: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm = firm
        if not asks_role:
            del self.fields["role"]

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if role == RECORD:
            try:
                refuse_second_system(self.firm)
            except ConnectRefused as refused:
                raise forms.ValidationError(str(refused)) from None
        return role

    @property
    def as_further(self) -> bool:
        return self.cleaned_data.get("role") == FURTHER


class LoginForm(RoleForm):
    """What must be known before signing in: for which tenant, and as which books."""

    tenant = forms.UUIDField(error_messages={"invalid": "", "required": ""})

    field_order = ("tenant", "role")

    def __init__(self, *args: Any, auth: Auth, firm: Organization, asks_role: bool, **kwargs: Any) -> None:
        super().__init__(*args, firm=firm, asks_role=asks_role, **kwargs)
        self.auto_id = f"id_{auth.key}_%s"  # several of these stand on one page
        if isinstance(auth, ClientCredentials):
            self._describe(self.fields["tenant"], auth)
        else:
            del self.fields["tenant"]

    @staticmethod
    def _describe(field: forms.Field, auth: ClientCredentials) -> None:
        label = gettext(auth.tenant_label)
        field.label = label
        field.help_text = gettext(auth.tenant_advice) if auth.tenant_advice else ""
        form = gettext("“%(label)s” is 32 letters and digits in five groups, as in %(example)s.")
        field.error_messages["invalid"] = form % {"label": label, "example": EXAMPLE}
        field.error_messages["required"] = gettext("Fill in “%(label)s”.") % {"label": label}

    @property
    def given_tenant(self) -> str:
        return str(self.cleaned_data.get("tenant", ""))


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to sign in. `missing` is what this installation still lacks for it."""

    auth: Auth
    form: LoginForm
    missing: Sequence[str]

    @property
    def permissions(self) -> Sequence[str]:
        return [each.sentence for each in self.auth.permissions]

    @property
    def has_page(self) -> bool:
        """Whether the accounting system shows a page of its own on the way."""
        return not isinstance(self.auth, ClientCredentials)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """An accounting system and a firm that wants to connect it: `renew` is its live connection there.

    `beside` is the connection to the firm's books of record in another system, `begun` any connection that the firm
    has, or had, to this one.
    """

    provider: Provider
    firm: Organization
    renew: Connection | None
    beside: Connection | None
    begun: Connection | None = None

    @property
    def is_half_set_up(self) -> bool:
        """Connected, and not started."""
        return self.renew is not None and self.renew.settings.saved_at is None

    def chosen(self, key: str | None) -> Auth:
        """The login of that key; without one the login that was used before, else the first that can be used."""
        logins = self.provider.logins
        usual = next((each for each in logins if not missing_variables(self.provider, each)), logins[0])
        return login_named(logins, key or held_login(self.renew)[0] or usual.key)

    def form(self, auth: Auth, data: Mapping[str, Any] | None = None) -> LoginForm:
        return LoginForm(
            data,
            auth=auth,
            firm=self.firm,
            asks_role=self.beside is not None,
            initial={"tenant": held_login(self.renew)[1]},
        )

    def ways(self, bound: tuple[Auth, LoginForm] | None = None) -> list[Way]:
        """Every way to sign in; the one that was tried keeps what was typed."""
        tried, form = bound or (None, None)
        return [
            Way(
                auth=auth,
                form=form if form and auth is tried else self.form(auth),
                missing=missing_variables(self.provider, auth),
            )
            for auth in self.provider.logins
        ]


def situation_of(firm: Organization, provider: Provider) -> Situation:
    own = Connection.objects.filter(organization=firm, provider=provider.key).select_related("books", "settings")
    connections = list(own.order_by("-created_at"))
    renew = next((each for each in connections if each.is_live), None)
    return Situation(
        provider=provider,
        firm=firm,
        renew=renew,
        beside=None if renew is not None else books_of_record(firm),
        begun=renew or next(iter(connections), None),
    )
