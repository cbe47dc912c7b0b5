"""The journal as a list: narrowed, paged by place instead of by number, and told with the names of its things.

A page costs the same with a thousand events and with a million: what an index answers orders the list, and anything
else is looked for among the next `LOOKED` of those only; the page says how far back it has looked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from jobs.words import pool_word
from journal.models import Event
from outbound.models import Source
from pages.query import ListQuery, one_of, whole
from pages.stored import translated
from scanner.filenames import slug
from scanner.models import Library, Match, MediaFile, Scan, Title

LOOKED = 50_000
MOST_EXPORTED = 100_000
EXPORTED_AT_ONCE = 2_000
# One label each: an index has the events of one in order, not those of several.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("Everything"), ()),
    "library": (_("Libraries"), ("scanner.library",)),
    "titles": (_("Titles"), ("scanner.title",)),
    "matches": (_("Matches"), ("scanner.match",)),
    "files": (_("Files"), ("scanner.mediafile",)),
    "scans": (_("Scans"), ("scanner.scan",)),
    "jobs": (_("Jobs"), ("jobs.job",)),
    "sources": (_("Sources"), ("outbound.source",)),
    "health": (_("Health"), ("health.result",)),
    "settings": (_("Settings"), ()),  # whatever is none of the others
}
# What a subject is called in addresses, and the scope of its state words.
LABELS = {
    "title": "scanner.title",
    "match": "scanner.match",
    "file": "scanner.mediafile",
    "library": "scanner.library",
    "scan": "scanner.scan",
    "job": "jobs.job",
    "pool": "jobs.pool",
    "schedule": "jobs.schedule",
    "source": "outbound.source",
    "health": "health.result",
}
SCOPES = {label: word for word, label in LABELS.items()}
WORDS = {
    "title": _("Title"),
    "match": _("Match"),
    "file": _("File"),
    "library": _("Library"),
    "scan": _("Scan"),
    "job": _("Job"),
    "pool": _("Pool"),
    "schedule": _("Schedule"),
    "source": _("Source"),
    "health": _("Health"),
}
MARK = re.compile(r"[0-9]{1,16}\.[0-9]{1,18}")
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class HistoryQuery(ListQuery):
    """What the address of the History asks for. `before` is the place where the page before ended."""

    q: str = ""
    kind: str = one_of(tuple(KINDS))
    subject: str = ""
    actor: str = ""
    since: str = ""
    until: str = ""
    before: str = ""
    sizes: ClassVar[tuple[int, ...]] = (24, 48, 96)

    @property
    def narrows(self) -> bool:
        """Whether anything but the place is asked for."""
        return any((self.q, self.kind, self.subject, self.actor, self.since, self.until))

    @property
    def label(self) -> str:
        """The subject as events have it: "title:17" is "scanner.title:17"."""
        word, colon, key = self.subject.partition(":")
        return f"{LABELS[word]}:{key}" if colon and word in LABELS else self.subject

    def by_index(self) -> QuerySet[Event]:
        """Return the events in order, narrowed by what one index answers, and from the place on."""
        found = Event.objects.order_by("-at", "-id")
        if self.subject:
            found = found.filter(subject=self.label)
        elif self.actor:
            found = found.filter(actor=self.actor)
        elif KINDS[self.kind][1]:
            found = found.filter(about=KINDS[self.kind][1][0])
        if (since := _day(self.since)) is not None:
            found = found.filter(at__gte=since)
        if (end := _day(self.until, days=1)) is not None:
            found = found.filter(at__lt=end)
        return found.filter(_from(self.before)) if MARK.fullmatch(self.before) else found

    def besides(self) -> Q:
        """Return what has to be looked for among those; empty where there is nothing."""
        wanted = Q()
        if self.q:
            wanted &= Q(reason__icontains=self.q) | Q(name__icontains=self.q)
        if self.actor and self.subject:
            wanted &= Q(actor=self.actor)
        if self.kind == "settings":
            wanted &= ~Q(about__in=[label for _word, labels in KINDS.values() for label in labels])
        elif self.kind and (self.subject or self.actor):
            wanted &= Q(about__in=KINDS[self.kind][1])
        return wanted


@dataclass(frozen=True, slots=True)
class Line:
    """An event as a person reads it; `address` is empty where its thing is gone or has no page."""

    event: Event
    scope: str
    word: Any
    name: str
    address: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the place where the next page begins, and how far back was looked where that was not to the end."""

    events: Sequence[Event]
    older: str = ""
    looked_to: datetime.datetime | None = None


def page_of(query: HistoryQuery) -> Page:
    """Return the page that is asked for: one query, two where more is asked than an index answers."""
    found, besides = query.by_index(), query.besides()
    edge: tuple[datetime.datetime, int] | None = None
    if besides:
        edge = found.values_list("at", "id")[LOOKED : LOOKED + 1].first()
        found = found.filter(besides)
        if edge:
            found = found.filter(Q(at__gte=edge[0]) & (Q(at__gt=edge[0]) | Q(id__gte=edge[1])))
    events = list(found[: query.per + 1])
    if len(events) > query.per:
        last = events[query.per - 1]
        return Page(events[: query.per], _mark(last.at, last.pk))
    return Page(events, _mark(*edge) if edge else "", edge[0] if edge else None)


def lines(events: Sequence[Event]) -> list[Line]:
    """Return events with the names and addresses of their things, in one query."""
    known = _names(events)
    return [_line(event, known) for event in events]


def exported(query: HistoryQuery) -> Iterator[Event]:
    """Yield what the filter finds, newest first, a short query after the other; at most 100,000."""
    besides, place, left = query.besides(), query.before, MOST_EXPORTED
    while left > 0:
        rows = list(replace(query, before=place).by_index().filter(besides)[: min(left, EXPORTED_AT_ONCE)])
        yield from rows
        left -= len(rows)
        if len(rows) < EXPORTED_AT_ONCE:
            return
        place = _mark(rows[-1].at, rows[-1].pk)


def _line(event: Event, known: dict[str, str]) -> Line:
    label, _colon, key = event.subject.partition(":")
    scope = SCOPES.get(label, "")
    there = event.subject in known
    name = known.get(event.subject) or event.name or _told(event) or key
    name = translated(name) if scope == "schedule" else pool_word(key) if scope == "pool" else name
    word = WORDS.get(scope, label)
    address = _address(scope, key, name) if there else ""
    gone = bool(key) and key != "set" and scope in ADDRESSED and not there
    return Line(event, "circuit" if scope == "source" else scope, word, name, address, gone)


def _told(event: Event) -> str:
    """Return what older events say of their thing in their facts."""
    facts = event.facts if isinstance(event.facts, dict) else {}
    return str(facts.get("key") or facts.get("path") or facts.get("to") or "")


ADDRESSED = {
    "title": (Title, "name"),
    "match": (Match, "key"),
    "file": (MediaFile, "path"),
    "library": (Library, "name"),
    "scan": (Scan, "library__name"),
    "job": (Job, "key"),
    "source": (Source, "name"),
}


def _names(events: Sequence[Event]) -> dict[str, str]:
    """Return what the things of these events are called now: one query over all tables that are spoken of."""
    wanted: dict[str, set[Any]] = {}
    for event in events:
        label, _colon, key = event.subject.partition(":")
        scope = SCOPES.get(label, "")
        if scope == "source" or (scope in ADDRESSED and whole(key, 0)):
            wanted.setdefault(scope, set()).add(key if scope == "source" else int(key))
    parts = [_named(scope, keys) for scope, keys in sorted(wanted.items())]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return {f"{LABELS[scope]}:{key}": name or "" for scope, key, name in rows}


def _named(scope: str, keys: set[Any]) -> Any:
    model, name = ADDRESSED[scope]
    rows: Any = model.objects.filter(pk__in=keys).order_by()  # type: ignore[attr-defined]
    said = {"said_scope": Value(scope, CharField()), "said_key": Cast("pk", CharField()), "said_name": F(name)}
    return rows.annotate(**said).values_list("said_scope", "said_key", "said_name")


def _address(scope: str, key: str, name: str) -> str:
    if scope == "title":
        return reverse("scanner:title", args=[key, slug(name)])
    if scope == "library":
        return f"{reverse('scanner:library')}?folder={key}"
    if scope == "health":
        return reverse("system")
    if scope == "file":
        return reverse("why", args=["file", key])
    names = {"match": "scanner:match", "scan": "scanner:scan", "job": "job", "source": "source"}
    return reverse(names[scope], args=[key]) if scope in names else ""


def _day(text: str, *, days: int = 0) -> datetime.datetime | None:
    """Return the beginning of a day, local time, or of one some days later; None for what is none."""
    try:
        day = datetime.date.fromisoformat(text) + datetime.timedelta(days=days)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    except (ValueError, OverflowError):
        return None


def _mark(at: datetime.datetime, pk: int) -> str:
    """Return a place in the list, exact to the microsecond."""
    since = at - EPOCH
    return f"{(since.days * 86_400 + since.seconds) * SECOND + since.microseconds}.{pk}"


def _from(mark: str) -> Q:
    moment, _dot, pk = mark.partition(".")
    at = EPOCH + datetime.timedelta(microseconds=int(moment))
    return Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=int(pk)))


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
