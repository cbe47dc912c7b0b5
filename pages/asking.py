"""A page that asks before something is removed that cannot be brought back; it needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class Sure:
    """`question` names the thing, `effect` says what follows, `verb` is on the button, `back` leads away unharmed."""

    question: str
    effect: str
    verb: str
    back: str
    fields: Mapping[str, str] = field(default_factory=dict)


def ask(request: HttpRequest, sure: Sure, *, section: str) -> HttpResponse:
    """Show the question; its button posts to the address that showed it."""
    named = {name: getattr(sure, name) for name in ("question", "effect", "verb", "back", "fields")}
    return render(request, "pages/sure.html", {"section": section, **named})
