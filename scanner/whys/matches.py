"""Why a match has its title, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.models import Event
from journal.moves import subject_of
from pages.stored import translated
from pages.why import Considered, Why
from scanner import matching
from scanner.models import Match
from scanner.providers import tmdb
from scanner.services.offers import candidates_of, reason_of
from scanner.whys.steps import EVENTS, filled, steps_of

BY = {
    Match.By.TAG: gettext_lazy("An id in the name of the folder or a file says which title this is; ids beat names."),
    Match.By.NFO: gettext_lazy("A file beside the media names the id of the title; that beats names."),
    Match.By.NAME: gettext_lazy("There was no key to ask TMDB with, so the name on disk is all there is."),
    Match.By.HAND: gettext_lazy("A person picked this title."),
}


def of_match(pk: int) -> tuple[Match, Why] | None:
    """Return a match and why it has its title, or none."""
    match = Match.objects.filter(pk=pk).select_related("title", "library").first()
    if match is None:
        return None
    events = list(Event.objects.filter(subject=subject_of(match))[:EVENTS])
    return match, Why(
        state=("match", match.state),
        rule=_match_rule(match),
        next=_match_next(match),
        inputs=_match_inputs(match),
        considered=_considered(match, events),
        steps=steps_of([f"match:{pk}"]),
        events=events,
    )


def _match_rule(match: Match) -> str:
    if match.state == Match.State.IGNORED:
        return _("A person asked to leave this folder alone.")
    if match.state == Match.State.NEW:
        return _("It was not looked up yet, or is looked up anew.")
    if match.state == Match.State.UNMATCHED:
        return doubt(match)
    if match.by == Match.By.SEARCH:
        named = {"sure": matching.SURE, "ahead": matching.AHEAD}
        said = _("A search found it clearly ahead: at least %(sure)d of 100 points, and %(ahead)d before the next.")
        return said % named
    known = BY.get(Match.By(match.by)) if match.by in Match.By.values else None
    rule = str(known or translated(match.reason))
    return f"{rule} {_('It is locked, so no name, file or search changes it.')}" if match.locked else rule


def doubt(match: Match) -> str:
    """Say why no candidate was taken: none, none that fits well enough, or two that fit alike."""
    ranked = matching.rank(match.name, match.year, candidates_of(match))
    if not ranked:
        return translated(match.reason) or _("Nothing with this name was found.")
    first = ranked[0]
    if first.score < matching.SURE:
        named = {"score": first.score, "sure": matching.SURE}
        return _("The best candidate fits %(score)d of 100; below %(sure)d nothing is taken.") % named
    if len(ranked) > 1 and (lead := first.score - ranked[1].score) < matching.AHEAD:
        named = {"lead": round(lead, 1), "ahead": matching.AHEAD}
        return _("The best two are %(lead)s points apart; to take one, %(ahead)d are needed.") % named
    return translated(match.reason)


def _match_next(match: Match) -> str:
    if match.state == Match.State.UNMATCHED:
        return _(
            "It waits for you. It is looked up again when its name or an NFO beside it changes, and by a full scan."
        )
    if match.state == Match.State.IGNORED:
        return _("Nothing, until somebody has it looked up again.")
    if match.state == Match.State.NEW:
        return _("It is looked up: ids in names first, then files beside it, then a search.")
    if match.locked:
        return _("Nothing changes it until somebody unlocks it.")
    return _("It stays, unless an id or another year in its name contradicts it.")


def _match_inputs(match: Match) -> list[tuple[str, Any]]:
    key = _("yes") if tmdb.configured(demo=match.library.demo) else _("no")
    return filled(
        [
            (_("Folder"), match.key),
            (_("Name read"), match.name),
            (_("Year read"), match.year),
            (_("Taken for"), match.get_kind_display()),
            (_("Ids in names"), ", ".join(f"{source} {value}" for source, value in match.ids.items())),
            (_("Library"), f"{match.library.name} ({match.library.get_kind_display()})"),
            (_("Title"), match.title),
            (_("Points"), match.score),
            (_("Said"), translated(match.reason)),
            (_("TMDB can be asked"), key),
        ]
    )


def _considered(match: Match, events: Sequence[Event]) -> list[Considered]:
    """Return what was weighed: the candidates that are kept, or those that the finding told of."""
    ranked = matching.rank(match.name, match.year, candidates_of(match))
    if ranked:
        return [Considered(_named(v.candidate.name, v.candidate.year), _points(v.score, reason_of(v))) for v in ranked]
    found: list[dict[str, Any]] = next(
        (event.facts["considered"] for event in events if event.facts.get("considered")), []
    )
    own = match.title.tmdb_id if match.title else None
    return [
        Considered(
            _named(one.get("name", "?"), one.get("year")),
            _points(one.get("score", 0), translated(one.get("reason", ""))),
            taken=own is not None and one.get("id") == own,
        )
        for one in found
    ]


def _named(name: str, year: int | None) -> str:
    return f"{name} ({year})" if year else name


def _points(score: float, reason: str) -> str:
    return _("fits %(score)d of 100: %(reason)s") % {"score": score, "reason": reason}
