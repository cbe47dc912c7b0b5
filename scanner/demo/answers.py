"""The catalogue in the shapes of TMDB's answers, traps included."""

from __future__ import annotations

from datetime import date
from typing import Any

from scanner.demo.catalogue import Film, Series, Work

Row = dict[str, Any]
GENRE_IDS = {"Drama": 18, "Comedy": 35, "Thriller": 53, "Crime": 80, "Documentary": 99, "Fantasy": 14, "Family": 10751}
COUNTRIES = {"GB": "United Kingdom", "SE": "Sweden", "DE": "Germany", "FR": "France", "FI": "Finland"}


def row(work: Work, language: str) -> Row:
    """Return a work as search and find list it."""
    movie = isinstance(work, Film)
    texts = _texts(work, language)
    return {
        "adult": False,
        "id": work.id,
        ("title" if movie else "name"): texts["title"],
        ("original_title" if movie else "original_name"): work.original_title,
        "original_language": work.language,
        "overview": texts["overview"],
        ("release_date" if movie else "first_air_date"): _day(work.released),
        "poster_path": picture(work, "poster"),
        "backdrop_path": picture(work, "backdrop"),
        "popularity": round(work.votes[1] / 100, 4),
        "vote_average": work.votes[0],
        "vote_count": work.votes[1],
    }


def details(work: Film | Series, language: str) -> Row:
    """Return `/movie/{id}` or `/tv/{id}` without anything appended."""
    return _film(work, language) if isinstance(work, Film) else _series(work, language)


def _film(work: Film, language: str) -> Row:
    return _details(work, language) | {
        "imdb_id": work.imdb,
        "runtime": work.runtime,
        "video": False,
        "status": "Released" if work.released else "Planned",
        "belongs_to_collection": _collection(work),
    }


def _collection(work: Film) -> Row | None:
    if work.collection is None:
        return None
    number, name = work.collection
    named = {"id": number, "name": name}
    return named | {"poster_path": f"/c{number}-poster.jpg", "backdrop_path": f"/c{number}-backdrop.jpg"}


def _series(work: Series, language: str) -> Row:
    return _details(work, language) | {
        "created_by": [{"id": 5000 + work.id, "name": work.creator}],
        "episode_run_time": [],  # left to the episodes, as TMDB mostly does
        "in_production": work.status != "Ended",
        "networks": [{"id": 31, "name": work.network, "origin_country": work.country}],
        "number_of_seasons": len([n for n in work.seasons if n]),
        "number_of_episodes": sum(len(names) for n, names in work.seasons.items() if n),
        "seasons": [_season_row(work, number) | {"id": work.id * 100 + number} for number in sorted(work.seasons)],
        "status": work.status,
        "type": "Scripted",
    }


def season(work: Series, number: int) -> Row:
    """Return `/tv/{id}/season/{n}` as it is appended: without an integer id."""
    listed = _season_row(work, number)
    del listed["episode_count"]
    names = work.seasons[number]
    episodes = [_episode(work, number, place, name, len(names)) for place, name in enumerate(names, start=1)]
    return {"_id": f"{work.id:024x}"} | listed | {"episodes": episodes}


def appended(work: Work, name: str) -> Row | None:
    """Return one appended part by its name, or None where there is no such thing."""
    if name.startswith("season/"):
        number = name.removeprefix("season/")
        known = isinstance(work, Series) and number.isdigit() and int(number) in work.seasons
        return season(work, int(number)) if isinstance(work, Series) and known else None
    parts = {
        "credits": _credits, "videos": _videos, "images": images, "external_ids": _external_ids,
        "keywords": _keywords, "translations": _translations, "release_dates": _release_dates,
        "content_ratings": _content_ratings,
    }  # fmt: skip
    return parts[name](work) if name in parts else None


def picture(work: Work, role: str, *, suffix: str = "jpg") -> str | None:
    """Return the path of a picture, which says what is on it; None where a work has none."""
    return f"/{'f' if isinstance(work, Film) else 's'}{work.id}-{role}.{suffix}" if work.pictures else None


def images(work: Work) -> Row:
    """Return what `/images` lists, and what is appended under that name."""

    def listed(role: str, language: str | None, votes: float, size: tuple[int, int], suffix: str = "jpg") -> list[Row]:
        path = picture(work, role, suffix=suffix)
        row = {"file_path": path, "iso_639_1": language, "vote_average": votes, "vote_count": round(votes)}
        return [row | {"width": size[0], "height": size[1]}] if path else []

    sheet, wide = (780, 1170), (1280, 720)
    return {
        "posters": [
            *listed("poster", "en", 5.0, sheet),
            *listed("poster-b", "en", 4.2, sheet),
            *listed("poster-c", None, 3.1, sheet),
        ],
        "backdrops": [
            *listed("backdrop", None, 5.0, wide),
            *listed("backdrop-b", None, 4.0, wide),
            *listed("landscape", "en", 4.5, wide),
        ],
        "logos": listed("logo", "en", 5.0, (500, 120), "png"),
    }


def season_posters(work: Series, number: int) -> list[Row]:
    """Return what `/season/{n}/images` lists."""
    paths = filter(None, (picture(work, f"season{number}{mark}") for mark in ("", "-b")))
    row = {"iso_639_1": "en", "vote_average": 5.0, "vote_count": 4, "width": 780, "height": 1170}
    return [row | {"file_path": path} for path in paths]


def _details(work: Work, language: str) -> Row:
    return row(work, language) | {
        "tagline": _texts(work, language)["tagline"],
        "genres": [{"id": GENRE_IDS.get(name, 10000 + len(name)), "name": name} for name in work.genres],
        "homepage": "",
        "origin_country": [work.country],
        "production_companies": [{"id": 77, "logo_path": None, "name": work.studio, "origin_country": work.country}],
        "production_countries": [{"iso_3166_1": work.country, "name": COUNTRIES[work.country]}],
        "spoken_languages": [],
    }


def _texts(work: Work, language: str) -> dict[str, str]:
    """In English, or translated; a missing title falls back, missing texts are empty."""
    given = work.translations.get(language) or {}
    if language[:2] == "en":
        return {"title": work.title, "overview": work.overview, "tagline": work.tagline}
    own = work.original_title if language[:2] == work.language else work.title
    return {
        "title": given.get("title") or own,
        "overview": given.get("overview", ""),
        "tagline": given.get("tagline", ""),
    }


def _season_row(work: Series, number: int) -> Row:
    return {
        "air_date": _day(work.airs(number, 1)) or None,
        "episode_count": len(work.seasons[number]),
        "name": f"Season {number}" if number else "Specials",
        "overview": "",
        "poster_path": picture(work, f"season{number}"),
        "season_number": number,
        "vote_average": 0.0,
    }


def _episode(work: Series, number: int, place: int, name: str, of: int) -> Row:
    return {
        "air_date": _day(work.airs(number, place)) or None,
        "crew": [{"id": 5000 + work.id, "name": work.creator, "job": "Writer", "department": "Writing"}],
        "episode_number": place,
        "episode_type": "finale" if place == of else "standard",
        "guest_stars": [{"id": 6000 + place, "name": "Wilma Passing", "character": "A passer-by", "order": 0}],
        "id": work.id * 100_000 + number * 1000 + place,
        "name": name,
        "overview": f"{name}: {work.overview[:1].lower()}{work.overview[1:]}" if place % 3 else "",
        "runtime": work.runtime if place % 5 else None,
        "season_number": number,
        "show_id": work.id,
        "still_path": picture(work, f"s{number}e{place}") if place % 7 else None,
        "vote_average": 7.0,
        "vote_count": 11,
    }


def _credits(work: Work) -> Row:
    cast = [
        {
            "id": 4000 + len(name) * 31,
            "name": name,
            "character": f"The {name.split()[-1]}",
            "order": place,
            "profile_path": None,
        }
        for place, name in enumerate(work.cast)
    ]
    crew: list[Row] = []
    if isinstance(work, Film):
        crew = [
            {"id": 5001, "name": work.director, "job": "Director", "department": "Directing"},
            {"id": 5002, "name": work.writer, "job": "Screenplay", "department": "Writing"},
        ]
    return {"cast": cast, "crew": crew}


def _videos(work: Work) -> Row:
    video = {"site": "YouTube", "type": "Trailer", "official": True, "iso_639_1": "en", "name": "Trailer"}
    return {"results": [video | {"key": work.trailer}] if work.trailer else []}


def _external_ids(work: Work) -> Row:
    if isinstance(work, Film):
        return {"imdb_id": work.imdb, "wikidata_id": None}
    return {"imdb_id": work.imdb, "tvdb_id": work.tvdb} if isinstance(work, Series) else {}


def _keywords(work: Work) -> Row:
    words = [{"id": 300 + len(word), "name": word} for word in work.keywords]
    return {"keywords" if isinstance(work, Film) else "results": words}


def _translations(work: Work) -> Row:
    title = "title" if isinstance(work, Film) else "name"
    english = {title: "" if work.language == "en" else work.title, "overview": work.overview, "tagline": work.tagline}
    listed = [{"iso_639_1": "en", "iso_3166_1": "US", "data": english}]
    for tag, texts in work.translations.items():
        data = {title: texts["title"], "overview": texts["overview"], "tagline": texts["tagline"]}
        listed.append({"iso_639_1": tag[:2], "iso_3166_1": tag[3:], "data": data})
    return {"translations": listed}


def _release_dates(work: Work) -> Row:
    releases = [{"certification": "", "type": 1}, {"certification": work.certification, "type": 3}]
    return {"results": [{"iso_3166_1": country, "release_dates": releases} for country in ("GB", "US")]}


def _content_ratings(work: Work) -> Row:
    return {
        "results": [
            {"descriptors": [], "iso_3166_1": country, "rating": work.certification} for country in ("GB", "US")
        ]
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
