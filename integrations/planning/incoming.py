"""What becomes of the records of one page: created, updated, left out or asked about, each with its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from accounting.types import gettext_noop
from integrations.among import among
from integrations.models import Link, PlanEntry, Run
from integrations.placing.upsert import Target
from integrations.planning.fields import change, columns_of, differences, given, reason
from integrations.reading.pages import LINK, Plan, Stream
from integrations.reading.vanishing import Missing, many_missing

Action = PlanEntry.Action
RECOGNISED = "recognised"
IS_YOURS = gettext_noop("Recognised as one of yours, and linked to it.")
STAYS = gettext_noop("Yours stays as it is.")
LINES = gettext_noop("Lines")
NO_LONGER_THERE = gettext_noop("It is no longer in the books, and is archived here.")
COMES_TOO = gettext_noop("comes with it")
Rows = Mapping[UUID, Mapping[str, Any]]


def foresee_page(stream: Stream, plan: Plan) -> list[PlanEntry]:
    """An entry for every record of the page that would not stay as it is. A few statements per page."""
    entries: dict[str, PlanEntry] = {}
    links = {str(UUID(str(row["local_id"]))): row for row in map(link_of, plan.links)}
    linked_only = dict(links)
    for target, rows in plan.rows.items():
        present = present_rows(target, [row[0] for row in rows])
        children = children_of(plan, present)
        names = names_of_related(target, rows)
        for row in rows:
            key = str(UUID(str(row[0])))
            link = linked_only.pop(key, None) or {}
            entry = entry_of(stream, target, row, present, names)
            entry.changes += children.get(key, [])
            say_if_recognised(entry, link)
            entries[str(link.get("remote_id", key))] = entry
    for link in linked_only.values():
        if link["origin"] == Link.Origin.ADOPTED:
            entry = new_entry(stream, Action.UPDATE, str(link["remote_number"] or link["remote_id"]), link)
            entry.reasons = [reason(IS_YOURS, code=RECOGNISED), reason(STAYS)]
            entries[str(link["remote_id"])] = entry
    add_problems(stream, plan, entries)
    add_left_out(stream, plan, entries)
    return list(entries.values())


def link_of(row: Iterable[Any]) -> dict[str, Any]:
    return columns_of(LINK.row_columns, row)


def present_rows(target: Target, ids: Iterable[UUID | str]) -> Rows:
    """The rows as they are now. New ids are texts of ours, those of rows that exist came from the database."""
    known = [each for each in ids if isinstance(each, UUID)]
    if not known:
        return {}
    rows = target.model._default_manager.filter(among("id", known)).values(*target.row_columns)
    return {row["id"]: row for row in rows}


def entry_of(stream: Stream, target: Target, row: Iterable[Any], present: Rows, names: Mapping[UUID, str]) -> PlanEntry:
    values = columns_of(target.row_columns, row)
    local_id = UUID(str(values["id"]))
    shown = {
        name: names.get(UUID(str(value)), COMES_TOO) if is_related(target, name) and value else value
        for name, value in values.items()
        if name in target.columns and name != "remote_id"
    }
    before = present.get(local_id)
    action = Action.UPDATE if before is not None else Action.CREATE
    label = " ".join(str(values[name]) for name in ("number", "name", "title", "first_name") if values.get(name))
    entry = new_entry(stream, action, label, {"local_id": local_id, "local_model": target.label})
    if before is None:
        entry.changes = list(given(target.label, shown))
        return entry
    was = {name: names.get(value, value) if is_related(target, name) else value for name, value in before.items()}
    entry.changes = list(differences(target.label, was, {name: shown[name] for name in shown if name in target.owned}))
    return entry


def new_entry(stream: Stream, action: str, label: str, about: Mapping[str, Any]) -> PlanEntry:
    return PlanEntry(
        direction=PlanEntry.Direction.IN,
        kind=stream.pipeline.stream,
        action=action,
        label=label[:300],
        remote_id=str(about.get("remote_id", "")),
        local_model=str(about.get("local_model", "")),
        local_id=about.get("local_id"),
        changes=[],
        reasons=[],
    )


def say_if_recognised(entry: PlanEntry, link: Mapping[str, Any]) -> None:
    entry.remote_id = str(link.get("remote_id", ""))
    if link.get("origin") == Link.Origin.ADOPTED:
        entry.reasons.append(reason(IS_YOURS, code=RECOGNISED))


# --- related records ------------------------------------------------------------


def is_related(target: Target, name: str) -> bool:
    return bool(target.field(name).is_relation)


def names_of_related(target: Target, rows: Iterable[Iterable[Any]]) -> dict[UUID, str]:
    """What the records that the rows mention are called; one statement per kind of them."""
    named = [columns_of(target.row_columns, row) for row in rows]
    found: dict[UUID, str] = {}
    for name in filter(lambda each: is_related(target, each), target.columns):
        ids = {row[name] for row in named if isinstance(row[name], UUID)}
        if ids:
            model: type[Model] = target.field(name).related_model  # type: ignore[assignment]
            found |= {each.pk: str(each) for each in model._default_manager.filter(among("id", ids))}
    return found


def children_of(plan: Plan, present: Rows) -> dict[str, list[list[str]]]:
    """By the parent's id, what changes in the rows that belong to it."""
    changes: dict[str, list[list[str]]] = {}
    for target, rows in plan.children.items():
        named = [columns_of(target.row_columns, row) for row in rows]
        if target.conflict != target.parent:
            count_lines(changes, [str(UUID(str(each[target.parent]))) for each in named])
            continue
        parents = [each[target.parent] for each in named if each[target.parent] in present]
        own = target.model._default_manager.filter(**{f"{target.parent}__in": parents}, **dict(target.fixed))
        before = {each[target.parent]: each for each in own.values(target.parent, *target.columns)} if parents else {}
        for each in named:
            values = {name: each[name] for name in target.columns}
            old = before.get(each[target.parent], {})
            found = list(differences(target.label, old, values)) if old else list(given(target.label, values))
            changes.setdefault(str(UUID(str(each[target.parent]))), []).extend(found)
    return changes


def count_lines(changes: dict[str, list[list[str]]], parents: Iterable[str]) -> None:
    counted: dict[str, int] = {}
    for each in parents:
        counted[each] = counted.get(each, 0) + 1
    for parent, count in counted.items():
        changes.setdefault(parent, []).append(change(LINES, "", count))


# --- not taken ------------------------------------------------------------------


def add_problems(stream: Stream, plan: Plan, entries: dict[str, PlanEntry]) -> None:
    """An entry for everything that the inbox would be told, also of a record that comes all the same."""
    for place, (subject, finding) in enumerate(plan.found):
        entry = new_entry(stream, Action.BLOCKED, subject.label, {"remote_id": subject.id})
        entry.reasons = [reason(finding.sentence, finding.values, code=finding.code)]
        entries[f"problem {place}"] = entry


# What the placing of a record says in a word, as a sentence.
LEFT_OUT = {
    "not active": gettext_noop("It is not active in the books."),
    "sent by us": gettext_noop("It was sent from here."),
    "not confirmed": gettext_noop("The order is not confirmed yet, or has been shipped already."),
    "nobody's, or without a name": gettext_noop("It belongs to no customer, or has no name."),
    "nobody's, or without an address": gettext_noop("It belongs to no customer, or has no address."),
    "not active, or here already": gettext_noop("It is not active in the books, or here already."),
}


def add_left_out(stream: Stream, plan: Plan, entries: dict[str, PlanEntry]) -> None:
    for remote_id, label, why in plan.left_out:
        entry = new_entry(stream, Action.SKIP, label, {"remote_id": remote_id})
        entry.reasons = [reason(LEFT_OUT.get(why, why))]
        entries[remote_id] = entry


# --- gone -----------------------------------------------------------------------


def foresee_missing(stream: Stream, run: Run, missing: Missing, *, linked: int) -> list[PlanEntry]:
    """What would be archived because the books no longer have it, or the doubt that so much is gone."""
    if not missing.is_believed:
        finding = many_missing(run, linked)
        entry = new_entry(stream, Action.BLOCKED, str(stream.pipeline.label), {})
        entry.reasons = [reason(finding.sentence, finding.values, code=finding.code)]
        return [entry]
    entries = []
    for model, archived in (stream.pipeline.archive or {}).items():
        mine = {each.local_id: each for each in missing.records if each.local_model == model._meta.label}
        for record in model._default_manager.filter(among("id", mine)):
            gone = mine[record.pk]
            about = {"remote_id": gone.remote_id, "local_id": record.pk, "local_model": gone.local_model}
            entry = new_entry(stream, Action.UPDATE, str(record), about)
            before = {name: getattr(record, name) for name in archived}
            entry.changes = list(differences(gone.local_model, before, archived))
            entry.reasons = [reason(NO_LONGER_THERE)]
            entries.append(entry)
    return entries
