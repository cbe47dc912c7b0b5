"""First run, after the account: folders, metadata key, first scan. Each step saves on its own and may be skipped."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mediasync import demo
from mediasync.views.settings import folders, metadata
from mediasync.views.settings.sections import for_staff
from scanner.listing import open_scans
from scanner.models import Library, Scan
from scanner.services import scans

STEPS = (
    ("account", _("Account")),
    ("folders", _("Folders")),
    ("key", _("Metadata key")),
    ("scan", _("First scan")),
)
ORDER = tuple(name for name, _word in STEPS)


@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@for_staff
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Show or do one step of the first run."""
    doing = {"folders": _folders, "key": _key, "scan": _scan}.get(step)
    if doing is None:
        raise Http404
    return doing(request)


def _folders(request: HttpRequest) -> HttpResponse:
    trouble: dict[str, Any] = {}
    at = request.GET.get("at", "")
    if request.method == "POST":
        at = request.POST.get("path", "").strip()
        added = folders.add(request, at)
        if isinstance(added, Library):
            demo.remove(actor=request.user.get_username())
            return redirect("setup-step", "folders")
        trouble = {"problem": added}
    under_way = Scan.objects.filter(library=OuterRef("pk"), state=Scan.State.OPEN)
    libraries = list(Library.objects.filter(demo=False).annotate(reading=Exists(under_way)))
    reading = any(library.reading for library in libraries)
    context = folders.finding(at) | {"libraries": libraries, "reading": reading} | trouble
    return _shown(request, "folders", context, bad=bool(trouble))


def _key(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        trouble = metadata.keep_key(request)
        if not trouble:
            return redirect("setup-step", "scan")
        return _shown(request, "key", metadata.about_key() | trouble, bad=True)
    return _shown(request, "key", metadata.about_key())


def _scan(request: HttpRequest) -> HttpResponse:
    libraries = Library.objects.filter(demo=False)
    if request.method == "POST":
        scans.start(libraries, actor=request.user.get_username())
        return redirect("home")
    return _shown(request, "scan", {"libraries": libraries, "running": list(open_scans()[:5])})


def _shown(request: HttpRequest, name: str, context: dict[str, Any], *, bad: bool = False) -> HttpResponse:
    at = ORDER.index(name)
    frame = {"steps": STEPS, "step": name, "before": ORDER[at - 1] if at > 1 else "", "after": (*ORDER, "")[at + 1]}
    return render(request, f"mediasync/setup/{name}.html", frame | context, status=422 if bad else 200)
