"""What the owner does not want to have: it is left out, unless something here stands for it already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounting.types import ArticleRecord, Record, SalesOrderRecord
from integrations.models import StreamSetting
from integrations.placing.context import Context, Known
from integrations.placing.matching import Candidate, Candidates
from integrations.placing.records import Around, Placement, Skipped

Place = Callable[[Any, Known | None, Context, Around], Placement]
Recognise = Callable[[Any, Candidates], list[Candidate]]


def unless_left_out(stream: str, place: Place, recognise: Recognise) -> Place:
    """`place`, for what passes the filters of this stream. Who is linked, or one of ours, always does."""

    def passed(record: Any, known: Known | None, context: Context, around: Around) -> Placement:
        setting = context.filters.get(stream)
        is_unwanted = known is None and setting is not None and leaves_out(setting, record, context)
        if is_unwanted and not recognise(record, around.candidates):
            return Skipped("not wanted")
        return place(record, known, context, around)

    return passed


def leaves_out(setting: StreamSetting, record: Record, context: Context) -> bool:
    if setting.only_active and not getattr(record, "active", True):
        return True
    if setting.only_needed and record.remote_id not in context.needed_customers:
        return True
    if setting.articles and isinstance(record, ArticleRecord):
        return record.is_service != (setting.articles == StreamSetting.Articles.SERVICES)
    if setting.starts_on and isinstance(record, SalesOrderRecord):
        return record.ordered_on is not None and record.ordered_on < setting.starts_on
    return False


def filters_of(setting: StreamSetting | None, context: Context) -> list[str]:
    """The filters that are set, as text: when they change, everything is read again.

    So it is when somebody is needed who was left out before.
    """
    if setting is None:
        return []
    told: dict[str, object] = {"active": setting.only_active, "articles": setting.articles, "from": setting.starts_on}
    if setting.only_needed:
        told["needed"] = sorted(context.needed_customers) or "nobody"
    return [f"{name}={value}" for name, value in told.items() if value]
