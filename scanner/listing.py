"""What the pages list: a querystring becomes a typed query, and that a page of titles."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from jobs.models import Job
from pages.paging import Pages
from pages.query import ListQuery, like, one_of, whole
from scanner import letters
from scanner.filenames import fold
from scanner.models import Episode, EpisodeFile, Genre, Match, MediaFile, MediaInfo, Scan, Title, TitleGenre
from scanner.strips import Held
from scanner.unmatched import waiting

STATES = {
    "": _("Any state"),
    "indexed": _("Available"),
    "new": _("Queued"),
    "missing": _("Missing episodes"),
    "needs": _("Needs you"),
    "stale": _("Description due"),
    "gone": _("Gone from disk"),
    "damaged": _("Damaged files"),
}
TYPES = {"": _("All types"), "movie": _("Movies"), "show": _("Shows")}
VIEWS = {"grid": _("Posters"), "table": _("Table")}
YEAR = r"\d{4}(s|[-–]\d{4})?"  # 1987, 1980s, 1980-1989
ACTIONS = {
    "refresh": _("Refresh metadata"),
    "lock": _("Lock match"),
    "unlock": _("Unlock match"),
    "write": _("Write files again"),
}
SORTS = {"name": _("Name"), "added": _("Recently added"), "year": _("Newest release"), "rating": _("Best rated")}
ORDER: dict[str, tuple[str, ...]] = {
    "name": ("sort_name", "id"),
    "added": ("-created_at", "-id"),
    "year": ("-year", "sort_name", "id"),
    "rating": ("-rating", "sort_name", "id"),
}
COLUMNS: dict[str, tuple[str, ...]] = {"grid": ("kind", "state", "name", "year", "poster")}
COLUMNS["table"] = (*COLUMNS["grid"], "created_at")
# With the words of the index' own condition: a bound parameter would hide that it applies. No table's name: it also
# stands inside other queries, under an alias.
UNTIDY = RawSQL("NOT (state = 'indexed')", [], output_field=BooleanField())
DAMAGED = RawSQL("NOT (problem = '')", [], output_field=BooleanField())
INITIAL = Substr("sort_name", 1, 1)
LARGEST = 10**9
KEEP = 60  # times as long as the strip on top is kept
DEAR = ("missing", "gone", "needs")


@dataclass(frozen=True, slots=True)
class LibraryQuery(ListQuery):
    """What the address of the Library asks for."""

    q: str = ""
    type: str = one_of(TYPES)
    state: str = one_of(STATES)
    genre: str = ""
    year: str = like(YEAR)
    folder: int = 0
    letter: str = one_of(("", *letters.KNOWN))
    sort: str = one_of(SORTS, "name")
    view: str = one_of(VIEWS, "grid")

    @property
    def words(self) -> str:
        """What narrows the list, in words: "state: missing, year: 1987"."""
        said = [
            (_("name"), self.q),
            (_("type"), TYPES[self.type] if self.type else ""),
            (_("state"), STATES[self.state] if self.state else ""),
            (_("genre"), self.genre),
            (_("year"), self.year),
            (_("letter"), letters.word(self.letter) if self.letter else ""),
        ]
        return ", ".join(f"{name}: {value}" for name, value in said if value) or str(_("this folder"))

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year asked for."""
        begin = int(self.year[:4])
        return begin, begin + 9 if self.year.endswith("s") else int(self.year[-4:])

    def titles(self) -> QuerySet[Title]:
        """Return the titles asked for, in order; only the columns of a card are read."""
        found = Title.objects.all()
        if self.year:
            found = found.filter(year__range=self.years)
        if self.genre:
            found = found.filter(pk__in=TitleGenre.objects.filter(genre__name=self.genre).values("title"))
        if self.letter:
            found = found.annotate(initial=INITIAL).filter(_under(self.letter))
        if self.type:
            found = found.filter(kind=self.type)
        if self.folder:
            found = found.filter(Exists(Match.objects.filter(title=OuterRef("pk"), library=self.folder)))
        if self.q:
            found = found.filter(_search(self.q))
        if self.state:
            found = found.filter(_in_state(self.state))
        return found.order_by(*ORDER[self.sort]).only(*COLUMNS[self.view]).annotate(waiting=waiting())


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of a title lie: the folder (how many more there are), and bytes in all."""

    folder: str
    more: int
    size: int


def places(held: Iterable[Held]) -> dict[int, Place]:
    """Return the place of each title from its files; the folder that holds most of it is named."""
    found: dict[int, dict[str, int]] = {}
    for one in held:
        folders = found.setdefault(one.title, {})
        size = 0 if one.state == "missing" else one.size
        folders[one.folder] = folders.get(one.folder, 0) + size
    return {
        title: Place(max(folders, key=lambda name: folders[name]), len(folders) - 1, sum(folders.values()))
        for title, folders in found.items()
    }


@dataclass(frozen=True, slots=True)
class Offer:
    """What the list can be narrowed to: the genres that titles have, and the signs that their names begin with."""

    names: list[str]
    initials: list[str]

    def genres(self, chosen: str = "") -> list[str]:
        """Return the genres by name; `chosen` is among them."""
        return self.names if not chosen or chosen in self.names else sorted([*self.names, chosen])

    @property
    def letters(self) -> list[tuple[str, str]]:
        """The letters to open the list at: (letter, how it is written)."""
        return [(each, letters.word(each)) for each in letters.listed(self.initials)]


_offered: list[tuple[float, Offer]] = []


def offer() -> Offer:
    """Return what there is to choose from, as it was a minute ago at most; one query."""
    now, kept = time.monotonic(), _offered[-1:]  # one read: other threads change it
    if not kept or now - kept[0][0] >= KEEP * settings.WIRE_SECONDS:
        used = Exists(TitleGenre.objects.filter(genre=OuterRef("pk")))
        named = Genre.objects.filter(used).order_by().values_list(Value("genre"), "name")
        begun = Title.objects.order_by().values_list(Value("initial"), INITIAL)  # the union makes them distinct
        found: dict[str, list[str]] = {"genre": [], "initial": []}
        for what, value in named.union(begun):
            found[what].append(value)
        kept = [(now, Offer(sorted(found["genre"]), found["initial"]))]
        _offered[:] = kept
    return kept[0][1]


def nearest(text: str) -> Title | None:
    """Return the title whose name is spelled most like `text`, if any is near enough."""
    wanted = fold(text)
    names = dict(Title.objects.values_list("pk", "sort_name")) if wanted else {}
    found = process.extractOne(wanted, names, scorer=fuzz.WRatio, score_cutoff=70)
    return Title.objects.only("kind", "name", "year").get(pk=found[2]) if found else None


def unnamed(query: LibraryQuery) -> int:
    """Return how many unmatched folders, which have no title to be shown, a list of what needs somebody would hold."""
    if query.state not in ("", "needs") or query.type or query.genre or query.year:
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


def _under(letter: str) -> Q:
    if letter == letters.DIGITS:
        return Q(initial__in=letters.NUMERALS)
    if letter == letters.OTHER:
        return ~Q(initial__in=[*letters.NUMERALS, *letters.ALPHABETS])
    return Q(initial=letter)


def _in_state(state: str) -> Q:
    if state == "missing":
        # distinct() has SQLite read the episodes in the order of their titles: twice as quick as by their dates.
        return Q(pk__in=aired_and_missing().order_by().values("title").distinct())
    if state == "gone":
        return Q(pk__in=_with_files("missing").values("title"))
    if state == "damaged":
        damaged = MediaInfo.objects.filter(DAMAGED).exclude(file__state="missing")
        return Q(pk__in=damaged.filter(file__match__title__isnull=False).values("file__match__title"))
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


def aired_and_missing() -> QuerySet[Episode]:
    """Episodes that are aired and on no disk, no special unless wanted (one pass, not one look a title)."""
    held = EpisodeFile.objects.filter(episode=OuterRef("pk"))
    aired = Episode.objects.filter(air_date__lt=timezone.localdate()).exclude(wish=Episode.Wish.IGNORED)
    wanted = aired.filter(Q(season__gt=0) | Q(wish=Episode.Wish.WANTED))
    return wanted.filter(~Exists(held))
