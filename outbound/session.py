"""One requests session per process and source: keep-alive, a bounded pool, guarded sockets, no retries."""

from __future__ import annotations

import itertools
import os
import socket
import threading
from functools import partial
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from outbound import attempt, guard

HOSTS, CONNECTIONS = 4, 16  # kept alive a source: hosts, and connections to each


class GuardedHTTP(HTTPConnection):
    """A connection that goes only to permitted addresses and is listed with its attempt."""

    allowance: guard.Allowance
    _answer: HTTPResponse | None = None

    def request(self, *args: Any, **fields: Any) -> None:
        """Send a request; a connection kept from before is listed with the new attempt."""
        under_way = attempt.current()
        if under_way is not None and self.sock is not None:
            under_way.watch(self.sock)
        super().request(*args, **fields)

    def response_class(self, *args: Any, **fields: Any) -> HTTPResponse:  # type: ignore[override]
        """Make http.client's answer and remember it; it holds the socket open."""
        self._answer = HTTPResponse(*args, **fields)
        return self._answer

    def getresponse(self) -> Any:
        """Return urllib3's answer; where a header makes no sense to it, it forgets http.client's unclosed."""
        try:
            return super().getresponse()
        except BaseException:
            if self._answer is not None:
                self._answer.close()
            raise
        finally:
            self._answer = None

    def _new_conn(self) -> socket.socket:
        host = self._dns_host
        try:
            endpoints = guard.endpoints(host, self.port, self.allowance)
        except OSError as error:
            raise NameResolutionError(self.host, self, error) from error  # type: ignore[arg-type]
        failure = OSError("no address")
        for family, address in endpoints:
            try:
                return self._connect(family, address)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} did not answer in time") from failure
        raise NewConnectionError(self, f"no connection: {failure}") from failure

    def _connect(self, family: socket.AddressFamily, address: guard.Place) -> socket.socket:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            for option in self.socket_options or ():
                connection.setsockopt(*option)
            if isinstance(self.timeout, (int, float)):
                connection.settimeout(self.timeout)
            under_way = attempt.current()
            if under_way is not None:
                under_way.watch(connection)
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection


class GuardedHTTPS(GuardedHTTP, HTTPSConnection):
    """The same with TLS: the certificate is checked for the name, the address is the permitted one."""


class GuardedPool(HTTPConnectionPool):
    """Makes guarded connections."""

    ConnectionCls = GuardedHTTP

    def __init__(self, *args: Any, allowance: guard.Allowance, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.allowance = allowance

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        connection.allowance = self.allowance  # type: ignore[attr-defined]
        return connection


class GuardedTLSPool(GuardedPool, HTTPSConnectionPool):
    """Makes guarded TLS connections."""

    ConnectionCls = GuardedHTTPS


class GuardedAdapter(HTTPAdapter):
    """Carries requests over guarded pools; never retries."""

    def __init__(self, allowance: guard.Allowance) -> None:
        self.allowance = allowance
        super().__init__(pool_connections=HOSTS, pool_maxsize=CONNECTIONS, max_retries=0)

    def init_poolmanager(self, *args: Any, **fields: Any) -> None:
        """Make the pools; called by requests."""
        super().init_poolmanager(*args, **fields)
        pools = {"http": GuardedPool, "https": GuardedTLSPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: partial(pool, allowance=self.allowance) for scheme, pool in pools.items()
        }


_sessions: dict[tuple[int, str, tuple[str, ...]], requests.Session] = {}
_lock = threading.Lock()
_opened = itertools.count()


def session_of(source: str, allow_hosts: tuple[str, ...]) -> requests.Session:
    """Return this process's session for a source; a forked child gets its own."""
    entries = (*allow_hosts, *settings.OUTBOUND_ALLOW_HOSTS)
    key = (os.getpid(), source, entries)
    with _lock:
        if key not in _sessions:
            _sessions[key] = _open(guard.Allowance.of(entries))
        return _sessions[key]


def close_all() -> None:
    """Close what is kept alive to every source; the next request opens its own."""
    with _lock:
        for session in _sessions.values():
            session.close()
        _sessions.clear()


def _open(allowance: guard.Allowance) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy around the guard, no .netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    agents = settings.USER_AGENTS
    session.headers.update({"User-Agent": agents[next(_opened) % len(agents)], "Accept-Encoding": "gzip"})
    adapter = GuardedAdapter(allowance)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
