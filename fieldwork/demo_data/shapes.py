"""What a made-up firm is written down as. Days count from today; customers go by number, or by name without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Colleague(NamedTuple):
    """One person with a login; `role` is a value of Membership.Role."""

    username: str
    first_name: str
    last_name: str
    role: str


class Step(NamedTuple):
    """One status of work orders, in its order; `duty` is what the export uses it for."""

    name: str
    phase: str
    duty: str = ""


class Undertaking(NamedTuple):
    """One project; `ends` None is open-ended, `customer` is a customer's number or name."""

    number: str
    name: str
    customer: str
    starts: int
    ends: int | None
    finished: bool = False
    notes: str = ""


class Contact(NamedTuple):
    """A person at a customer; the first one of a customer is its reference person."""

    first_name: str
    last_name: str
    email: str = ""
    mobile: str = ""


class Site(NamedTuple):
    """A place where a customer has work done."""

    name: str
    street: str
    postcode: str
    city: str


class Buyer(NamedTuple):
    """One customer; `org_number` is the personal number of a private person."""

    number: str
    name: str
    org_number: str
    street: str
    postcode: str
    city: str
    email: str = ""
    phone: str = ""
    is_company: bool = True
    terms: str = ""
    contacts: tuple[Contact, ...] = ()
    sites: tuple[Site, ...] = ()
    delivery: Site | None = None
    note: str = ""


class Item(NamedTuple):
    """One material or hour type; the price is net, in the firm's currency, per unit."""

    number: str
    name: str
    unit: str
    price: str
    stock: str = ""
    ean: str = ""


class Row(NamedTuple):
    """So much of a material or hour type, at the catalogue's price."""

    number: str
    quantity: str
    discount: str = "0"


class Job(NamedTuple):
    """One work order; a line that is a plain text is a text line."""

    number: str
    title: str
    customer: str
    who: str
    status: str
    ordered: int
    planned: int
    lines: tuple[Row | str, ...] = ()
    description: str = ""
    project: str = ""
    site: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Firm:
    """A whole firm. `terms` are what a customer has for whom nothing else is said; `host` is a user name, or empty.
    `usual` is what it answers when it is asked for something: a part of the question's name, a part of the answer.

    Work orders in the status `finished` are created in the status `under_way`, and completed as the story goes on.
    """

    name: str
    slug: str
    organisation_number: str
    email: str
    country: str
    currency: str
    time_zone: str
    language: str
    terms: str
    vat_percent: str
    finished: str
    under_way: str
    colleagues: tuple[Colleague, ...]
    steps: tuple[Step, ...]
    projects: tuple[Undertaking, ...]
    customers: tuple[Buyer, ...]
    materials: tuple[Item, ...]
    hour_types: tuple[Item, ...]
    work_orders: tuple[Job, ...]
    usual: tuple[tuple[str, str], ...]
    host: str = ""

    @property
    def owner(self) -> str:
        """The user name of the first owner."""
        return next(each.username for each in self.colleagues if each.role == "owner")

    @property
    def mail_domain(self) -> str:
        return self.email.rpartition("@")[2]
