"""The page of one match, where a wrong title is put right; and the decisions, also taken in the Unmatched list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pages.query import whole
from scanner import unmatched
from scanner.models import Match, Title
from scanner.services import decided, lookup, matches
from scanner.services.lookup import LARGEST_ID, Found
from scanner.services.offers import offers, with_what_is_here
from scanner.services.preview import preview
from scanner.unmatched import UnmatchedQuery

SHOWN_FILES = 12
LONGEST = 300
MOVED_ON = gettext_lazy("This match has moved on in the meantime. Look again, then decide.")
Verb = tuple[Callable[..., Any], Any]
VERBS: dict[str, Verb] = {
    "lock": (matches.lock, gettext_lazy("Locked: no scan changes it.")),
    "unlock": (matches.unlock, gettext_lazy("Unlocked: scans may change it again.")),
    "ignore": (matches.ignore, gettext_lazy("Ignored: it is not looked up any more.")),
    "again": (matches.look_again, gettext_lazy("It is looked up anew, before everything else.")),
}


@require_safe
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a folder is believed to be and why; with `words` what a search finds, with `look` what a pick does."""
    found = _match(pk)
    context = _about(found) | _searched(request, found)
    picked = _picked(request.GET.get("look", ""))
    if picked and request.user.is_staff:
        context["preview"] = preview(found, *picked)
    return render(request, "scanner/match.html", context)


@require_safe
def match_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the search of a match alone, with what it found, for its row in a list."""
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('scanner:match', args=[pk])}?{request.META.get('QUERY_STRING', '')}")
    found = _match(pk)
    context: dict[str, Any] = {"match": found, "seen": decided.mark_of(found), "kinds": Title.Kind.choices}
    return render(request, "scanner/match_search.html", context | _searched(request, found) | _came_from(request.GET))


@require_POST
def match_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick, ignore, lock, unlock or look again, as the form says, if the match is still what the person saw."""
    staff_only(request)
    found = _match(pk)
    wanted, actor = request.POST.get("do", ""), request.user.get_username()
    if request.POST.get("seen") not in ("", None, decided.mark_of(found)):
        return _answer(request, found, moved_on=not _is_so(found, wanted))
    if picked := _picked(wanted):
        objection, done = _pick(found, *picked, actor=actor)
        if objection:
            return _refused(request, found, objection)
        return _answer(request, found, moved_on=not done)
    if wanted not in VERBS:
        raise Http404
    verb, said = VERBS[wanted]
    moved_on = verb(found, actor=actor) is False
    return _answer(request, found, moved_on=moved_on, said=said)


@require_POST
def match_undo(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Take a decision back, if nothing has happened to the match since."""
    staff_only(request)
    found = _match(pk)
    if decided.undo(found, event, actor=request.user.get_username()):
        messages.success(request, _("Taken back: it is what it was before."))
    else:
        messages.warning(request, MOVED_ON)
    return _redirect(request, found)


def _is_so(found: Match, wanted: str) -> bool:
    """Whether a match is already what is asked for: the second of two clicks has nothing left to do."""
    if wanted == "ignore":
        return found.state == Match.State.IGNORED
    by_hand = found.title is not None and found.by == Match.By.HAND and found.locked
    return by_hand and found.title is not None and _picked(wanted) == (found.title.kind, found.title.tmdb_id)


def staff_only(request: HttpRequest) -> None:
    """Let nobody else decide."""
    if not request.user.is_staff:
        raise PermissionDenied


def _match(pk: int) -> Match:
    known = Match.objects.filter(library__removed_at=None).select_related("title", "library")
    return get_object_or_404(known, pk=pk)


def _about(found: Match) -> dict[str, Any]:
    files = found.files.order_by("path")
    return {
        "section": "unmatched",
        "match": found,
        "seen": decided.mark_of(found),
        "offers": with_what_is_here({0: offers(found)})[0],
        "kinds": Title.Kind.choices,
        "files": list(files.values_list("path", "state", "size_bytes")[:SHOWN_FILES]),
        "many_files": files.count(),
        "last": decided.last(found),
        "back": "match",
    }


def _came_from(given: Any) -> dict[str, Any]:
    """What a form carries along: the list it stands in, and the match that follows there."""
    query = UnmatchedQuery.parse(given)
    return {"query": query, "back": "list", "next": str(whole(given.get("next"), 0) or "")}


def _searched(request: HttpRequest, found: Match) -> dict[str, Any]:
    """Return the search asked for, and what it found; a name alone, as it was read, is offered to be searched."""
    given = request.GET
    words = given.get("words", "").replace("\0", "").strip()[:LONGEST]
    kind = given.get("as") if given.get("as") in Title.Kind.values else found.kind
    year = whole(given.get("year"), 0) or None
    wanted = {"words": words or found.name, "as": kind, "year": (year if words else found.year) or ""}
    context: dict[str, Any] = {"search": wanted, "asked": urlencode({**wanted, "words": words}) if words else ""}
    if words and request.user.is_staff:
        context["found"] = lookup.search(found, words, kind=str(kind), year=year if year and year < 3000 else None)
    return context


def _picked(given: str) -> tuple[str, int] | None:
    """Return (kind, TMDB id) of "movie:603"; None where it is something else."""
    kind, _colon, number = given.partition(":")
    fits = kind in Title.Kind.values and number.isascii() and number.isdigit() and len(number) <= 10
    return (kind, int(number)) if fits and 0 < int(number) < LARGEST_ID else None


def _pick(found: Match, kind: str, tmdb_id: int, *, actor: str) -> tuple[str, bool]:
    """Return why this title cannot be taken, or whether it was; what no search has found is looked up first."""
    known = next((one for one in offers(found) if (one.kind, one.id) == (kind, tmdb_id)), None)
    if known:
        return "", matches.pick(found, kind, tmdb_id, actor=actor, name=known.name, year=known.year)
    seen, problem = lookup.glance(found, kind, tmdb_id)
    if seen is None:
        refused = problem == lookup.unknown(kind, tmdb_id)
        return (problem, False) if refused else ("", matches.pick(found, kind, tmdb_id, actor=actor))
    one = seen.candidate
    return "", matches.pick(found, kind, tmdb_id, actor=actor, name=one.name, year=one.year)


def _refused(request: HttpRequest, found: Match, objection: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _row(request, found, problem=objection, status=422)
    context = _about(found) | _searched(request, found) | {"found": Found(problem=objection)}
    return render(request, "scanner/match.html", context, status=422)


def _answer(request: HttpRequest, found: Match, *, moved_on: bool, said: Any = "") -> HttpResponse:
    """Say what became of it: the row of the list goes, or the page is shown anew."""
    if "HX-Request" in request.headers:
        if moved_on:
            return _row(request, found, problem=str(MOVED_ON), status=409)
        context = {"match": found, "last": decided.last(found), "said": said}
        return render(request, "scanner/match_done.html", context | _came_from(request.POST))
    if moved_on:
        messages.warning(request, MOVED_ON)
    elif said or found.state == Match.State.IGNORED:
        messages.success(request, said or VERBS["ignore"][1])
    else:
        messages.success(request, _("Picked: %s. No scan changes it.") % found.title)
    return _redirect(request, found)


def _row(request: HttpRequest, found: Match, *, problem: str, status: int) -> HttpResponse:
    annotated = unmatched.with_files(Match.objects.filter(pk=found.pk)).select_related("library", "title")
    context = {"row": unmatched.rows(list(annotated))[0], "problem": problem, "may": request.user.is_staff}
    return render(request, "scanner/unmatched_row.html", context | _came_from(request.POST), status=status)


def _redirect(request: HttpRequest, found: Match) -> HttpResponse:
    """Return to where the form stood: the match's own page, or the list with the one that follows in view."""
    if request.POST.get("back", "match") == "match":
        there = redirect("scanner:match", found.pk)
    else:
        query, following = UnmatchedQuery.parse(request.POST), whole(request.POST.get("next"), 0)
        there = redirect("scanner:unmatched")
        there["Location"] += f"{query.address(page=query.page)}&done={found.pk}" + (
            f"#m{following}" if following else ""
        )
    there.status_code = 303
    return there
