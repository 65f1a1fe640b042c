"""Who can sign in to the stand-in, and for which of its agreements (by their order)."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo"


@dataclass(frozen=True, slots=True)
class Person:
    """`administers` tells that of an accountant whether the agreement was opened with "Administer" first."""

    email: str
    name: str
    role: str
    agreements: tuple[int, ...]
    may_grant: bool = True


PEOPLE = (
    Person("mette@vestkystens-vvs.example", "Mette Kjær", "owner, SuperUser of every agreement", ()),
    Person("jens@vestkystens-vvs.example", "Jens Thomsen", "office, SuperUser of the first agreement", (0,)),
    Person("lone@vestkystens-vvs.example", "Lone Friis", "sales only, may not add apps", (0,), may_grant=False),
    Person("revisor@talhuset.example", "Poul Dam", "accountant, has opened the second agreement", (1,)),
)


class People:
    """The people of the stand-in. The first may choose any agreement."""

    first = PEOPLE[0].email

    def __init__(self, agreements: int) -> None:
        self._agreements = agreements

    def all(self) -> tuple[Person, ...]:
        return PEOPLE

    def find(self, email: str) -> Person | None:
        return next((each for each in PEOPLE if each.email == email), None)

    def agreements_of(self, email: str) -> tuple[int, ...]:
        """Positions of the agreements that this person can choose."""
        person = self.find(email)
        if email == self.first:
            return tuple(range(self._agreements))
        return person.agreements if person else ()
