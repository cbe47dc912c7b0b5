"""What `up` does around its processes: getting the household ready, and telling where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mediasync import __version__, demo, setup_link
from outbound import sources
from scanner.models import Library
from scanner.providers import tmdb
from scanner.services import keeping, libraries, scans
from terminal import person


def prepare(paths: Sequence[str], *, migrated: int) -> Iterator[str]:
    """Get everything ready before the processes start; yields lines for the terminal.

    Folders given become libraries and are scanned; with no library and no folder the demo is
    loaded. Raises `NotALibrary` for a folder that cannot become one.
    """
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    yield f"mediasync {__version__} · data in {settings.DATA_DIR} · {kind}"
    if migrated:
        yield f" database   {migrated} migrations applied"
    _collect_static()
    sources.declare_all()
    if paths:
        yield from _add(paths)
    elif demo.wanted():
        library = demo.load()
        yield f" library    none yet: the demo is loaded ({library.path}); remove it with ./run library remove --demo"
    elif Library.objects.filter(demo=True).exists():
        yield " library    the demo; remove it with ./run library remove --demo"
    demo.tend_service()
    yield from _about_metadata()
    asked = keeping.ask_again_with_a_key()
    if asked:
        yield f" metadata   there is a key now: {asked} matches that had only names are looked up again"


def _add(paths: Sequence[str]) -> Iterator[str]:
    for library, new in libraries.add_all(paths, actor=person.name()):
        scans.start([library], actor=person.name())
        word = "added" if new else "known"
        yield f" library    {word}: {library.path} ({library.get_kind_display().lower()}), scan queued"


def _about_metadata() -> Iterator[str]:
    real = Library.objects.filter(demo=False).exists()
    if real and not tmdb.configured():
        yield " metadata   no TMDB_API_KEY: titles come from file names and NFOs; a free key adds posters and episodes"


def welcome(address: str) -> list[str]:
    """Return the lines shown once the web server listens at `address` (ends with a slash)."""
    lines = []
    if setup_link.needed():
        lines.append(f" set-up     {address.rstrip('/')}{setup_link.make()}  (works once; makes the first account)")
        if not address.startswith(("http://127.", "http://[::1]")):
            lines.append(" careful    other machines can reach this address; make the account before they do")
    return [*lines, f" open       {address}  (Ctrl-C stops)"]


def _collect_static() -> None:
    """Collect style sheets and scripts where they have changed since the last start."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fresh = _fingerprint()
    if stamp.exists() and stamp.read_text() == fresh:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fresh)


def _fingerprint() -> str:
    base = Path(settings.BASE_DIR)
    digest = hashlib.sha256(__version__.encode())
    for path in (*sorted((base / "static").rglob("*")), base / "requirements.txt"):
        if path.is_file():
            about = path.stat()
            digest.update(f"{path}:{about.st_size}:{about.st_mtime_ns}".encode())
    return digest.hexdigest()
