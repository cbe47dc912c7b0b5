"""The Queue page. It stands here, above jobs and scanner: jobs know no media words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from jobs import listing
from jobs import queue as work
from jobs.listing import QueueQuery
from jobs.models import Job, Pool, Priority
from jobs.resting import Resting, resting
from jobs.telling import told
from jobs.words import pool_word
from mediasync.templatetags.ui import span
from pages import live, moment
from pages.paging import Pages
from pages.picks import MOST, Picks
from pages.query import whole
from scanner.bulk import slices
from scanner.listing import names_of

DONE = {
    "retry": gettext_lazy("tried again now"),
    "cancel": gettext_lazy("cancelled"),
    "first": gettext_lazy("goes first"),
    "later": gettext_lazy("waits for everything else"),
}
SHARED_S = 0.5  # how old the list may be; whoever has just acted sees it as it is now


@dataclass(frozen=True, slots=True)
class Look:
    """What there was to see of the queue at one moment."""

    query: QueueQuery
    pools: list[Pool]
    counts: dict[str, dict[str, int]]
    pages: Pages
    jobs: list[Job]
    rests: Resting
    revision: str


@require_safe
@vary_on_headers("HX-Request-Type")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the jobs by pool; the live part answers 304 while nothing changed."""
    asked = QueueQuery.parse(request.GET)
    look = moment.shared(asked, lambda: _look(asked), seconds=SHARED_S)
    if live.holds(request, look.revision):
        return HttpResponseNotModified()
    if not live.is_partial(request) or len(messages.get_messages(request)):
        return live.show(request, "mediasync/queue.html", "live", _context(look))
    as_seen = (request.get_full_path(), look.revision, request.user.is_staff, get_language())
    return HttpResponse(moment.shared(as_seen, lambda: _part(request, look), seconds=SHARED_S))


def _part(request: HttpRequest, look: Look) -> str:
    return render_to_string("mediasync/queue.html#live", _context(look) | {"partial": True}, request)


def _look(query: QueueQuery) -> Look:
    pools, counts = listing.pools(), listing.open_counts()
    query = query.within({pool.pk for pool in pools} | set(counts))
    rows = query.jobs()
    known = _count(query, counts)
    pages = Pages(query.page, query.per, rows.count() if known is None else known)
    jobs = list(rows[pages.slice])
    rests = resting()
    return Look(query, pools, counts, pages, jobs, rests, _revision(jobs, counts, pools, rests))


def _context(look: Look) -> dict[str, Any]:
    query, pools, counts = look.query, look.pools, look.counts
    return {
        "section": "queue",
        "query": query,
        "pages": look.pages,
        "rows": _shown(look.jobs, look.rests),
        "pools": [
            (pool, counts.get(pool.pk, {}))
            for pool in pools
            if pool.paused_at or pool.pk in counts or pool.pk == query.pool
        ],
        "idle": [pool for pool in pools if not pool.paused_at and pool.pk not in counts],
        "names": sorted({pool.pk for pool in pools} | set(counts)),
        "totals": {state: sum(found[state] for found in counts.values()) for state in listing.STATES[:4]},
        "choices": listing,
        "revision": look.revision,
        "busy": any(found["leased"] for found in counts.values()),
    }


@require_POST
def queue_act(request: HttpRequest) -> HttpResponse:
    """Do what a button of the list says: "retry" with what is ticked, "cancel:17" with one, "pause@metadata"."""
    _staff_only(request)
    verb, _sep, which = request.POST.get("do", "").partition(":")
    if "@" in verb:
        verb, _sep, pool = verb.partition("@")
        return pool_act(request, pool, verb)
    if which:
        return job_act(request, whole(which, 0), verb)
    if verb not in DONE:
        raise Http404
    query, picked = _query(request.POST), Picks.parse(request.POST)
    if not picked:
        messages.info(request, _("Nothing is ticked."))
        return _back(request)
    if verb not in DONE or (query.state in listing.ENDED and verb != "retry"):
        raise Http404
    ids = list(picked.of(query.jobs()).values_list("pk", flat=True)[:MOST])
    many = sum(_do(verb, Job.objects.filter(pk__in=part), request) for part in slices(ids, 500))
    said = ngettext("%d job: %s.", "%d jobs: %s.", many) % (many, DONE[verb])
    messages.success(request, said if many else _("These jobs have moved on in the meantime."))
    return _back(request)


@require_POST
def job_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Retry, cancel, or change the priority of one job; for staff."""
    _staff_only(request)
    job = get_object_or_404(Job, pk=pk)
    said = ""
    if _do(verb, Job.objects.filter(pk=pk), request):
        said = (
            _said_of_retry(job)
            if verb == "retry"
            else _("%(job)s: %(done)s.") % {"job": _name(job), "done": DONE[verb]}
        )
    messages.success(request, said or _("This job has moved on in the meantime."))
    return _back(request)


def _do(verb: str, jobs: QuerySet[Job], request: HttpRequest) -> int:
    """Do it and return with how many."""
    actor = request.user.get_username()
    if verb == "retry":
        return work.retry(jobs, actor=actor)
    if verb == "cancel":
        return work.cancel(jobs, actor=actor)
    if verb == "first":
        return work.prioritise(jobs, Priority.CRITICAL, actor=actor)
    if verb == "later":
        return work.prioritise(jobs, Priority.VERY_LOW, actor=actor)
    raise Http404


@require_POST
def pool_act(request: HttpRequest, name: str, verb: str) -> HttpResponse:
    """Pause or resume a pool; for staff."""
    _staff_only(request)
    pool, actor = get_object_or_404(Pool, pk=name), request.user.get_username()
    if verb == "pause":
        work.pause(pool.pk, f"paused by {actor}", actor=actor)
        messages.success(request, _("The pool “%s” is paused. What runs is finished first.") % pool_word(name))
    elif verb == "resume":
        work.resume(pool.pk, actor=actor)
        messages.success(request, _("The pool “%s” goes on.") % pool_word(name))
    else:
        raise Http404
    return _back(request)


def _name(job: Job) -> str:
    return names_of([job.key]).get(job.key, job.key)


def _said_of_retry(job: Job) -> str:
    """Say what a retry brings: nothing yet where its pool is paused or its source rests."""
    rests = resting()
    if job.pool in rests.pools:
        return _("It is due now, but the pool “%s” is paused: it runs when you resume the pool.") % pool_word(job.pool)
    if until := rests.until(job):
        left = {"source": job.needs, "time": span((until - timezone.now()).total_seconds())}
        return _("It is due now, but %(source)s is resting: it runs when that answers again, in %(time)s.") % left
    return _("It is tried again now.")


def _staff_only(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the same list: its querystring, nothing else, is taken from the form."""
    query = _query(request.POST)
    response = redirect("queue")
    response["Location"] += query.address(page=query.page)
    response.status_code = 303
    return response


def _query(given: QueryDict) -> QueueQuery:
    return QueueQuery.parse(given).within(set(Pool.objects.values_list("pk", flat=True)))


def _count(query: QueueQuery, counts: dict[str, dict[str, int]]) -> int | None:
    """Return the length of the list from the counts by pool; None where they do not know it."""
    if query.state in listing.ENDED:
        return None
    pools = [counts.get(query.pool, {})] if query.pool else list(counts.values())
    return sum(found.get(query.state, 0) if query.state else sum(found.values()) for found in pools)


def _revision(jobs: Collection[Job], counts: dict[str, Any], pools: Collection[Pool], rests: Resting) -> str:
    seen = [
        (j.pk, j.state, j.priority, j.due_at, j.attempts, j.done_units, j.total_units, j.reason, j.last_error)
        for j in jobs
    ]
    held = [rests.until(job) for job in jobs]
    paused = [(pool.pk, pool.paused_at, pool.limit) for pool in pools]
    return live.revision_of(seen, held, counts, paused)


def _shown(jobs: list[Job], rests: Resting) -> list[dict[str, Any]]:
    names = names_of(job.key for job in jobs)
    return [{"job": job, "subject": names.get(job.key, job.key), "told": told(job, rests)} for job in jobs]
