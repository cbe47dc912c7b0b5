"""What Home tells: what needs a person, what is worked on, what airs next, and the library in figures."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Exists, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from jobs.models import IS_OPEN, Job, Pool
from pages.stored import translated
from scanner.listing import UNTIDY, aired_and_missing
from scanner.models import Episode, EpisodeFile, Library, Match, MediaFile, Scan, Title
from scanner.providers import tmdb
from scanner.strips import with_state
from scanner.unmatched import waiting

WEEK, MONTH = datetime.timedelta(days=7), datetime.timedelta(days=30)
MOST_AIRING = 30
MOST_A_DAY = 6
FIGURES_S, BUSY_S = 60, 2  # how old the figures may be, and while work changes them; some look at every episode


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person: a sentence, and where it is settled. `name` stands before the sentence."""

    sentence: str
    address: str
    action: str
    name: str = ""
    state: str = "needs"
    dismiss: str = ""  # where it is said that it was seen; only what is optional has one


@dataclass(frozen=True, slots=True)
class Day:
    """What airs on a day; `word` is how people call it."""

    date: datetime.date
    word: str
    episodes: list[Any]

    @property
    def first(self) -> list[Any]:
        """What is shown of them: a day on which a lot airs does not push the rest of the page away."""
        return self.episodes[:MOST_A_DAY]

    @property
    def more(self) -> bool:
        """Whether that is not all."""
        return len(self.episodes) > MOST_A_DAY


def libraries() -> list[Any]:
    """Return the libraries; each carries what is said of all of them, so that it is one query."""
    latest = Scan.objects.filter(ended_at__isnull=False, library__isnull=False).order_by("-created_at")
    return list(
        Library.objects.annotate(
            scanned_at=Subquery(latest.values("ended_at")[:1]),
            unmatched=_number(Match.objects.filter(state=Match.State.UNMATCHED), "state"),
            failed=_number(Job.objects.filter(IS_OPEN, state=Job.State.FAILED), "state"),
            unreadable=_number(MediaFile.objects.filter(UNTIDY, state=MediaFile.State.ERROR), "state"),
            paused=Exists(Pool.objects.filter(paused_at__isnull=False)),
        )
    )


def needs(found: Sequence[Any], scans: Iterable[Scan], refused: Iterable[str], *, staff: bool) -> list[Need]:
    """Return what waits for a person, the most pressing first."""
    return [*_of_sources(refused, staff=staff), *_of_folders(found), *_of_scans(scans), *_of_things(found, staff=staff)]


def of_the_key(found: Sequence[Any]) -> Iterator[Need]:
    """Return that there is no metadata key, which somebody may want or not."""
    if any(not library.demo for library in found) and not tmdb.configured():
        sentence = _("Posters, cast and episode names need a key")
        yield Need(sentence, reverse("settings-metadata"), _("Look"), state="off", dismiss=reverse("scanner:key-seen"))


def _of_sources(refused: Iterable[str], *, staff: bool) -> Iterator[Need]:
    for name in refused:
        sentence = _("does not accept our key; what needs it waits, nothing is lost.")
        yield Need(sentence, reverse("settings-metadata" if staff else "queue"), _("Look"), name)


def _of_folders(found: Iterable[Any]) -> Iterator[Need]:
    for library in found:
        if library.problem:
            sentence = _("%s Its titles are kept.") % translated(library.problem)
            yield Need(sentence, reverse("scanner:scan-list"), _("Scans"), library.name, state="failed")


def _of_scans(scans: Iterable[Scan]) -> Iterator[Need]:
    for scan in scans:
        if scan.state == Scan.State.HELD:
            lost = len(scan.losses) if isinstance(scan.losses, list) else 0
            sentence = ngettext(
                "a scan misses %d file and waits for your word.",
                "a scan misses %d files and waits for your word.",
                lost,
            )
            name = scan.library.name if scan.library else ""
            yield Need(sentence % lost, reverse("scanner:scan", args=[scan.pk]), _("Decide"), name)


def _of_things(found: Sequence[Any], *, staff: bool) -> Iterator[Need]:
    if not found:
        return
    seen = found[0]
    if seen.unmatched and staff:
        sentence = ngettext("%d folder has no clear title.", "%d folders have no clear title.", seen.unmatched)
        yield Need(sentence % seen.unmatched, _place("scanner:unmatched", "admin:scanner_match_changelist"), _("Pick"))
    if seen.failed:
        sentence = ngettext("%d job could not be done.", "%d jobs could not be done.", seen.failed)
        yield Need(sentence % seen.failed, f"{reverse('queue')}?state=failed", _("Look"))
    if seen.unreadable:
        sentence = ngettext("%d file cannot be read.", "%d files cannot be read.", seen.unreadable)
        yield Need(sentence % seen.unreadable, f"{reverse('scanner:library')}?state=needs", pgettext("button", "Show"))
    if seen.paused:
        yield Need(
            _("Part of the work is paused until somebody resumes it."), reverse("queue"), _("Queue"), state="off"
        )


def airing(today: datetime.date) -> tuple[list[Day], Any]:
    """Return the days of the coming week on which episodes air; where there are none, the first one after it."""
    episodes = Episode.objects.filter(air_date__range=(today, today + MONTH)).exclude(wish=Episode.Wish.IGNORED)
    wanted = episodes.filter(Q(season__gt=0) | Q(wish=Episode.Wish.WANTED))
    shown = with_state(wanted, today).select_related("title").order_by("air_date", "title", "season", "number")
    columns = ("season", "number", "name", "air_date", "title__name", "title__kind")
    found = list(shown.only(*columns)[:MOST_AIRING])
    days: dict[datetime.date, list[Any]] = {}
    for episode in found:
        if episode.air_date < today + WEEK:
            days.setdefault(episode.air_date, []).append(episode)
    later = found[0] if found and not days else None
    return [Day(date, _word(date, today), shown) for date, shown in days.items()], later


def _word(date: datetime.date, today: datetime.date) -> str:
    away = (date - today).days
    return _("Today") if away == 0 else _("Tomorrow") if away == 1 else ""


def recent(most: int) -> list[Title]:
    """Return the titles that came last, as cards show them."""
    found = Title.objects.annotate(waiting=waiting()).order_by("-created_at", "-id")
    return list(found.only("kind", "state", "name", "year", "poster")[:most])


_kept: list[tuple[float, bool, dict[str, int]]] = []


def figures(*, busy: bool) -> dict[str, int]:
    """Return the library in numbers: one query, and no look at a title itself.

    They are a minute old at most; those of a `busy` moment are counted anew at once.
    """
    now, kept = time.monotonic(), _kept[-1:]  # one read: other threads change it
    if kept and now - kept[0][0] < (BUSY_S if busy or kept[0][1] else FIGURES_S) * settings.WIRE_SECONDS:
        return kept[0][2]
    kinds = Title.objects.order_by().values_list("kind").annotate(n=Count("pk"))
    found: Any = kinds.union(
        _counted("stale", Title.objects.filter(state=Title.State.STALE)),
        _counted("gone", MediaFile.objects.filter(UNTIDY, state=MediaFile.State.MISSING)),
        _counted("episodes", EpisodeFile.objects.all()),
        _counted("missing", aired_and_missing()),
        MediaFile.objects.exclude(state=MediaFile.State.MISSING)
        .order_by()
        .values(word=Value("size", CharField()))
        .annotate(n=Coalesce(Sum("size_bytes"), 0))
        .values_list("word", "n"),
        all=True,
    )
    counted = dict(found)
    _kept[:] = [(now, busy, counted)]
    return counted


def _counted(word: str, rows: QuerySet[Any]) -> Any:
    return rows.order_by().values(word=Value(word, CharField())).annotate(n=Count("pk")).values_list("word", "n")


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many rows there are, as a part of another query; `by` is the same for all of them."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def _place(name: str, instead: str) -> str:
    """Return the address of a page, or of the one that serves for it on a server without it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(instead)
