"""Whether a web address answers: asked of a real server, and never of one that is not public."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.public_addresses import is_public, system_addresses
from app.directory.curation import reaching
from app.directory.curation.reaching import Ways, answers

LOOPBACK = "127.0.0.1"


class Site(BaseHTTPRequestHandler):
    """Answers by path; keeps what it was asked."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        server: Server = self.server  # type: ignore[assignment]
        server.asked.append((self.command, self.path))
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
        elif self.path == "/slow":
            server.let_go.wait(5)
            self.send_response(200)
        elif self.path == "/no-head":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(self.path.strip("/") or 200))
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server that remembers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Site)
        self.asked: list[tuple[str, str]] = []
        self.let_go = threading.Event()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        served.let_go.set()
        served.shutdown()
        thread.join()


def ways(server: Server) -> Ways:
    """Every name is this machine, and its server may be asked; all else as in production."""
    port = server.server_address[1]
    return Ways(
        lambda host, _port: {"site.example": [LOOPBACK], "two.example": [LOOPBACK, "10.0.0.1"]}.get(host, [host]),
        lambda address, asked: (address, asked) == (LOOPBACK, port) or is_public(address, asked),
    )


def url(server: Server, path: str, host: str = "site.example") -> str:
    return f"http://{host}:{server.server_address[1]}{path}"


@pytest.mark.parametrize(
    ("path", "is_there"),
    [("", True), ("/200", True), ("/no-head", True), ("/403", True), ("/404", False), ("/410", False), ("/500", False)],
)
def test_what_counts_as_an_answer(server, path, is_there):
    assert answers(url(server, path), ways(server)) is is_there


def test_head_alone_is_asked_where_it_suffices(server):
    answers(url(server, "/200"), ways(server))
    assert server.asked == [("HEAD", "/200")]


def test_one_redirect_is_followed_and_no_second(server):
    assert answers(url(server, "/to?/404"), ways(server)) is False
    assert answers(url(server, "/to?/200"), ways(server)) is True
    server.asked.clear()
    answers(url(server, "/to?/to?/404"), ways(server))
    assert ("HEAD", "/404") not in server.asked
    assert ("GET", "/404") not in server.asked


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://10.0.0.1/", "ftp://site.example/", "http://[::1]/"]
)
def test_a_redirect_is_checked_like_the_first_address(server, target, monkeypatch):
    opened = []
    connect = reaching.socket.create_connection
    monkeypatch.setattr(
        reaching.socket, "create_connection", lambda where, **more: opened.append(where[0]) or connect(where, **more)
    )
    assert answers(url(server, f"/to?{target}"), ways(server)) is False
    assert set(opened) == {LOOPBACK}


def test_a_name_with_one_private_address_is_not_asked(server):
    assert answers(url(server, "/200", host="two.example"), ways(server)) is False
    assert server.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001"]
)
def test_this_machine_is_never_asked(server, host):
    any_port = Ways(system_addresses, lambda address, _port: is_public(address, 443))
    assert answers(url(server, "/200", host=host), any_port) is False
    assert server.asked == []
    assert answers(url(server, "/200", host=host)) is False


def test_an_encrypted_site_answers_under_its_own_name_alone(server, tmp_path, monkeypatch):
    key, certificate = _certificate("site.example")
    (tmp_path / "both.pem").write_bytes(key + certificate)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "both.pem")
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cadata=certificate.decode())
    address = url(server, "/200").replace("http:", "https:")
    assert answers(address, ways(server)) is False
    monkeypatch.setattr(reaching.ssl, "create_default_context", lambda: trusting)
    assert answers(address, ways(server)) is True
    other = Ways(lambda _host, _port: [LOOPBACK], ways(server).may_connect)
    assert answers(address.replace("site.", "other."), other) is False


def _certificate(name: str) -> tuple[bytes, bytes]:
    """A key and a certificate for it that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return plain, made.public_bytes(pem)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "5f00::1", "rubbish", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(address, 443)


def test_addresses_that_are():
    assert is_public("93.184.215.14", 443)
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 80)
    assert not is_public("93.184.215.14", 22)


def test_a_site_that_drips_is_left(server, monkeypatch):
    monkeypatch.setattr(reaching, "SECONDS_A_REQUEST", 0.05)
    assert answers(url(server, "/slow"), ways(server)) is False


@pytest.mark.parametrize(
    "told", ["", "mailto:a@b.example", "http://", "http://user@site.example/", "http://a:99999/", "http://[x"]
)
def test_what_is_no_web_address_does_not_answer(server, told):
    assert answers(told, ways(server)) is False
