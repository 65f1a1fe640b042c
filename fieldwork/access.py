"""Who is asking, for which firm, and whether that role may: a membership on every request.

Records are fetched through `.for_organization(request.membership.organization)` or
`.visible_to(request.membership)`, so another tenant's id is simply not found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fieldwork.models import Membership, User

SESSION_KEY = "organization"
OFFICE = (Membership.Role.OWNER, Membership.Role.COORDINATOR)

GetResponse = Callable[[HttpRequest], HttpResponse]


class MemberRequest(HttpRequest):
    """A request as views behind `member_required` see it."""

    user: User
    membership: Membership
    memberships: list[Membership]


class MembershipMiddleware:
    """Puts `request.membership` on every request: the chosen organization's, else the first one's, else None. All
    that the person has, by the organization's name, are `request.memberships`.

    Shows the pages in the person's own language and time zone. Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = memberships_of(request)  # type: ignore[attr-defined]
        request.membership = chosen_of(request)  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        with translation.override(request.user.language), timezone.override(request.user.time_zone):
            request.LANGUAGE_CODE = request.user.language
            return self.get_response(request)


def memberships_of(request: HttpRequest) -> list[Membership]:
    if not request.user.is_authenticated:
        return []
    return list(Membership.objects.filter(user=request.user).select_related("organization"))


def chosen_of(request: HttpRequest) -> Membership | None:
    """The membership that this request acts under."""
    memberships: list[Membership] = request.memberships  # type: ignore[attr-defined]
    if len(memberships) < 2:
        return memberships[0] if memberships else None
    chosen = request.session.get(SESSION_KEY)
    return next((each for each in memberships if str(each.organization_id) == chosen), memberships[0])


def choose_organization(request: MemberRequest, membership: Membership) -> None:
    """Let the following requests of this session act for this membership's organization."""
    request.session[SESSION_KEY] = str(membership.organization_id)


View = Callable[Concatenate[MemberRequest, ...], HttpResponse]


def member_required(view: View) -> Callable[..., HttpResponse]:
    """The view, for people who belong to an organization; anybody else is asked to sign in or refused."""

    @login_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.membership is None:
            raise PermissionDenied(_("You do not belong to an organization. Ask its owner to add you."))
        return view(request, *args, **kwargs)

    return guarded


def roles_required(*roles: Membership.Role) -> Callable[[View], Callable[..., HttpResponse]]:
    """A decorator that lets only these roles in; others are refused (403)."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @member_required
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.membership.role not in roles:
                raise PermissionDenied(_("Your role may not open this page."))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


office_required = roles_required(*OFFICE)
owner_required = roles_required(Membership.Role.OWNER)
