"""What is inside a file: kept apart from its row, so that no list of files ever carries it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from scanner.lenient import text, whole
from scanner.models.files import MediaFile
from scanner.streams.facts import Inside, Picture, Sound, Subtitle, languages

MOST_LANGUAGES = 200  # characters


class MediaInfo(models.Model):
    """What a look into a file found. `tracks`: sound and subtitles, in the words of `scanner.streams.facts`."""

    file = models.OneToOneField(MediaFile, primary_key=True, on_delete=models.CASCADE, related_name="info")
    container = models.CharField(max_length=40, blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    bit_rate = models.BigIntegerField(null=True, blank=True, help_text="Of everything, in bits a second.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    resolution = models.CharField(max_length=10, blank=True, help_text="1080p, 2160p, SD, …")
    video_codec = models.CharField(max_length=20, blank=True)
    bit_depth = models.PositiveSmallIntegerField(null=True, blank=True)
    frame_rate = models.FloatField(null=True, blank=True)
    hdr = models.CharField(max_length=60, blank=True, help_text="Dolby Vision, HDR10+, HDR10, HLG; several by comma.")
    audio_languages = models.CharField(max_length=MOST_LANGUAGES, blank=True, help_text='" en de ": contains=" de "')
    subtitle_languages = models.CharField(max_length=MOST_LANGUAGES, blank=True)
    tracks = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True, help_text="What is wrong with the file, as a sentence.")
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "media info"
        indexes = [
            # The broken files, which somebody has to see; in a sound library none.
            models.Index(fields=["file"], condition=~Q(problem=""), name="info_broken"),
        ]

    def __str__(self) -> str:
        return f"inside of {self.pk}"

    @classmethod
    def of(cls, file: MediaFile, inside: Inside) -> Self:
        """Return the row of a file; texts are cut to what the columns hold."""
        picture = inside.picture
        return cls(
            file=file,
            container=inside.container[:40],
            duration_s=inside.duration_s,
            bit_rate=inside.bit_rate,
            width=picture.width,
            height=picture.height,
            resolution=picture.resolution,
            video_codec=picture.codec,
            bit_depth=picture.bit_depth if (picture.bit_depth or 0) < 100 else None,
            frame_rate=picture.frame_rate,
            hdr=", ".join(picture.hdr),
            audio_languages=_spaced(languages(inside.sound)),
            subtitle_languages=_spaced(languages(inside.subtitles)),
            tracks={
                "sound": [_plain(track) for track in inside.sound],
                "subtitles": [_plain(track) for track in inside.subtitles],
                "interlaced": picture.interlaced,
            },
            problem=inside.problem,
            looked_at=timezone.now(),
        )

    def inside(self) -> Inside:
        """Return what was found, as the pure modules have it."""
        picture = Picture(
            codec=self.video_codec,
            width=self.width,
            height=self.height,
            bit_depth=self.bit_depth,
            frame_rate=self.frame_rate,
            hdr=tuple(filter(None, self.hdr.split(", "))),
            interlaced=self.tracks.get("interlaced") is True,
        )
        return Inside(
            container=self.container,
            duration_s=self.duration_s,
            bit_rate=self.bit_rate,
            picture=picture,
            sound=tuple(_sound(row) for row in _rows(self.tracks, "sound")),
            subtitles=tuple(_subtitle(row) for row in _rows(self.tracks, "subtitles")),
            problem=self.problem,
        )


INFO_FIELDS = [field.name for field in MediaInfo._meta.concrete_fields if not field.primary_key]
# In the words of the partial index itself: a bound parameter would hide that it applies.
BROKEN = RawSQL("NOT (scanner_mediainfo.problem = '')", [], output_field=models.BooleanField())


def _plain(track: Sound | Subtitle) -> dict[str, Any]:
    """Return a track without what it does not say."""
    values = {name: getattr(track, name) for name in track.__dataclass_fields__}
    return {name: value for name, value in values.items() if value not in ("", None, False)}


def _rows(tracks: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = tracks.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _sound(row: dict[str, Any]) -> Sound:
    return Sound(
        codec=text(row, "codec"),
        channels=whole(row, "channels"),
        layout=text(row, "layout"),
        language=text(row, "language"),
        title=text(row, "title"),
        default=row.get("default") is True,
        atmos=row.get("atmos") is True,
    )


def _subtitle(row: dict[str, Any]) -> Subtitle:
    return Subtitle(
        codec=text(row, "codec"),
        language=text(row, "language"),
        title=text(row, "title"),
        default=row.get("default") is True,
        forced=row.get("forced") is True,
        hearing_impaired=row.get("hearing_impaired") is True,
        file=text(row, "file"),
    )


def _spaced(words: list[str]) -> str:
    """Return " en de ", as many as the column holds."""
    kept = ""
    for word in words:
        if len(kept) + len(word) + 2 > MOST_LANGUAGES:
            break
        kept += f" {word}"
    return f"{kept} " if kept else ""
