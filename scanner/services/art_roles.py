"""Which pictures a library has beside its media: a choice of the household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs import queue
from jobs.models import Priority
from journal.moves import SYSTEM, record
from scanner import art, bulk
from scanner.models import Library, Title
from scanner.services import causes

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

    What has been switched on is fetched for all of its titles, behind everything else; what lies there
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
    library.art_roles = chosen
    if set(chosen) - before:
        _fetch(library, stills=art.STILL in set(chosen) - before, others=bool(set(chosen) - before - {art.STILL}))
    return True


def _fetch(library: Library, *, stills: bool, others: bool) -> None:
    titles = Title.objects.filter(matches__library=library).distinct().order_by("pk").values_list("pk", "kind")
    said = {"reason": "other pictures were chosen for its library", "origin": "", "priority": Priority.VERY_LOW}
    works = [causes.artwork(pk, **said) for pk, _kind in titles if others]  # type: ignore[arg-type]
    works += [causes.stills(pk, **said) for pk, kind in titles if stills and kind == Title.Kind.SHOW]  # type: ignore[arg-type]
    for chunk in bulk.paced(works, most=500):
        queue.enqueue(*chunk)
