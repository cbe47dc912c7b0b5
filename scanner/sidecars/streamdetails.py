"""What is inside a video, as NFOs and metadata.json tell it."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from scanner.lenient import clean
from scanner.streams.facts import Inside
from scanner.streams.languages import three_letters

HDR = (("Dolby Vision", "dolbyvision"), ("HDR10+", "hdr10plus"), ("HDR10", "hdr10"), ("HLG", "hlg"))
MOST = 40  # tracks of a kind


def add_streamdetails(root: Element, inside: Inside | None) -> None:
    """Add Kodi's <fileinfo>; nothing where there is no picture to tell of."""
    if inside is None or not inside.picture.codec:
        return
    details = SubElement(SubElement(root, "fileinfo"), "streamdetails")
    picture, video = inside.picture, SubElement(details, "video")
    _put(video, "codec", picture.codec)
    if picture.width and picture.height:
        _put(video, "aspect", f"{picture.width / picture.height:.6f}")
    _put(video, "width", picture.width)
    _put(video, "height", picture.height)
    _put(video, "durationinseconds", round(inside.duration_s) if inside.duration_s else None)
    _put(video, "hdrtype", next((word for name, word in HDR if name in picture.hdr), None))
    for sound in inside.sound[:MOST]:
        audio = SubElement(details, "audio")
        _put(audio, "codec", sound.codec)
        _put(audio, "language", three_letters(sound.language))
        _put(audio, "channels", sound.channels)
    for subtitle in inside.subtitles[:MOST]:
        if subtitle.language:
            _put(SubElement(details, "subtitle"), "language", three_letters(subtitle.language))


def as_json(inside: Inside) -> dict[str, Any]:
    """Return what metadata.json says of a file; what nobody knows is left out."""
    picture = inside.picture
    video = {
        "codec": picture.codec,
        "width": picture.width,
        "height": picture.height,
        "bit_depth": picture.bit_depth,
        "frame_rate": picture.frame_rate,
        "hdr": list(picture.hdr),
    }
    told = {
        "container": inside.container,
        "duration_s": round(inside.duration_s) if inside.duration_s else None,
        "bit_rate": inside.bit_rate,
        "video": _known(video),
        "audio": [_known({"codec": s.codec, "channels": s.channels, "language": s.language}) for s in inside.sound],
        "subtitles": [
            _known({"codec": s.codec, "language": s.language, "forced": s.forced, "file": s.file})
            for s in inside.subtitles
        ],
        "problem": inside.problem,
    }
    return _known(told)


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _put(root: Element, name: str, value: object) -> None:
    if value is not None and value != "":
        SubElement(root, name).text = clean(str(value))
