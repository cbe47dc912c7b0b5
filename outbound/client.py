"""What the rest of mediasync calls: `Client("tmdb").get_json("/movie/603")`."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings

from jobs import running
from jobs.models import Priority
from outbound import sources
from outbound.answers import JSON, REDIRECTS
from outbound.errors import Forbidden, RateLimited, Rejected, Stalled, Transient
from outbound.exchange import Ask, exchange
from outbound.flights import share
from outbound.guard import check_url
from outbound.line import Asking
from outbound.reading import Reply, json_of
from outbound.waits import Patience

NO_URL = "The address is no valid URL."
HOPS = 5  # redirects followed
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Answer:
    """Decoded JSON; `etag` is to be sent with the next request, `data` is None where nothing was modified."""

    data: Any
    etag: str
    not_modified: bool


class Client:
    """The way to one source; cheap to make, the connections are shared by the process.

    `headers` (the credentials) go to the source's own address only, not where it redirects to.
    """

    def __init__(self, source: str | sources.SourceSpec, *, headers: Mapping[str, str] | None = None) -> None:
        self.spec = sources.spec_of(source) if isinstance(source, str) else source
        self.headers = tuple(sorted((headers or {}).items()))

    def get_json(
        self, path_or_url: str, *, params: Params | None = None, etag: str = "", max_bytes: int = 32 << 20
    ) -> Answer:
        """Return the decoded answer. With `etag` the source may answer that nothing was modified.

        Raises the failures of `outbound.errors`; handlers let them fly.
        """
        known = (("If-None-Match", etag),) if etag else ()
        headers = (("Accept", "application/json"), *known)
        reply = self._get(path_or_url, params, headers=headers, accept=JSON, max_bytes=max_bytes)
        tag = reply.headers.get("etag", "")
        if reply.status == 304:
            return Answer(None, tag or etag, not_modified=True)
        data = reply.data if reply.data is not None else json_of(reply)
        return Answer(data, tag, not_modified=False)

    def get_bytes(
        self,
        path_or_url: str,
        *,
        params: Params | None = None,
        max_bytes: int = 20 << 20,
        accept: tuple[str, ...] = ("image/",),
    ) -> bytes:
        """Return the body; `accept` are beginnings of the media types that it may have (empty: any)."""
        kinds = ", ".join(f"{kind}*" if kind.endswith("/") else kind for kind in accept) or "*/*"
        headers = (("Accept", kinds), ("Accept-Encoding", "identity"))
        return self._get(path_or_url, params, headers=headers, accept=accept, max_bytes=max_bytes).body

    def post_json(self, path_or_url: str, data: Any, *, max_bytes: int = 1 << 20) -> Reply:
        """Send data as JSON, once: whoever receives it may have acted on it even where no answer came back.

        Redirects are not followed. Raises the failures of `outbound.errors`.
        """
        if not self.spec.on_trial:
            sources.ready(self.spec)
        url = self._url(path_or_url, None)
        headers = (*self._own_headers(url, home=url), ("Content-Type", "application/json"))
        body = json.dumps(data).encode()
        ask = Ask(url=url, host=check_url(url)[1], headers=headers, accept=(), max_bytes=max_bytes, body=body)
        reply = exchange(self.spec, ask, Asking(priority()), Patience(retries=0, until=limits()[0]), is_retry=False)
        if reply.status in REDIRECTS:
            raise Rejected(f"{reply.host} sends us elsewhere ({reply.status}); what is sent is not sent on.")
        return reply

    def _get(
        self,
        path_or_url: str,
        params: Params | None,
        *,
        headers: tuple[tuple[str, str], ...],
        accept: tuple[str, ...],
        max_bytes: int,
    ) -> Reply:
        if not self.spec.on_trial:
            sources.ready(self.spec)
        url = self._url(path_or_url, params)
        ask = Ask(
            url=url,
            host=check_url(url)[1],
            headers=(*self._own_headers(url, home=url), *headers),
            accept=accept,
            max_bytes=max_bytes,
            may_be_unmodified=any(name == "If-None-Match" for name, _ in headers),
        )
        until, is_test = limits()
        return share(
            (self.spec.name, ask, is_test),
            Asking(priority(), is_test),
            lambda asking: self._persist(ask, asking, until),
            until=until,
        )

    def _persist(self, ask: Ask, asking: Asking, until: float) -> Reply:
        """Follow the request to its end, trying again within the one retry budget of the call."""
        patience = Patience(retries=0 if asking.is_test else settings.MAX_RETRIES_PER_ITEM, until=until)
        is_retry = False
        while True:
            try:
                return self._follow(ask, asking, patience, is_retry=is_retry)
            except (Transient, Stalled, RateLimited) as failure:
                if failure.again_in is None or not patience.may_retry(failure.again_in):
                    raise
                with patience.waiting():
                    running.wait(failure.again_in)
            is_retry = True

    def _follow(self, ask: Ask, asking: Asking, patience: Patience, *, is_retry: bool) -> Reply:
        """Walk redirects by hand: each hop is checked, takes a grant, and leaves our headers behind elsewhere."""
        home = ask.url
        for _ in range(HOPS + 1):
            reply = exchange(self.spec, ask, asking, patience, is_retry=is_retry)
            if reply.status not in REDIRECTS or "location" not in reply.headers:
                return reply
            ask = self._next_hop(ask, reply, home=home)
        raise Rejected(f"{ask.host} redirects in circles.")

    def _next_hop(self, ask: Ask, reply: Reply, *, home: str) -> Ask:
        url = _prepared(_joined(ask.url, reply.headers["location"]), None)
        scheme, host, _ = check_url(url)
        if ask.url.startswith("https:") and scheme != "https":
            raise Forbidden(f"{ask.host} redirects to an address without encryption; it is not followed.")
        own = set(self.headers)
        kept = tuple(header for header in ask.headers if header not in own)
        return replace(ask, url=url, host=host, headers=(*self._own_headers(url, home=home), *kept))

    def _url(self, path_or_url: str, params: Params | None) -> str:
        is_path = path_or_url.startswith("/")
        return _prepared(self.spec.base_url.rstrip("/") + path_or_url if is_path else path_or_url, params)

    def _own_headers(self, url: str, *, home: str) -> tuple[tuple[str, str], ...]:
        """Return our headers for the source's own address; without a base, that is where the request began."""
        return self.headers if check_url(self.spec.base_url or home) == check_url(url) else ()


def priority() -> int:
    """Return how urgent a request of this thread is: its job's priority; a person's is CRITICAL."""
    job = running.current()
    if getattr(_person, "waits", False):
        return Priority.CRITICAL
    return Priority.MEDIUM if job is None else job.priority


def limits() -> tuple[float, bool]:
    """Return until when (monotonic) requests of this thread must be over, and whether they are a person's test."""
    return getattr(_person, "until", math.inf), getattr(_person, "is_test", False)


@contextmanager
def asked_by_a_person(*, within: float = math.inf, is_test: bool = False) -> Iterator[None]:
    """Let the requests of this thread go first while the block runs: somebody waits for them.

    Whatever is asked is over `within` so many seconds, waits and retries included. A test may ask a source whose
    circuit is open, and its failure is not counted.
    """
    before = dict(_person.__dict__)
    _person.__dict__.update(waits=True, until=time.monotonic() + within, is_test=is_test)
    try:
        yield
    finally:
        _person.__dict__.clear()
        _person.__dict__.update(before)


_person = threading.local()


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Forbidden(NO_URL) from error


def _prepared(url: str, params: Params | None) -> str:
    """Return the URL as it goes over the wire; raises Forbidden where it is none."""
    request = requests.PreparedRequest()
    try:
        request.prepare_url(url, dict(params or {}))
    except requests.RequestException as error:
        raise Forbidden(NO_URL) from error
    return request.url or ""
