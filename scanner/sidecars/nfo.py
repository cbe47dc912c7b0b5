"""NFO files as Kodi exports them and Jellyfin and Emby read them: same description, same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scanner.description import CrewMember, Description, EpisodeInfo, Person, certification_of
from scanner.lenient import clean
from scanner.sidecars.seal import seal
from scanner.sidecars.streamdetails import add_streamdetails
from scanner.streams.facts import Inside

WRITERS = ("Screenplay", "Writer", "Story", "Novel", "Teleplay")
OVER = ("Ended", "Canceled")
ID_ORDER = ("tmdb", "imdb", "tvdb", "wikidata")  # the first that is there is Kodi's default
TRAILER = "plugin://plugin.video.youtube/?action=play_video&videoid={key}"


@dataclass(frozen=True, slots=True)
class EpisodeOnDisk:
    """An episode that a file holds, with the number of its season."""

    season: int
    info: EpisodeInfo


def render_movie_nfo(movie: Description, inside: Inside | None = None) -> bytes:
    """Return movie.nfo, sealed; `inside`: what is in its one video."""
    root = Element("movie")
    _names(root, movie)
    _texts(root, movie)
    _put(root, "runtime", movie.runtime_min)
    _facts(root, movie)
    if movie.collection:
        _put(SubElement(root, "set"), "name", movie.collection.get("name"))
    _people(root, movie.cast, movie.crew)
    _each(root, "trailer", (TRAILER.format(key=trailer.key) for trailer in movie.trailers[:1]))
    add_streamdetails(root, inside)
    return seal(_text(root))


def render_tvshow_nfo(show: Description) -> bytes:
    """Return tvshow.nfo, sealed; seasons have their names in it, episodes their own files."""
    root = Element("tvshow")
    _names(root, show)
    regular = [season for season in show.seasons if season.number]
    _put(root, "season", len(regular) or None)
    _put(root, "episode", sum(season.episode_count for season in regular) or None)
    _texts(root, show)
    _put(root, "runtime", show.runtime_min)
    _facts(root, show)
    _put(root, "status", ("Ended" if show.status in OVER else "Continuing") if show.status else None)
    guide = {name: str(show.ids[name]) for name in ID_ORDER[:3] if name in show.ids}
    _put(root, "episodeguide", json.dumps(guide, separators=(",", ":")) if guide else None)
    for season in show.seasons:
        _put(root, "namedseason", season.name, number=season.number)
    _people(root, show.cast, show.crew)
    return seal(_text(root))


def render_episode_nfo(show: Description, episodes: Sequence[EpisodeOnDisk], inside: Inside | None = None) -> bytes:
    """Return the NFO of a file with one or more episodes, sealed.

    Several stand one after another without a common root: so Kodi wants it, though it is no XML as a whole.
    """
    return seal(b"".join(_text(_episode(show, episode, inside)) for episode in episodes))


def _episode(show: Description, episode: EpisodeOnDisk, inside: Inside | None) -> Element:
    root, info = Element("episodedetails"), episode.info
    _put(root, "title", info.name or f"Episode {info.number}")
    _put(root, "showtitle", show.title)
    _put(root, "season", episode.season)
    _put(root, "episode", info.number)
    _put(root, "plot", info.overview)
    _put(root, "runtime", info.runtime_min)
    _put(root, "mpaa", certification_of(show))
    if info.tmdb_id:
        _put(root, "uniqueid", info.tmdb_id, type="tmdb", default="true")
    _put(root, "aired", info.air_date)
    _people(root, info.guests, info.crew)
    add_streamdetails(root, inside)
    return root


def _names(root: Element, described: Description) -> None:
    _put(root, "title", described.title)
    _put(root, "originaltitle", described.original_title)
    _put(root, "sorttitle", described.sort_title)
    if described.rating:
        ratings = SubElement(root, "ratings")
        for source, (value, votes) in described.rating.items():
            name = "themoviedb" if source == "tmdb" else source
            rating = SubElement(ratings, "rating", name=name, max="10", default=_yes(source == "tmdb"))
            _put(rating, "value", f"{value:.3f}".rstrip("0").rstrip("."))
            _put(rating, "votes", votes)


def _texts(root: Element, described: Description) -> None:
    _put(root, "plot", described.overview)
    _put(root, "tagline", described.tagline)


def _facts(root: Element, described: Description) -> None:
    _put(root, "mpaa", certification_of(described))
    _ids(root, described.ids)
    _each(root, "genre", described.genres)
    _each(root, "country", described.countries)
    _each(root, "tag", described.keywords)
    _put(root, "premiered", described.release_date)
    _put(root, "year", described.year)
    _each(root, "studio", described.networks or described.studios)


def _ids(root: Element, ids: Mapping[str, int | str]) -> None:
    known = [name for name in ID_ORDER if ids.get(name)]
    for name in known:
        more = {"default": "true"} if name == known[0] else {}
        _put(root, "uniqueid", ids[name], type=name, **more)


def _people(root: Element, cast: Iterable[Person], crew: Sequence[CrewMember]) -> None:
    _each(root, "director", dict.fromkeys(member.name for member in crew if member.job == "Director"))
    _each(root, "credits", dict.fromkeys(member.name for member in crew if member.job in WRITERS))
    for person in cast:
        actor = SubElement(root, "actor")
        _put(actor, "name", person.name)
        _put(actor, "role", person.role)
        _put(actor, "order", person.order)


def _each(root: Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _put(root, name, value)


def _put(root: Element, name: str, value: object, **attributes: object) -> None:
    """Add an element; without a value there is none."""
    if value is not None and value != "":
        SubElement(root, name, {key: clean(str(item)) for key, item in attributes.items()}).text = clean(str(value))


def _text(root: Element) -> bytes:
    indent(root, "  ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=False)) + b"\n"


def _yes(value: bool) -> str:
    return "true" if value else "false"
