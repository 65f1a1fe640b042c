"""What reads everything of a kind once more: a record of the books that has lost its link does not come as changed."""

from __future__ import annotations

from integrations.models import Connection, StreamSetting

STREAMS = {"customer": "customers", "article": "articles"}


def read_again(connection: Connection, kind: str) -> None:
    """The next sync reads everything of this kind: those who were left out do not come as changed."""
    StreamSetting.objects.filter(connection=connection, stream=STREAMS[kind]).update(rules="")
