"""Reads a body with limits: size after decompression, the announced length, what kind it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import DecodeError

from outbound.attempt import Attempt
from outbound.errors import BadContent, Transient

CHUNK = 64 << 10
ERROR_BODY = 64 << 10  # bytes of an answer that failed which are looked at


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: `headers` with lower-case names; `host` is what a person is told.

    `data` is the body decoded, for the one who sent: who shares the answer decodes it anew.
    """

    url: str
    host: str
    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    data: Any = None

    @property
    def kind(self) -> str:
        """The media type, lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def looks_like_html(self) -> bool:
        """Tell whether this is a page for people."""
        start = self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return self.kind in {"text/html", "application/xhtml+xml"} or start.startswith((b"<!doctype html", b"<html"))


def body_of(response: requests.Response, attempt: Attempt, *, host: str, max_bytes: int) -> bytes:
    """Return the decompressed body; raises BadContent beyond `max_bytes`.

    A gzip bomb is noticed while it is unpacked, in small pieces. Raises Transient where the body
    cannot be unpacked, and what `attempt.check` raises where it was ended before its time.
    """
    _check_announced(response, host, max_bytes)
    parts: list[bytes] = []
    size = 0
    try:
        for part in response.raw.stream(CHUNK, decode_content=True):
            size += len(part)
            if size > max_bytes:
                raise _too_large(host, max_bytes)
            parts.append(part)
    except DecodeError as error:
        raise Transient(f"{host} sent a body that cannot be unpacked.") from error
    attempt.check()
    return b"".join(parts)


def beginning_of(response: requests.Response, attempt: Attempt) -> bytes:
    """Return up to 64 kB of the body of an answer that failed anyway: enough to tell why."""
    part: bytes = b""
    try:
        part = response.raw.read(ERROR_BODY, decode_content=True) or b""
    except DecodeError:
        return b""
    attempt.check()
    return part


def json_of(reply: Reply) -> Any:
    """Return the decoded body; raises Transient where it is cut, BadContent where it is no sane JSON."""
    try:
        return json.loads(reply.body)
    except RecursionError as error:
        raise BadContent(f"{reply.host} sent JSON that is nested too deeply.") from error
    except ValueError as error:  # also bytes that are no text
        what = "an empty answer" if not reply.body.strip() else "JSON that is cut or broken"
        raise Transient(f"{reply.host} sent {what}.") from error


def _check_announced(response: requests.Response, host: str, max_bytes: int) -> None:
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise _too_large(host, max_bytes)


def _too_large(host: str, max_bytes: int) -> BadContent:
    return BadContent(f"{host} sent more than the {max_bytes >> 20} MB that this may be.")
