"""The one-time setup page that makes the first account, and where a locked-out person lands."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mediasync import setup_link

BACKEND = "pages.preferences.Accounts"


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first account; 403 without the key that the terminal printed."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    if not setup_link.valid(key):
        return _closed(request)
    form: Any = UserCreationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _first_account(request, form, key)
    status = 422 if request.method == "POST" else 200
    return render(request, "registration/setup.html", {"form": form, "key": key}, status=status)


def _first_account(request: HttpRequest, form: Any, key: str) -> HttpResponse:
    if not setup_link.use(key):
        return _closed(request)
    with transaction.atomic():
        person = get_user_model().objects.create_superuser(
            form.cleaned_data["username"], password=form.cleaned_data["password1"]
        )
    login(request, person, backend=BACKEND)
    return redirect("setup-step", "folders")


def _closed(request: HttpRequest) -> HttpResponse:
    """Say why the link opens nothing, and what does: an answer, not an exception, since nothing went wrong."""
    return render(request, "registration/setup_closed.html", {"needed": setup_link.needed()}, status=403)
