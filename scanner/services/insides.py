"""What is inside the files of a match, for the files beside them."""

from __future__ import annotations

from typing import Any

from scanner.models import Match, MediaFile, MediaInfo
from scanner.sidecars.streamdetails import as_json
from scanner.streams.facts import Inside


def of_the_only_video(match: Match) -> Inside | None:
    """Return what is inside a film's video; None where it has several, of which an NFO could tell one at random."""
    videos = list(_there(match).filter(extra="").values_list("pk", flat=True)[:2])
    info = MediaInfo.objects.filter(file=videos[0], problem="").first() if len(videos) == 1 else None
    return info.inside() if info else None


def by_nfo(match: Match) -> dict[str, Inside]:
    """Return what is inside the episodes' videos by the name of their NFO, relative to the match's folder."""
    infos = MediaInfo.objects.filter(file__in=_there(match).filter(extra=""), problem="").select_related("file")
    return {f"{_beside(match, info.file.path).rpartition('.')[0]}.nfo": info.inside() for info in infos}


def files(match: Match) -> list[dict[str, Any]]:
    """Return the entries of metadata.json about the files: name, size, date, and what is inside where that is known."""
    insides = {info.pk: info.inside() for info in MediaInfo.objects.filter(file__in=_there(match))}
    rows = _there(match).order_by("path").values_list("pk", "path", "size_bytes", "mtime_ns")
    return [
        {"name": _beside(match, path), "size": size, "mtime_ns": mtime}
        | ({"inside": as_json(insides[pk])} if pk in insides else {})
        for pk, path, size, mtime in rows
    ]


def _there(match: Match) -> Any:
    return MediaFile.objects.filter(match=match).exclude(state=MediaFile.State.MISSING)


def _beside(match: Match, path: str) -> str:
    return path.removeprefix(f"{match.folder}/")
