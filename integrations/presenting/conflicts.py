"""What was changed here and in the books, in the parts that somebody decides about one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from integrations.models import Case
from integrations.owning.comparing import OURS, THEIRS
from integrations.owning.deciding import Side
from integrations.owning.groups import GROUPS, Group
from integrations.presenting.history import in_words, label_of


@dataclass(frozen=True, kw_only=True)
class Part:
    """One field, or several that make sense together only: both values of it, and its name in the form."""

    key: str
    label: str | Promise
    columns: Sequence[str]
    ours: str
    theirs: str

    @property
    def name(self) -> str:
        return f"side-{self.key}"


def parts_of(case: Case) -> list[Part]:
    """In the order in which the books were read."""
    columns = [name.removeprefix(THEIRS) for name in case.values if name.startswith(THEIRS)]
    whole = {column: group.key for group in GROUPS if group.as_one for column in group.columns}
    together: dict[str, list[str]] = {}
    for column in columns:
        together.setdefault(whole.get(column, column), []).append(column)
    return [part(case, key, members) for key, members in together.items()]


def part(case: Case, key: str, columns: Sequence[str]) -> Part:
    group = next((each for each in GROUPS if each.key == key), None)
    return Part(
        key=key,
        label=name_of(case, group, columns),
        columns=columns,
        ours=values(case, OURS, columns),
        theirs=values(case, THEIRS, columns),
    )


def name_of(case: Case, group: Group | None, columns: Sequence[str]) -> str | Promise:
    """The group's where more than one of its fields differ."""
    return group.label if group and len(columns) > 1 else label_of(case.values.get("model", ""), columns[0])


def values(case: Case, side: str, columns: Sequence[str]) -> str:
    told = (in_words(case.values.get(side + each, "")) for each in columns)
    return ", ".join(told) if len(columns) > 1 else next(told)


def chosen(parts: Sequence[Part], posted: Mapping[str, str]) -> dict[str, Side] | None:
    """By column what was chosen part by part; None while a part has no choice."""
    sides: dict[str, Side] = {}
    for each in parts:
        side = posted.get(each.name, "")
        if side not in set(Side):
            return None
        sides |= dict.fromkeys(each.columns, Side(side))
    return sides
