"""Sentences with commands in them, as findings have them."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
COMMAND = re.compile(r"`([^`]+)`")


@register.filter
def commands(text: str) -> SafeString:
    """Return a sentence with what stands between backticks as <code>."""
    return mark_safe(COMMAND.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  escaped before the tags come in
