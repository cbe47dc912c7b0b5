"""Where notices go: add, try, remove."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from journal.moves import record
from mediasync.notify import sending, shapes
from mediasync.notify.models import Notifier
from mediasync.views.settings.sections import for_staff, show
from pages.asking import Sure, ask


class NotifierForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new notifier. Its address is not shown again: whoever knows it can write there."""

    class Meta:
        model = Notifier
        fields = ("name", "kind", "url", "least")
        widgets = {"url": forms.TextInput(attrs={"autocomplete": "off", "maxlength": "1000"})}

    def __init__(self, *given: Any) -> None:
        """Begin with a kind that can be kept, as the other choices do."""
        super().__init__(*given)
        self.fields["kind"].choices = Notifier.Kind.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that the address fits the kind."""
        data: dict[str, Any] = super().clean() or {}
        try:
            shapes.check(data.get("kind", ""), data.get("url", ""))
        except shapes.NoAddress as error:
            self.add_error("url", str(error))
        if Notifier.objects.filter(kind=data.get("kind", ""), url=data.get("url", "")).exists():
            self.add_error("url", _("This address is told already."))
        return data


@sensitive_post_parameters("url")
@require_http_methods(["GET", "POST"])
@for_staff
def notices(request: HttpRequest) -> HttpResponse:
    """List the notifiers and add one."""
    form = NotifierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        sending.add(made)
        record(made, reason="a notifier was added", facts={"kind": made.kind}, actor=request.user.get_username())
        return _tried(request, made)
    known = [(one, sending.about(one)) for one in Notifier.objects.all()]
    return show(request, "notices", {"known": known, "form": form}, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@for_staff
def notice_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove a notifier with its address, which is kept nowhere else."""
    found = get_object_or_404(Notifier, pk=pk)
    if request.method != "POST":
        effect = _("It is told nothing any more. Its address is forgotten; to be told again, add it anew.")
        question = _("Remove %s?") % found
        sure = Sure(question, effect, _("Remove"), reverse("settings-notices"))
        return ask(request, sure, section="settings")
    with transaction.atomic():
        record(found, reason="a notifier was removed", facts={"kind": found.kind}, actor=request.user.get_username())
        found.delete()
    messages.success(request, _("%s is told nothing any more.") % found)
    return redirect("settings-notices")


@require_POST
@for_staff
def notice_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Try a notifier, or switch it on or off."""
    found = get_object_or_404(Notifier, pk=pk)
    if verb == "try":
        return _tried(request, found)
    if verb == "switch":
        Notifier.objects.filter(pk=pk).update(enabled=not found.enabled)
    return redirect("settings-notices")


def _tried(request: HttpRequest, notifier: Notifier) -> HttpResponse:
    trouble = sending.try_out(notifier)
    if trouble:
        messages.warning(request, _("%(name)s could not be told: %(why)s") % {"name": notifier, "why": trouble})
    else:
        messages.success(request, _("A line was sent to %s. Look whether it arrived.") % notifier)
    return redirect("settings-notices")
