"""The buttons that load the demo and take it away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mediasync import demo


@require_POST
@staff_member_required(login_url="login")  # type: ignore[untyped-decorator]
def demo_load(request: HttpRequest) -> HttpResponse:
    """Load the demo where there is no library; a second press finds it there."""
    if demo.is_offered():
        demo.load(actor=request.user.get_username())
    return redirect("scanner:library")


@require_POST
@staff_member_required(login_url="login")  # type: ignore[untyped-decorator]
def demo_remove(request: HttpRequest) -> HttpResponse:
    """Remove the demo library with its files; a second press finds nothing more to do."""
    if demo.remove(actor=request.user.get_username()):
        messages.success(request, _("The demo is gone. Add a folder of your own."))
    return redirect("scanner:library")
