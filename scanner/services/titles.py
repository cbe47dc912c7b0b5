"""Which title a match belongs to, and how two that turn out to be one are merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from journal.moves import SYSTEM, record
from scanner.filenames import sort_name
from scanner.models import Artwork, Episode, EpisodeFile, FormerTitle, Match, Season, Title, TitleId

NOBODY_KNOWS = "nobody knows its title: its files describe it"


def in_use() -> QuerySet[Title]:
    """Return all titles but those whose only libraries are on their way out."""
    matches = Match.objects.filter(title=OuterRef("pk"))
    return Title.objects.filter(Exists(matches.filter(library__removed_at=None)) | ~Exists(matches))


def title_for(match: Match, *, tmdb_id: int | None, name: str, year: int | None) -> Title:
    """Return the title of a match: the one with this id, else the match's own, else a new one.

    A match's own title without an id learns it. Belongs into the transaction that sets the match.
    """
    own = match.title if match.title and match.title.kind == match.kind else None
    if tmdb_id is None:
        return own if own and own.tmdb_id is None else _new(match.kind, None, name, year)
    if own and own.tmdb_id in (None, tmdb_id):
        return _called(learn_tmdb_id(own, tmdb_id), name, year)
    known = Title.objects.filter(kind=match.kind, tmdb_id=tmdb_id).first()
    return known or _new(match.kind, tmdb_id, name, year)


def own_title(match: Match, *, name: str, year: int | None) -> Title:
    """Return the title that a match of which nobody knows what it is has to itself: called as its files are.

    One that was believed to be known, by an id, is none of its own.
    """
    title = match.title
    if title and title.kind == match.kind and title.tmdb_id is None and not title.other_ids.exists():
        return _called(title, name, year)
    return _new(match.kind, None, name, year)


def forget_unless_matched(title_id: int | None, *, successor: Title | None = None) -> bool:
    """Delete a title that no match leads to any more; its address redirects to its successor.

    Belongs after every change of a match's title, in the same transaction.
    """
    if title_id is None or (successor and successor.pk == title_id):
        return False
    if not Title.objects.filter(pk=title_id, matches__isnull=True).delete()[0]:
        return False
    if successor:
        FormerTitle.objects.update_or_create(former_id=title_id, defaults={"title": successor})
    return True


def _called(title: Title, name: str, year: int | None) -> Title:
    """Call a title that has only a file's name as it was found or picked: people see that until it is described."""
    if name and title.described_by == Title.DescribedBy.NAMES and (title.name, title.year) != (name, year):
        title.name, title.sort_name, title.year = name, sort_name(name), year
        fields = {"name": name, "sort_name": title.sort_name, "year": year, "updated_at": timezone.now()}
        Title.objects.filter(pk=title.pk).update(**fields)  # it may be gone: its match was ignored meanwhile
    return title


def _new(kind: str, tmdb_id: int | None, name: str, year: int | None) -> Title:
    """Make a title; two workers that meet the same id at once end up with the same one."""
    fields = {"name": name, "sort_name": sort_name(name), "year": year}
    if tmdb_id is None:
        return Title.objects.create(kind=kind, **fields)
    return Title.objects.get_or_create(kind=kind, tmdb_id=tmdb_id, defaults=fields)[0]


def learn_tmdb_id(title: Title, tmdb_id: int) -> Title:
    """Give a title its id and return the one that stays.

    Where another title has the id already, the younger is merged into the older one.
    """
    if title.tmdb_id == tmdb_id:
        return title
    with transaction.atomic():
        if not Title.objects.select_for_update().filter(pk=title.pk, tmdb_id=None).exists():
            return _new(title.kind, tmdb_id, title.name, title.year)  # a person was quicker: it is another, or gone
        other = Title.objects.filter(kind=title.kind, tmdb_id=tmdb_id).exclude(pk=title.pk).first()
        if other:
            stays, goes = sorted((title, other), key=lambda one: one.pk)
            return merge(goes, into=stays, tmdb_id=tmdb_id)
    try:
        with transaction.atomic():
            Title.objects.filter(pk=title.pk).update(tmdb_id=tmdb_id)
    except IntegrityError:  # another worker gave the id to its title just now
        return learn_tmdb_id(title, tmdb_id)
    title.tmdb_id = tmdb_id
    return title


def merge(goes: Title, *, into: Title, tmdb_id: int | None = None, actor: str = SYSTEM) -> Title:
    """Move everything of `goes` into the other title and delete it; its address redirects."""
    with transaction.atomic():
        former, name = goes.pk, str(goes)
        better = goes.described_by == Title.DescribedBy.TMDB != into.described_by
        Match.objects.filter(title=goes).update(title=into)
        FormerTitle.objects.filter(title=goes).update(title=into)
        _merge_episodes(goes, into)
        _merge_rows(goes, into)
        goes.delete()
        FormerTitle.objects.update_or_create(former_id=former, defaults={"title": into})
        if tmdb_id is not None:
            Title.objects.filter(pk=into.pk).update(tmdb_id=tmdb_id)
            into.tmdb_id = tmdb_id
        if better and Title.objects.filter(pk=into.pk, state=Title.State.INDEXED).update(state=Title.State.STALE):
            into.state = Title.State.STALE  # whoever called queues the description
        record(
            into, reason=f"“{name}” turned out to be the same and was merged in", facts={"from": former}, actor=actor
        )
    return into


def _merge_episodes(goes: Title, into: Title) -> None:
    """Hand files from the episodes of one title to those of the other, by season and number; whole sets at a time."""
    theirs = dict(_by_address(into))
    twins = {pk: theirs[address] for address, pk in _by_address(goes) if address in theirs}
    Episode.objects.filter(title=goes).filter(~_same_address(into)).update(title=into)
    held = EpisodeFile.objects.filter(episode__title=goes).values_list("file_id", "episode_id")
    links = [EpisodeFile(file_id=file, episode_id=twins[episode]) for file, episode in held]
    EpisodeFile.objects.bulk_create(links, ignore_conflicts=True)
    _merge_wishes(goes, twins)


def _merge_wishes(goes: Title, twins: Mapping[int, int]) -> None:
    """What a person said of an episode holds for its twin, of which nobody has said anything."""
    said = dict(Episode.objects.filter(title=goes).exclude(wish="").values_list("pk", "wish"))
    for wish in set(said.values()):
        ids = [twins[pk] for pk, word in said.items() if word == wish and pk in twins]
        Episode.objects.filter(pk__in=ids, wish="").update(wish=wish)


def _by_address(title: Title) -> Iterator[tuple[tuple[int, int], int]]:
    for pk, season, number in Episode.objects.filter(title=title).values_list("pk", "season", "number"):
        yield (season, number), pk


def _same_address(title: Title) -> Exists:
    """The other title has an episode of this season and number."""
    return Exists(Episode.objects.filter(title=title, season=OuterRef("season"), number=OuterRef("number")))


def _merge_rows(goes: Title, into: Title) -> None:
    """Move seasons, ids and pictures that the other title has not got itself."""
    numbers = Season.objects.filter(title=into).values("number")
    Season.objects.filter(title=goes).exclude(number__in=numbers).update(title=into)
    sources = TitleId.objects.filter(title=into).values("source")
    TitleId.objects.filter(title=goes).exclude(source__in=sources).update(title=into)
    slot = {name: OuterRef(name) for name in ("role", "season", "episode")}
    Artwork.objects.filter(title=goes).exclude(Exists(Artwork.objects.filter(title=into, **slot))).update(title=into)
