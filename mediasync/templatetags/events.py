"""What an event changed, in the words a person sees."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mediasync import words
from mediasync.templatetags.ui import state

register = template.Library()
SCOPES = {
    "scanner.title": "title",
    "scanner.match": "match",
    "scanner.mediafile": "file",
    "scanner.scan": "scan",
    "jobs.job": "job",
    "outbound.source": "circuit",
    "health.result": "health",
}


@register.simple_tag
def moved(event: Any) -> SafeString:
    """Return the states before and after an event, as everywhere else; nothing where it changed none."""
    if not event.new:
        return mark_safe("")
    scope = SCOPES.get(event.subject.partition(":")[0], "")
    if event.new not in words.LOOKS.get(scope, {}):
        scope = "file"  # a set of files is told of as part of what they belong to
    if not event.old or event.old == event.new:
        return state(scope, event.new)
    return format_html("{} → {}", state(scope, event.old), state(scope, event.new))
