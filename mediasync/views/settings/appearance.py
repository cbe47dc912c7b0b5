"""How one person wants the pages: theme, language, keys, password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mediasync.context import THEME_COOKIE, THEMES
from mediasync.views.frame import keep_theme
from mediasync.views.settings.sections import show
from pages import preferences


@require_http_methods(["GET", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Show and save what this person prefers."""
    if request.method == "POST":
        theme, wanted = request.POST.get("theme", ""), request.POST.get("language", "")
        theme = theme if theme in THEMES else ""
        wanted = wanted if wanted in dict(settings.LANGUAGES) else ""
        preferences.prefer(request.user, theme=theme, language=wanted, shortcuts=bool(request.POST.get("shortcuts")))
        with translation.override(wanted or translation.get_language()):
            messages.success(request, _("Saved."))
        return keep_theme(request, redirect("settings-appearance"), theme)
    form = PasswordChangeForm(request.user)  # type: ignore[arg-type]
    form.fields["old_password"].widget.attrs.pop("autofocus", None)  # it stands below
    return _shown(request, form)


def _shown(request: HttpRequest, form: PasswordChangeForm, *, status: int = 200) -> HttpResponse:
    mine = preferences.of(request.user)
    chosen = mine.theme or request.COOKIES.get(THEME_COOKIE, "")
    context = {"mine": mine, "chosen": chosen, "languages": settings.LANGUAGES, "form": form}
    return show(request, "appearance", context, status=status)


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; one stays signed in here and is signed out everywhere else."""
    form = PasswordChangeForm(request.user, request.POST)  # type: ignore[arg-type]
    if not form.is_valid():
        return _shown(request, form, status=422)
    update_session_auth_hash(request, form.save())
    messages.success(request, _("The password is changed. Other browsers have to sign in again."))
    return redirect("settings-appearance")
