"""The one-time link with which the first account is made; only a hash of its key is kept."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model


def needed() -> bool:
    """Return whether nobody has an account yet."""
    return not get_user_model().objects.exists()


def make() -> str:
    """Return the path of a fresh link ("/setup/?key=…"); an earlier one stops working."""
    key = secrets.token_urlsafe(24)
    temporary = _file().with_suffix(f".{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(_digest(key))
    temporary.replace(_file())
    return f"/setup/?key={key}"


def valid(key: str) -> bool:
    """Return whether `key` opens the door: it is the last one made, and nobody has an account."""
    try:
        kept = _file().read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return hmac.compare_digest(kept, _digest(key)) and needed()


def use(key: str) -> bool:
    """Spend the link; of two who try at once only one gets True."""
    if not valid(key):
        return False
    try:
        _file().unlink()
    except FileNotFoundError:
        return False
    return True


def _file() -> Path:
    return Path(settings.DATA_DIR) / "setup.key"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
