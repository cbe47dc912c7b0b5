"""What is inside a video file: tracks, picture and what is wrong with it, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

HEIGHTS = ((4320, 7680), (2160, 3840), (1440, 2560), (1080, 1920), (720, 1280), (576, 1024), (480, 854))
TOLERANCE = 0.93  # films are wider than 16:9 or taller, and some are cut a little


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture. `codec` as players spell it (h264, hevc); `hdr`: of "Dolby Vision", "HDR10+", "HDR10", "HLG"."""

    codec: str = ""
    width: int | None = None
    height: int | None = None
    bit_depth: int | None = None
    frame_rate: float | None = None
    hdr: tuple[str, ...] = ()
    interlaced: bool = False

    @property
    def resolution(self) -> str:
        """The class of its size: "1080p", by width or height, since films are seldom 16:9."""
        if not self.width or not self.height:
            return ""
        for lines, columns in HEIGHTS:
            if self.height >= lines * TOLERANCE or self.width >= columns * TOLERANCE:
                return f"{lines}{'i' if self.interlaced else 'p'}"
        return "SD"


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound track. `layout` like "5.1"; `language` as BCP 47 has it, "" where nobody says."""

    codec: str = ""
    channels: int | None = None
    layout: str = ""
    language: str = ""
    title: str = ""
    default: bool = False
    atmos: bool = False


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Subtitles inside the file, or in the `file` beside it."""

    codec: str = ""
    language: str = ""
    title: str = ""
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """All that one look into a file found. `problem`: a sentence about what is wrong with it, or nothing."""

    container: str = ""
    duration_s: float | None = None
    bit_rate: int | None = None
    picture: Picture = field(default_factory=Picture)
    sound: tuple[Sound, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()
    problem: str = ""


def languages(tracks: Iterable[Sound | Subtitle]) -> list[str]:
    """Return the languages of tracks in their order, each once."""
    return list(dict.fromkeys(track.language for track in tracks if track.language))
