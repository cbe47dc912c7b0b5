"""Where descriptions come from: the key, and the language."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mediasync.views.settings.sections import for_staff, show
from outbound.services import Trial
from pages.asking import Sure, ask
from scanner.models import Household
from scanner.providers import service, tmdb
from scanner.services import household

LANGUAGES = (
    ("en-US", "English"),
    ("de-DE", "Deutsch"),
    ("fr-FR", "Français"),
    ("es-ES", "Español"),
    ("it-IT", "Italiano"),
    ("nl-NL", "Nederlands"),
    ("pt-BR", "Português (Brasil)"),
    ("pl-PL", "Polski"),
    ("sv-SE", "Svenska"),
    ("ru-RU", "Русский"),
    ("ja-JP", "日本語"),
    ("ko-KR", "한국어"),
    ("zh-CN", "中文"),
)


@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@for_staff
def metadata(request: HttpRequest) -> HttpResponse:
    """Show and change the metadata key: it is tried before it is kept."""
    if request.method == "POST":
        trouble = keep_key(request)
        if not trouble:
            return redirect("settings-metadata")
        return show(request, "metadata", about_key() | trouble, status=422)
    return show(request, "metadata", about_key())


def about_key() -> dict[str, Any]:
    """Return what the form of the key shows; the key itself is never shown again but for its end."""
    chosen = Household.as_chosen()
    return {
        "given": service.key_is_given(),
        "ends": chosen.tmdb_api_key[-4:],
        "configured": tmdb.configured(),
        "spoken": service.current().language,
        "languages": LANGUAGES,
    }


def keep_key(request: HttpRequest) -> dict[str, Any]:
    """Try the key that was typed and keep it; returns what the form says where it was not kept."""
    if service.key_is_given():
        return {"trouble": _("The key is given by the environment or the file .env; it is changed there.")}
    try:
        key = household.clean_key(request.POST.get("key", ""))
    except household.NotUnderstood as error:
        return {"trouble": str(error)}
    how, said = tmdb.try_key(key)
    if how == Trial.REFUSED:
        return {"trouble": _("TMDB does not accept this key. Nothing was changed.")}
    if how == Trial.UNKNOWN and not request.POST.get("anyway"):
        trouble = _("TMDB could not be asked whether it accepts this key.")
        return {"trouble": trouble, "detail": said, "untried": True}
    household.choose_key(key, actor=request.user.get_username())
    messages.success(request, _("The key is kept. Titles are described from now on."))
    return {}


@require_http_methods(["GET", "POST"])
@for_staff
def key_remove(request: HttpRequest) -> HttpResponse:
    """Ask, then forget the key; what is described stays described."""
    if request.method != "POST":
        effect = _(
            "New titles are known by their file names alone until there is a key again. What is described stays."
        )
        back = reverse("settings-metadata")
        return ask(request, Sure(_("Forget the TMDB key?"), effect, _("Forget the key"), back), section="settings")
    household.choose_key("", actor=request.user.get_username())
    messages.success(request, _("The key is forgotten. What is described stays described."))
    return redirect("settings-metadata")


@require_POST
@for_staff
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of descriptions."""
    try:
        household.choose_language(request.POST.get("language", "").strip(), actor=request.user.get_username())
    except household.NotUnderstood as error:
        return show(
            request,
            "metadata",
            about_key() | {"language_trouble": str(error), "spoken": request.POST.get("language", "")[:40]},
            status=422,
        )
    messages.success(request, _("Titles take the new language as they are refreshed; a full scan does it at once."))
    return redirect("settings-metadata")
