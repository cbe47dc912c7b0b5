"""What the System page does with backups: one now, and one to take away."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from journal.moves import record
from mediasync.backups import place, scheduled
from mediasync.models import Backup


@require_POST
def backup_now(request: HttpRequest) -> HttpResponse:
    """Queue a backup; a second press finds it queued already."""
    if not request.user.is_staff:
        raise PermissionDenied
    scheduled.ask(actor=request.user.get_username())
    messages.success(request, _("A backup is being made."))
    return redirect(_back())


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
def backup_download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Ask for the password, then send a backup. It holds every key and all password hashes.

    Only who may do everything gets it; wrong passwords are counted like those of the page that signs in.
    """
    if not request.user.is_superuser:
        raise PermissionDenied
    row = get_object_or_404(Backup, pk=pk, ok=True)
    known = {str(one.path): one.path for one in place.lying()}
    if row.file not in known:
        raise Http404
    if request.method != "POST" or not _is_their_password(request):
        wrong = request.method == "POST"
        context = {"section": "system", "backup": row, "name": known[row.file].name, "wrong": wrong}
        return render(request, "mediasync/backup_download.html", context, status=422 if wrong else 200)
    record(row, reason="downloaded", actor=request.user.get_username(), facts={"file": Path(row.file).name})
    return FileResponse(known[row.file].open("rb"), as_attachment=True, filename=known[row.file].name)


def _is_their_password(request: HttpRequest) -> bool:
    """An open browser is not enough to carry everything away."""
    person = authenticate(request, username=request.user.get_username(), password=request.POST.get("password", ""))
    return person == request.user


def _back() -> str:
    try:
        return reverse("system")
    except NoReverseMatch:
        return reverse("queue")
