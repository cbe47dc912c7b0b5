"""The demo's metadata service: answers on loopback in the shapes of TMDB, over real HTTP."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scanner.demo import answers, pictures
from scanner.demo.catalogue import Film, Series, Work
from scanner.demo.films import FILMS
from scanner.demo.series import SERIES

KEY = "00000000000000000000000000000000"  # in the shape of a v3 key; opens nothing but the demo
APPEND_MAX = 20
SIZES = {
    "poster_sizes": ["w92", "w185", "w342", "w780", "original"],
    "backdrop_sizes": ["w300", "w780", "w1280", "original"],
    "logo_sizes": ["w154", "w185", "w300", "w500", "original"],
    "still_sizes": ["w92", "w185", "w300", "original"],
}
UNAUTHORISED = {
    "status_code": 7,
    "status_message": "Invalid API key: You must be granted a valid key.",
    "success": False,
}
UNKNOWN = {"status_code": 34, "status_message": "The resource you requested could not be found.", "success": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `path` without the query, `host` as the client named us."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    host: str

    @property
    def language(self) -> str:
        """The language asked for."""
        return self.query.get("language", "en-US")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; a body that is not bytes is sent as JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        """Return the body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()


class Service:
    """The catalogue behind a key; a pure function from request to reply, without sockets."""

    def __init__(self, films: Iterable[Film] = FILMS, series: Iterable[Series] = SERIES, *, key: str = KEY) -> None:
        self.films = {work.id: work for work in films}
        self.series = {work.id: work for work in series}
        self.key = key

    def answer(self, asked: Asked) -> Reply:
        """Return what TMDB would say; conditional requests are answered 304."""
        if asked.path.startswith("/t/p/"):
            return self._picture(asked.path)
        if self.key not in (asked.query.get("api_key"), asked.headers.get("authorization", "").removeprefix("Bearer ")):
            return Reply(UNAUTHORISED, 401)
        reply = self._api(asked)
        etag = f'W/"{hashlib.sha256(reply.bytes()).hexdigest()[:32]}"'
        if reply.status == 200 and asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304, {"ETag": etag})
        return Reply(reply.body, reply.status, {"ETag": etag})

    def _api(self, asked: Asked) -> Reply:
        for pattern, handle in (
            (r"/3/configuration", self._configuration),
            (r"/3/search/(movie|tv)", self._search),
            (r"/3/find/([\w-]+)", self._find),
            (r"/3/(movie|tv)/(tt\d+|\d+)", self._details),
            (r"/3/(movie|tv)/(\d+)/images", self._images),
            (r"/3/tv/(\d+)/season/(\d+)", self._season),
            (r"/3/tv/(\d+)/season/(\d+)/images", self._season_images),
        ):
            if found := re.fullmatch(pattern, asked.path):
                return handle(asked, *found.groups())
        return Reply(UNKNOWN, 404)

    def _configuration(self, asked: Asked) -> Reply:
        base = f"http://{asked.host}/t/p/"
        return Reply({"images": {"base_url": base, "secure_base_url": base} | SIZES, "change_keys": []})

    def _search(self, asked: Asked, kind: str) -> Reply:
        query = asked.query.get("query", "")
        if not query:
            return Reply({"errors": ["query must be provided"]}, 422)
        year = asked.query.get("year" if kind == "movie" else "first_air_date_year", "")
        found = [work for work in self._works(kind) if _fits(work, query, year)]
        found.sort(key=lambda work: -work.votes[1])
        rows = [answers.row(work, asked.language) for work in found[:20]]
        return Reply({"page": 1, "results": rows, "total_pages": 1, "total_results": len(found)})

    def _find(self, asked: Asked, value: str) -> Reply:
        lists: dict[str, list[Any]] = {
            f"{name}_results": [] for name in ("movie", "person", "tv", "tv_episode", "tv_season")
        }
        source = asked.query.get("external_source", "")
        for film in self.films.values():
            if source == "imdb_id" and value == film.imdb:
                lists["movie_results"].append(answers.row(film, asked.language))
        for series in self.series.values():
            if (source, value) in (("imdb_id", series.imdb), ("tvdb_id", str(series.tvdb))):
                lists["tv_results"].append(answers.row(series, asked.language))
        return Reply(lists)

    def _details(self, asked: Asked, kind: str, wanted: str) -> Reply:
        names = [name for name in asked.query.get("append_to_response", "").split(",") if name]
        if len(names) > APPEND_MAX:
            message = "Too many append to response objects: The maximum number of remote calls is 20."
            return Reply({"status_code": 27, "status_message": message, "success": False}, 400)
        work = self._work(kind, wanted)
        if work is None:
            return Reply(UNKNOWN, 404)
        body = answers.details(work, asked.language)
        parts = {name: answers.appended(work, name) for name in names}
        return Reply(body | {name: part for name, part in parts.items() if part is not None})

    def _season(self, _asked: Asked, wanted: str, number: str) -> Reply:
        work = self.series.get(int(wanted))
        if work is None or int(number) not in work.seasons:
            return Reply(UNKNOWN, 404)
        return Reply(answers.season(work, int(number)) | {"id": work.id * 100 + int(number)})

    def _images(self, _asked: Asked, kind: str, wanted: str) -> Reply:
        work = self._work(kind, wanted)
        return Reply({"id": work.id} | answers.images(work)) if work else Reply(UNKNOWN, 404)

    def _season_images(self, _asked: Asked, wanted: str, number: str) -> Reply:
        work = self.series.get(int(wanted))
        if work is None or int(number) not in work.seasons:
            return Reply(UNKNOWN, 404)
        return Reply({"id": work.id * 100 + int(number), "posters": answers.season_posters(work, int(number))})

    def _picture(self, path: str) -> Reply:
        found = re.fullmatch(r"/t/p/(?:w(\d+)|original)/([fsc])(\d+)-([a-z0-9-]+)\.(jpg|png)", path)
        drawn = self._draw(found) if found else None
        if found is None or drawn is None:
            return Reply(b"<html>not found</html>", 404, {"Content-Type": "text/html"})
        return Reply(drawn, headers={"Content-Type": "image/png" if found[5] == "png" else "image/jpeg"})

    def _draw(self, found: re.Match[str]) -> bytes | None:
        width, name = min(int(found[1] or 1280), 1280), found[4]
        work = self._shown(found[2], int(found[3]))
        if work is None or not work.pictures:
            return None
        title = work.title
        year = work.released.year if work.released else None
        kind, _dash, mark = name.partition("-")
        if kind == "logo":
            return pictures.logo(title, width=min(width, 500))
        if kind == "landscape":
            return pictures.landscape(title, width=width)
        if kind == "backdrop":
            return pictures.backdrop(f"{title}{mark}", width=width)
        if re.fullmatch(r"s\d+e\d+", kind):
            return pictures.backdrop(f"{title} {kind}", width=width)
        if re.fullmatch(r"poster|season\d+", kind):
            said = f"{title} {kind.removeprefix('season')}" if kind != "poster" else title
            return pictures.poster(f"{said} {mark}".strip(), year=year, width=min(width, 780))
        return None

    def _shown(self, kind: str, number: int) -> Work | None:
        if kind == "c":
            named = (film for film in self.films.values() if film.collection and film.collection[0] == number)
            film = next(named, None)
            return Work(number, film.collection[1], None, "") if film and film.collection else None
        return (self.films if kind == "f" else self.series).get(number)

    def _works(self, kind: str) -> Iterable[Film] | Iterable[Series]:
        return self.films.values() if kind == "movie" else self.series.values()

    def _work(self, kind: str, wanted: str) -> Film | Series | None:
        if wanted.startswith("tt"):
            return next((film for film in self.films.values() if kind == "movie" and film.imdb == wanted), None)
        return self.films.get(int(wanted)) if kind == "movie" else self.series.get(int(wanted))


def _fits(work: Work, query: str, year: str) -> bool:
    known = {_folded(title) for title in (work.title, work.original_title)}
    known |= {_folded(texts["title"]) for texts in work.translations.values()}
    words = set(_folded(query).split())
    right_year = not year or (work.released is not None and str(work.released.year) == year)
    return right_year and any(words and words <= set(title.split()) for title in known)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("&", " and "))
    return re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


class Server(ThreadingHTTPServer):
    """Serves anything with `answer(Asked) -> Reply` on loopback; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, service: Any, *, port: int = 0) -> None:
        self.service = service
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        """Where it can be reached, such as "http://127.0.0.1:8770"."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer one request."""
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(target.path, dict(parse_qsl(target.query)), headers, headers.get("host", ""))
        reply = self.server.service.answer(asked)
        body = reply.bytes()
        self.send_response(reply.status)
        sent = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(body))}
        for name, value in (sent | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the service belongs to a process with a log of its own."""


@contextmanager
def running(service: Any | None = None, *, port: int = 0) -> Iterator[Server]:
    """Serve in a thread of this process for as long as the block lasts."""
    with Server(service or Service(), port=port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
