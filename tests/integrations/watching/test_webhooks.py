"""What is posted to a firm's own address: signed so that it can be checked, and to no machine of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounting import http
from accounting.answers import Breakdown
from fieldwork.models import Organization
from integrations.models import Connection, Notice, Webhook
from integrations.watching.rounds import look_after
from integrations.watching.webhooks import ForbiddenAddress, NotDelivered, checked_machine, post, signed

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MESSAGE = UUID("11111111-2222-3333-4444-555555555555")


@dataclass
class Receiver:
    """A program of the firm's, on this machine. `answers` are the statuses that it gives, the last one for ever."""

    url: str
    answers: list[int] = field(default_factory=lambda: [204])
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.received]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.ALLOW_LOOPBACK_WEBHOOKS = True

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = there.answers.pop(0) if len(there.answers) > 1 else there.answers[0]
            self.send_response(status)
            if status == 302:
                self.send_header("Location", there.url)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    there = Receiver(url=f"http://127.0.0.1:{server.server_port}/hook?firm=1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()


def hook(url: str) -> Webhook:
    return Webhook(organization=Organization(name="Rör", slug="ror"), url=url, secret="whsec_" + "c2VjcmV0" * 4)


class TestSignature:
    def test_is_that_of_standard_webhooks(self) -> None:
        """The example of the specification's own libraries."""
        headers = signed(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            b'{"test": 2432232314}',
            at=datetime.fromtimestamp(1614265330, UTC),
        )

        assert headers == {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }

    @pytest.mark.django_db(transaction=True)
    def test_fits_what_arrives(self, receiver: Receiver) -> None:
        webhook = hook(receiver.url)

        post(webhook, MESSAGE, {"type": "alarm.begun", "data": {"subject": "Åmål"}}, at=NOON)

        [(headers, body)] = receiver.received
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode("c2VjcmV0" * 4)
        expected = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["host"] == receiver.url.split("/")[2]
        assert headers["content-type"] == "application/json"
        assert json.loads(body)["data"]["subject"] == "Åmål"

    def test_every_firm_has_a_secret_of_its_own(self, organization: Organization) -> None:
        one = Webhook.objects.create(organization=organization, url="https://hooks.example")
        other = Webhook(organization=organization, url="https://hooks.example")

        assert one.secret != other.secret
        assert len(base64.b64decode(one.secret.removeprefix("whsec_"))) == 32
        stored = Webhook.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)  # noqa: S610
        assert one.secret not in str(list(stored))


class TestWhereTo:
    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1:8443/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://user@127.0.0.1/",
            "http://1.1.1.1/",
            "ftp://1.1.1.1/",
        ],
    )
    def test_never_inside(self, url: str, settings: Any) -> None:
        settings.ALLOW_LOOPBACK_WEBHOOKS = False

        with pytest.raises(ForbiddenAddress):
            checked_machine(url)

    @pytest.mark.parametrize("url", ["https://10.0.0.1/", "http://192.168.1.1/", "http://1.1.1.1/"])
    def test_only_this_machine_can_be_allowed(self, url: str, settings: Any) -> None:
        settings.ALLOW_LOOPBACK_WEBHOOKS = True

        with pytest.raises(ForbiddenAddress):
            checked_machine(url)

    @pytest.mark.parametrize(
        ("url", "machine"),
        [
            ("https://1.1.1.1/hook", "1.1.1.1"),
            ("https://[2606:4700:4700::1111]:8443/hook", "2606:4700:4700::1111"),
        ],
    )
    def test_the_public_internet(self, url: str, machine: str) -> None:
        assert checked_machine(url) == machine

    def test_one_private_address_among_public_ones_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The name server is the attacker's, and may answer what it likes."""
        answers = [(2, 1, 6, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answers)

        with pytest.raises(ForbiddenAddress):
            checked_machine("https://hooks.example/")

    def test_a_name_that_nobody_has(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nobody(*args: Any, **more: Any) -> Any:
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", nobody)

        with pytest.raises(NotDelivered):
            checked_machine("https://hooks.example/")


class Silent(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A handshake that is refused is what the test wants."""


@pytest.fixture
def secure_server(tmp_path: Any) -> Iterator[tuple[int, list[str]]]:
    """A port that speaks TLS with a certificate that nobody trusts, and the names it was asked for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(secret + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    names: list[str] = []
    context.sni_callback = lambda _socket, asked, _context: names.append(asked)
    server = Silent(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, names
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
class TestPinning:
    def test_the_checked_machine_is_asked_in_the_name_of_the_host(self, secure_server: tuple[int, list[str]]) -> None:
        """The name is not looked up again (it does not even exist), and the certificate must be that name's."""
        port, names = secure_server

        reply = http.post_pinned(f"https://hooks.example:{port}/", "127.0.0.1", b"{}", {}, seconds=5)

        assert names == ["hooks.example"]
        assert reply is Breakdown.NOT_SENT

    def test_an_address_of_six_is_written_as_one(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]

        assert http.post_pinned(f"http://hooks.example:{port}/", "::1", b"{}", {}, seconds=5) is Breakdown.NOT_SENT


@pytest.mark.django_db(transaction=True)
class TestAnswers:
    @pytest.mark.parametrize("status", [200, 201, 204])
    def test_that_count_as_delivered(self, receiver: Receiver, status: int) -> None:
        receiver.answers = [status]

        post(hook(receiver.url), MESSAGE, {}, at=NOON)

        assert len(receiver.received) == 1

    @pytest.mark.parametrize("status", [302, 400, 404, 410, 500, 503])
    def test_that_do_not(self, receiver: Receiver, status: int) -> None:
        """A redirect is not followed: it could lead inside."""
        receiver.answers = [status]

        with pytest.raises(NotDelivered, match=str(status)):
            post(hook(receiver.url), MESSAGE, {}, at=NOON)
        assert len(receiver.received) == 1

    def test_none_at_all(self, settings: Any) -> None:
        settings.ALLOW_LOOPBACK_WEBHOOKS = True

        with pytest.raises(NotDelivered):
            post(hook("http://127.0.0.1:9/"), uuid4(), {}, at=NOON)


@pytest.mark.django_db(transaction=True)
class TestAlarms:
    @pytest.fixture(autouse=True)
    def webhook(self, well: Connection, receiver: Receiver) -> Webhook:
        Connection.objects.update(state=Connection.State.RECONNECT)
        return Webhook.objects.create(organization=well.organization, url=receiver.url)

    def test_are_posted(self, receiver: Receiver, well: Connection) -> None:
        look_after()
        look_after()

        [payload] = receiver.payloads
        assert payload["type"] == "alarm.begun"
        assert payload["data"]["code"] == "login"
        assert payload["data"]["organization"] == "ror-varme"
        assert "no longer accepts the login" in payload["data"]["sentence"]

    def test_a_repetition_has_the_same_id(self, receiver: Receiver) -> None:
        receiver.answers = [503, 503, 204]
        look_after()
        look_after()
        look_after()
        look_after()

        ids = {headers["webhook-id"] for headers, _body in receiver.received}
        assert len(receiver.received) == 3
        assert ids == {str(Notice.objects.get(channel="webhook").pk)}

    def test_a_receiver_that_is_down_keeps_no_mail_back(self, receiver: Receiver, mailoutbox: list[Any]) -> None:
        receiver.answers = [500]
        look_after()
        look_after()

        assert len(mailoutbox) == 1
        assert "500" in Notice.objects.get(channel="webhook").problem

    def test_one_that_moved_inside_gets_nothing(self, receiver: Receiver, settings: Any) -> None:
        settings.ALLOW_LOOPBACK_WEBHOOKS = False

        look_after()

        assert receiver.received == []
        assert Notice.objects.get(channel="webhook").problem

    def test_one_that_was_removed_meanwhile_is_not_waited_for(self, receiver: Receiver, webhook: Webhook) -> None:
        receiver.answers = [500]
        look_after()
        webhook.delete()
        look_after()

        assert len(receiver.received) == 1
        assert Notice.objects.get(channel="webhook").sent_at is not None
