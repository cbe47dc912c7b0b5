"""A title among others: its card in the grid, its poster, how it stands, the box that picks it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediasync import words
from mediasync.templatetags.ui import episode_words, state, strip
from scanner.filenames import slug

register = template.Library()
ABOVE_THE_FOLD = 8
LACKING = ("missing", "gone", "error")


def measure(name: str) -> str:
    """Return how large a title can be set in a poster's width: xs, s, m or l."""
    longest = max((len(word) for word in name.split()), default=0)
    for most, longest_word, found in ((24, 6, "l"), (50, 9, "m"), (80, 12, "s")):
        if len(name) <= most and longest <= longest_word:
            return found
    return "xs"


@register.simple_tag
def card(title: Any, found: Any, place: int, pick: bool = False) -> SafeString:
    """Return a title in the poster grid as one link; `pick` puts a box before it that ticks it.

    Written by hand, and tersely: a page holds up to 96 of them.
    """
    name = escape(title.name)
    available = f" <span>{found.available}/{found.total}</span>" if title.kind == "show" and found.total else ""
    stands = "needs" if title.waiting else title.state
    amiss = "" if stands == "indexed" else state("title", stands)
    if found.counts["gone"] and not found.available:  # what is gone from disk comes before its metadata
        amiss = state("episode", "gone")
    return mark_safe(  # noqa: S308  the name is escaped, the rest are numbers and our own tags
        f"{tick(title) if pick else ''}<a class=card href=/library/{title.pk}-{slug(title.name)}/>"
        f"{poster(title, lazy=place > ABOVE_THE_FOLD)}"
        f"<b>{name}</b><small>{title.year or ''}{available} {amiss}</small>{strip(found)}</a>"
    )


@register.simple_tag
def standing(title: Any, found: Any) -> SafeString:
    """Return how a title stands, and in a few words why."""
    if found.counts["gone"] and not found.available:
        return _with_reason(state("episode", "gone"), _("its files are not on disk"))
    if title.waiting:
        return _with_reason(state("title", "needs"), _("no clear title"))
    said = episode_words(get_language() or "")
    amiss = [name for name in LACKING if found.counts[name]] if title.kind == "show" else []
    lacking = ", ".join(f"{found.counts[name]} {said[name]}" for name in amiss)
    return _with_reason(state("title", title.state), str(words.REASONS.get(title.state, "")) or lacking)


def _with_reason(shown: SafeString, reason: str) -> SafeString:
    return format_html('{} <small class="hint">{}</small>', shown, reason) if reason else shown


def short(text: str, most: int) -> str:
    """Return at most so many characters; Django's Truncator costs a page of 96 titles two milliseconds."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@register.simple_tag
def tick(title: Any) -> SafeString:
    """Return the box that picks a title for what is done with many."""
    return format_html(
        '<input type=checkbox name=pick value={} aria-label="{}">',
        title.pk,
        _("Select %s") % short(title.name, 60),
    )


@register.simple_tag
def poster(title: Any, lazy: bool = False) -> SafeString:
    """Return a title's poster; where there is none, its name on a cloth binding."""
    if title.poster:
        waits = " loading=lazy" if lazy else ""
        return mark_safe(  # noqa: S308  a hash
            f'<img class=poster src="/artwork/{escape(title.poster)}-342.webp" alt="" width=342 height=513{waits}>'
        )
    return format_html(
        '<div class="poster cloth {} c{}" aria-hidden=true><span>{}</span><i>{}</i></div>',
        measure(title.name),
        title.pk % 8,
        short(title.name, 140),
        title.year or "—",
    )
