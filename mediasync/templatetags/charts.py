"""Charts as inline SVG, drawn from numbers alone: at most 120 points, with words for whoever does not see them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
MOST = 120
WIDTH, HEIGHT = 120, 24


@register.simple_tag
def bars(points: Sequence[float], title: str, tone: str = "ok") -> SafeString:
    """Return a bar for each point, the oldest first; `title` says the numbers in words."""
    shown = list(points)[-MOST:]
    if not shown:
        return mark_safe("")
    most = max(shown) or 1
    step = WIDTH / len(shown)
    path = "".join(
        f"M{index * step:.4g} {HEIGHT}v-{max(1.5, point / most * HEIGHT):.4g}h{step * 0.7:.3g}V{HEIGHT}z"
        for index, point in enumerate(shown)
        if point > 0
    )
    return format_html(
        '<svg class="bars {}" role="img" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="none">'
        '<title>{}</title><path d="M0 {}h{}v-.5H0z{}"/></svg>',
        tone,
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        title,
        HEIGHT,
        WIDTH,
        path,
    )
