"""TLS over a pinned address: the certificate is checked for the name."""

from __future__ import annotations

import http.server
import shutil
import socket
import ssl
import subprocess
import threading

import pytest
import requests

from outbound import guard
from outbound.client import Client
from outbound.errors import Transient
from outbound.session import session_of

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own for films.example, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        (
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=films.example "
            f"-addext subjectAltName=DNS:films.example -out {made[0]} -keyout {made[1]}"
        ).split(),
        check=True,
        capture_output=True,
    )
    return made


@pytest.fixture
def secure(certificate):
    """A TLS server; returns its port."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Every name leads to this machine."""

    def resolve(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)


def get(host: str, port: int, *, trusting) -> requests.Response:
    session = session_of("secure films", (host,))
    request = session.prepare_request(requests.Request("GET", f"https://{host}:{port}/"))
    return session.get_adapter(request.url).send(request, timeout=5, verify=str(trusting))


def test_the_name_of_the_url_is_what_the_certificate_is_checked_for(secure, certificate):
    with get("films.example", secure, trusting=certificate[0]) as response:
        assert response.content == b"{}"

    with pytest.raises(requests.exceptions.SSLError, match=r"not valid for 'other\.example'"):
        get("other.example", secure, trusting=certificate[0])

    session_of("secure films", ("films.example",)).close()


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(source, secure, settings):
    settings.OUTBOUND_ALLOW_HOSTS = ["films.example"]

    with pytest.raises(Transient, match=r"films\.example: its certificate cannot be trusted"):
        Client("films").get_json(f"https://films.example:{secure}/")
