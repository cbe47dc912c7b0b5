"""TMDB: search, find, one request per movie and one per show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from outbound import services
from outbound.client import Answer, Client
from outbound.errors import BadContent, NotFound
from outbound.sources import SourceSpec, allowed_with_base, register
from scanner.description import Description
from scanner.matching import Candidate
from scanner.providers import tmdb_answers as answers
from scanner.providers import tmdb_art
from scanner.providers.service import current, look_again, with_key

PUBLIC_HOST = "api.themoviedb.org"
SOURCE, IMAGE_SOURCE = "tmdb", "tmdb-images"
APPEND_MAX = 20  # 21 names are answered 400, code 27
MOVIE_PARTS = ("credits", "videos", "images", "release_dates", "external_ids", "keywords", "translations")
SHOW_PARTS = ("credits", "videos", "images", "content_ratings", "external_ids", "keywords", "translations")
BODY_MAX = 32 << 20

Params = dict[str, str | int]


_registered: list[Any] = []


def service() -> Any:
    """Return the service to ask (address, key, language), as it is set at this moment."""
    found = current()
    if _registered != [found]:
        register_sources(found)
    return found


def register_sources(conf: Any = None) -> None:
    """Declare the two hosts, as the settings say now: images are another service with its own limits."""
    conf = conf or settings.TMDB
    _registered[:] = [conf]
    register(_spec(conf))
    images = conf.image_base_url
    allowed = _set_by_hand(images or conf.base_url)  # a service of one's own names itself in /configuration
    register(SourceSpec(name=IMAGE_SOURCE, base_url=images, rules=(conf.image_limit,), allow_hosts=allowed))


def _spec(conf: Any) -> SourceSpec:
    return SourceSpec(
        name=SOURCE,
        base_url=conf.base_url,
        rules=(conf.limit,),
        credentials=lambda: str(current().api_key),
        allow_hosts=_set_by_hand(conf.base_url),
        check_path="/configuration",
        headers=lambda: _credentials(current().api_key)[0],
        parameters=lambda: _credentials(current().api_key)[1],
    )


def _set_by_hand(url: str) -> tuple[str, ...]:
    """Where a person pointed us to another service than TMDB's, it may be at a private address."""
    return () if urlsplit(url).hostname == PUBLIC_HOST else allowed_with_base(url)


def try_key(key: str) -> tuple[services.Trial, str]:
    """Ask the service whether it takes this key; nothing is kept, and nothing stops where it is refused.

    While the demo is shown, that is not the service which is asked for its titles.
    """
    service()
    headers, parameters = _credentials(key)
    return services.try_credentials(_spec(with_key(key)), key, headers=headers, parameters=parameters)


def configured(*, demo: bool = False, surely: bool = False) -> bool:
    """Say whether there is a service to ask: without a key the library works from names and NFOs.

    The demo's titles are known to the demo's service only, and nothing else is. Who acts upon a "no" asks
    `surely`: a key that was given a moment ago counts.
    """
    found = service()
    if surely and not (found.api_key and found.demo == demo):
        look_again()
        found = service()
    return bool(found.api_key) and found.demo == demo


def search(name: str, year: int | None, *, kind: str) -> list[Candidate]:
    """Return what TMDB finds, in its order; asks again without the year only where nothing was found."""
    by_year = {"year" if kind == "movie" else "first_air_date_year": year} if year else {}
    found = _search(name, kind=kind, **by_year)
    return _search(name, kind=kind) if by_year and not found else found


def find(source: str, value: str, *, kind: str) -> Candidate | None:
    """Return the movie or show with an id of another service ("imdb", "tvdb"), or None.

    TMDB answers an unknown id with empty lists, and one it cannot make sense of with 404: both are None.
    """
    params: Params = {"external_source": f"{source}_id", "language": _language()}
    try:
        found = _checked(_ask(f"/find/{quote(value, safe='')}", params))
    except NotFound:
        return None
    for row in answers.rows(found, "movie_results" if kind == "movie" else "tv_results"):
        with _understood():
            return answers.candidate(row, kind=kind)
    return None


def glance(tmdb_id: int, *, kind: str) -> answers.Glance:
    """Return what can be seen of a title in one small request, for a person to decide. Raises NotFound."""
    found = _checked(_ask(f"/{'movie' if kind == 'movie' else 'tv'}/{tmdb_id}", {"language": _language()}))
    with _understood():
        return answers.glance(found, kind=kind)


def movie(id_or_imdb: int | str, *, etag: str = "") -> Description | None:
    """Return a movie's description by its TMDB or IMDb id in one request; None: not modified.

    Raises NotFound where TMDB does not know it (any more).
    """
    answer = _ask(f"/movie/{quote(str(id_or_imdb), safe='')}", _details(MOVIE_PARTS), etag=etag)
    if answer.not_modified:
        return None
    data = _checked(answer)
    with _understood():
        return answers.movie(data, language=_language(), etag=answer.etag)


def show(tmdb_id: int, *, seasons: Sequence[int] | None = (), etag: str = "") -> Description | None:
    """Return a show with the episodes of `seasons` (None: of all); None: not modified.

    One request for up to 13 seasons, one more for every 20 beyond. A season that TMDB does not have
    is left out of the answer without a word, so asking for it costs nothing. Raises NotFound.
    """
    room = APPEND_MAX - len(SHOW_PARTS)
    asked = list(range(1, room + 1)) if seasons is None else sorted(set(seasons))
    parts = (*SHOW_PARTS, *_names(asked[:room]))
    answer = _ask(f"/tv/{tmdb_id}", _details(parts), etag=etag if len(asked) <= room else "")
    if answer.not_modified:
        return None
    data = _checked(answer)
    rest = asked[room:] if seasons is not None else [n for n in answers.season_numbers(data) if n not in asked]
    for start in range(0, len(rest), APPEND_MAX):
        data |= _more_seasons(tmdb_id, rest[start : start + APPEND_MAX])
    with _understood():
        return answers.show(data, language=_language(), etag=answer.etag)


def offers(tmdb_id: int, *, kind: str, season: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return the pictures that a person may choose from by role, in one request; of a season its posters only."""
    path = f"/movie/{tmdb_id}" if kind == "movie" else f"/tv/{tmdb_id}"
    path += "" if season is None else f"/season/{season}"
    spoken = ",".join([*_spoken(), "null"])
    found = _checked(_ask(f"{path}/images", {"include_image_language": spoken}))
    with _understood():
        return tmdb_art.offers(found, language=_language())


def image_base() -> str:
    """Ask `/configuration` where pictures are; tmdb_images keeps the answer for days."""
    images = _checked(_ask("/configuration", {})).get("images")
    base = images.get("secure_base_url") if isinstance(images, dict) else None
    if not isinstance(base, str) or not base.startswith("http"):
        raise BadContent("TMDB's /configuration does not say where its pictures are")
    return base


def _search(name: str, *, kind: str, **by_year: int) -> list[Candidate]:
    params: Params = {"query": name, "language": _language(), "include_adult": "false", **by_year}
    found = _checked(_ask("/search/movie" if kind == "movie" else "/search/tv", params))
    with _understood():
        return [answers.candidate(row, kind=kind) for row in answers.rows(found, "results")]


def _more_seasons(tmdb_id: int, numbers: Sequence[int]) -> dict[str, Any]:
    params: Params = {"append_to_response": ",".join(_names(numbers)), "language": _language()}
    found = _checked(_ask(f"/tv/{tmdb_id}", params))
    return {name: value for name, value in found.items() if name.startswith("season/")}


def _names(seasons: Iterable[int]) -> list[str]:
    return [f"season/{number}" for number in seasons]


def _details(parts: Sequence[str]) -> Params:
    languages = _spoken()
    return {
        "language": _language(),
        "append_to_response": ",".join(parts),
        "include_image_language": ",".join([*languages, "null"]),
        "include_video_language": ",".join(languages),
    }


def _spoken() -> list[str]:
    return list(dict.fromkeys((answers.base_language(_language()), "en")))


def _ask(path: str, params: Params, *, etag: str = "") -> Answer:
    conf = service()
    headers, secret = _credentials(conf.api_key)
    return Client(SOURCE, headers=headers).get_json(
        conf.base_url + path, params=params | secret, etag=etag, max_bytes=BODY_MAX
    )


def _credentials(key: str) -> tuple[dict[str, str], Params]:
    """Return headers and parameters: a v4 token travels in a header, a v3 key works only as a parameter."""
    if key.startswith("eyJ") or "." in key:
        return {"Authorization": f"Bearer {key}"}, {}
    return {}, {"api_key": key} if key else {}


def _checked(answer: Answer) -> dict[str, Any]:
    if not isinstance(answer.data, dict):
        raise BadContent("TMDB answered with something that is no JSON object")
    return answer.data


@contextmanager
def _understood() -> Iterator[None]:
    """Take a row without its id, or with a number beyond all bounds, for what it is: not TMDB's answer."""
    try:
        yield
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise BadContent(f"TMDB's answer cannot be made sense of ({type(error).__name__}: {error})") from error


def _language() -> str:
    return str(service().language)
