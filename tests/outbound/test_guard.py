"""Which addresses we talk to."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from outbound import guard
from outbound.client import Client
from outbound.errors import Forbidden, Transient
from outbound.guard import Allowance
from outbound.sources import allowed_with_base, register
from tests.fakes import stub as stubs
from tests.outbound.conftest import make_spec

NOBODY = Allowance.of([])
NAS = Allowance.of(["nas", "media.local:8096", "192.168.1.0/24", "localhost"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.5",
        "100.64.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "64:ff9b:1::a00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_nothing_private_is_reached_by_default(address):
    assert not NOBODY.permits(ipaddress.ip_address(address), "films.example", 443)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::9.9.9.9"])
def test_the_public_net_is(address):
    assert NOBODY.permits(ipaddress.ip_address(address), "films.example", 443)


@pytest.mark.parametrize(
    ("address", "host", "port", "permitted"),
    [
        ("192.168.1.5", "anything.example", 80, True),
        ("::ffff:192.168.1.5", "anything.example", 80, True),
        ("192.168.2.5", "anything.example", 80, False),
        ("10.0.0.2", "nas", 80, True),
        ("10.0.0.2", "NAS.", 9_999, True),
        ("127.0.0.1", "media.local", 8_096, True),
        ("127.0.0.1", "media.local", 80, False),
        ("::1", "localhost", 80, True),
        ("::1", "nas", 80, True),
        ("169.254.169.254", "nas", 80, False),
        ("fe80::1", "nas", 80, False),
    ],
)
def test_a_person_opens_names_and_networks(address, host, port, permitted):
    assert NAS.permits(ipaddress.ip_address(address), host, port) is permitted


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_seen_through(source, stub, host):
    with pytest.raises(Forbidden):
        Client("films").get_json(f"http://{host}:{stub.port}/")

    assert not stub.arrivals


def test_an_answer_of_dns_that_changes_brings_nothing(source, stub, monkeypatch):
    """Rebinding: the address that was checked is the one connected to, whatever DNS says next."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    looked_up = []

    def resolve(host, port, **_):
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    tried = []
    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", lambda self, place: tried.append(place) or refuse())

    with pytest.raises(Transient):
        Client("films").get_json(f"http://films.example:{stub.port}/")
    with pytest.raises(Forbidden):
        Client("films").get_json(f"http://films.example:{stub.port}/")

    assert looked_up == ["films.example"] * 2
    assert tried == [("93.184.215.14", stub.port)]


def refuse() -> None:
    raise ConnectionRefusedError(111, "Connection refused")


def test_a_redirect_is_checked_like_any_address(source, stub):
    with stubs.serving("127.0.0.2") as inner:
        stub.on("/", stubs.redirect(f"{inner.url}/secret"))
        inner.on("*", stubs.data({"secret": 1}))

        with pytest.raises(Forbidden, match="OUTBOUND_ALLOW_HOSTS"):
            Client("films").get_json("/")

        assert not inner.arrivals


def test_the_setting_opens_for_every_source(source, stub, settings):
    register(make_spec(stub, allow_hosts=()))
    settings.OUTBOUND_ALLOW_HOSTS = ["127.0.0.0/8"]
    stub.on("/", stubs.data({}))

    assert Client("films").get_json("/").data == {}


def test_a_service_set_by_a_person_opens_its_own_port_only(source, stub):
    with stubs.serving() as neighbour:
        stub.on("/", stubs.redirect(f"{neighbour.url}/"))

        with pytest.raises(Forbidden):
            Client("films").get_json("/")

        assert allowed_with_base(stub.url) == (f"127.0.0.1:{stub.port}",)
        assert not neighbour.arrivals


def test_a_host_that_does_not_exist_is_a_failure_for_now(source, monkeypatch):
    def resolve(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)

    with pytest.raises(Transient, match=r"films\.example cannot be reached \(Name or service not known\)"):
        Client("films").get_json("http://films.example/?api_key=abcdefgh1234")
