"""How each service wants to be told: an address and a JSON document. No database, no network.

ntfy: docs.ntfy.sh/publish/#publish-as-json · Gotify: gotify.net/docs/pushmsg · Discord: webhook "execute".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext as _

LONGEST = 1_900  # Discord takes 2,000 characters, the others more


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell: `level` is error, warning or ok."""

    level: str
    text: str
    at: str = ""


class NoAddress(ValueError):
    """An address at which this kind cannot be told anything; the text says what one looks like."""


def check(kind: str, url: str) -> None:
    """Raise NoAddress where `url` cannot be one of this kind."""
    parts = _split(url)
    if kind == "ntfy" and not parts.path.strip("/"):
        raise NoAddress(_("The address of an ntfy topic ends with its name: https://ntfy.sh/my-topic"))
    if kind == "gotify" and "token=" not in parts.query:
        raise NoAddress(_("Gotify's address ends with the token of an application: https://host/message?token=…"))


def message(kind: str, url: str, title: str, lines: Sequence[Line]) -> tuple[str, Any]:
    """Return the address to post to and what to post."""
    check(kind, url)
    text = "\n".join(f"{_mark(line.level)} {line.text}" for line in lines)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    urgent = any(line.level == "error" for line in lines)
    if kind == "discord":
        return url, {"content": f"**{title}**\n{text}", "allowed_mentions": {"parse": []}}
    if kind == "gotify":
        return url, {"title": title, "message": text, "priority": 8 if urgent else 4}
    if kind == "ntfy":
        parts = _split(url)
        base, _slash, topic = parts.path.rstrip("/").rpartition("/")
        root = urlunsplit((parts.scheme, parts.netloc, base or "/", parts.query, ""))
        return root, {"topic": topic, "title": title, "message": text, "priority": 4 if urgent else 3}
    items = [{"level": line.level, "text": line.text, "at": line.at} for line in lines]
    return url, {"source": "mediasync", "title": title, "text": text, "items": items}


def _mark(level: str) -> str:
    return {"error": "✖", "warning": "▲", "ok": "●"}.get(level, "·")


def _split(url: str) -> Any:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if known and (parts.username is not None or parts.password is not None):
        raise NoAddress("The address carries no user name and no password; use a token of the service.")
    if not known:
        raise NoAddress(_("The address begins with https:// or http://."))
    return parts
