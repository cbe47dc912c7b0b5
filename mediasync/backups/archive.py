"""The file a backup is: a zip of database, settings, uploads and a manifest. Only members known by name are read."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from mediasync.backups.errors import Unusable

FORMAT = 1
MANIFEST, DATABASE, SETTINGS = "manifest.json", "db.sqlite3", "env"
MEMBERS = (DATABASE, SETTINGS)
PICTURES = "pictures/"  # how the names of uploads begin; the rest is the hash of what is in them
MOST_MANIFEST_BYTES = 16 << 20
MOST_SETTINGS_BYTES = 1 << 20
MOST_PICTURE_BYTES = 64 << 20
PIECE = 1 << 20
LEVEL = 6
_PICTURE = re.compile(r"pictures/[0-9a-f]{64}", re.ASCII)

Told = Callable[[int], None]  # so many bytes further


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself; `migrations` are "app.name", `counts` rows by table."""

    version: str
    created_at: str
    kind: str
    database: str
    migrations: list[str]
    counts: dict[str, int]
    members: dict[str, Member]
    format: int = FORMAT
    host: str = ""
    program: str = field(default="mediasync")

    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(self.counts.values())

    def pictures(self) -> dict[str, Member]:
        """Return the pictures that people uploaded."""
        return {name: member for name, member in self.members.items() if name.startswith(PICTURES)}

    def pictures_bytes(self) -> int:
        """Return how large these pictures are; in the archive they are as large."""
        return sum(member.bytes for member in self.pictures().values())


def hashed(path: Path, told: Told) -> Member:
    """Return size and hash of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            told(len(piece))
    return Member(size, digest.hexdigest())


def write(target: BinaryIO, manifest: Manifest, files: Mapping[str, Path], told: Told) -> None:
    """Write an archive: the manifest first, then the members."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        archive.writestr(_info(MANIFEST), json.dumps(asdict(manifest), indent=1), compresslevel=LEVEL)
        for name, path in files.items():
            with path.open("rb") as source, archive.open(_info(name), "w", force_zip64=True) as into:
                while piece := source.read(PIECE):
                    into.write(piece)
                    told(len(piece))


def _is_member(name: str) -> bool:
    return name in MEMBERS or _PICTURE.fullmatch(name) is not None


def _most_bytes(name: str) -> float:
    return MOST_SETTINGS_BYTES if name == SETTINGS else math.inf if name == DATABASE else MOST_PICTURE_BYTES


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_STORED if name.startswith(PICTURES) else zipfile.ZIP_DEFLATED
    return info


class Archive:
    """An archive opened for reading; whatever is odd about it raises `Unusable` with a sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise Unusable(f"There is no file {path}.") from None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Unusable(f"{path} is no backup of mediasync, or only a part of one: {error}") from error
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def extract(self, name: str, target: Path, told: Told) -> None:
        """Write a member to `target` (mode 0600); raises `Unusable` where it is not what the manifest says."""
        expected = self.manifest.members[name]
        digest, size = hashlib.sha256(), 0
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as into, self._member(name) as source:
            while piece := self._piece(source):
                size += len(piece)
                if size > expected.bytes:
                    break
                digest.update(piece)
                into.write(piece)
                told(len(piece))
            into.flush()
            os.fsync(into.fileno())
        named = name.removeprefix(PICTURES) if name.startswith(PICTURES) else expected.sha256
        if size != expected.bytes or not digest.hexdigest() == expected.sha256 == named:
            raise self._damaged(f"its {name} is not what its manifest says")

    def settings(self) -> str:
        """Return the settings in the archive as text."""
        with self._member(SETTINGS) as file:
            return self._piece(file).decode("utf-8", "replace")

    def _member(self, name: str) -> BinaryIO:
        try:
            return self._zip.open(name)  # type: ignore[return-value]  # reads like a file
        except (KeyError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise self._damaged(str(error)) from error

    def _piece(self, source: BinaryIO) -> bytes:
        try:
            return source.read(PIECE)
        except Exception as error:  # zlib, lzma and zipfile raise each their own
            if isinstance(error, OSError):
                raise
            raise self._damaged(str(error)) from error

    def _read_manifest(self) -> Manifest:
        names = self._zip.namelist()
        if MANIFEST not in names:
            raise Unusable(f"{self.path} is no backup of mediasync: it holds no {MANIFEST}.")
        unknown = sorted(name for name in {*names} - {MANIFEST} if not _is_member(name))
        if unknown or len(set(names)) < len(names):
            raise Unusable(f"{self.path} is not used: it holds what no backup holds ({(unknown or names)[0]!r}).")
        with self._member(MANIFEST) as file:
            text = file.read(MOST_MANIFEST_BYTES + 1)
        try:
            return self._checked(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged("its manifest cannot be read") from error

    def _checked(self, given: dict[str, Any]) -> Manifest:
        if given["program"] != "mediasync":
            raise Unusable(f"{self.path} is no backup of mediasync.")
        if int(given["format"]) > FORMAT:
            raise Unusable(f"{self.path} was made by a newer mediasync ({given['version']}). Update this one first.")
        members = {name: Member(int(one["bytes"]), str(one["sha256"])) for name, one in given["members"].items()}
        if DATABASE not in members or not all(map(_is_member, members)):
            raise self._damaged("its manifest names other files than a backup holds")
        if any(not 0 <= member.bytes <= _most_bytes(name) for name, member in members.items()):
            raise self._damaged("its manifest names impossible sizes")
        counts = {str(table): int(number) for table, number in given["counts"].items()}
        plain = {name: str(given.get(name, "")) for name in ("version", "created_at", "kind", "database", "host")}
        applied = [str(one) for one in given["migrations"]]
        return Manifest(**plain, migrations=applied, counts=counts, members=members)  # type: ignore[arg-type]

    def _damaged(self, why: str) -> Unusable:
        return Unusable(f"{self.path} is damaged: {why}.")
