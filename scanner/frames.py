"""The places for pictures of a title, and what hangs in each: for its page and for programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import IS_OPEN, Job
from scanner import art, gallery
from scanner.art import Slot
from scanner.gallery import Shown
from scanner.models import Artwork, Title
from scanner.services import choosing

NAMES: dict[str, Promise] = {
    art.POSTER: gettext_lazy("Poster"),
    art.FANART: gettext_lazy("Backdrop"),
    art.LOGO: gettext_lazy("Logo"),
    art.LANDSCAPE: gettext_lazy("Landscape"),
    art.BANNER: gettext_lazy("Banner"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One place for a picture: its slot in words, and what is shown there.

    `chosen`: a person chose it. `source`: where it is from, a path at TMDB or `upload:` and its hash.
    """

    slot: Slot
    name: str
    shown: Shown | None
    chosen: bool
    source: str = ""

    @property
    def uploaded(self) -> bool:
        """Whether a person sent it: it is gone when mediasync chooses again."""
        return self.chosen and self.source.startswith(art.UPLOAD)


def lines(title: Title) -> list[Line]:
    """Return all places of a title that a person may choose for: its own, and those of its seasons."""
    rows = Artwork.objects.filter(title=title, episode=art.NONE)
    known = {row.slot: row for row in rows}
    found = gallery.art_of(title)
    told = []
    for slot in choosing.slots(title):
        row = known.get(slot)
        shown = found.get(slot.role) if slot.season == art.NONE else None
        if row and row.shown:
            shown = gallery.shown_of(row)
        source = (row.choice or row.source_path) if row else ""
        told.append(Line(slot, _named(slot), shown, bool(row and row.choice), source))
    return told


def under_way(title: Title) -> bool:
    """Return whether pictures of a title are being fetched, or about to be."""
    jobs = Job.objects.filter(IS_OPEN, kind="scanner.artwork", key=f"title:{title.pk}")
    return jobs.exclude(state=Job.State.FAILED).exists()


def _named(slot: Slot) -> str:
    if slot.role != art.SEASON:
        return str(NAMES[slot.role])
    return _("Season %d") % slot.season if slot.season else _("Specials")
