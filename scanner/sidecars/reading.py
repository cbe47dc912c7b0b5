"""Reading NFOs of any origin: Kodi's, Jellyfin's, a lone URL, scene ASCII art, broken XML."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from scanner.description import Person
from scanner.lenient import as_date, clean
from scanner.sidecars.ids import is_alias, name_of, of_element, spelled
from scanner.sidecars.seal import is_sealed

READ_MAX = 2 << 20
# Each pattern here takes time in proportion to the text, whatever the text: anybody may have written it.
_OPENING = re.compile(r"<(movie|tvshow|episodedetails)(?:\s[^<>]*)?>", re.IGNORECASE)
_CLOSING = {kind: re.compile(rf"</{kind}\s*>", re.IGNORECASE) for kind in ("movie", "tvshow", "episodedetails")}
_BEGINNING = re.compile(r"<(movie|tvshow|episodedetails)[\s>]", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_LINKS = (
    ("tmdb", "movie", re.compile(r"themoviedb\.org/movie/(\d{1,9})", re.IGNORECASE)),
    ("tmdb", "tvshow", re.compile(r"themoviedb\.org/tv/(\d{1,9})", re.IGNORECASE)),
    ("imdb", "", re.compile(r"imdb\.com/(?:\w\w/)?title/(tt\d{7,9})", re.IGNORECASE)),
    ("tvdb", "tvshow", re.compile(r"thetvdb\.com/\S{0,200}?[?&]id=(\d{1,9})", re.IGNORECASE)),
    ("imdb", "", re.compile(r"\b(tt\d{7,9})\b")),
)
_IN_RUINS = re.compile(r"<(title|year|tmdbid|imdbid|tvdbid|id)>([^<]{1,400})</\1>", re.IGNORECASE)
_UNIQUE_IN_RUINS = re.compile(
    r"<uniqueid[^<>]{0,200}?\btype=[\"'](\w{1,20})[\"'][^<>]{0,200}>([^<]{1,80})<", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NfoFacts:
    """What an NFO says. `kind`: movie, tvshow, episodedetails or "" (only links, or nothing).

    Of a file with several episodes this is the first, and `episodes` has all of them.
    `rating`: (whose, average out of 10, votes). `sealed`: mediasync wrote it and nobody changed it.
    """

    kind: str = ""
    ids: Mapping[str, int | str] = field(default_factory=dict)
    title: str = ""
    original_title: str = ""
    sort_title: str = ""
    year: int | None = None
    plot: str = ""
    tagline: str = ""
    premiered: date | None = None
    runtime_min: int | None = None
    certification: str = ""
    status: str = ""
    genres: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[Person, ...] = ()
    collection: str = ""
    rating: tuple[str, float, int] | None = None
    season_names: Mapping[int, str] = field(default_factory=dict)
    season: int | None = None
    episode: int | None = None
    episodes: tuple[NfoFacts, ...] = ()
    sealed: bool = False


def read_nfo(data: bytes) -> NfoFacts:
    """Return what can be made of an NFO; never raises, an unreadable one says nothing."""
    text = _decode(data[:READ_MAX])
    sealed = is_sealed(data)
    spans = list(_blocks(text))
    found = [facts for start, end in spans if (facts := _block(text[start:end], sealed=sealed))]
    if not found:
        return _ruins(text)
    first = found[0]
    if first.kind == "episodedetails":
        return replace(first, episodes=tuple(facts for facts in found if facts.kind == "episodedetails"))
    return first if first.ids else replace(first, ids=_linked(_outside(text, spans))[1])


def read_season_nfo(data: bytes) -> tuple[int, str, str] | None:
    """Return number, name and plot of a season as its season.nfo tells them; None where it tells no number."""
    text = _decode(data[:READ_MAX])
    start, end = text.find("<season"), text.rfind("</season>")
    try:
        root = fromstring(text[start : end + len("</season>")]) if 0 <= start < end else None
    except (ParseError, DefusedXmlException, ValueError):
        return None
    number = _whole(_text(root, "seasonnumber")) if root is not None else None
    if root is None or number is None:
        return None
    return number, _text(root, "title") or _text(root, "seasonname"), _text(root, "plot")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each description begins and ends; one that is never closed is none."""
    at, unclosed = 0, set()
    while opening := _OPENING.search(text, at):
        at, kind = opening.end(), opening[1].lower()
        closing = None if kind in unclosed else _CLOSING[kind].search(text, at)
        if closing is None:
            unclosed.add(kind)
            continue
        at = closing.end()
        yield opening.start(), at


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    ends = [0, *(end for _start, end in spans)]
    starts = [*(start for start, _end in spans), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _decode(data: bytes) -> str:
    """Text as UTF-8 or UTF-16 by its mark, else CP437: what scene groups draw with, and it takes any byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = re.match(rb"""\s*<\?xml[^>]*encoding=["'](?:iso-8859-1|windows-1252|latin-1)""", data, re.IGNORECASE)
        return data.decode("cp1252" if declared else "cp437", "replace")


def _block(text: str, *, sealed: bool) -> NfoFacts | None:
    for attempt in (text, _BARE_AMPERSAND.sub("&amp;", clean(text))):
        try:
            return _facts(fromstring(attempt), sealed=sealed)
        except (ParseError, DefusedXmlException, ValueError):
            continue
    return None


def _facts(root: Element, *, sealed: bool) -> NfoFacts:
    kind = root.tag.lower()
    premiered = as_date(_text(root, "premiered") or _text(root, "aired") or _text(root, "releasedate"))
    return NfoFacts(
        kind=kind,
        ids=of_element(root),
        title=_text(root, "title"),
        original_title=_text(root, "originaltitle"),
        sort_title=_text(root, "sorttitle"),
        year=_year(_text(root, "year")) or (premiered.year if premiered else None),
        plot=_text(root, "plot") or _text(root, "outline"),
        tagline=_text(root, "tagline"),
        premiered=premiered,
        runtime_min=_whole(_text(root, "runtime").removesuffix("min").strip()),
        certification=_text(root, "mpaa"),
        status=_text(root, "status"),
        rating=_rating(root),
        genres=_genres(root),
        studios=_each(root, "studio"),
        countries=_each(root, "country"),
        tags=_each(root, "tag"),
        directors=_each(root, "director"),
        writers=_each(root, "credits"),
        cast=_cast(root),
        collection=_text(root, "set/name") or _text(root, "set"),
        season_names=_season_names(root),
        season=_whole(_text(root, "season")),
        episode=_whole(_text(root, "episode")),
        sealed=sealed,
    )


def _rating(root: Element) -> tuple[str, float, int] | None:
    """Return the rating that counts: the default one, else the first; of a bare number nobody knows whose it is."""
    rows = [row for row in root.findall("ratings/rating") if _number(row.findtext("value") or "") is not None]
    chosen = next((row for row in rows if (row.get("default") or "").lower() == "true"), rows[0] if rows else None)
    if chosen is None:
        value = _number(_text(root, "rating"))
        return ("nfo", value, 0) if value is not None and 0 < value <= 10 else None
    value, most = _number(chosen.findtext("value") or ""), _number(chosen.get("max") or "10")
    if not value or not most or value > most:
        return None
    votes = _whole(re.sub(r"[.,\s]", "", chosen.findtext("votes") or ""))
    return name_of(chosen.get("name") or "nfo")[:20], round(value * 10 / most, 3), votes or 0


def _genres(root: Element) -> tuple[str, ...]:
    """Return the genres; older Kodis put them all into one element: "Drama / Comedy"."""
    found = (part.strip() for text in _each(root, "genre") for part in text.split(" / "))
    return tuple(dict.fromkeys(part for part in found if part))


def _season_names(root: Element) -> dict[int, str]:
    found = ((_whole((row.get("number") or "").strip()), row.text or "") for row in root.findall("namedseason"))
    return {number: clean(name).strip() for number, name in found if number is not None and name.strip()}


def _cast(root: Element) -> tuple[Person, ...]:
    actors = root.findall("actor")
    people = (Person(_text(actor, "name"), _text(actor, "role"), place) for place, actor in enumerate(actors))
    return tuple(person for person in people if person.name)


def _ruins(text: str) -> NfoFacts:
    """Ids, title and year of something that is no XML (any more), or the links of a plain text."""
    beginning = _BEGINNING.search(text)
    kind, linked = _linked(text)
    if beginning is None:
        return NfoFacts(kind=kind, ids=linked)
    if beginning[1].lower() == "episodedetails":  # one of several may be whole; none is, so trust nothing
        return NfoFacts(kind="episodedetails")
    values = {name.lower(): value.strip() for name, value in reversed(_IN_RUINS.findall(text))}
    named = [(n, v) for n, v in values.items() if is_alias(n)] + [("imdb", values.get("id", ""))]
    ids = linked | dict(spelled([*_UNIQUE_IN_RUINS.findall(text), *named]))
    title = clean(values.get("title", ""))
    return NfoFacts(kind=beginning[1].lower(), ids=ids, title=title, year=_year(values.get("year", "")))


def _linked(text: str) -> tuple[str, dict[str, int | str]]:
    """Return kind and ids of the links in a text; two different ones of a service tell nothing."""
    ids: dict[str, int | str] = {}
    kinds = set()
    for source, kind, pattern in _LINKS:
        values = set(pattern.findall(text))
        if source not in ids and len(values) == 1:
            value = values.pop()
            ids[source] = int(value) if value.isdigit() else value
            kinds.add(kind)
    return ("".join(kinds - {""}) if len(kinds - {""}) == 1 else ""), ids


def _text(root: Element, path: str) -> str:
    return clean(root.findtext(path) or "").strip()


def _each(root: Element, name: str) -> tuple[str, ...]:
    found = (clean(item.text or "").strip() for item in root.findall(name))
    return tuple(dict.fromkeys(text for text in found if text))


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else None


def _number(text: str) -> float | None:
    found = re.fullmatch(r"\d{1,6}(?:[.,]\d{1,6})?", text.strip(), re.ASCII)
    return float(found[0].replace(",", ".")) if found else None


def _year(text: str) -> int | None:
    found = re.match(r"(1[89]|20)\d\d", text, re.ASCII)
    return int(found[0]) if found else None
