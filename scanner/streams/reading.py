"""MediaInfo's answer about a file becomes plain data, and a verdict whether the file is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.lenient import clean
from scanner.streams.facts import Inside, Picture, Sound, Subtitle
from scanner.streams.languages import tag

Track = Mapping[str, Any]

PICTURE_CODECS = {
    "avc": "h264", "hevc": "hevc", "vvc": "vvc", "av1": "av1", "vp8": "vp8", "vp9": "vp9", "vc-1": "vc1",
    "mpeg-4 visual": "mpeg4", "theora": "theora", "realvideo 4": "rv40", "h.263": "h263", "sorenson spark": "flv1",
    "prores": "prores", "ffv1": "ffv1", "wmv1": "wmv1", "wmv2": "wmv2", "wmv3": "wmv3", "divx 3": "msmpeg4v3",
}  # fmt: skip
SOUND_CODECS = {
    "ac-3": "ac3", "e-ac-3": "eac3", "aac": "aac", "dts": "dca", "mlp fba": "truehd", "flac": "flac", "opus": "opus",
    "vorbis": "vorbis", "pcm": "pcm", "alac": "alac", "wma": "wma", "ac-4": "ac4", "usac": "usac", "adpcm": "adpcm",
}  # fmt: skip
TEXT_CODECS = {
    "utf-8": "subrip", "subrip": "subrip", "ass": "ass", "ssa": "ssa", "pgs": "pgs", "vobsub": "vobsub",
    "timed text": "mov_text", "tx3g": "mov_text", "webvtt": "webvtt", "dvb subtitle": "dvbsub", "eia-608": "eia_608",
    "eia-708": "eia_708", "teletext subtitle": "teletext", "teletext": "teletext",
}  # fmt: skip
STILLS = frozenset({"jpeg", "png", "gif", "bmp", "webp"})
IMAGES = frozenset({"iso 9660 / dvd video", "iso 9660", "iso", "udf"})
MOST = 100  # tracks of a kind
_EXPECTED = re.compile(r"File size \d+ is less than expected size (?:at least )?(\d+)")


def read(tracks: Sequence[Track], *, size: int) -> Inside:
    """Return what MediaInfo's tracks say of a file of `size` bytes, with the problem that shows in them."""
    general = next(_of("General", tracks), {})
    pictures = [track for track in _of("Video", tracks) if _text(track, "Format").lower() not in STILLS]
    picture = _picture(pictures[0]) if pictures else Picture()
    duration = _number(general, "Duration") or (_number(pictures[0], "Duration") if pictures else None)
    return Inside(
        container=_text(general, "Format")[:40],
        duration_s=duration,
        bit_rate=_whole(general, "OverallBitRate") or (round(size * 8 / duration) if duration else None),
        picture=picture,
        sound=tuple(_sound(track) for track in _of("Audio", tracks)),
        subtitles=tuple(_subtitle(track) for track in _of("Text", tracks)),
        problem=_problem(general, bool(pictures), tracks, size),
    )


def wants_a_closer_look(found: Inside) -> bool:
    """Say whether HDR10+ may hide in the frames: they tell it, the head of the file seldom does."""
    return found.picture.hdr == ("HDR10",)


def worded(size: int) -> str:
    """Return a size as people say it: "4.7 GB"."""
    number, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "bytes" or number >= 100 else f"{number:.1f} {unit}"


def _problem(general: Track, has_picture: bool, tracks: Sequence[Track], size: int) -> str:
    container = _text(general, "Format")
    extra = general.get("extra")
    cut = isinstance(extra, Mapping) and extra.get("IsTruncated") == "Yes"
    if not container:
        return "This is no video: nothing in it can be recognised."
    if has_picture or container.lower() in IMAGES:
        return _cut_off(extra, size) if cut and isinstance(extra, Mapping) else ""
    if container in ("MPEG-4", "QuickTime") and not any(_of("Audio", tracks)):
        return "The file is not complete: the index (moov) that players need is missing."
    if cut and isinstance(extra, Mapping):
        return _cut_off(extra, size)
    if any(_of("Audio", tracks)):
        return f"There is no picture in it, only sound ({container})."
    return f"This is no video but {container}."


def _cut_off(extra: Mapping[str, Any], size: int) -> str:
    expected = _EXPECTED.search(str(extra.get("ConformanceErrors")))
    if expected and int(expected[1]) > size:
        return f"The file is cut off: {worded(size)} of {worded(int(expected[1]))} are there."
    return "The file is cut off: its end is missing."


def _picture(track: Track) -> Picture:
    name = _text(track, "Format").lower()
    codec = PICTURE_CODECS.get(name, re.sub(r"[^a-z0-9]+", "", name))
    if name == "mpeg video":
        codec = "mpeg1video" if _text(track, "Format_Version").endswith("1") else "mpeg2video"
    return Picture(
        codec=codec[:20],
        width=_whole(track, "Width"),
        height=_whole(track, "Height"),
        bit_depth=_whole(track, "BitDepth"),
        frame_rate=_number(track, "FrameRate"),
        hdr=tuple(_hdr(track)),
        interlaced=_text(track, "ScanType") in ("Interlaced", "MBAFF", "PAFF"),
    )


def _hdr(track: Track) -> Iterator[str]:
    said = f"{_text(track, 'HDR_Format')} {_text(track, 'HDR_Format_Compatibility')}"
    transfer = _text(track, "transfer_characteristics")
    if "Dolby Vision" in said:
        yield "Dolby Vision"
    if "HDR10+" in said or "2094 App 4" in said:
        yield "HDR10+"
    elif "HDR10" in said or "2086" in said or (transfer == "PQ" and "Dolby Vision" not in said):
        yield "HDR10"
    if "HLG" in f"{said} {transfer}":
        yield "HLG"


def _sound(track: Track) -> Sound:
    name = _text(track, "Format").lower()
    codec = SOUND_CODECS.get(name, re.sub(r"[^a-z0-9]+", "", name))
    extras = f"{_text(track, 'Format_Commercial')} {_text(track, 'Format_AdditionalFeatures')}"
    if name == "dts" and "XLL" in extras:
        codec = "dtshd_ma"
    elif name == "mpeg audio":
        codec = "mp3" if _text(track, "Format_Profile") == "Layer 3" else "mp2"
    channels = _whole(track, "Channels")
    return Sound(
        codec=codec[:20],
        channels=channels,
        layout=_layout(channels, _text(track, "ChannelLayout")),
        language=_language(track),
        title=_text(track, "Title")[:200],
        default=_text(track, "Default") == "Yes",
        atmos="Atmos" in extras or "JOC" in extras,
    )


def _layout(channels: int | None, speakers: str) -> str:
    """Return "5.1" for six channels, one of which is the low one; what a layout does not say is the usual."""
    if not channels:
        return ""
    low = speakers.split().count("LFE") if speakers else int(channels in (6, 7, 8))
    return f"{channels - low}.{low}"


def _subtitle(track: Track) -> Subtitle:
    name = _text(track, "Format").lower()
    title = _text(track, "Title")
    return Subtitle(
        codec=TEXT_CODECS.get(name, re.sub(r"[^a-z0-9_]+", "", name))[:20],
        language=_language(track),
        title=title[:200],
        default=_text(track, "Default") == "Yes",
        forced=_text(track, "Forced") == "Yes",
        hearing_impaired=bool(re.search(r"\b(?:SDH|CC|hearing)\b", f"{title} {_text(track, 'ServiceKind_String')}")),
    )


def _language(track: Track) -> str:
    said = _text(track, "Language").partition(" / ")[0]
    return tag(said) or tag(_text(track, "Language_String3"))


def _of(kind: str, tracks: Sequence[Track]) -> Iterator[Track]:
    return (track for track in [one for one in tracks if one.get("@type") == kind][:MOST])


def _text(track: Track, name: str) -> str:
    value = track.get(name)
    return clean(value).strip() if isinstance(value, str) else ""


def _number(track: Track, name: str) -> float | None:
    """Read a number, of several ("8 / 6") the first; nothing that no film can have."""
    found = re.match(r"\d{1,15}(?:\.\d{1,12})?", _text(track, name), re.ASCII)
    return float(found[0]) if found and float(found[0]) > 0 else None


def _whole(track: Track, name: str) -> int | None:
    found = _number(track, name)
    return int(found) if found is not None and 0 < found < 2**31 else None
