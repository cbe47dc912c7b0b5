"""What is inside a file, told to people: "1080p · H.264 · HDR10 · en, de · 5.1 · 1 h 52 min"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scanner.models import BROKEN, MediaFile, MediaInfo
from scanner.streams.facts import Inside, Sound, Subtitle, languages

PICTURE = {
    "h264": "H.264", "hevc": "H.265", "vvc": "H.266", "av1": "AV1", "vp8": "VP8", "vp9": "VP9", "vc1": "VC-1",
    "mpeg1video": "MPEG-1", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4", "theora": "Theora",
}  # fmt: skip
SOUND = {
    "ac3": "Dolby Digital", "eac3": "Dolby Digital Plus", "truehd": "Dolby TrueHD", "ac4": "Dolby AC-4", "dca": "DTS",
    "dtshd_ma": "DTS-HD MA", "aac": "AAC", "mp3": "MP3", "mp2": "MP2", "flac": "FLAC", "opus": "Opus", "pcm": "PCM",
    "vorbis": "Vorbis", "alac": "ALAC", "wma": "WMA",
}  # fmt: skip
TEXT = {
    "subrip": "SRT", "ass": "ASS", "ssa": "SSA", "pgs": "PGS", "vobsub": "VobSub", "mov_text": "Timed Text",
    "webvtt": "WebVTT", "dvbsub": "DVB", "sami": "SAMI",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A file's inside in words: one `line`, then each track; `problem` is what is wrong with it, in English."""

    line: str
    picture: str
    sound: list[str]
    subtitles: list[str]
    container: str
    problem: str


def infos(files: Iterable[MediaFile]) -> dict[int, Told]:
    """Return what is inside files by their ids, in one query; those that nobody looked into are left out."""
    found = MediaInfo.objects.filter(file__in=[file.pk for file in files])
    return {info.pk: told(info) for info in found}


def told(info: MediaInfo) -> Told:
    """Return one file's inside in words, in the language of the request."""
    inside = info.inside()
    return Told(
        line=" · ".join(_line(inside)),
        picture=" · ".join(_picture(inside)),
        sound=[" · ".join(_sound(track)) for track in inside.sound],
        subtitles=[" · ".join(_subtitle(track)) for track in inside.subtitles],
        container=" · ".join(_container(inside)),
        problem=info.problem,
    )


def shown_state(file: MediaFile, state: str) -> str:
    """Return the state word of a file: one that looks broken is that, whether its title is known or not."""
    info = getattr(file, "info", None)
    looks_broken = bool(info and info.problem) and state not in {"missing", "error", "changed"}
    return "damaged" if looks_broken else state


def with_facts(file: MediaFile) -> MediaFile:
    """Give a file, read with its `info`, the line, the problem and the state that its row in a list shows."""
    info = getattr(file, "info", None)
    found = told(info) if info else None
    file.facts, file.problem = (found.line, found.problem) if found else ("", "")  # type: ignore[attr-defined]
    file.shown_state = shown_state(file, getattr(file, "shown_state", file.state))  # type: ignore[attr-defined]
    return file


def broken() -> QuerySet[MediaInfo]:
    """Return what was found of broken files that are still there, with the files; few, by an index of their own."""
    there = MediaInfo.objects.filter(BROKEN).exclude(file__state=MediaFile.State.MISSING)
    return there.filter(file__library__removed_at=None).select_related("file__library").order_by("pk")


def duration(seconds: float) -> str:
    """Return a length as people say it: "1 h 52 min", "4 min", "38 s"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("%(seconds)d s") % {"seconds": round(seconds)}
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _line(inside: Inside) -> Iterator[str]:
    picture = inside.picture
    yield from filter(None, (picture.resolution, PICTURE.get(picture.codec, picture.codec), *picture.hdr))
    if spoken := languages(inside.sound):
        yield ", ".join(spoken[:6])
    if best := max(inside.sound, key=lambda track: track.channels or 0, default=None):
        yield from filter(None, [f"{best.layout} Atmos" if best.atmos else best.layout])
    if inside.duration_s:
        yield duration(inside.duration_s)


def _picture(inside: Inside) -> Iterator[str]:
    picture = inside.picture
    if picture.width and picture.height:
        yield f"{picture.width} × {picture.height}"
    yield from filter(None, (PICTURE.get(picture.codec, picture.codec), *picture.hdr))
    if picture.bit_depth:
        yield _("%(bits)d bit") % {"bits": picture.bit_depth}
    if picture.frame_rate:
        yield _("%(rate)s frames/s") % {"rate": f"{picture.frame_rate:.3f}".rstrip("0").rstrip(".")}


def _sound(track: Sound) -> Iterator[str]:
    codec = SOUND.get(track.codec, track.codec)
    yield from filter(None, (track.language, f"{codec} Atmos" if track.atmos else codec, track.layout, track.title))
    if track.default:
        yield _("default")


def _subtitle(track: Subtitle) -> Iterator[str]:
    yield from filter(None, (track.language, TEXT.get(track.codec, track.codec), track.title))
    if track.forced:
        yield _("forced")
    if track.hearing_impaired:
        yield _("for the hard of hearing")
    if track.default:
        yield _("default")
    if track.file:
        yield _("beside the file")


def _container(inside: Inside) -> Iterator[str]:
    if inside.container:
        yield inside.container
    if inside.bit_rate:
        yield _("%(rate)s Mbit/s") % {"rate": f"{inside.bit_rate / 1e6:.1f}"}
