"""Reading what lies beside the media: decisions kept in metadata.json, hints in .plexmatch, ids in NFOs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from scanner import paths, placing
from scanner.description import Description
from scanner.models import Match, Title
from scanner.sidecars import (
    NfoFacts,
    PlexMatch,
    read_foreign_document,
    read_metadata_json,
    read_nfo,
    read_plexmatch,
)

MAX_BYTES = 8 << 20
HINT_MAX = 256 << 10
DISC_NFOS = {"video_ts": ("VIDEO_TS.nfo",), "bdmv": ("index.nfo",), "hvdvd_ts": ("HVDVD_TS.nfo",)}


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision found in a metadata.json that this database does not know of."""

    by: str
    ids: dict[str, str | int]
    kind: str
    title: str
    year: int | None
    locked: bool
    ignored: bool
    score: float | None


def kept_decision(match: Match) -> Kept | None:
    """Return what metadata.json says of a match, unless it is the file we wrote for it ourselves."""
    body = _read(match, _document_name(match))
    sidecar = read_metadata_json(body) if body else None
    if sidecar is None:
        return None
    if sidecar.description.kind != match.kind and not (sidecar.locked or sidecar.ignored):
        return None  # only a person may say that names are wrong about film or show
    return Kept(
        by=sidecar.match_by if sidecar.match_by in Match.By.values else Match.By.NFO,
        ids=dict(sidecar.description.ids),
        kind=sidecar.description.kind,
        title=sidecar.description.title,
        year=sidecar.description.year,
        locked=sidecar.locked,
        ignored=sidecar.ignored,
        score=sidecar.match.score,
    )


def foreign_document(match: Match) -> Description | None:
    """Return what a metadata.json of another program, or of an older one of ours, says of a match."""
    body = _read(match, _document_name(match))
    if not body or read_metadata_json(body):
        return None
    found = read_foreign_document(body)
    return found if found and found.kind in ("", match.kind) else None


def hint(match: Match) -> PlexMatch | None:
    """Return what a `.plexmatch` says of a match; one in a folder of several films says nothing of any."""
    if match.stem or not match.folder:
        return None
    body = _read(match, ".plexmatch", most=HINT_MAX)
    found = read_plexmatch(body) if body else None
    return found if found and (found.ids or found.title or found.episodes) else None


def nfo_facts(match: Match) -> NfoFacts | None:
    """Return the facts of the first NFO that says something of its kind, ours (if unchanged) left out.

    The NFO of an episode, or a link to a show beside a film, has ids that are not the film's.
    """
    right = ("", "movie" if match.kind == Title.Kind.MOVIE else "tvshow")
    for name in _nfo_names(match):
        body = _read(match, name)
        facts = read_nfo(body) if body else None
        if facts and facts.kind in right and (facts.ids or facts.title):
            return facts
    return None


def _document_name(match: Match) -> str:
    return f"{match.stem}.metadata.json" if match.stem else "metadata.json"


def _nfo_names(match: Match) -> Iterator[str]:
    if match.kind == Title.Kind.SHOW:
        if not match.stem:
            yield "tvshow.nfo"
        return
    if not match.stem:
        yield "movie.nfo"
    for path in match.files.filter(extra="").order_by("path").values_list("path", flat=True)[:20]:
        folder, _, name = path.rpartition("/")
        if folder == match.folder:
            yield from (f"{name}/{inside}" for inside in DISC_NFOS.get(name.lower(), ()))
            yield f"{name.rpartition('.')[0]}.nfo"


def _read(match: Match, name: str, *, most: int = MAX_BYTES) -> bytes | None:
    """Return the body of a small regular file of the match's folder, None for ours and for no file."""
    where = paths.resolve(match.library, f"{match.folder}/{name}" if match.folder else name)
    body = placing.read(where, most=most)
    if body is None:
        return None
    ours = match.sidecars.get(name)
    known = isinstance(ours, dict) and ours.get("sha256") == hashlib.sha256(body).hexdigest()
    return None if known else body
