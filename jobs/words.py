"""What pools are called where a person reads; their names are for commands, addresses and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What the jobs of a pool are about.
POOLS: dict[str, _StrPromise] = {
    "scan": _("Scans"),
    "metadata": _("Metadata"),
    "refresh": _("Refresh round"),
    "artwork": _("Artwork"),
    "files": _("Files beside the media"),
    "inspect": _("Look closer"),
    "transfer": _("Downloads"),
    "guide": _("Broadcasts"),
    "upkeep": _("Tidy up"),
}


def pool_word(name: str) -> str:
    """Return what the jobs of a pool are about, in words."""
    return str(POOLS.get(name, name))
