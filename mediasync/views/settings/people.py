"""Who may sign in: the members of the household, and who of them runs the server."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm, UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from journal.moves import record
from mediasync.views.settings.sections import for_staff, show


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_staff
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts and make a new one."""
    if not request.user.is_superuser:
        raise PermissionDenied
    form: Any = UserCreationForm(request.POST or None)
    form.fields["username"].widget.attrs.pop("autofocus", None)  # the list above is what one came to see
    if request.method == "POST" and form.is_valid():
        staff = bool(request.POST.get("staff"))
        made = get_user_model().objects.create_user(
            form.cleaned_data["username"], password=form.cleaned_data["password1"], is_staff=staff, is_superuser=staff
        )
        _note(request, made, "an account was made")
        messages.success(request, _("%s can sign in now.") % made)
        return redirect("settings-people")
    known = get_user_model().objects.order_by("username")
    context = {"people": known, "form": form, "staff": bool(request.POST.get("staff"))}
    return show(request, "people", context, status=422 if request.method == "POST" else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_staff
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one account: what it may do, whether it may sign in, its password."""
    found = get_object_or_404(User, pk=pk)
    form: Any = SetPasswordForm(found, request.POST if _wants_a_password(request) else None)
    if not request.user.is_superuser:  # whoever may not do everything gives nobody, themselves least, the right to
        raise PermissionDenied
    if request.method != "POST":
        now = {"staff": found.is_staff, "active": found.is_active}
        return show(request, "person", {"person": found, "form": form, **now})
    staff, active = bool(request.POST.get("staff")), bool(request.POST.get("active"))
    trouble = _trouble(request, found)
    if trouble or (form.is_bound and not form.is_valid()):
        asked = {"person": found, "form": form, "trouble": trouble, "staff": staff, "active": active}
        return show(request, "person", asked, status=422)
    User.objects.filter(pk=pk).update(is_staff=staff, is_superuser=staff, is_active=active)
    if form.is_bound:
        form.save()
        if found.pk == request.user.pk:
            update_session_auth_hash(request, form.user)
    _note(request, found, "an account was changed", staff=staff, active=active, password=form.is_bound)
    messages.success(request, _("%s is saved.") % found)
    return redirect("settings-people")


def _wants_a_password(request: HttpRequest) -> bool:
    return bool(request.POST.get("new_password1") or request.POST.get("new_password2"))


def _trouble(request: HttpRequest, person: User) -> str:
    """Say why a change is not made: somebody has to be left who can run the server."""
    stays = bool(request.POST.get("staff")) and bool(request.POST.get("active"))
    if stays:
        return ""
    if person.pk == request.user.pk:
        return _("You cannot take your own rights away. Let another member of staff do it.")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return "" if others.exists() else _("Somebody has to be able to run the server.")


def _note(request: HttpRequest, person: Any, reason: str, **facts: Any) -> None:
    facts = {"name": person.get_username(), **facts}
    record(f"auth.user:{person.pk}", reason=reason, facts=facts, actor=request.user.get_username())
