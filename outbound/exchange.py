"""One attempt: a grant, a request, an answer read within its limits, and what is learnt from it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import requests
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from outbound import attempt, breaker, budget, gate, lessons, skew
from outbound.answers import JSON, failure_in
from outbound.attempt import Attempt
from outbound.budget import Permit
from outbound.errors import Forbidden, Stalled, Transient
from outbound.line import Asking
from outbound.reading import Reply, beginning_of, body_of, json_of
from outbound.session import session_of
from outbound.sources import SourceSpec
from outbound.statistics import Meter
from outbound.waits import Patience

CONNECT = 10.0  # seconds
BODY = 4.0  # times the timeout of the headers: for a whole body, however it trickles


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as it goes over one hop: a GET, or a POST where there is a body."""

    url: str
    host: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)  # credentials among them
    accept: tuple[str, ...]
    max_bytes: int
    may_be_unmodified: bool = False
    body: bytes | None = field(default=None, repr=False)


def exchange(spec: SourceSpec, ask: Ask, asking: Asking, patience: Patience, *, is_retry: bool) -> Reply:
    """Return the answer, which may be a redirect; raises one of `outbound.errors`, or Interrupted.

    Takes one grant. Breaker, pauses and counters have learnt from it when this returns or raises.
    """
    before = patience.waited
    permit = _enter(spec, asking, patience)
    meter = Meter(spec.name, waited=patience.waited - before, is_retry=is_retry)
    with meter, lessons.learnt_from(permit, spec):
        reply = _send(spec, ask, permit, patience)
        meter.size = len(reply.body)
        failure = failure_in(reply, accept=ask.accept, may_be_unmodified=ask.may_be_unmodified)
        if failure is not None:
            raise failure
        if ask.accept == JSON and reply.status < 300:
            return replace(reply, data=json_of(reply))
    return reply


def _enter(spec: SourceSpec, asking: Asking, patience: Patience) -> Permit:
    """Return a permit to be used at once; one that went stale on the way is given back."""
    while True:
        key, seconds = spec.settings_key(), patience.within(spec.seconds())
        permit = gate.enter(spec.name, asking, patience, timeout=seconds, credentials=key)
        if permit.is_fresh():
            return permit
        budget.refund(permit)
        breaker.release(permit)


def _send(spec: SourceSpec, ask: Ask, permit: Permit, patience: Patience) -> Reply:
    """Send and read; the grant is settled as soon as the headers are here, or the attempt failed."""
    with attempt.under_way() as current, _failures_named(ask.host, current, patience):
        current.expire_in(permit.deadline - time.monotonic())
        sent_at = time.time()
        with _settled(permit, current):
            response = _headers_of(spec, ask, patience.within(spec.seconds()))
        with response:
            skew.note(spec.name, response.headers, sent_at=sent_at)
            current.check()  # a shut socket also looks like the end of the headers
            current.has_headers = True
            current.expire_in(patience.within(BODY * spec.seconds()))
            return _read(response, current, ask)


def _headers_of(spec: SourceSpec, ask: Ask, seconds: float) -> requests.Response:
    """Return the response as soon as its headers are here; the body is still to be read."""
    session = session_of(spec.name, spec.allow_hosts)
    method = "GET" if ask.body is None else "POST"
    prepared = session.prepare_request(requests.Request(method, ask.url, headers=dict(ask.headers), data=ask.body))
    timeout = (min(CONNECT, seconds), seconds)
    adapter = session.get_adapter(ask.url)
    return adapter.send(prepared, stream=True, timeout=timeout, verify=True, cert=None, proxies=None)


def _read(response: requests.Response, current: Attempt, ask: Ask) -> Reply:
    went_well = 200 <= response.status_code < 300
    if went_well:
        body = body_of(response, current, host=ask.host, max_bytes=ask.max_bytes)
    else:
        body = beginning_of(response, current)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(ask.url, ask.host, response.status_code, response.reason or "", headers, body)


@contextmanager
def _settled(permit: Permit, current: Attempt) -> Iterator[None]:
    """Put the real moment on the grant, whatever came; nothing sent gives it back."""
    try:
        yield
    except Forbidden:
        budget.refund(permit)
        raise
    except BaseException as error:
        budget.settle(permit, timed_out=current.was_cut or isinstance(error, requests.Timeout))
        raise
    budget.settle(permit, timed_out=current.was_cut)


@contextmanager
def _failures_named(host: str, current: Attempt, patience: Patience) -> Iterator[None]:
    """Turn what the library raises into ours; a stop of the job or our own deadline goes first."""
    try:
        yield
    except (requests.RequestException, HTTPError, OSError) as error:
        try:
            current.check()
            failure = _named(host, error)
        except TimeoutError:
            failure = _stalled(host) if current.has_headers else _unanswered(host)
        failure.cut_short = patience.is_over()
        raise failure from error


def _named(host: str, error: Exception) -> Transient | Stalled:
    if isinstance(error, requests.exceptions.SSLError):
        return Transient(f"{host}: its certificate cannot be trusted ({_innermost(error)}).")
    if isinstance(error, requests.Timeout):
        return _unanswered(host)
    if isinstance(error, (ReadTimeoutError, TimeoutError)):
        return _stalled(host)
    if isinstance(error, requests.ConnectionError) and error.args and isinstance(error.args[0], ProtocolError):
        return Transient(f"{host} closed the connection before it answered.")
    if isinstance(error, requests.ConnectionError):
        return Transient(f"{host} cannot be reached ({_innermost(error)}).")
    return Transient(f"{host} broke off in the middle of its answer.")


def _unanswered(host: str) -> Transient:
    return Transient(f"{host} did not answer in time.")


def _stalled(host: str) -> Stalled:
    return Stalled(f"{host} stopped sending in the middle of its answer.")


def _innermost(error: BaseException) -> str:
    """Return the words of the cause: the wrappers repeat the whole URL, which may hold a key."""
    seen: BaseException | None = error
    words = type(error).__name__
    while seen is not None:
        if isinstance(seen, OSError) and seen.strerror:
            words = seen.strerror
        wrapped = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        seen = wrapped if isinstance(wrapped, BaseException) else seen.__cause__
    return words
