"""Which subtitle files beside a video belong to it, and what their names say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.streams.facts import Subtitle
from scanner.streams.languages import tag

CODECS = {
    "srt": "subrip", "ass": "ass", "ssa": "ssa", "vtt": "webvtt", "sub": "vobsub", "idx": "vobsub", "sup": "pgs",
    "smi": "sami",
}  # fmt: skip
FOLDERS = frozenset({"subs", "subtitles"})
_BETWEEN = ". _-"
_SPLIT = re.compile(r"[.\s_\[\](),]+")
_HEARING = frozenset({"sdh", "cc", "hoh"})
MOST = 60  # tracks of one video; who has more has a heap of files


def belonging(video: str, names: Iterable[str], *, videos: Iterable[str] = ()) -> tuple[Subtitle, ...]:
    """Return the subtitles among `names` that belong to `video`; all are names of one folder.

    `videos` are the others in it: of several that a name begins with, the longest has it.
    """
    stem = _stem(video)
    longer = [other for other in map(_stem, videos) if len(other) > len(stem) and other.startswith(stem)]
    mine = (name for name in sorted(names) if _begins(name, stem) and not any(_begins(name, other) for other in longer))
    return tuple(_read(mine, len(stem)))[:MOST]


def of_the_only_video(names: Iterable[str]) -> tuple[Subtitle, ...]:
    """Return the subtitles of a folder that is all one video's: `Subs/2_English.srt`."""
    return tuple(_read(sorted(names), 0))[:MOST]


def is_subtitle(name: str) -> bool:
    """Say whether a name is one of a subtitle file."""
    return name.rpartition(".")[2].lower() in CODECS and not name.startswith(".")


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower() or name.lower()


def _begins(name: str, stem: str) -> bool:
    lowered = name.lower()
    return lowered.startswith(stem) and lowered[len(stem) : len(stem) + 1] in _BETWEEN and len(lowered) > len(stem)


def _read(names: Iterable[str], start: int) -> Iterator[Subtitle]:
    found = [name for name in names if is_subtitle(name)]
    indexed = {_stem(name) for name in found if name.lower().endswith(".idx")}
    for name in found:
        stem, _, extension = name.rpartition(".")
        if extension.lower() == "sub" and stem.lower() in indexed:
            continue  # the other half of a pair
        yield _said(name, stem[start:], extension.lower())


def _said(name: str, rest: str, extension: str) -> Subtitle:
    words = [word for word in _SPLIT.split(rest.strip(_BETWEEN)) if word]
    language, other = "", []
    forced = default = hearing = False
    for word in words:
        lowered = word.lower().strip("-")
        if lowered in ("forced", "foreign"):
            forced = True
        elif lowered == "default":
            default = True
        elif lowered in _HEARING or (lowered == "hi" and language):
            hearing = True
        elif not language and tag(lowered):
            language = tag(lowered)
        elif not lowered.isdigit():
            other.append(word)
    return Subtitle(
        codec=CODECS[extension],
        language=language,
        title=" ".join(other)[:100],
        default=default,
        forced=forced,
        hearing_impaired=hearing,
        file=name,
    )
