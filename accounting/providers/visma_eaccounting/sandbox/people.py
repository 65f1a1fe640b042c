"""Who can sign in to the stand-in, and to which of its companies (by their order)."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo"


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    first_name: str
    last_name: str
    role: str
    companies: tuple[int, ...]
    may_use_api: bool = True
    consultant: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


PEOPLE = (
    Person("kontor@bergstrom-lind.se", "Anna", "Bergström", "office, administrator of both companies", (0, 1)),
    Person("mats@bergstrom-lind.se", "Mats", "Lind", "owner, first company only", (0,)),
    Person("redovisning@siffersmedjan.example", "Gun", "Wiklund", "accountant", (0, 1), consultant=True),
    Person("montor@bergstrom-lind.se", "Kim", "Sand", "technician, may not use the API", (0,), may_use_api=False),
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
