"""Home: tonight's programme sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobs import listing as queue
from mediasync import context, home, navigation
from pages import live
from scanner.listing import open_scans
from scanner.models import Scan
from scanner.strips import strips
from scanner.views.library import KEY_COOKIE

POSTERS = 8  # one row on a wide screen, two of three on a phone
MOVING = ("leased", "ready", "waiting")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what needs somebody, what is worked on, what airs, what came last, and the library in figures."""
    now = _now(request)
    if not now["libraries"]:
        return render(request, "mediasync/welcome.html", {"section": "home"})
    today = timezone.localdate()
    days, later = home.airing(today)
    seen: dict[str, Any] = {
        "today": today,
        "days": days,
        "later": later,
        "figures": home.figures(busy=bool(now["scans"] or now["pools"])),
        "operate": navigation.places()[1],
    }
    return render(request, "mediasync/home.html", now | seen)


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Show the part of Home that changes by itself; 304 while it looks the same."""
    return live.show(request, "mediasync/home.html", "now", _now(request))


def _now(request: HttpRequest) -> dict[str, Any]:
    """Return what the live part shows; three queries."""
    libraries = home.libraries()
    scans = list(open_scans().select_related("library").order_by("state", "pk")[:20])
    pools = {
        pool: found for pool, found in sorted(queue.open_counts().items()) if any(found[state] for state in MOVING)
    }
    refused = [source.name for source in context.wire().sources if source.shown == "no_key"]  # type: ignore[attr-defined]
    needs = home.needs(libraries, scans, refused, staff=request.user.is_staff)
    if request.user.is_staff and KEY_COOKIE not in request.COOKIES:
        needs += home.of_the_key(libraries)
    running = [scan for scan in scans if scan.state == Scan.State.OPEN]
    seen = [(scan.pk, scan.done_units) for scan in running]  # type: ignore[attr-defined]  # annotated
    scanned = libraries[0].scanned_at if libraries else None
    titles = home.recent(POSTERS)
    found = strips(titles)
    new = [(title.pk, title.name, title.state, title.poster, found[title.pk].counts) for title in titles]
    return {
        "section": "home",
        "cards": [(title, found[title.pk]) for title in titles],
        "libraries": libraries,
        "scanned_at": scanned,
        "needs": needs,
        "scans": running,
        "pools": pools,
        "poll": "2s" if running or any(found["leased"] for found in pools.values()) else "15s",
        "revision": live.revision_of(needs, seen, pools, scanned, new),
    }
