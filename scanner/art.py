"""Pictures of a title: which roles there are, how their files are called, and which copies the web gets of them.

TMDB has no banners, and a crop of a backdrop has no title in it, which players show a banner for: banners
are somebody's own, or uploaded, and never made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scanner.pictures import SHEET

POSTER, FANART, LOGO, LANDSCAPE, BANNER = "poster", "fanart", "logo", "landscape", "banner"
SEASON, STILL = "season", "still"
COLLECTION, COLLECTION_FANART = "collection", "collection-fanart"
NONE = -1  # in place of a season's or an episode's number: the picture is the title's
EDITION = 1  # of the kinds of pictures: higher with each new one, so that titles known already get it too
SUFFIXES = ("jpg", "jpeg", "png", "webp", "tbn")  # Kodi's .tbn is a JPEG under another name
LONGEST_PATH = 200  # of a source; none at TMDB is that long
UPLOAD = "upload:"  # how the source of a picture begins that a person sent us; the rest is its hash
SPECIALS = "season-specials"
_SOURCE = re.compile(r"/[\w-]+\.(?:jpe?g|png|webp)|upload:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Role:
    """What belongs to a role: our file, the names that players know beside it, TMDB's size, widths for the web.

    `web` is {width: most bytes}, the smaller first; `kinds` are kinds of titles that understand a name besides.
    """

    file: str
    known: tuple[str, ...]
    size: str
    web: Mapping[int, int]
    kinds: Mapping[str, str] | None = None


ROLES: Mapping[str, Role] = {
    POSTER: Role("poster.jpg", ("poster", "folder", "cover", "default"), "w780", SHEET,
                 {"movie": "movie", "show": "show"}),
    FANART: Role("fanart.jpg", ("fanart", "background", "backdrop", "art"), "w1280", {780: 70_000, 1280: 150_000}),
    LOGO: Role("clearlogo.png", ("clearlogo", "logo"), "w500", {300: 20_000, 500: 40_000}),
    LANDSCAPE: Role("landscape.jpg", ("landscape", "thumb"), "w1280", {300: 20_000, 780: 70_000}),
    BANNER: Role("banner.jpg", ("banner",), "", {500: 30_000, 1000: 70_000}),
    SEASON: Role("", (), "w780", SHEET),
    STILL: Role("", (), "w300", {185: 12_000, 300: 25_000}),
    COLLECTION: Role("", (), "w780", SHEET),
    COLLECTION_FANART: Role("", (), "w1280", {780: 70_000, 1280: 150_000}),
}  # fmt: skip
OF_A_TITLE = (POSTER, FANART, LOGO, LANDSCAPE, BANNER)
OF_A_COLLECTION = (COLLECTION, COLLECTION_FANART)
SWITCHES = (POSTER, FANART, LOGO, LANDSCAPE, SEASON, STILL, COLLECTION)  # what a library can do without
SHOWN = (POSTER, FANART, LOGO, SEASON)  # by our own pages, whatever lies beside the media
NUMBERED = (FANART, POSTER)  # of these there may be several, the first is the one
WIDTHS = frozenset(width for role in ROLES.values() for width in role.web)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place for one picture: of the title, of a season, or of an episode."""

    role: str
    season: int = NONE
    episode: int = NONE

    @property
    def key(self) -> str:
        """What notes and metadata.json call it; stills are told apart by the names of their files."""
        return f"{season_base(self.season)}-poster" if self.role == SEASON else self.role

    def __str__(self) -> str:
        if self.role == SEASON:
            return f"poster of season {self.season}"
        if self.role == STILL:
            return f"still of S{self.season:02}E{self.episode:02}"
        return self.role.replace("-", " ")


def slot_of(key: str) -> Slot | None:
    """Return the slot of a key of metadata.json, None for what is none."""
    if key in OF_A_TITLE:
        return Slot(key)
    found = re.fullmatch(r"season(\d{2,4}|-specials)-poster", key)
    return Slot(SEASON, 0 if found[1] == "-specials" else int(found[1])) if found else None


def is_source(path: str) -> bool:
    """Say whether this can be where a picture is from: a path at TMDB, or the hash of what a person sent."""
    return len(path) <= LONGEST_PATH and _SOURCE.fullmatch(path) is not None


def switch_of(slot: Slot) -> str:
    """Return the switch of a library's settings that a slot belongs to."""
    return COLLECTION if slot.role in OF_A_COLLECTION else slot.role


def season_base(number: int) -> str:
    """Return how the names of a season's pictures begin."""
    return f"season{number:02}" if number else SPECIALS


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What names beside the media depend on; `videos` are paths relative to the folder, without their suffixes.

    `stem`: in a folder of several films, what the film's files begin with.
    """

    kind: str
    stem: str = ""
    videos: tuple[str, ...] = ()
    season_folders: Mapping[int, tuple[str, ...]] | None = None


def file_of(slot: Slot, around: Surroundings) -> str:
    """Return how our file for a slot of a title or season is called, beside the media; nothing where it gets none."""
    if slot.role in OF_A_COLLECTION:
        return ""
    if slot.role == SEASON:
        return "" if around.stem else f"{slot.key}.jpg"
    name = ROLES[slot.role].file
    return f"{around.stem}-{name}" if around.stem else name


def bases(slot: Slot, around: Surroundings) -> Iterator[str]:
    """Yield the names, without suffix, that players take for a slot's picture; the one we write comes first."""
    if slot.role == STILL:
        yield from _of_videos(around.videos)
    elif slot.role == SEASON:
        yield from () if around.stem else _of_season(slot.season, around)
    elif slot.role in OF_A_TITLE:
        yield from dict.fromkeys(_of_title(slot.role, around))


def _of_title(role: str, around: Surroundings) -> Iterator[str]:
    known = (*ROLES[role].known, *filter(None, [(ROLES[role].kinds or {}).get(around.kind)]))
    if role in NUMBERED and not around.stem:  # each name is looked for by itself in a shared folder
        known = tuple(_with_numbers(known))
    if not around.stem:
        yield from known
    stems = (around.stem,) if around.stem else around.videos if around.kind == "movie" else ()
    for stem in stems:
        yield from (f"{stem}-{base}" for base in known)
        if role == POSTER and around.kind == "movie":
            yield stem


def _with_numbers(known: Iterable[str]) -> Iterator[str]:
    for base in known:
        yield base
        yield from (f"{base}{mark}" for mark in ("1", "-1"))


def _of_season(number: int, around: Surroundings) -> Iterator[str]:
    names = [season_base(number), f"season{number:02}", f"season{number}"]
    for base in dict.fromkeys(names):
        yield from (f"{base}-poster", base)
    for folder in (around.season_folders or {}).get(number, ()):
        yield from (f"{folder}/{base}" for base in ("poster", "folder", "cover"))
        for base in dict.fromkeys(names):
            yield from (f"{folder}/{base}-poster", f"{folder}/{base}")


def _of_videos(videos: Iterable[str]) -> Iterator[str]:
    for video in videos:
        folder, slash, name = video.rpartition("/")
        yield from (f"{video}-thumb", video)
        yield from (f"{folder}{slash}metadata/{base}" for base in (name, f"{name}-thumb"))
