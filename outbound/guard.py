"""Which addresses we talk to: http(s) only, and private networks only where a person allowed them.

The check is made on the very address that is then connected to, for every new connection of every
hop, so an answer of DNS that changes in between (rebinding) brings nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from outbound.errors import Forbidden

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Place = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]  # what `connect` takes
Endpoint = tuple[socket.AddressFamily, Place]

SCHEMES = {"http": 80, "https": 443}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
METADATA = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be private: names ("nas", "nas:8096") and networks ("192.168.1.0/24")."""

    names: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowance:
        """Read the entries of a setting; what is no address or network is taken as a name."""
        names: set[str] = set()
        networks: list[Network] = []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry.strip().strip("[]"), strict=False))
            except ValueError:
                names.add(_plain(entry.strip()))
        return cls(frozenset(names), tuple(networks))

    def permits(self, address: Address, host: str, port: int) -> bool:
        """Tell whether to connect to `address`, to which `host` resolved.

        A name opens private and loopback addresses, but no link-local, metadata or group address;
        a network opens what lies in it.
        """
        real = embedded(address)
        if any(real in network for network in self.networks if network.version == real.version):
            return True
        odd = real.is_multicast or real.is_unspecified or real.is_reserved or real.is_link_local or real in METADATA
        if real.is_global and address.is_global and not odd:
            return True
        named = not self.names.isdisjoint({_plain(host), f"{_plain(host)}:{port}"})
        return named and (not odd or real.is_loopback)  # ::1 counts as reserved


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def check_url(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL that we may follow; raises Forbidden."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Forbidden("The address is no valid URL.") from error
    if parts.scheme not in SCHEMES or not host:
        raise Forbidden(f"Only http and https addresses are followed, not {parts.scheme or 'this'}:.")
    if parts.username is not None or parts.password is not None:
        raise Forbidden(f"{host}: an address that carries a user name is not followed.")
    return parts.scheme, host, port or SCHEMES[parts.scheme]


def endpoints(host: str, port: int, allowance: Allowance) -> list[Endpoint]:
    """Resolve `host` once and return what may be connected to.

    Raises Forbidden where nothing of it may be, and OSError where it does not resolve.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label too long or empty
        raise Forbidden(f"{host[:80]} is no name of a host.") from error
    permitted: list[Endpoint] = []
    for family, _, _, _, place in found:
        address = ipaddress.ip_address(str(place[0]).split("%")[0])
        if allowance.permits(address, host, port):
            permitted.append((family, place))
    if not permitted:
        raise Forbidden(f"{host} is an address of a private network. If it is meant, add it to OUTBOUND_ALLOW_HOSTS.")
    return permitted


def _plain(host: str) -> str:
    return host.casefold().rstrip(".").strip("[]")
