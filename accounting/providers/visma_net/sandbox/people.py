"""Who can sign in to the stand-in, and to which of its companies (by their order)."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo"


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str
    role: str
    companies: tuple[int, ...]
    may_use_api: bool = True


PEOPLE = (
    Person("kari@fjordlys.example", "Kari Solheim", "office, API User in every company", (0, 1)),
    Person("ola@fjordlys.example", "Ola Solheim", "owner, API User in the first company", (0,)),
    Person("regnskap@tallogtro.example", "Berit Aune", "accountant, API User in both companies", (0, 1)),
    Person("jonas@fjordlys.example", "Jonas Vik", "electrician, without the role API User", (0,), may_use_api=False),
)


class People:
    """The people of the stand-in. The first may choose any of its `companies`."""

    first = PEOPLE[0].email

    def __init__(self, companies: int = 2) -> None:
        self._companies = companies

    def all(self) -> tuple[Person, ...]:
        return PEOPLE

    def knows(self, email: str, password: str) -> bool:
        return password == PASSWORD and any(person.email == email for person in PEOPLE)

    def companies_of(self, email: str) -> tuple[int, ...]:
        """Positions of the companies that this person can choose."""
        if email == self.first:
            return tuple(range(self._companies))
        return next(person.companies for person in PEOPLE if person.email == email)

    def may_use_api(self, email: str) -> bool:
        return any(person.email == email and person.may_use_api for person in PEOPLE)
