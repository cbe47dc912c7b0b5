"""A title's description: from TMDB where its id is known and there is a key, else from the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from jobs import queue, running
from jobs.models import Priority
from journal.moves import move, record
from outbound.errors import NotFound
from scanner.description import Description, as_iso, content_hash
from scanner.models import Match, MediaFile, Title
from scanner.providers import tmdb
from scanner.services import causes, episodes, saving, titles
from scanner.services.local import describe_from_files

State = Title.State
TMDB = Title.DescribedBy.TMDB
MOMENT = timedelta(seconds=60)
GONE = "gone_at"  # in a title's details: since when TMDB does not know its id any more


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and for which seasons it was asked; no description: nothing was modified."""

    description: Description | None
    asked: tuple[int, ...]


def describe(title: Title) -> None:
    """Describe a title, keep what was found, and queue what follows from it.

    Failures of the service fly; an id that it does not know (any more) sends the matches back to
    be identified anew.
    """
    matches = _matches(title)
    if _just_described(title, matches):
        with running.ending():
            _follow_up(title, everything=False)
        return
    try:
        answer = _ask(title, matches)
    except NotFound:
        _lost(title, matches)
        return
    found = answer.description
    sha256 = content_hash(found) if found else ""  # of a long show this takes a moment: not under a lock
    with running.ending():
        if found is not None:
            title = _learn(title, found)
        _keep(title, answer, sha256)


def _matches(title: Title) -> list[Match]:
    """Return the matches a title is described for; one without an id may be that of a match nobody knows."""
    states = [Match.State.MATCHED, *([Match.State.UNMATCHED] if title.tmdb_id is None else [])]
    return list(title.matches.filter(state__in=states).select_related("library"))


def _just_described(title: Title, matches: list[Match]) -> bool:
    """Say whether nothing is due: it was described a moment ago, by a job for another of its matches."""
    if title.state != State.INDEXED or title.described_at is None or not title.content_sha256 or not title.etag:
        return False
    job = running.current()
    if job is None or job.priority == Priority.CRITICAL or timezone.now() - title.described_at > MOMENT:
        return False
    asked = title.details.get("seasons_asked", [])
    wanted = _seasons_wanted(matches) if title.kind == Title.Kind.SHOW else []
    return wanted is not None and set(wanted) <= set(asked)


def failed(title: Title, reason: str) -> None:
    """Mark a title whose job came to rest failed."""
    move(title, State.ERROR, reason=reason)


def _ask(title: Title, matches: list[Match]) -> Answer:
    demo = any(match.library.demo for match in matches)
    address = _address(title) if tmdb.configured(demo=demo, surely=True) else None
    if address is None:
        return _from_files(title, matches)
    etag = title.etag if title.content_sha256 else ""
    if title.kind == Title.Kind.MOVIE:
        return Answer(tmdb.movie(address, etag=etag), ())
    wanted = _seasons_wanted(matches)
    found = tmdb.show(int(address), seasons=wanted, etag=etag)
    if wanted is None:
        wanted = [season.number for season in found.seasons if season.number] if found else []
    return Answer(found, tuple(wanted))


def _from_files(title: Title, matches: list[Match]) -> Answer:
    found = describe_from_files(title, matches)
    return Answer(found, tuple(season.number for season in found.seasons))


def _address(title: Title) -> int | str | None:
    """Return what TMDB knows the title by: its id, or of a film the IMDb id."""
    if title.tmdb_id is not None:
        return title.tmdb_id
    if title.kind == Title.Kind.MOVIE:
        return title.other_ids.filter(source="imdb").values_list("value", flat=True).first()
    return None


def _seasons_wanted(matches: list[Match]) -> list[int] | None:
    """Return the seasons on disk; None, for all, where files are known by date or absolute number only."""
    files = MediaFile.objects.filter(match__in=matches, extra="").exclude(state=MediaFile.State.MISSING)
    found = set(files.values_list("season", flat=True).distinct())
    return None if None in found else sorted(number for number in found if number is not None)


def _learn(title: Title, found: Description) -> Title:
    """Give a title the TMDB id that its IMDb id led to; it may turn out to be another one's twin."""
    learned = found.ids.get("tmdb")
    if title.tmdb_id is None and isinstance(learned, int):
        return titles.learn_tmdb_id(title, learned)
    return title


def _keep(title: Title, answer: Answer, sha256: str) -> None:
    found, now = answer.description, timezone.now()
    same = found is None or (sha256 == title.content_sha256 and title.described_at is not None)
    if found is None or same:
        kept = saving.save_unchanged(title, found, asked=answer.asked, now=now)
    else:
        columns = saving.columns(title, found, asked=answer.asked, now=now) | {"content_sha256": sha256}
        kept = saving.save(title, found, columns, reason=_told(found))
    if kept:
        _follow_up(title, everything=not same)


def _follow_up(title: Title, *, everything: bool) -> None:
    """Link files to episodes and queue the files beside the media: all after a change, else where there are none."""
    matches = _matches(title)
    settled = [match for match in matches if match.state == Match.State.MATCHED]
    for match in matches:
        match.title = title
        episodes.link(match)
    for match in settled:
        episodes.index_files(match)
    lacking = [match for match in settled if everything or not match.sidecars]
    works = [causes.writing(match.pk, reason="its description is there") for match in lacking]
    if lacking or (settled and not title.poster):
        works += causes.pictures(title.pk, title.kind, reason="its description is there")
    queue.enqueue(*works)


def _told(found: Description) -> str:
    by = {"tmdb": "by TMDB", "nfo": "from the files beside it", "names": "from its name"}[found.described_by]
    return f"described {by}"


def _lost(title: Title, matches: Iterable[Match]) -> None:
    """TMDB has deleted or merged this id: keep what we have, flag it, and identify the matches anew.

    A match forgets the id that its name carries and is searched for. Where that leads back to a title
    with the flag, or a person has locked it, the machine cannot help: a person is asked.
    """
    reason = f"TMDB does not know {title.kind} {_address(title)} any more"
    again = GONE in title.details
    with running.ending():
        details = title.details | {GONE: as_iso(timezone.now())}
        move(title, State.INDEXED, reason=reason, details=details, refresh_at=None, etag="")
        sent_back = [match for match in matches if _send_back(match, reason, again=again)]
        queue.enqueue(*(causes.identification(match.pk, reason=reason) for match in sent_back))


def _send_back(match: Match, reason: str, *, again: bool) -> bool:
    """Return whether a match that lost its title is to be identified anew."""
    if match.locked and match.by == Match.By.HAND and match.title and match.title.described_by != TMDB:
        wanted = f"TMDB knows no {match.kind} {match.title.tmdb_id}, which was picked; please pick another"
        move(match, Match.State.UNMATCHED, reason=wanted, locked=False)
        return False
    if match.locked:
        record(match, reason=f"{reason}; the match is locked and stays")
        return False
    if again:
        move(match, Match.State.UNMATCHED, reason=f"{reason}; please pick the right title")
        return False
    ids = {name: value for name, value in match.ids.items() if name not in ("tmdb", "imdb")}
    return move(match, Match.State.NEW, reason=f"{reason}; it is identified anew", ids=ids)
