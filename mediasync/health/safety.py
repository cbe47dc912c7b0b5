"""Checks of who may come in, and of what must stay secret."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level, well

LOOPBACK = ("127.", "localhost", "::1", "[::1]")
LEAST_DIFFERENT, LEAST_LONG = 10, 40


def secret_file(facts: Facts) -> Iterator[Finding]:
    """Find that others on this machine can read the keys."""
    file = env_file()
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        mode = 0o600  # all comes from the environment
    if not mode & 0o077:
        yield well("env-file", _("Only this user can read the settings file."))
        return
    yield Finding(
        "env-file",
        Level.WARNING,
        _("Other users of this machine can read %(file)s (mode %(mode)s), which holds the keys.")
        % {"file": file, "mode": f"{mode:o}"},
        _("`chmod 600 %s`, or `./run doctor --fix`.") % file,
    )


def data_directory(facts: Facts) -> Iterator[Finding]:
    """Find that others on this machine can change what mediasync keeps."""
    folder = Path(settings.DATA_DIR)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IWOTH:
        yield well("data-rights", _("Only this user and its group can change the data directory."))
        return
    yield Finding(
        "data-rights",
        Level.WARNING,
        _("Every user of this machine can change what is in %s, the accounts too.") % folder,
        _("`chmod o-w %s`, or `./run doctor --fix`.") % folder,
    )


def secret_key(facts: Facts) -> Iterator[Finding]:
    """Find a key that can be guessed: with it anybody can sign in as anybody."""
    key = str(settings.SECRET_KEY)
    weak = len(key) < LEAST_LONG or len(set(key)) < LEAST_DIFFERENT or key.startswith("django-insecure-")
    if not weak:
        yield well("secret-key", _("The key that signs sessions is strong."))
        return
    yield Finding(
        "secret-key",
        Level.ERROR,
        _("The key that signs sessions can be guessed: whoever does is signed in as anybody."),
        _("Remove the line `SECRET_KEY=…` from %s and restart: a new one is made, and all sign in again.") % env_file(),
    )


def hosts(facts: Facts) -> Iterator[Finding]:
    """Find that pages are served under any name, to anybody on the network."""
    if "*" not in settings.ALLOWED_HOSTS or _is_private():
        yield well("hosts", _("Pages are served under known names only."))
        return
    yield Finding(
        "hosts",
        Level.WARNING,
        _("mediasync listens on the network and answers under any name (`ALLOWED_HOSTS=*`): links can be forged."),
        _("Name the hosts in %s, such as `ALLOWED_HOSTS=media.lan,192.168.1.5`, and restart.") % env_file(),
    )


def encryption(facts: Facts) -> Iterator[Finding]:
    """Tell that passwords cross the network in the clear."""
    if _is_private() or settings.SESSION_COOKIE_SECURE:
        yield well("https", _("Passwords do not cross the network in the clear."))
        return
    yield Finding(
        "https",
        Level.NOTICE,
        _("Pages are served to the network without encryption: passwords cross it in the clear."),
        _("In a network you trust that may be fine. Else put a proxy with TLS before it and set `HTTPS=true`."),
    )


def accounts(facts: Facts) -> Iterator[Finding]:
    """Find that nobody has an account yet, or nobody may change anything."""
    if facts.counts.get("staff"):
        yield well("accounts", _("Somebody of the household looks after mediasync."))
        return
    if facts.counts.get("accounts"):
        message = _("No account may change anything: nobody can add folders or confirm a scan.")
        yield Finding("accounts", Level.ERROR, message, _("Make one with `./run createsuperuser`."))
        return
    level = Level.WARNING if _is_private() else Level.ERROR
    yield Finding(
        "accounts",
        level,
        _("Nobody has an account yet: whoever has the set-up link first makes it."),
        _("Open the set-up link that `./run` shows when it starts, or `./run createsuperuser`."),
    )


def env_file() -> Path:
    """Return where the settings lie."""
    return Path(settings.DATA_DIR) / ".env"


def _is_private() -> bool:
    return str(settings.HOST).startswith(LOOPBACK)
