"""What of a record the books keep: the fields that only they change, and those in which a change there counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef

from integrations.models import Connection, FieldOwner, Link, StreamSetting
from integrations.owning.groups import GROUPS, Group, Owner


@dataclass(frozen=True, kw_only=True)
class Held:
    """Columns of one record in one set of books. `is_given` where the owner gave them to the books alone."""

    connection: Connection
    link: Link
    columns: tuple[str, ...]
    is_given: bool


def held_columns(record: Model) -> Iterator[Held]:
    """By group, for each set of books that the record is linked with. One statement for an unlinked record, else three.

    What is at the default is held only where the import overwrites; what was given to the books is theirs anyway.
    """
    groups = groups_of(type(record))
    links = {each.books_id: each for each in links_of(record)} if groups else {}
    if not links:
        return
    overwrites = StreamSetting.objects.filter(
        connection=OuterRef("pk"), stream=groups[0].stream, enabled=True, overwrite=True
    )
    live = Connection.objects.filter(books__in=list(links), state__in=Connection.LIVE).prefetch_related("field_owners")
    for connection in live.annotate(overwrites=Exists(overwrites)):
        said = {each.group: each.owner for each in connection.field_owners.all()}
        for group in groups:
            owner = said.get(group.key, Owner.DEFAULT)
            if owner == Owner.BOOKS or (owner == Owner.DEFAULT and connection.overwrites):
                yield Held(
                    connection=connection,
                    link=links[connection.pinned_books.pk],
                    columns=group.columns,
                    is_given=owner == Owner.BOOKS,
                )


def given_to_the_books(connection: Connection, model: type[Model]) -> frozenset[str]:
    """The columns of linked records that nobody but these books changes. One statement."""
    given = FieldOwner.objects.filter(connection=connection, owner=Owner.BOOKS).values_list("group", flat=True)
    return columns_of(model, set(given))


def columns_of(model: type[Model], keys: Collection[str]) -> frozenset[str]:
    return frozenset(column for group in groups_of(model) if group.key in keys for column in group.columns)


def groups_of(model: type[Model]) -> list[Group]:
    return [group for group in GROUPS if issubclass(model, group.models)]


def links_of(record: Model) -> Iterator[Link]:
    links = Link.objects.filter(local_id=record.pk, local_model=record._meta.label, gone_at=None)
    yield from links.select_related("books")
