"""How a request can fail.

RetryLater ── Transient      5xx, timeouts, cut answers: the breaker counts it
           ├─ Stalled        the body stopped coming: the breaker counts it
           ├─ RateLimited    429, or our own budget has no room soon
           ├─ CircuitOpen    the breaker lets nothing through
           ├─ Blocked        a wall (challenge page, 403): a person may have to act
           └─ NotConfigured  the credentials are missing or refused
GiveUp     ── NotFound       404, 410
           ├─ Rejected       other 4xx: repeating brings nothing
           │  └─ Forbidden   an address our own guard refuses: nothing was sent
           └─ BadContent     an answer that cannot be what was asked for: the breaker counts it
"""

from __future__ import annotations

from jobs.errors import GiveUp, RetryLater


class Transient(RetryLater):
    """The other side, or the way there, failed for now."""

    retry_after: float | None = None  # seconds, where the source named them (503)
    again_in: float | None = None  # seconds after which the same call may try again in place
    cut_short: bool = False  # by who asked, before the source had its time: that is no news of the source


class Stalled(RetryLater):
    """Bytes stopped coming."""

    again_in: float | None = None
    cut_short: bool = False


class RateLimited(RetryLater):
    """Too many requests: the source said so, or our own budget has no room soon."""

    retry_after: float | None = None
    again_in: float | None = None


class CircuitOpen(RetryLater):
    """The source failed too often; nothing is sent until the breaker lets a probe through."""


class Blocked(RetryLater):
    """The source refuses us as such; we back off and never try to get around it."""

    retry_after: float | None = None


class NotConfigured(RetryLater):
    """Credentials are missing or refused; the source waits until the setting changes."""


class NotFound(GiveUp):
    """There is no such thing at the source (404, 410)."""


class Rejected(GiveUp):
    """The request itself was refused (other 4xx): repeating brings nothing."""


class Forbidden(Rejected):
    """The address is one we do not talk to; nothing was sent."""


class BadContent(GiveUp):
    """What came is not what was asked for: too large, of another kind, broken."""


COUNTED = (Transient, Stalled, BadContent)  # by the breaker; facts: connect errors, timeouts, 5xx, stalls, content
"""The failures in a row of which open the circuit."""
