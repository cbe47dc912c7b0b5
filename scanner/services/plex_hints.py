"""Episodes as `.plexmatch` names them: a person's word beats what a file is called."""

from __future__ import annotations

from collections.abc import Iterator

from scanner import paths, placing
from scanner.models import Match, MediaFile, Title
from scanner.services.beside import HINT_MAX
from scanner.sidecars import read_plexmatch

Said = tuple[int | None, list[int]]


def take(match: Match) -> int:
    """Give the files of a show the season and episodes that hints say; returns how many got others than before."""
    if match.kind != Title.Kind.SHOW or match.stem or not match.folder:
        return 0
    files = MediaFile.objects.filter(match=match, extra="").exclude(state=MediaFile.State.MISSING)
    rows = list(files.values_list("pk", "path", "season", "episode_numbers"))
    said = dict(_said(match, {path.rpartition("/")[0] for _pk, path, _season, _numbers in rows}))
    changed = 0
    for pk, path, season, numbers in rows:
        wanted, episodes = said.get(path, (season, numbers))
        wanted = season if wanted is None else wanted
        if (wanted, episodes) != (season, numbers):
            changed += MediaFile.objects.filter(pk=pk).update(season=wanted, episode_numbers=episodes)
    return changed


def _said(match: Match, folders: set[str]) -> Iterator[tuple[str, Said]]:
    """Yield what is said of each path; the hint nearest to a file comes last, and counts."""
    for folder in sorted({match.folder, *folders}, key=len):
        body = placing.read(paths.resolve(match.library, f"{folder}/.plexmatch"), most=HINT_MAX)
        hint = read_plexmatch(body or b"")
        for below, (season, numbers) in hint.episodes.items():
            yield f"{folder}/{below}", (hint.season if season is None else season, list(numbers))
