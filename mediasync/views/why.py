"""Why anything is as it is: a page for each title, match, file, episode, job and source; by htmx a window."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jobs.whys import of_job
from mediasync.whys import answer_of
from mediasync.words import KINDS
from pages.query import whole
from scanner.filenames import slug
from scanner.listing import names_of

WORDS = {
    "title": _("Title"),
    "match": _("Match"),
    "file": _("File"),
    "episode": _("Episode"),
    "job": _("Job"),
    "source": _("Source"),
}
SECTIONS = {"match": "unmatched", "job": "queue", "source": "sources"}


@require_safe
def why(request: HttpRequest, scope: str, key: str) -> HttpResponse:
    """Say why a thing is as it is."""
    found = answer_of(scope, key)
    if found is None:
        raise Http404
    thing, answer = found
    context: dict[str, Any] = {
        "section": SECTIONS.get(scope, "library"),
        "scope": WORDS[scope],
        "name": _name(scope, thing),
        "address": _address(scope, thing),
        "why": answer,
    }
    if "HX-Request" not in request.headers:
        return render(request, "mediasync/why.html", context)
    if context["address"].removesuffix("title/") in request.headers.get("HX-Current-URL", ""):
        context["address"] = ""  # that is where the person is
    return render(request, "mediasync/why_box.html", context)


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about one job."""
    found = of_job(pk)
    if found is None:
        raise Http404
    thing, answer = found
    name = _name("job", thing)
    context = {"section": "queue", "scope": WORDS["job"], "name": name, "why": answer, "job": thing}
    return render(request, "mediasync/why.html", context | {"address": _about(thing.key)})


def _name(scope: str, thing: Any) -> str:
    if scope == "job":
        return f"{KINDS.get(thing.kind, thing.kind)}: {names_of([thing.key]).get(thing.key, thing.key)}"
    return f"{thing.title} {thing}" if scope == "episode" else str(thing)


def _address(scope: str, thing: Any) -> str:
    """Return the page of the thing itself."""
    if scope == "title":
        return reverse("scanner:title", args=[thing.pk, slug(thing.name)])
    if scope == "episode":
        return f"{reverse('scanner:title', args=[thing.title_id, slug(thing.title.name)])}?season={thing.season}"
    if scope == "match":
        return reverse("scanner:match", args=[thing.pk])
    if scope == "file":
        return reverse("scanner:match", args=[thing.match_id]) if thing.match_id else ""
    if scope == "source":
        return reverse("source", args=[thing.pk])
    return reverse("job", args=[thing.pk])


def _about(key: str) -> str:
    """Return the page of what a job is about."""
    scope, _colon, pk = key.partition(":")
    names = {"title": "scanner:title", "match": "scanner:match", "scan": "scanner:scan"}
    number = whole(pk, 0)
    if scope not in names or not number:
        return ""
    return reverse(names[scope], args=[number, "title"] if scope == "title" else [number])
