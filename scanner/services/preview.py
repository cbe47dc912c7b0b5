"""What a pick would do, told before it is done: which files become what, and what changes beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scanner.models import Library, Match, MediaFile, Title
from scanner.providers.tmdb_answers import Glance
from scanner.services import lookup
from scanner.services.offers import Offer, candidates_of, judged, with_what_is_here

MOST_STRAYS = 10
Row = tuple[str, int | None, list[int], object]


@dataclass(frozen=True, slots=True)
class Preview:
    """A title that is about to be picked. `maps`, `strays` and `beside` are sentences and paths for people."""

    offer: Offer
    seasons: int | None = None
    problem: str = ""
    maps: Sequence[str] = field(default=())
    strays: Sequence[str] = field(default=())
    beside: Sequence[str] = field(default=())


def preview(match: Match, kind: str, tmdb_id: int) -> Preview:
    """Return what picking this title would do; asks the service once."""
    seen, problem = lookup.glance(match, kind, tmdb_id)
    offer = _offer(match, kind, tmdb_id, seen)
    files = match.files.filter(extra="").exclude(state=MediaFile.State.MISSING).order_by("path")
    rows: list[Row] = list(files.values_list("path", "season", "episode_numbers", "air_date"))
    maps, strays = _episodes(rows, seen) if kind == Title.Kind.SHOW else (_film(rows), [])
    seasons = len(seen.seasons) if seen and kind == Title.Kind.SHOW else None
    return Preview(offer, seasons, problem, maps, strays, list(_beside(match)))


def _offer(match: Match, kind: str, tmdb_id: int, seen: Glance | None) -> Offer:
    known = (one for one in candidates_of(match) if (one.kind, one.id) == (kind, tmdb_id))
    one = seen.candidate if seen else next(known, lookup.by_number(kind, tmdb_id))
    return with_what_is_here({0: judged(match, [one])})[0][0]


def _film(rows: Sequence[Row]) -> list[str]:
    many = len(rows)
    return [ngettext("%d file becomes this film.", "%d files become this film: versions or parts of it.", many) % many]


def _episodes(rows: Sequence[Row], seen: Glance | None) -> tuple[list[str], list[str]]:
    """Say season by season how many files have an episode there, and name the files that have none."""
    known = dict(seen.seasons) if seen else {}
    found: Counter[int] = Counter()
    strays, later = [], 0
    for path, season, numbers, aired in rows:
        if season is None and (numbers or aired):
            later += 1
        elif season is None or _is_unknown(season, numbers, known):
            strays.append(path)
        else:
            found[season] += 1
    lines = [_season(number, many, known) for number, many in sorted(found.items())]
    if later:
        lines.append(
            ngettext(
                "%d file is named by date or by a running number: its episode is found with the description.",
                "%d files are named by date or by running numbers: their episodes are found with the description.",
                later,
            )
            % later
        )
    return lines, _shortened(strays)


def _is_unknown(season: int, numbers: list[int], known: dict[int, int]) -> bool:
    """Say whether there is no such episode; of specials the service does not tell how many there are."""
    return not numbers or bool(known and season and max(numbers) > known.get(season, 0))


def _season(number: int, many: int, known: dict[int, int]) -> str:
    named = _("Season %d") % number if number else _("Specials")
    files = ngettext("%d file", "%d files", many) % many
    if number not in known:
        return f"{named}: {files}"
    return f"{named}: {files}, " + ngettext("of %d episode", "of %d episodes", known[number]) % known[number]


def _shortened(strays: list[str]) -> list[str]:
    rest = len(strays) - MOST_STRAYS
    more = [ngettext("… and %d more", "… and %d more", rest) % rest] if rest > 0 else []
    return [*strays[:MOST_STRAYS], *more]


def _beside(match: Match) -> list[str]:
    """Say what happens to what lies beside the media."""
    if not match.folder:
        return [_("The files lie in the library's own folder, so nothing is written beside them.")]
    if match.library.sidecars == Library.Sidecars.OFF:
        return [_("This library is set to have nothing written beside its media.")]
    ours = sorted(name for name, note in match.sidecars.items() if "sha256" in note)
    foreign = sorted(name for name, note in match.sidecars.items() if note.get("foreign"))
    if not ours:
        lines = [_("metadata.json, which keeps your decision, an NFO and pictures are written beside the files.")]
    else:
        pictures = sum("role" in match.sidecars[name] for name in ours)
        lines = [
            _("What mediasync wrote for the former title is replaced or removed: %s.")
            % ", ".join([*ours[:6], *(["…"] if len(ours) > 6 else [])])
        ]
        if pictures:
            lines.append(_("Its pictures go, where the right title has none of its own."))
    if foreign:
        lines.append(_("Your own files stay as they are: %s.") % ", ".join(foreign[:6]))
    return lines
