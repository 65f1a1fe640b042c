"""Figures for a monitoring system, in the text format of Prometheus. From the database, no network.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from integrations.models import Alarm, Case, Connection, Operation, StreamSetting
from integrations.watching.facts import Fact
from integrations.watching.health import health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Sample:
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Metric:
    name: str
    help: str
    samples: Iterable[Sample]


def exposition() -> str:
    """The page that a monitoring system reads."""
    lines: list[str] = []
    for metric in metrics():
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} gauge"]
        lines += [f"{metric.name}{braces(sample.labels)} {sample.value:g}" for sample in metric.samples]
    return "\n".join(lines) + "\n"


def metrics() -> Iterator[Metric]:
    facts = health()
    yield Metric(
        name="fieldledger_health",
        help="0 well, 1 warning, 2 alarm.",
        samples=[Sample(value=int(fact.level), labels=labels_of(fact)) for fact in facts],
    )
    yield Metric(
        name="fieldledger_health_age_seconds",
        help="How long ago that began by which a fact is judged.",
        samples=[Sample(value=round(fact.age), labels=labels_of(fact)) for fact in facts if fact.age is not None],
    )
    yield Metric(
        name="fieldledger_stream_age_seconds",
        help="Since a stream was last read to its end.",
        samples=list(stream_ages()),
    )
    yield Metric(
        name="fieldledger_connections",
        help="Connections by state.",
        samples=counted(Connection.objects.values("state").annotate(count=Count("pk"))),
    )
    yield Metric(
        name="fieldledger_operations",
        help="Intended writes by state.",
        samples=counted(Operation.objects.order_by().values("state").annotate(count=Count("pk"))),
    )
    yield Metric(
        name="fieldledger_open_cases",
        help="Problems that wait for somebody.",
        samples=[Sample(value=Case.objects.filter(state=Case.State.OPEN).count())],
    )
    yield Metric(
        name="fieldledger_open_alarms",
        help="Problems that somebody was told of and that last.",
        samples=[Sample(value=Alarm.objects.filter(over_at=None).count())],
    )


def labels_of(fact: Fact) -> dict[str, str]:
    return {"fact": fact.code, "connection": str(fact.connection_id or "")}


def stream_ages() -> Iterator[Sample]:
    now = timezone.now()
    read = StreamSetting.objects.filter(connection__state__in=Connection.LIVE, enabled=True)
    for connection, stream, moment in read.order_by("pk").values_list("connection", "stream", "last_success_at"):
        if moment is not None:
            labels = {"connection": str(connection), "stream": stream}
            yield Sample(value=round((now - moment).total_seconds()), labels=labels)


def counted(rows: Iterable[Mapping[str, object]]) -> list[Sample]:
    return [Sample(value=float(str(row["count"])), labels={"state": str(row["state"])}) for row in rows]


def braces(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
