"""Which pictures a library has beside its media: a choice of the household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.moves import SYSTEM, record
from scanner import art
from scanner.models import Library
from scanner.services import fetching

LABELS: Mapping[str, Promise] = {
    art.POSTER: _("Posters"),
    art.FANART: _("Backdrops"),
    art.LOGO: _("Logos"),
    art.LANDSCAPE: _("Landscapes, backdrops with the title in them"),
    art.SEASON: _("Posters of seasons"),
    art.STILL: _("Stills of episodes, many small files"),
    art.COLLECTION: _("Pictures of a movie's collection, for the web only"),
}


def of(library: Library) -> frozenset[str]:
    """Return the switches that are on."""
    return frozenset(library.art_roles).intersection(art.SWITCHES)


def change(library: Library, roles: Iterable[str], *, actor: str = SYSTEM) -> bool:
    """Say which pictures a library gets from now on; returns whether that is another set.

    What has been switched on is fetched for all of its titles by a job, behind everything else; what lies there
    already stays. Names that are no switches are left out.
    """
    wanted, before = set(roles), of(library)
    chosen = [switch for switch in art.SWITCHES if switch in wanted]
    if set(chosen) == before:
        return False
    with transaction.atomic():
        Library.objects.filter(pk=library.pk).update(art_roles=chosen)
        said = ", ".join(chosen) or "none"
        record(library, reason=f"{actor} chose its pictures: {said}", facts={"roles": chosen}, actor=actor)
        fetching.soon(library, *_added(set(chosen) - before), reason=f"{actor} chose its pictures")
    library.art_roles = chosen
    return True


def _added(switches: set[str]) -> list[str]:
    """Return what has to be fetched where these were switched on."""
    pictures = [fetching.PICTURES] if switches - {art.STILL} else []
    return [*pictures, fetching.STILLS] if art.STILL in switches else pictures
