"""Folders of the library: find, add, rename, choose what is written beside the media, remove."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediasync import demo
from mediasync.views.settings.sections import for_staff, show
from scanner import browsing, paths
from scanner.models import Library, MediaFile
from scanner.services import art_roles, libraries, scans


class FolderForm(forms.ModelForm):  # type: ignore[type-arg]
    """What can be changed of a folder that is here already."""

    class Meta:
        model = Library
        fields = ("name", "kind", "sidecars")
        labels = {
            "name": gettext_lazy("Name"),
            "kind": gettext_lazy("Holds"),
            "sidecars": gettext_lazy("Written beside the media"),
        }


@require_safe
@for_staff
def folders(request: HttpRequest) -> HttpResponse:
    """List the folders with what they hold."""
    there = Count("files", filter=~Q(files__state=MediaFile.State.MISSING))
    return show(request, "libraries", {"libraries": Library.objects.annotate(many=there)})


@require_http_methods(["GET", "POST"])
@for_staff
def folder_add(request: HttpRequest) -> HttpResponse:
    """Look for a folder on this machine and make it a library."""
    if request.method == "POST":
        given = request.POST.get("path", "").strip()
        added = add(request, given)
        if isinstance(added, Library):
            return redirect("settings-libraries")
        return show(request, "library_add", finding(given) | {"problem": added}, status=422)
    return show(request, "library_add", finding(request.GET.get("at", "")))


def finding(at: str) -> dict[str, Any]:
    """Return what the folder picker shows: the usual places, or what lies in `at`."""
    return {"at": at, "view": browsing.look_into(at) if at else None, "usual": browsing.usual_places()}


def add(request: HttpRequest, given: str) -> Library | str:
    """Add a folder and have it scanned, ahead of everything; returns why not where it cannot be a library."""
    actor = request.user.get_username()
    if not given.startswith(("/", "~")):
        return _("Give the whole path, beginning with /.")
    try:
        library, new = libraries.add(paths.on_disk(given.replace("\0", "")), actor=actor)
    except libraries.NotALibrary as error:
        return str(error)
    scans.start([library], actor=actor)
    said = _("%s is added and being read.") if new else _("%s was here already; it is being read again.")
    messages.success(request, said % library.name)
    return library


@require_http_methods(["GET", "POST"])
@for_staff
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name of a folder, what it holds, and what is written beside its media."""
    library = get_object_or_404(Library, pk=pk)
    form = FolderForm(request.POST or None, instance=library)
    if request.method == "POST" and form.is_valid():
        actor = request.user.get_username()
        libraries.change(library, actor=actor, **form.cleaned_data)
        art_roles.change(library, request.POST.getlist("art"), actor=actor)
        messages.success(request, _("%s is saved.") % library.name)
        return redirect("settings-libraries")
    status = 422 if request.method == "POST" else 200
    chosen = art_roles.of(library)
    switches = [(name, word, name in chosen) for name, word in art_roles.LABELS.items()]
    return show(request, "library", {"library": library, "form": form, "switches": switches}, status=status)


@require_http_methods(["GET", "POST"])
@for_staff
def folder_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then forget a folder; no file is touched, but for the demo's, which are ours."""
    library = get_object_or_404(Library, pk=pk)
    back = reverse("setup-step", args=["folders"]) if "setup" in request.GET else reverse("settings-libraries")
    if request.method == "POST":
        actor = request.user.get_username()
        demo.remove(actor=actor) if library.demo else libraries.remove_soon(library, actor=actor)
        messages.success(request, _("%s is no longer a folder of the library.") % library.name)
        return redirect(back)
    held = MediaFile.objects.filter(library=library).count()
    context = {"section": "settings", "library": library, "held": held, "back": back}
    return render(request, "mediasync/settings/library_remove.html", context)


@require_POST
@for_staff
def folder_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Scan one folder now."""
    scan = scans.start([get_object_or_404(Library, pk=pk)], actor=request.user.get_username())[0]
    return redirect("scanner:scan", scan.pk)
