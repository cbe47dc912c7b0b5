"""The demo library: loaded where there is nothing else to show, removed with one button."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from journal.moves import SYSTEM
from mediasync import demo_place
from scanner.demo import library as demo_files
from scanner.models import Library
from scanner.services import libraries, scans

NAME = "Demo"


def load(*, actor: str = SYSTEM) -> Library:
    """Write the demo's files, make them a library and queue its first scan."""
    root = demo_place.folder(settings.DATA_DIR)
    demo_files.build(root)
    library, _new = libraries.add(str(root), kind=Library.Kind.MIXED, name=NAME, demo=True, actor=actor)
    scans.start([library], actor=actor)
    return library


def wanted() -> bool:
    """Return whether the demo should be loaded: no library, and nobody removed the demo before."""
    return not Library.objects.exists() and not _removed().exists()


def is_offered() -> bool:
    """Return whether a button may load it: there is no library, and its service runs since the start."""
    return demo_place.port(settings.DATA_DIR) is not None and not Library.objects.exists()


def tend_service() -> None:
    """Have the demo's service started as long as there is nothing but the demo; folders of one's own end it.

    It moves where another program has taken its port: that one would be asked in its place.
    """
    port = demo_place.port(settings.DATA_DIR)
    if Library.objects.filter(demo=False).exists() and not Library.objects.filter(demo=True).exists():
        demo_place.forget(settings.DATA_DIR)
    elif port is None or not demo_place.is_free(port):
        demo_place.reserve(settings.DATA_DIR)


def remove(*, actor: str) -> bool:
    """Forget the demo with its files, which are ours; False where there is none."""
    found = list(Library.objects.filter(demo=True))
    for library in found:
        libraries.remove(library, actor=actor)
    shutil.rmtree(demo_place.folder(settings.DATA_DIR), ignore_errors=True)
    _removed().parent.mkdir(parents=True, exist_ok=True)
    _removed().touch()
    return bool(found)


def _removed() -> Path:
    return Path(settings.DATA_DIR) / "demo" / "removed"
