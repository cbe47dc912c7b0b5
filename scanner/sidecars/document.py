"""metadata.json: the description and how it was found, so that a pick survives the database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from scanner.art import STILL
from scanner.description import VOLATILE, Description, canonical, content_hash
from scanner.lenient import clean, mapping

SCHEMA = 1
MANUAL = "manual"
GENERATOR = "mediasync 0.1"  # of this shape; a new release of the program must not rewrite every file
_BEGINNING = re.compile(rb'\s*\{\s*"schema": \d+,\s*"generator": "mediasync ')
_LEADING = ("kind", "ids", "described_by")


@dataclass(frozen=True, slots=True)
class MatchNote:
    """How the title was found: `by` tag, nfo, search, name or manual; a locked one beats everything."""

    by: str = ""
    query: str = ""
    year: int | None = None
    score: float | None = None
    locked: bool = False
    ignored: bool = False

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read the `match` block, whatever is missing or odd in it."""
        year, score = row.get("year"), row.get("score")
        return cls(
            by=str(row.get("by") or ""),
            query=str(row.get("query") or ""),
            year=year if isinstance(year, int) else None,
            score=float(score) if isinstance(score, int | float) else None,
            locked=row.get("locked") is True,
            ignored=row.get("ignored") is True,
        )


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that we wrote beside the media: its name relative to the folder.

    Of a picture: `source` is TMDB's path, `key` what it shows ("poster", "season01-poster", "still").
    """

    file: str
    sha256: str
    bytes: int = 0
    source: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that we placed: by key ("poster", "season01-poster"), stills, and what a person chose by key."""

    art: Mapping[str, OwnFile] = field(default_factory=dict)
    stills: Sequence[OwnFile] = ()
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a metadata.json says. `sealed`: it is as we wrote it; else somebody changed it and owns it now."""

    description: Description
    match: MatchNote
    art: Mapping[str, OwnFile] = field(default_factory=dict)
    stills: Mapping[str, OwnFile] = field(default_factory=dict)  # by the name of the file
    choices: Mapping[str, str] = field(default_factory=dict)  # the picture that a person chose, by key
    nfo: OwnFile | None = None
    sealed: bool = False

    @property
    def match_by(self) -> str:
        """How it was found, in the words of our rows: what the document calls manual is "hand"."""
        return "hand" if self.match.by == MANUAL else self.match.by

    @property
    def locked(self) -> bool:
        """Whether a person said that it is so."""
        return self.match.locked

    @property
    def ignored(self) -> bool:
        """Whether a person said to leave it alone."""
        return self.match.ignored


def render_metadata_json(
    description: Description,
    match: MatchNote,
    *,
    pictures: Pictures | None = None,
    nfo: OwnFile | None = None,
    files: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return the document: same input, same bytes. `files` are {name, size, mtime_ns} of the media."""
    kept = pictures or Pictures()
    described = description.to_json()
    document = {
        "schema": SCHEMA,
        "generator": GENERATOR,
        **{name: described.pop(name) for name in _LEADING},
        "match": asdict(match),
        "content_sha256": content_hash(description),
        **described,
        "art": _art(described["art"], kept),
        "nfo": {"file": nfo.file, "sha256": nfo.sha256} if nfo else None,
        "files": [dict(entry) for entry in files],
    }
    if kept.stills:
        document["stills"] = {own.file: [own.sha256, own.bytes, own.source] for own in kept.stills}
    document["seal"] = _seal(document)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def read_metadata_json(data: bytes) -> Sidecar | None:
    """Return what a metadata.json of ours says; None where it is broken or another program's."""
    document = _parse(data)
    if document is None or not _is_ours(document):
        return None
    art, nfo, match = mapping(document, "art"), document.get("nfo"), document.get("match")
    pictures = {key: _own(row, key=key) for key, row in art.items()}
    return Sidecar(
        description=Description.from_json(document),
        match=MatchNote.from_json(match if isinstance(match, dict) else {}),
        art={key: picture for key, picture in pictures.items() if picture},
        stills=_stills(mapping(document, "stills")),
        choices={key: path for key, row in art.items() if (path := _chosen(row))},
        nfo=_own(nfo),
        sealed=document.get("seal") == _seal(document),
    )


def says_the_same(one: bytes, other: bytes) -> bool:
    """Say whether two documents differ in nothing but when it was fetched and how it is rated."""
    first, second = _parse(one), _parse(other)
    passing = (*VOLATILE, "seal")
    return (
        first is not None
        and second is not None
        and all(first.get(name) == second.get(name) for name in {*first, *second} if name not in passing)
    )


def may_replace_document(data: bytes) -> bool:
    """Say whether a metadata.json is ours to write over: sealed by us, or the stump of one of ours.

    A stump (cut by a power loss) begins like ours and cannot be read; there is nothing in it to lose.
    """
    if not data.strip(b"\0 \r\n\t"):
        return True
    found = read_metadata_json(data)
    return found.sealed if found else _parse(data) is None and _BEGINNING.match(data) is not None


def _parse(data: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _is_ours(document: Mapping[str, Any]) -> bool:
    generator, schema = document.get("generator"), document.get("schema")
    return isinstance(generator, str) and generator.startswith("mediasync") and isinstance(schema, int)


def _seal(document: Mapping[str, Any]) -> str:
    """The hash of everything else in it; spelling and line breaks do not count, so formatting it is no change."""
    try:
        return hashlib.sha256(canonical({k: v for k, v in document.items() if k != "seal"})).hexdigest()
    except RecursionError:  # nested beyond anything we write
        return ""


def _art(picks: Mapping[str, Mapping[str, Any]], kept: Pictures) -> dict[str, Any]:
    found: dict[str, Any] = {role: dict(pick) for role, pick in picks.items()}
    for key, own in sorted(kept.art.items()):
        entry = found.setdefault(key, {"tmdb_path": "", "size": ""})
        entry |= {"file": own.file, "sha256": own.sha256, "bytes": own.bytes, "file_tmdb_path": own.source}
    for key, path in sorted(kept.choices.items()):
        entry = found.setdefault(key, {"tmdb_path": "", "size": ""})
        entry |= {"tmdb_path": path, "locked": True}
    return found


def _chosen(row: object) -> str:
    if not isinstance(row, dict) or row.get("locked") is not True or not isinstance(row.get("tmdb_path"), str):
        return ""
    return clean(row["tmdb_path"])


def _stills(rows: Mapping[str, Any]) -> dict[str, OwnFile]:
    found = {}
    for name, row in rows.items():
        if isinstance(row, list) and [type(value) for value in row] == [str, int, str]:
            found[clean(name)] = OwnFile(clean(name), row[0], row[1], row[2], STILL)
    return found


def _own(row: object, *, key: str = "") -> OwnFile | None:
    if not isinstance(row, dict) or not isinstance(row.get("file"), str) or not isinstance(row.get("sha256"), str):
        return None
    size = row.get("bytes")
    source = row.get("file_tmdb_path")
    return OwnFile(
        file=clean(row["file"]),
        sha256=row["sha256"],
        bytes=size if isinstance(size, int) else 0,
        source=source if isinstance(source, str) else "",
        key=key,
    )
