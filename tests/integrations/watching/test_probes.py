"""What machines ask, and who gets an answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from integrations.models import Connection, Heartbeat
from integrations.watching.metrics import Metric, Sample, braces
from tests.integrations.watching.conftest import Pass

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')


def break_database() -> Any:
    def refuse(*_: Any) -> Any:
        raise OperationalError("gone")

    return database.execute_wrapper(refuse)


class TestAlive:
    def test_without_login_and_without_the_database(self, db: None, client: Client) -> None:
        with break_database():
            answer = client.get("/healthz")

        assert (answer.status_code, answer.content) == (200, b"ok\n")


class TestReady:
    def test_when_all_is_well(self, well: Connection, client: Client) -> None:
        answer = client.get("/readyz")

        assert answer.status_code == 200
        assert answer.content.decode().splitlines() == ["database: answers", "migrations: applied", "queue: moves"]

    def test_not_while_the_queue_stands_still(self, well: Connection, client: Client, later: Pass) -> None:
        later(minutes=9)
        assert client.get("/readyz").status_code == 200
        later(minutes=1)
        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert "queue: stands still" in answer.content.decode()

    def test_not_before_every_migration_is_applied(self, well: Connection, client: Client) -> None:
        MigrationRecorder.Migration.objects.filter(app="integrations").latest("name").delete()

        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert "to apply" in answer.content.decode()

    def test_not_without_the_database(self, well: Connection, client: Client) -> None:
        with break_database():
            answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.content.decode() == "database: does not answer\n"


class TestMetrics:
    def test_in_the_format_of_prometheus(self, well: Connection, client: Client) -> None:
        answer = client.get("/metrics", HTTP_HOST="127.0.0.1:8000")

        lines = answer.content.decode().splitlines()
        samples = [line for line in lines if not line.startswith("#")]
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
        assert all(SAMPLE.fullmatch(line) for line in samples)
        assert f'fieldledger_health{{fact="login",connection="{well.pk}"}} 0' in samples
        assert 'fieldledger_connections{state="active"} 1' in samples
        assert {line.split()[2] for line in lines if line.startswith("# TYPE")} == {
            line.partition("{")[0].partition(" ")[0] for line in samples
        } | {"fieldledger_operations"}

    def test_tell_what_is_wrong(self, well: Connection, client: Client, later: Pass) -> None:
        later(minutes=12)
        Heartbeat.beat(Heartbeat.TICK)
        Connection.objects.update(state=Connection.State.RECONNECT)

        page = client.get("/metrics", HTTP_HOST="localhost").content.decode()

        assert f'fieldledger_health{{fact="login",connection="{well.pk}"}} 2' in page
        assert f'fieldledger_stream_age_seconds{{connection="{well.pk}",stream="customers"}} 720' in page

    def test_for_this_machine_only(self, well: Connection, client: Client) -> None:
        assert client.get("/metrics", HTTP_HOST="127.0.0.1").status_code == 200
        assert client.get("/metrics", HTTP_HOST="[::1]:8000", REMOTE_ADDR="::1").status_code == 200
        assert client.get("/metrics", HTTP_HOST="127.0.0.1", REMOTE_ADDR="192.0.2.7").status_code == 403

    @pytest.mark.parametrize(
        "passed_on",
        [
            {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
            {"HTTP_X_FORWARDED_PROTO": "https"},
            {"HTTP_FORWARDED": "for=192.0.2.7"},
            {"HTTP_HOST": "fieldledger.example"},
        ],
    )
    def test_not_for_what_a_proxy_on_it_passes_on(
        self, well: Connection, client: Client, settings: Any, passed_on: dict[str, str]
    ) -> None:
        settings.ALLOWED_HOSTS = ["127.0.0.1", "fieldledger.example"]

        assert client.get("/metrics", **{"HTTP_HOST": "127.0.0.1", **passed_on}).status_code == 403

    def test_for_everybody_with_the_token(self, well: Connection, client: Client, settings: Any) -> None:
        settings.METRICS_TOKEN = "let-me-see"
        elsewhere = {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "127.0.0.1"}

        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer let-me-see", **elsewhere).status_code == 200
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer guess", **elsewhere).status_code == 403
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ", **elsewhere).status_code == 403
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ", **elsewhere).status_code == 403

    def test_labels_are_escaped(self) -> None:
        assert braces({"a": 'x"\\\n'}) == '{a="x\\"\\\\\\n"}'
        assert Metric(name="n", help="h", samples=[Sample(value=1)]).samples == [Sample(value=1, labels={})]
