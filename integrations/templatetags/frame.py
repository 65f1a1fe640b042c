"""What stands around every page: its title, where one can go, who is signed in, and what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Membership, Organization
from integrations.watching.banner import banner_of
from integrations.watching.facts import Fact
from integrations.watching.health import firm_health

register = template.Library()


@register.tag
def remember_title(parser: Parser, token: Token) -> TitleNode:
    """Prints nothing; what stands up to `endremember_title` is `page_title` from here on.

    So a page fills one block, and both the tab and the heading show it.
    """
    nodelist = parser.parse(("endremember_title",))
    parser.delete_first_token()
    return TitleNode(nodelist)


class TitleNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        context["page_title"] = self.nodelist.render(context).strip()
        return ""


@dataclass(frozen=True, kw_only=True)
class Place:
    label: str | Promise
    address: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Frame:
    membership: Membership
    places: list[Place]
    inbox: Place | None
    others: list[Organization]
    banner: Fact | None
    read_only: bool


@register.simple_tag(takes_context=True)
def frame_of(context: Context) -> Frame | None:
    """The frame for the person who is signed in, or None. One statement, while nothing needs a person."""
    request: HttpRequest | None = context.get("request")
    membership = getattr(request, "membership", None)
    if request is None or membership is None:
        return None
    health = firm_health(request, membership.organization)
    return Frame(
        membership=membership,
        places=places_for(membership, request.path),
        inbox=inbox_for(membership, request.path, waiting=health.signs.open_cases),
        others=[each.organization for each in request.memberships if each.pk != membership.pk],  # type: ignore[attr-defined]
        banner=banner_of(health) if membership.manages_work() else None,
        read_only=not health.signs.is_in_charge,
    )


OFFICE_PLACES = (
    (_("Customers"), "fieldwork:customer_list"),
    (_("Materials"), "fieldwork:material_list"),
    (_("Hour types"), "fieldwork:hour_type_list"),
    (_("Projects"), "fieldwork:project_list"),
)


def places_for(membership: Membership, path: str) -> list[Place]:
    """Where this role may go; the one that the path lies in is marked."""
    names: list[tuple[str | Promise, str]] = [
        (_("Dashboard"), "integrations:dashboard"),
        (_("Work orders"), "fieldwork:work_order_list"),
    ]
    if membership.manages_work():
        names += OFFICE_PLACES
    if membership.is_owner():
        names.append((_("Books"), "integrations:books"))
    return [place(label, reverse(name), path) for label, name in names]


def inbox_for(membership: Membership, path: str, *, waiting: int) -> Place | None:
    """The inbox with its count, which stands apart so that it is always seen."""
    if not membership.manages_work():
        return None
    return place(_("Inbox"), reverse("integrations:inbox"), path, count=waiting)


def place(label: str | Promise, address: str, path: str, **more: Any) -> Place:
    current = path == address if address == "/" else path.startswith(address)
    return Place(label=label, address=address, current=current, **more)
