"""A person looks for the right title of a match, by another name than the folder's."""

from __future__ import annotations

from django.utils.translation import gettext as _

from scanner.models import Match
from scanner.providers import tmdb
from scanner.services.offers import Offer, judged


class NobodyToAsk(Exception):
    """There is no metadata service for this match: no key is set, or it is the demo's and the service is not."""


def search(match: Match, *, name: str, year: int | None, kind: str) -> list[Offer]:
    """Return what the metadata service knows by this name, best first; its failures are outbound's."""
    if not tmdb.configured(demo=match.library.demo):
        raise NobodyToAsk(_("Without a TMDB key there is nobody to ask. Set one in Settings."))
    found = judged(match, tmdb.search(name, year, kind=kind), name=name, year=year)
    return sorted(found, key=lambda offer: -offer.score)
