"""What the pages list: a querystring becomes a typed query, and that a page of titles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from jobs.models import Job
from pages.paging import Pages
from pages.query import ListQuery, one_of, whole
from scanner.filenames import fold
from scanner.models import Episode, EpisodeFile, Match, MediaFile, Scan, Title

STATES = {
    "": _("Any state"),
    "indexed": _("Available"),
    "new": _("Queued"),
    "missing": _("Missing episodes"),
    "needs": _("Needs you"),
    "stale": _("Stale metadata"),
    "gone": _("Gone from disk"),
}
TYPES = {"": _("All types"), "movie": _("Movies"), "show": _("Shows")}
SORTS = {"name": _("Name"), "added": _("Recently added"), "year": _("Newest release"), "rating": _("Best rated")}
ORDER: dict[str, tuple[str, ...]] = {
    "name": ("sort_name", "id"),
    "added": ("-created_at", "-id"),
    "year": ("-year", "sort_name", "id"),
    "rating": ("-rating", "sort_name", "id"),
}
# With the words of the index' own condition: a bound parameter would hide that it applies.
UNTIDY = RawSQL("NOT (state = 'indexed')", [], output_field=BooleanField())
LARGEST = 10**9
DEAR = ("missing", "gone", "needs")


@dataclass(frozen=True, slots=True)
class LibraryQuery(ListQuery):
    """What the address of the Library asks for."""

    q: str = ""
    type: str = one_of(TYPES)
    state: str = one_of(STATES)
    folder: int = 0
    sort: str = one_of(SORTS, "name")

    @property
    def words(self) -> str:
        """What narrows the list, in words: "state: missing, year: 1987"."""
        said = [
            (_("name"), self.q),
            (_("type"), TYPES[self.type] if self.type else ""),
            (_("state"), STATES[self.state] if self.state else ""),
        ]
        return ", ".join(f"{name}: {value}" for name, value in said if value) or str(_("this folder"))

    def titles(self) -> QuerySet[Title]:
        """Return the titles asked for, in order; only the columns of a card are read."""
        found = Title.objects.all()
        if self.type:
            found = found.filter(kind=self.type)
        if self.folder:
            found = found.filter(Exists(Match.objects.filter(title=OuterRef("pk"), library=self.folder)))
        if self.q:
            found = found.filter(_search(self.q))
        if self.state:
            found = found.filter(_in_state(self.state))
        return found.order_by(*ORDER[self.sort]).only("kind", "state", "name", "year", "poster")


def page_of(query: LibraryQuery) -> tuple[list[Title], Pages]:
    """Return the titles of the page asked for, and where it stands among the others."""
    titles = query.titles()
    wanted = Pages(query.page, query.per, LARGEST)
    if query.state in DEAR:
        # What is dear to find is found once: the length of the list comes with each of its rows.
        shown: list[Any] = list(titles.annotate(together=Window(Count("pk")))[wanted.slice])
        if shown:
            return shown, Pages(query.page, query.per, shown[0].together)
    pages = Pages(query.page, query.per, titles.order_by().count())
    return list(titles[pages.slice]), pages


def nearest(text: str) -> Title | None:
    """Return the title whose name is spelled most like `text`, if any is near enough."""
    wanted = fold(text)
    names = dict(Title.objects.values_list("pk", "sort_name")) if wanted else {}
    found = process.extractOne(wanted, names, scorer=fuzz.WRatio, score_cutoff=70)
    return Title.objects.only("kind", "name", "year").get(pk=found[2]) if found else None


def unnamed(query: LibraryQuery) -> int:
    """Return how many unmatched folders, which have no title to be shown, a list of what needs somebody would hold."""
    if query.state not in ("", "needs") or query.type:
        return 0
    folders = Match.objects.filter(state=Match.State.UNMATCHED, title=None, name__icontains=query.q)
    return folders.filter(library=query.folder).count() if query.folder else folders.count()


def open_scans() -> QuerySet[Scan]:
    """Return scans that are open or held, annotated with their job's progress (`done_units`)."""
    job = Job.objects.filter(
        kind="scanner.walk",
        key=Concat(Value("scan:"), Cast(OuterRef("pk"), CharField())),
        state__in=["leased", "ready"],
    )
    return Scan.objects.filter(state__in=["open", "held"]).annotate(done_units=Subquery(job.values("done_units")[:1]))


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Return what the keys of jobs stand for, in one query: {"title:17": "Harbour Lights"}."""
    wanted: dict[str, set[int]] = {"title": set(), "match": set(), "scan": set()}
    for key in keys:
        model, _colon, pk = key.partition(":")
        if model in wanted:
            wanted[model].add(whole(pk, 0))
    if not any(wanted.values()):
        return {}
    found = _named(Title, wanted["title"], "title", "name").union(
        _named(Match, wanted["match"], "match", "name"), _named(Scan, wanted["scan"], "scan", "library__name"), all=True
    )
    return {f"{model}:{pk}": name for model, pk, name in found if name}


def _named(model: Any, ids: set[int], word: str, name: str) -> Any:
    rows = model.objects.filter(pk__in=ids).order_by()
    return rows.annotate(word=Value(word, CharField()), said=F(name)).values_list("word", "pk", "said")


def _search(text: str) -> Q:
    folded = fold(text)
    return Q(sort_name__contains=folded) | Q(original_name__icontains=text) if folded else Q(name__icontains=text)


def _in_state(state: str) -> Q:
    if state == "missing":
        return Q(pk__in=_with_missing_episodes())
    if state == "gone":
        return Q(pk__in=_with_files("missing").values("title"))
    if state == "needs":
        unmatched = Match.objects.filter(state="unmatched", title__isnull=False).values("title")
        return Q(state="error") | Q(pk__in=unmatched) | Q(pk__in=_with_files("error").values("title"))
    if state == "indexed":
        there = MediaFile.objects.filter(match__title=OuterRef("title")).exclude(state="missing")
        return Q(state="indexed") & ~Q(pk__in=_with_files("missing").exclude(Exists(there)).values("title"))
    return Q(state=state)


def _with_files(state: str) -> QuerySet[Match]:
    """Matches with a file in a state other than indexed: those rows alone are read, by their index."""
    found = MediaFile.objects.filter(UNTIDY, state=state).values("match")
    return Match.objects.filter(pk__in=found, title__isnull=False)


def _with_missing_episodes() -> QuerySet[Episode, Any]:
    """Titles with an aired regular episode that is on no disk (one pass, not one look a title)."""
    held = EpisodeFile.objects.filter(episode=OuterRef("pk"))
    aired = Episode.objects.filter(season__gt=0, air_date__lt=timezone.localdate())
    return aired.filter(~Exists(held)).values("title")
