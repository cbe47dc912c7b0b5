"""Reading what lies beside the media: decisions kept in metadata.json, ids in NFOs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from scanner import paths, placing
from scanner.models import Match, Title
from scanner.sidecars import NfoFacts, read_metadata_json, read_nfo

MAX_BYTES = 8 << 20


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
    name = f"{match.stem}.metadata.json" if match.stem else "metadata.json"
    body = _read(match, name)
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


def nfo_facts(match: Match) -> NfoFacts | None:
    """Return the facts of the first NFO that says something, ours (if unchanged) left out."""
    for name in _nfo_names(match):
        body = _read(match, name)
        facts = read_nfo(body) if body else None
        if facts and (facts.ids or facts.title):
            return facts
    return None


def _nfo_names(match: Match) -> Iterator[str]:
    if match.kind == Title.Kind.SHOW:
        if not match.stem:
            yield "tvshow.nfo"
        return
    if not match.stem:
        yield "movie.nfo"
    for path in match.files.filter(extra="").values_list("path", flat=True)[:20]:
        folder, _, name = path.rpartition("/")
        if folder == match.folder:
            yield f"{name.rpartition('.')[0]}.nfo"


def _read(match: Match, name: str) -> bytes | None:
    """Return the body of a small regular file of the match's folder, None for ours and for no file."""
    where = paths.resolve(match.library, f"{match.folder}/{name}" if match.folder else name)
    body = placing.read(where, most=MAX_BYTES)
    if body is None:
        return None
    ours = match.sidecars.get(name)
    known = isinstance(ours, dict) and ours.get("sha256") == hashlib.sha256(body).hexdigest()
    return None if known else body
