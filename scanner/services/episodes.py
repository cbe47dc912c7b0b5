"""Which episodes a file holds: rows and links, made as a set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from journal.moves import record
from scanner import bulk
from scanner.models import Episode, EpisodeFile, Match, MediaFile, Season, Title

Address = tuple[int, int]


def link(match: Match) -> int:
    """Link the files of a show's match to their episodes, making those that are not known yet.

    Returns how many links the match has. Files by date or by absolute number are linked once the
    description says which episodes these are; until then an absolute number counts in season 1.
    """
    title = match.title
    if title is None or title.kind != Title.Kind.SHOW:
        return 0
    known = _known(title)
    wanted = {file.pk: list(_addresses(file, known)) for file in _files(match)}
    missing = {address for addresses in wanted.values() for address in addresses} - known.ids.keys()
    with transaction.atomic():
        _make(title, missing)
        ids = known.ids | _ids(title) if missing else known.ids
        _link({pk: {ids[address] for address in addresses} for pk, addresses in wanted.items()})
    return sum(map(len, wanted.values()))


def unlink(match: Match) -> None:
    """Take the files of a match from the episodes of the title that it had."""
    EpisodeFile.objects.filter(file__match=match).delete()


def index_files(match: Match) -> int:
    """Move the new files of a described match to INDEXED; one event for the set."""
    with transaction.atomic():
        waiting = MediaFile.objects.filter(match=match, state__in=(MediaFile.State.NEW, MediaFile.State.ERROR))
        count = waiting.update(state=MediaFile.State.INDEXED, last_error="")
        if count:
            files = "1 file belongs" if count == 1 else f"{count} files belong"
            record(match, reason=f"{files} to “{match.title}”", facts={"files": count})
    return count


def fail_files(match: Match, reason: str) -> int:
    """Move the new files of a match to ERROR: nobody could find out what they are."""
    with transaction.atomic():
        waiting = MediaFile.objects.filter(match=match, state=MediaFile.State.NEW)
        count = waiting.update(state=MediaFile.State.ERROR, last_error=reason)
        if count:
            record(match, reason=reason, new=MediaFile.State.ERROR, facts={"files": count})
    return count


class _Known:
    """The episodes of a title by address, by date, and in the order of their absolute numbers."""

    def __init__(self, rows: Iterable[tuple[int, int, int, object]]) -> None:
        self.ids: dict[Address, int] = {}
        self.by_date: dict[object, list[Address]] = {}
        self.regular: list[Address] = []
        for pk, season, number, aired in rows:
            self.ids[season, number] = pk
            self.by_date.setdefault(aired, []).append((season, number))
            if season > 0:
                self.regular.append((season, number))


def _known(title: Title) -> _Known:
    rows = Episode.objects.filter(title=title).order_by("season", "number")
    return _Known(rows.values_list("pk", "season", "number", "air_date"))


def _ids(title: Title) -> dict[Address, int]:
    return {(season, number): pk for pk, season, number in title.episodes.values_list("pk", "season", "number")}


def _files(match: Match) -> list[MediaFile]:
    files = MediaFile.objects.filter(match=match, extra="").exclude(state=MediaFile.State.MISSING)
    return list(files.only("pk", "season", "episode_numbers", "air_date"))


def _addresses(file: MediaFile, known: _Known) -> Iterator[Address]:
    if file.air_date and not file.episode_numbers:
        yield from known.by_date.get(file.air_date, [])[:1]
    elif file.season is not None:
        yield from ((file.season, number) for number in file.episode_numbers)
    else:
        for number in file.episode_numbers:
            yield _by_absolute(number, known)


def _by_absolute(number: int, known: _Known) -> Address:
    """Take the nth regular episode of the show; a title that has not so many keeps season 1."""
    seasons = {season for season, _number in known.regular}
    if len(seasons) > 1 and 0 < number <= len(known.regular):
        return known.regular[number - 1]
    return 1, number


def _make(title: Title, missing: Iterable[Address]) -> None:
    rows = sorted(missing)
    seasons = [Season(title=title, number=number) for number in sorted({season for season, _number in rows})]
    Season.objects.bulk_create(seasons, ignore_conflicts=True)
    Episode.objects.bulk_create(
        [Episode(title=title, season=season, number=number) for season, number in rows], ignore_conflicts=True
    )


def _link(wanted: dict[int, set[int]]) -> None:
    """Make the links that are missing and drop those that no longer hold."""
    for chunk in bulk.slices(wanted, 500):
        there = EpisodeFile.objects.filter(file_id__in=chunk).values_list("pk", "file_id", "episode_id")
        present, wrong = set(), []
        for pk, file, episode in there:
            if episode in wanted[file]:
                present.add((file, episode))
            else:
                wrong.append(pk)
        if wrong:
            EpisodeFile.objects.filter(pk__in=wrong).delete()
        new = [(file, episode) for file in chunk for episode in wanted[file] if (file, episode) not in present]
        EpisodeFile.objects.bulk_create(
            [EpisodeFile(file_id=file, episode_id=episode) for file, episode in new], ignore_conflicts=True
        )
