"""Why a title is described as it is, and when it is looked at again."""

from __future__ import annotations

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Event
from journal.moves import subject_of
from pages.why import Considered, Why
from scanner import planning
from scanner.models import Title
from scanner.unmatched import waiting
from scanner.whys.steps import EVENTS, MOST, address_of, filled, steps_of, when, why_here


def of_title(pk: int) -> tuple[Title, Why] | None:
    """Return a title and why it is described as it is."""
    title: Any = Title.objects.annotate(waiting=waiting()).filter(pk=pk).first()
    if title is None:
        return None
    matches = list(title.matches.select_related("library").order_by("library__name", "key")[:MOST])
    subjects = [subject_of(title), *(subject_of(match) for match in matches)]
    return title, Why(
        state=("title", "needs" if title.waiting else title.state),
        rule=_title_rule(title) if title.waiting is None else _unclear(),
        next=_title_next(title) if title.waiting is None else _("It waits for you: pick the right title."),
        next_at=title.refresh_at if title.state == Title.State.INDEXED else None,
        inputs=_title_inputs(title),
        considered=[
            Considered(f"{match.library.name} / {match.key}", why_here(match), taken=True, address=address_of(match))
            for match in matches
        ],
        steps=steps_of([f"title:{pk}", *(f"match:{match.pk}" for match in matches)]),
        events=list(Event.objects.filter(subject__in=subjects)[:EVENTS]),
    )


def _unclear() -> str:
    return _("Nobody knows for certain which title this is, so it has the name of its files.")


def _title_rule(title: Title) -> str:
    if title.state == Title.State.ERROR:
        return _("Its description failed, more often than is tried by itself.")
    if title.state == Title.State.NEW:
        return _("It is not described yet.")
    if title.state == Title.State.STALE:
        return _("Its description is due: the refresh date has come, somebody asked for it, or there is a key now.")
    said = {
        Title.DescribedBy.TMDB: _("TMDB describes it."),
        Title.DescribedBy.NFO: _("The files beside it describe it."),
        Title.DescribedBy.NAMES: _("Only its names on disk describe it: no id of it is known, or there is no key."),
    }
    return str(said[Title.DescribedBy(title.described_by)])


def _title_next(title: Title) -> str:
    if title.state == Title.State.ERROR:
        return _("It waits for you: try it again, or pick another title.")
    if title.state in (Title.State.NEW, Title.State.STALE):
        return _("It is described as soon as its job runs.")
    if title.refresh_at is None:
        return _("No refresh is due: what describes it does not change by itself.")
    days = planning.refresh_after(title.released_on, timezone.now()).days
    by_age = ngettext(
        "By the age of the release its description stays good for %d day; it is looked at again",
        "By the age of the release its description stays good for %d days; it is looked at again",
        days,
    )
    return by_age % days


def _title_inputs(title: Title) -> list[tuple[str, Any]]:
    return filled(
        [
            (_("TMDB id"), title.tmdb_id),
            (_("Described by"), title.get_described_by_display()),
            (_("Described on"), when(title.described_at)),
            (_("Released"), formats.date_format(title.released_on) if title.released_on else ""),
            (_("Picture"), _("there") if title.poster else _("none")),
        ]
    )
