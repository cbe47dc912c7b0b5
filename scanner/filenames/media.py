"""Which names are videos, which belong to a program and are passed over, and how a path is taken apart."""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase

VIDEO_EXTENSIONS = frozenset(
    {"3g2", "3gp", "asf", "avi", "divx", "dvr-ms", "f4v", "flv", "img", "iso", "m2t", "m2ts", "m2v", "m4v", "mk3d"}
    | {"mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mts", "ogm", "ogv", "qt", "rec", "rm", "rmvb", "strm", "svq3", "tp"}
    | {"trp", "ts", "ty", "viv", "vob", "vp3", "webm", "wmv", "wtv", "xvid"}
)
# Files that stand beside a video and carry its name.
_COMPANIONS = frozenset(
    {"srt", "sub", "idx", "ass", "ssa", "vtt", "smi", "sup", "nfo", "xml", "json", "jpg", "jpeg", "png", "txt", "nzb"}
    | {"torrent", "sfv", "par2"}
)
_IGNORED_FOLDERS = frozenset(
    {"@eadir", "eadir", "#recycle", "@recycle", "$recycle.bin", "system volume information", "lost+found"}
    | {"metadata", "extrafanart", "extrathumbs", "subs", "subtitles", "sample"}
)
_IGNORED_FILES = (
    "thumbs.db",
    "desktop.ini",
    "*.bts",
    "*.sync",
    "*.part",
    "*.partial",
    "*.tmp",
    "*.crdownload",
    "*.!qb",
)
_DISC_FOLDERS = frozenset({"bdmv", "video_ts", "hvdvd_ts"})
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")  # as scanner.paths writes them
_WIDE = str.maketrans("（）［］　", "()[] ")  # brackets and space as Chinese and Japanese keyboards write them
_MOST_BYTES = 255  # what file systems allow for one component
_MOST_COMPONENTS = 8  # deeper folders say nothing of a file


def is_video(name: str) -> bool:
    """Return whether the extension of `name` is one of a video."""
    return split_extension(name)[1] in VIDEO_EXTENSIONS and not name.startswith(".")


def is_ignored_name(name: str, *, is_dir: bool) -> bool:
    """Return whether a file or folder called so belongs to a program and not to the library."""
    if name.startswith("."):
        return True
    lowered = name.lower()
    if is_dir:
        return lowered in _IGNORED_FOLDERS or lowered.endswith(".trickplay")
    return any(fnmatchcase(lowered, pattern) for pattern in _IGNORED_FILES)


def split_extension(name: str) -> tuple[str, str]:
    """Return stem and lower-case extension; only known extensions count, so "Vol. 2" keeps its end."""
    stem, dot, extension = name.rpartition(".")
    extension = extension.lower()
    if dot and stem and (extension in VIDEO_EXTENSIONS or extension in _COMPANIONS):
        return stem, extension
    return name, ""


def take_apart(path: str) -> tuple[str, str]:
    """Return folder and last component of `path`, cut to what a file system could hold, in NFC."""
    if "\\x" in path:
        path = _ESCAPED.sub(_western, path)
    if not path.isascii():
        path = unicodedata.normalize("NFC", path).translate(_WIDE)
    if len(path) > _MOST_BYTES or not path.isascii():
        path = "/".join(_cut(each) for each in path.split("/")[-_MOST_COMPONENTS:])
    folder, _, name = path.strip("/").rpartition("/")
    return folder, name


def _western(escaped: re.Match[str]) -> str:
    """Return what a byte that is no UTF-8 most likely stands for: names from before Unicode are Western."""
    return bytes.fromhex(escaped[1]).decode("cp1252", "replace").replace("/", " ")


def _cut(component: str) -> str:
    raw = component.encode("utf-8", "surrogatepass")
    if len(raw) <= _MOST_BYTES:
        return component
    return raw[:_MOST_BYTES].decode("utf-8", "ignore")


def is_disc_folder(name: str) -> bool:
    """Return whether a folder is the inside of a disc: BDMV, VIDEO_TS."""
    return name.lower() in _DISC_FOLDERS
