"""The Scans pages: start one, watch it, decide about a held one."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from jobs.models import Job
from journal.moves import SYSTEM
from pages.paging import Pages
from pages.query import whole
from scanner.listing import names_of, open_scans
from scanner.models import Library, MediaFile, Scan
from scanner.services import forecast, scans, watching

SHOWN_LOSSES = 200
FEW_LOSSES = 20  # on the scan's own page
SLOWEST = 10
SHOWN_FOLDERS = 100
SHOWN_TROUBLES = 100
# By the clock, and nothing was different: they would bury the others.
QUIET = {"state": "done", "actor": SYSTEM, "new": 0, "changed": 0, "moved": 0, "missing": 0, "errors": 0}
MOVED_ON = gettext_lazy("This scan has moved on in the meantime.")
PHASES = {
    "looking through folders": gettext_lazy("looking through folders"),
    "storing new files": gettext_lazy("storing new files"),
    "describing": gettext_lazy("describing"),
    "done": gettext_lazy("done"),
}
COUNTS = {
    "files": gettext_lazy("files"),
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "missing": gettext_lazy("gone"),
}


@require_safe
@vary_on_headers("HX-Request-Type")
def scan_list(request: HttpRequest) -> HttpResponse:
    """Show what runs, what waits for a person, and what has been; polled while something runs."""
    everything = "all" in request.GET
    ended = Scan.objects.exclude(state__in=["open", "held"])
    ended = ended if everything else ended.exclude(**QUIET)
    pages = Pages(whole(request.GET.get("page"), 1), 24, ended.count())
    running = list(open_scans().select_related("library").order_by("state", "pk")[:50])
    shown = list(ended.select_related("library").order_by("-created_at")[pages.slice])
    moved = [(one.pk, one.state, one.done_units) for one in running]  # type: ignore[attr-defined]  # annotated
    seen = (moved, [(one.pk, one.state) for one in shown])
    revision = hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
    partial = request.headers.get("HX-Request-Type") == "partial"
    if partial and request.headers.get("If-None-Match") == revision:
        return HttpResponseNotModified()
    context: dict[str, Any] = {
        "section": "scans",
        "running": running,
        "moving": any(one.state == Scan.State.OPEN for one in running),
        "revision": revision,
        "scans": shown,
        "pages": pages,
        "everything": everything,
    }
    if partial:
        return render(request, "scanner/scan_list.html#rows", context)
    standings = watching.standings()
    libraries = [one.library for one in standings]
    return render(request, "scanner/scan_list.html", context | {"libraries": libraries, "standings": standings})


@require_safe
@vary_on_headers("HX-Request-Type")
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one scan; while it runs its numbers are polled and answered 304 when nothing moved."""
    found = get_object_or_404(Scan.objects.select_related("library"), pk=pk)
    progress = scans.progress(found)
    revision = _revision(found, progress)
    # Its walk may have ended while what it caused is still being described.
    left = found.state == Scan.State.DONE and progress.done < (progress.total or 0)
    running = found.state == Scan.State.OPEN or left
    partial = request.headers.get("HX-Request-Type") == "partial"
    if partial and request.headers.get("If-None-Match") == revision:
        return HttpResponseNotModified()
    context: dict[str, Any] = {
        "section": "scans",
        "scan": found,
        "progress": progress,
        "phase": PHASES.get(progress.phase, progress.phase),
        "revision": revision,
        "running": running,
        "folders": _folders(found),
        "troubles": [_sentence(trouble) for trouble in found.troubles[:SHOWN_TROUBLES]],
    }
    if partial:
        response = render(request, "scanner/scan.html#progress", context)
        if not running:
            response["HX-Refresh"] = "true"  # once, for what is shown of ended scans only
        return response
    if found.state == Scan.State.HELD:
        context |= {"lost": _lost(found)[:FEW_LOSSES], "more": len(found.losses) - FEW_LOSSES}
    context["slowest"] = _slowest(found)
    return render(request, "scanner/scan.html", context)


@require_POST
def scan_start(request: HttpRequest) -> HttpResponse:
    """Start a scan of one library or of all; a second press joins the running one."""
    mode = request.POST.get("mode", Scan.Mode.QUICK)
    if mode == Scan.Mode.FULL and not request.user.is_staff:
        raise PermissionDenied
    if mode not in (Scan.Mode.QUICK, Scan.Mode.FULL):
        mode = Scan.Mode.QUICK
    started = scans.start(_chosen(request.POST), mode=mode, actor=request.user.get_username())
    if not started:
        gone = any(request.POST.getlist("library"))
        messages.info(request, _("That is not there any more.") if gone else _("There is no folder to scan yet."))
        return redirect("scanner:scan-list")
    messages.success(
        request, ngettext("%d folder is being scanned.", "%d folders are being scanned.", len(started)) % len(started)
    )
    return redirect("scanner:scan", started[0].pk) if len(started) == 1 else redirect("scanner:scan-list")


@require_safe
def scan_full(request: HttpRequest) -> HttpResponse:
    """Ask before a full scan: how many requests it sends, and how long that takes at our pace."""
    if not request.user.is_staff:
        raise PermissionDenied
    libraries = list(_chosen(request.GET))
    context = {
        "section": "scans",
        "forecast": forecast.of_full_scan(libraries),
        "chosen": libraries if "library" in request.GET else [],
    }
    return render(request, "scanner/scan_full.html", context)


@require_POST
def scan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a scan; what a held one misses is kept."""
    found = get_object_or_404(Scan, pk=pk)
    held = found.state == Scan.State.HELD
    if scans.stop(found, actor=request.user.get_username()):
        messages.success(request, _("The files are kept.") if held else _("The scan stops."))
    else:
        messages.info(request, MOVED_ON)
    return redirect("scanner:scan", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def scan_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the files that a held scan misses are gone, and say how many; a post confirms it. For staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    found = get_object_or_404(Scan.objects.select_related("library"), pk=pk)
    if request.method != "POST" and found.state == Scan.State.HELD:
        lost = _lost(found)
        context = {"section": "scans", "scan": found, "lost": lost, "many": len(found.losses)}
        return render(request, "scanner/scan_confirm.html", context | {"more": len(found.losses) - SHOWN_LOSSES})
    if request.method == "POST" and scans.confirm(found, actor=request.user.get_username()):
        messages.success(request, _("The losses are confirmed."))
    else:
        messages.info(request, MOVED_ON)
    return redirect("scanner:scan", pk)


def _lost(found: Scan) -> QuerySet[MediaFile]:
    """Return the first of the files that a held scan misses."""
    lost = found.losses if isinstance(found.losses, list) else []
    return MediaFile.objects.filter(pk__in=lost[:SHOWN_LOSSES]).order_by("path")


def _chosen(given: QueryDict) -> QuerySet[Library]:
    """Return the libraries that a form or an address names; all where it names none."""
    named = [whole(text, 0) for text in given.getlist("library") if text]
    return Library.objects.filter(pk__in=named) if named else Library.objects.all()


def _revision(found: Scan, progress: scans.Progress) -> str:
    seen = (
        found.state,
        found.reason,
        found.method,
        found.files,
        found.new,
        found.changed,
        found.missing,
        found.errors,
        found.folders,
    )
    return hashlib.sha256(repr((seen, progress.done, progress.total, progress.phase)).encode()).hexdigest()[:16]


def _folders(found: Scan) -> dict[str, Any] | None:
    """Return the counts per folder as a table: whatever counts the scan kept are its columns."""
    kept = {str(name): c if isinstance(c, dict) else {"files": c} for name, c in found.folders.items()}
    words = {column: COUNTS.get(column, column) for counts in kept.values() for column in counts}
    rows = [(name, [(word, counts.get(column, 0)) for column, word in words.items()]) for name, counts in kept.items()]
    left_out = max(0, len(rows) - SHOWN_FOLDERS)
    return {"columns": list(words.values()), "rows": rows[:SHOWN_FOLDERS], "left_out": left_out} if rows else None


def _sentence(trouble: Any) -> str:
    """Return a trouble as the scan kept it: a sentence, or a path and why."""
    if isinstance(trouble, dict):
        return ": ".join(str(value) for value in trouble.values())
    return ": ".join(str(part) for part in trouble) if isinstance(trouble, list) else str(trouble)


def _slowest(found: Scan) -> list[tuple[str, Job]]:
    """Return the jobs of this scan that took longest, and what each was about."""
    took = ExpressionWrapper(F("ended_at") - F("leased_at"), output_field=DurationField())
    ended = Job.objects.filter(origin=f"scan:{found.pk}", ended_at__gte=found.started_at or found.created_at)
    jobs = list(ended.filter(leased_at__isnull=False).annotate(took=took).order_by("-took")[:SLOWEST])
    names = names_of(job.key for job in jobs)
    return [(names.get(job.key, job.key), job) for job in jobs]
