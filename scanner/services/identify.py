"""What a match is: a lock first, then ids of names and NFOs, then one search; unclear goes to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.models import Priority
from journal.moves import move
from scanner import matching
from scanner.matching import Candidate
from scanner.models import Match, Title, TitleId
from scanner.providers import tmdb
from scanner.services import beside, causes, episodes, leftovers, plex_hints, titles

By = Match.By
CANDIDATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """What a match turned out to be, and why. `tmdb_id` None: described from names and NFOs."""

    by: str
    reason: str
    tmdb_id: int | None = None
    ids: dict[str, str | int] = field(default_factory=dict)
    name: str = ""
    year: int | None = None
    score: float | None = None
    kind: str = ""
    locked: bool = False
    ignored: bool = False
    considered: tuple[dict[str, Any], ...] = ()


def identify(match: Match) -> None:
    """Find the title of a match, link its files to it and queue what follows."""
    if match.state == Match.State.IGNORED:
        if not match.sidecars:  # it has a new place, and the decision belongs there too
            with running.ending():
                queue.enqueue(causes.writing(match.pk, reason="the decision is kept beside the media"))
        return
    plex_hints.take(match)
    if match.title and (match.locked or match.state == Match.State.MATCHED):
        _follow_up(match, match.title)
        return
    found = _from_files(match) or _from_ids(match) or _from_search(match)
    if isinstance(found, Identity):
        _settle(match, found)
    else:
        _unclear(match, found)


def _from_files(match: Match) -> Identity | None:
    """A decision kept in metadata.json beats tags; a tag beats `.plexmatch`, and that NFOs.

    Who wrote a tag or a `.plexmatch` meant this folder; NFOs are written by programs, which may have guessed.
    """
    kept = beside.kept_decision(match)
    if kept and kept.ignored:
        return Identity(By.HAND, "ignored, as metadata.json says", ignored=True, locked=True)
    if kept and kept.ids and (kept.locked or not match.ids):
        return Identity(
            kept.by,
            f"as metadata.json says ({kept.by})",
            ids=kept.ids,
            name=kept.title,
            year=kept.year,
            kind=kept.kind,
            locked=kept.locked,
        )
    if match.ids:
        return Identity(
            By.TAG, f"by the id in its name: {_worded(match.ids)}", ids=match.ids, name=match.name, year=match.year
        )
    hint = beside.hint(match)
    if hint and hint.ids:
        reason = f".plexmatch with {_worded(hint.ids)}"
        return Identity(By.TAG, reason, ids=dict(hint.ids), name=hint.title or match.name, year=hint.year)
    facts = beside.nfo_facts(match)
    if facts and facts.ids:
        reason = f"NFO with {_worded(facts.ids)}"
        return Identity(By.NFO, reason, ids=dict(facts.ids), name=facts.title or match.name, year=facts.year)
    other = beside.foreign_document(match)
    if other and other.ids:
        reason = f"metadata.json of another program with {_worded(other.ids)}"
        return Identity(By.NFO, reason, ids=dict(other.ids), name=other.title or match.name, year=other.year)
    return None


def _from_ids(match: Match) -> Identity | None:
    """Without a key, names are all there is: every match is its own title."""
    if tmdb.configured(demo=match.library.demo, surely=True):
        return None
    name, year, _described = _said(match)
    return Identity(By.NAME, "from its name; a TMDB key would add descriptions", name=name, year=year)


def _from_search(match: Match) -> Identity | list[Candidate]:
    name, year, described = _said(match)
    twin = _twin(match) if name == match.name else None
    if twin and twin.title:
        return Identity(By.SEARCH, f"same name as {twin.key}", twin.title.tmdb_id, score=twin.score)
    found = tmdb.search(name, year, kind=match.kind)
    verdict, ranked = matching.best(name, year, found), matching.rank(name, year, found)
    if verdict is None:
        if not found and described:
            return Identity(By.NFO, "as its NFO says; TMDB finds nothing of this name", name=name, year=year)
        return [one.candidate for one in ranked[:CANDIDATES_SHOWN]]
    chosen = verdict.candidate
    return Identity(
        By.SEARCH,
        verdict.reason,
        chosen.id,
        name=chosen.name,
        year=chosen.year,
        score=round(verdict.score, 3),
        considered=tuple(map(_told, ranked[:CANDIDATES_SHOWN])),
    )


def _said(match: Match) -> tuple[str, int | None, bool]:
    """Return name and year to search by, and whether an NFO says enough to do without: it knows better than names."""
    hint, facts = beside.hint(match), beside.nfo_facts(match)
    if hint and hint.title:
        return hint.title, hint.year or match.year, False
    if facts and facts.title:
        return facts.title, facts.year or match.year, bool(facts.plot)
    return match.name, match.year, False


def _told(verdict: matching.Verdict) -> dict[str, Any]:
    """What is remembered of a candidate, whether it was taken or not."""
    one = verdict.candidate
    return {"id": one.id, "name": one.name, "year": one.year, "score": verdict.score, "reason": verdict.reason}


def _twin(match: Match) -> Match | None:
    """Return a match of the same name that a search has settled: no need to ask twice."""
    alike = Match.objects.filter(
        kind=match.kind, name=match.name, year=match.year, state=Match.State.MATCHED, by=By.SEARCH, locked=False
    )
    return alike.exclude(pk=match.pk).filter(title__tmdb_id__isnull=False).select_related("title").first()


def _settle(match: Match, found: Identity) -> None:
    if found.ignored:
        with running.ending():
            move(match, Match.State.IGNORED, reason=found.reason, locked=True, looked_at=timezone.now())
        return
    before, unknown = match.title_id, not match.sidecars
    match.kind = found.kind or match.kind
    tmdb_id = found.tmdb_id or _tmdb_id(match, found)
    with running.ending(), transaction.atomic():
        title = titles.title_for(match, tmdb_id=tmdb_id, name=found.name or match.name or match.key, year=found.year)
        _keep_ids(title, found)
        matched = move(
            match,
            Match.State.MATCHED,
            reason=found.reason,
            facts={"by": found.by, "tmdb_id": tmdb_id, "score": found.score, "considered": found.considered},
            by=found.by,
            kind=match.kind,
            title=title,
            score=found.score,
            locked=found.locked,
            candidates=[],
            looked_at=timezone.now(),
        )
        if matched:
            titles.forget_unless_matched(before, successor=title)
            _queue_next(match, title, anew=before is not None and unknown)
        else:  # somebody has decided about the match meanwhile, or its library is gone
            transaction.set_rollback(True)  # what its title has learnt, too


def _tmdb_id(match: Match, found: Identity) -> int | None:
    """Return the TMDB id behind the ids that were found; a film's IMDb id needs no question."""
    if isinstance(found.ids.get("tmdb"), int):
        return int(found.ids["tmdb"])
    if match.kind == Title.Kind.MOVIE and "imdb" in found.ids:
        known = Title.objects.filter(kind=match.kind, other_ids__source="imdb", other_ids__value=found.ids["imdb"])
        return known.values_list("tmdb_id", flat=True).first()
    if not tmdb.configured(demo=match.library.demo, surely=True):
        return None
    for source in ("imdb", "tvdb"):
        if source in found.ids:
            candidate = tmdb.find(source, str(found.ids[source]), kind=match.kind)
            if candidate:
                return candidate.id
    return None


def _keep_ids(title: Title, found: Identity) -> None:
    rows = [TitleId(title=title, source=name, value=str(value)) for name, value in found.ids.items() if name != "tmdb"]
    TitleId.objects.bulk_create(rows, ignore_conflicts=True)


def _unclear(match: Match, found: list[Candidate]) -> None:
    reason = (
        f"{len(found)} titles come close and none is clearly ahead" if found else "nothing with this name was found"
    )
    name, year, _described = _said(match)
    former = match.title
    fields: dict[str, Any] = {"candidates": [asdict(one) for one in found], "looked_at": timezone.now()}
    with running.ending():
        title = titles.own_title(match, name=name or match.key, year=year)
        # What it was believed to be is no longer believed; a title of its own, from its name, stays.
        wrong = former if former and former.pk != title.pk else None
        fields |= {"title": title} | ({"by": "", "score": None} if wrong else {})
        if not move(match, Match.State.UNMATCHED, reason=reason, facts={"candidates": len(found)}, **fields):
            titles.forget_unless_matched(title.pk)
            return
        if wrong:
            _take_from(match, wrong, title)
        episodes.link(match)
        queue.enqueue(causes.description(title.pk, reason=titles.NOBODY_KNOWS))


def _take_from(match: Match, wrong: Title, title: Title) -> None:
    """Take a match and what was written for it from a title that it was believed to be."""
    episodes.unlink(match)
    left = leftovers.leave_all(match)
    titles.forget_unless_matched(wrong.pk, successor=title)
    queue.enqueue(*(leftovers.work(match.library_id) if left else ()))


def _follow_up(match: Match, title: Title) -> None:
    """A match that is settled got new files: link them, ask only for what is not described yet."""
    with running.ending():
        if match.state != Match.State.MATCHED:
            move(match, Match.State.MATCHED, reason=match.reason or "locked", looked_at=timezone.now())
        _queue_next(match, title)


def _queue_next(match: Match, title: Title, *, anew: bool = False) -> None:
    """Link the files and queue what is still missing: a description, or only the files beside them.

    With `anew`, files have described the title as long as nobody knew which it is.
    """
    episodes.link(match)
    work = causes.description(title.pk, reason="it has new files")
    anew = anew and title.described_by != Title.DescribedBy.TMDB
    if anew or title.state == Title.State.NEW or _lacks_seasons(match, title):
        queue.enqueue(work)
    elif title.state == Title.State.INDEXED:
        episodes.index_files(match)
        pictures = [] if match.sidecars else [causes.artwork(title.pk, reason="it has a new place")]
        if title.kind == Title.Kind.SHOW:
            pictures.append(causes.stills(title.pk, reason="it has new files"))
        queue.enqueue(causes.writing(match.pk, reason="it has new files"), *pictures)
    else:
        queue.seed([work])
    queue.seed([causes.inspection(match.pk, priority=Priority.VERY_LOW)])


def _lacks_seasons(match: Match, title: Title) -> bool:
    """Return whether files hold episodes that the description has not been asked for."""
    if title.kind != Title.Kind.SHOW or title.described_by != Title.DescribedBy.TMDB:
        return title.described_by == Title.DescribedBy.NAMES and title.tmdb_id is not None
    described = set(title.details.get("seasons_asked", []))
    on_disk = match.files.filter(extra="", season__isnull=False).values_list("season", flat=True).distinct()
    return not described.issuperset(on_disk)


def _worded(ids: Mapping[str, str | int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in ids.items())
