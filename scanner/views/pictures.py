"""The pictures of one title: what is shown, what TMDB offers, and a person's own choice."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.errors import GiveUp, RetryLater
from pages.asking import Sure, ask
from pages.stored import translated
from scanner import art, frames, pictures
from scanner.art import Slot
from scanner.frames import Line
from scanner.models import FormerTitle, Title
from scanner.pictures import BadPicture
from scanner.services import choosing, previews
from scanner.services.choosing import Refused
from scanner.views.match import staff_only
from scanner.views.title import address_of

A_DAY = "private, max-age=86400"


@require_safe
def title_pictures(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show the pictures of a title; with a slot in the address also what can be chosen for it."""
    found = Title.objects.filter(pk=pk).first()
    if found is None:
        found = get_object_or_404(FormerTitle.objects.select_related("title"), former_id=pk).title
    if found.pk != pk or slug != address_of(found):
        return redirect(_page(found, request.GET.get("slot", "")))
    lines = frames.lines(found)
    slot = art.slot_of(request.GET.get("slot", "")) if request.user.is_staff else None
    chosen = next((line for line in lines if line.slot == slot), None)
    context: dict[str, Any] = {"title": found, "lines": lines, "chosen": chosen, "section": "library"}
    if chosen:
        context["offers"] = [] if chosen.slot.role == art.BANNER else choosing.choices(found, chosen.slot)
        context["most"] = pictures.MOST_BYTES >> 20
    return render(request, "scanner/pictures.html", context | _now(found, lines))


@require_safe
def pictures_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is shown now, polled while a picture is on its way."""
    found = get_object_or_404(Title, pk=pk)
    lines = frames.lines(found)
    now = _now(found, lines)
    if request.headers.get("If-None-Match") == now["revision"]:
        return HttpResponseNotModified()
    return render(request, "scanner/pictures.html#now", {"title": found, "lines": lines} | now)


@require_POST
def pictures_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask TMDB what it has, in one request ahead of everything."""
    found, slot = _asked(request, pk)
    try:
        choosing.ask(found, slot.season)
    except Refused as refused:
        messages.error(request, str(refused))
    except (RetryLater, GiveUp) as failure:
        messages.error(request, _("TMDB could not be asked just now: %s") % translated(failure.reason))
    return redirect(_page(found, slot.key))


@require_POST
def pictures_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the pictures that were offered, and keep to it."""
    found, slot = _asked(request, pk)
    try:
        choosing.choose(found, slot, request.POST.get("source", ""), actor=request.user.get_username())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_page(found, slot.key))
    messages.success(request, _("Your choice is kept, and fetched next."))
    return redirect(_page(found))


@require_http_methods(["GET", "POST"])
def pictures_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let mediasync choose again; asked first about a picture that was uploaded, as it is removed then."""
    found, slot = _asked(request, pk)
    if request.method != "POST":
        effect = _("The picture that was uploaded is removed; mediasync takes the best one that it finds.")
        question = _("Let mediasync choose this picture of %s?") % found.name
        sure = Sure(question, effect, _("Remove the picture"), _page(found), {"slot": slot.key})
        return ask(request, sure, section="library")
    if choosing.release(found, slot, actor=request.user.get_username()):
        messages.success(request, _("mediasync chooses this picture again."))
    return redirect(_page(found))


@require_POST
def pictures_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture that a person sends."""
    found, slot = _asked(request, pk)
    sent = request.FILES.get("picture")
    try:
        if sent is None:
            raise Refused(_("Choose a file first."))
        if (sent.size or 0) > pictures.MOST_BYTES:
            raise Refused(choosing.too_large())
        choosing.upload(found, slot, sent.read(), actor=request.user.get_username())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_page(found, slot.key))
    except RetryLater as failure:
        messages.error(request, failure.reason)
        return redirect(_page(found, slot.key))
    messages.success(request, _("Your picture is kept, and put beside the media next."))
    return redirect(_page(found))


@require_safe
def pictures_preview(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send a small copy of a picture that was offered for this title, from our own address."""
    found = get_object_or_404(Title, pk=pk)
    try:
        body = previews.preview(found, f"/{name}")
    except RetryLater as failure:
        return HttpResponse(translated(failure.reason), status=503, content_type="text/plain; charset=utf-8")
    except (GiveUp, BadPicture) as error:
        raise Http404 from error
    if body is None:
        raise Http404
    response = HttpResponse(body, content_type="image/webp")
    response["Cache-Control"] = A_DAY
    return response


def _asked(request: HttpRequest, pk: int) -> tuple[Title, Slot]:
    staff_only(request)
    found = get_object_or_404(Title, pk=pk)
    slot = art.slot_of((request.POST or request.GET).get("slot", ""))
    if slot is None or slot not in choosing.slots(found):
        raise Http404
    return found, slot


def _page(title: Title, slot: str = "") -> str:
    address = reverse("scanner:pictures", args=[title.pk, address_of(title)])
    return f"{address}?{urlencode({'slot': slot})}#choices" if slot else address


def _now(title: Title, lines: list[Line]) -> dict[str, Any]:
    poll = frames.under_way(title)
    seen = [(line.slot.key, line.shown, line.chosen) for line in lines]
    return {"poll": poll, "revision": hashlib.sha256(repr((seen, poll)).encode()).hexdigest()[:16]}
