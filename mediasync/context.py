"""What the frame around every page shows; read only by templates that show a frame."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.db.models import CharField, Q, Value
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jobs.models import Drain
from mediasync import __version__, demo
from mediasync.navigation import places
from mediasync.standing import shown
from outbound import budget, pacing
from outbound.clock import Moment
from outbound.models import Grant, Source
from pages import live, moment, preferences
from scanner.listing import open_scans
from scanner.models import Scan

ALIVE = datetime.timedelta(seconds=60)
web_began_at: datetime.datetime | None = None  # set by the web process: workers need a moment to start beside it
THEMES = ("", "light", "dark")
THEME_COOKIE = "mediasync_theme"


class Wire:
    """The strip on top of every page: sources, running scans, the workers. Three queries."""

    def __init__(self) -> None:
        """Nothing is read until it is shown."""
        self._rendered: dict[str, SafeString] = {}

    @cached_property
    def _signs(self) -> tuple[bool, dict[str, list[pacing.Stamp]]]:
        """Whether a worker lives, and the requests within the rules of each source: one query for both."""
        alive = Drain.objects.filter(beat_at__gte=timezone.now() - ALIVE).order_by()
        marks: Any = alive.values_list(Value("", CharField()), Value(0.0), Value(0.0))
        grants = Grant.objects.filter(self._in_windows()).order_by().values_list("source_id", "arrived_by", "taken_at")
        stamps: dict[str, list[pacing.Stamp]] = {}
        for name, arrived_by, taken_at in marks.union(grants, all=True):
            stamps.setdefault(name, []).append(pacing.Stamp(arrived_by, taken_at))
        return "" in stamps, stamps

    @cached_property
    def sources(self) -> list[Source]:
        """Every source asked so far, with `shown` (a circuit word), `until`, `why` and the room that is `free`."""
        now = timezone.now()
        for source in self._known:
            source.shown, source.until, source.why = shown(source, now)  # type: ignore[attr-defined]
            source.free = self._free(source)  # type: ignore[attr-defined]
        return self._known

    @cached_property
    def scans(self) -> list[Scan]:
        """Scans that run or are held, with what their walk has done."""
        return list(open_scans().order_by("state", "pk")[:3])

    @cached_property
    def stopped(self) -> bool:
        """Whether no worker has given a sign of life for a minute."""
        starting = web_began_at is not None and timezone.now() - web_began_at < ALIVE
        return not (self._signs[0] or starting)

    @cached_property
    def _known(self) -> list[Source]:
        return list(Source.objects.order_by("name"))

    @cached_property
    def moment(self) -> Moment:
        """When this look was taken."""
        return budget.now()

    def _in_windows(self) -> Q:
        """The grants that a rule still counts, as few as it allows; an hour of them is kept."""
        within = Q(pk__in=())
        for source in self._known:
            longest = max((rule.seconds for rule in budget.rules_of(source)), default=0.0)
            within |= Q(source=source, arrived_by__gt=self.moment.budget - longest)
        return within

    def _free(self, source: Source) -> tuple[int, int] | None:
        """How many requests the tightest rule has room for, of how many."""
        now, stamps = self.moment.budget, self._signs[1].get(source.name, [])
        rules = budget.rules_of(source)
        return min(
            ((max(0, rule.requests - pacing.used(rule, stamps, now)), rule.requests) for rule in rules), default=None
        )

    @property
    def revision(self) -> str:
        """Changes whenever the strip would look different."""
        sources = [(s.name, s.shown, s.until, s.free) for s in self.sources]  # type: ignore[attr-defined]
        scans = [(s.pk, s.state, s.done_units, s.files) for s in self.scans]  # type: ignore[attr-defined]
        return live.revision_of(sources, scans, self.stopped)

    @property
    def html(self) -> SafeString:
        """The strip as every page shows it, rendered once for all of them."""
        language = get_language() or ""
        if language not in self._rendered:
            self._rendered[language] = render_to_string("mediasync/wire.html", {"wire": self})
        return self._rendered[language]


def wire() -> Wire:
    """Return the strip as it was a moment ago at most: all pages of that moment share one look and one rendering."""
    return moment.shared("wire", Wire)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the values that base.html needs on every page; nothing is read until it is shown."""
    mine = preferences.of(getattr(request, "user", None))
    theme = mine.theme or request.COOKIES.get(THEME_COOKIE, "")
    return {
        "version": __version__,
        "wire": wire(),
        "theme": theme if theme in THEMES else "",
        "shortcuts": mine.shortcuts,
        "places": places,
        "demo_offered": demo.is_offered,
    }
