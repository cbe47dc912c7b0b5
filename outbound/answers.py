"""What an answer means: nothing to say, or one of the failures of `outbound.errors`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from jobs.errors import GiveUp, RetryLater
from journal.redaction import redact
from outbound.errors import BadContent, Blocked, NotConfigured, NotFound, RateLimited, Rejected, Transient
from outbound.reading import Reply
from outbound.walls import CURE, wall_in

JSON = ("application/json", "text/json")
REDIRECTS = {301, 302, 303, 307, 308}
FOR_NOW = {408, 421, 425}  # 4xx that speak of this moment, not of the request


def failure_in(reply: Reply, *, accept: tuple[str, ...], may_be_unmodified: bool) -> RetryLater | GiveUp | None:
    """Return the failure that an answer is, None where it is what was asked for or a redirect.

    `accept` are the beginnings of the media types wanted.
    """
    wall = wall_in(reply.status, reply.headers, reply.body, is_html=reply.looks_like_html(), wants_json=accept == JSON)
    if wall is not None:
        blocked = Blocked(f"{reply.host} {wall}. {CURE}")
        blocked.retry_after = retry_after(reply)
        return blocked
    if reply.status in REDIRECTS and "location" in reply.headers:
        return None
    if reply.status == 304 and may_be_unmodified:
        return None
    if 200 <= reply.status < 300:
        return _wrong_kind(reply, accept)
    return _by_status(reply)


def retry_after(reply: Reply) -> float | None:
    """Return the seconds that `Retry-After` names, as seconds or HTTP date; None where it says nothing.

    A date is read against the server's own clock where it sent one.
    """
    text = reply.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text[:9])
    until, base = _date(text), _date(reply.headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - base).total_seconds()) if until else None


def _by_status(reply: Reply) -> RetryLater | GiveUp:
    said = f"{reply.host} answered {reply.status} {redact(reply.reason[:60])}".rstrip()
    status = reply.status
    if status == 401:
        return NotConfigured(f"{said}: it does not accept the credentials. Correct the key in the settings.")
    if status in {404, 410}:
        return NotFound(f"{said}: there is no such thing.")
    if status == 429:
        limited = RateLimited(f"{said}: we are asked to slow down.")
        limited.retry_after = retry_after(reply)
        return limited
    if status >= 500 or status in FOR_NOW:
        failure = Transient(f"{said}.")
        failure.retry_after = retry_after(reply)
        return failure
    return Rejected(f"{said}.")


def _wrong_kind(reply: Reply, accept: tuple[str, ...]) -> GiveUp | None:
    """JSON shows itself when it is read; a picture has to say that it is one."""
    if accept == JSON or not accept or reply.kind.startswith(accept):
        return None
    return BadContent(f"{reply.host} sent {reply.kind or 'something unnamed'} instead of {' or '.join(accept)}.")


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
