"""What templates say in one place: states, strips, times, sizes and numbers."""

from __future__ import annotations

import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jobs.words import pool_word
from mediasync import words
from mediasync.ages import relative
from pages.stored import translated
from scanner.filenames import slug

register = template.Library()
register.filter("translated", translated)
register.filter("slug", slug)
register.filter("pool_word", pool_word)
register.filter("status_word", words.status_word)
THIN = "\u202f"
UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@register.simple_tag
def state(scope: str, value: str, detail: Any = "") -> SafeString:
    """Return a state as word, shape and colour; `detail` follows the word."""
    return _state(scope, value, str(detail) if detail else "", get_language())


@lru_cache(maxsize=1_000)
def _state(scope: str, value: str, detail: str, _language: str | None) -> SafeString:
    look = words.look(scope, value)
    return format_html(
        '<span class="state {}"{}><svg aria-hidden="true"><use href="#s-{}"/></svg>{}{}</span>',
        look.tone,
        format_html(' title="{}"', look.term) if look.term else "",
        look.shape,
        look.word,
        f" · {detail}" if detail else "",
    )


@register.simple_tag
def word(scope: str, value: str) -> str:
    """Return the word of a state alone."""
    return str(words.look(scope, value).word)


@register.filter
def work(kind: str) -> str:
    """Return what a job of this kind does, in words."""
    return str(words.KINDS.get(kind, kind))


@register.filter
def failure(kind: str) -> str:
    """Return what went wrong with a request, in words."""
    return str(words.FAILURES.get(kind, kind))


@register.filter
def decided(by: str) -> str:
    """Return by what a match has its title: "by a search"."""
    return str(words.BY.get(by, by))


@register.filter
def read_name(match: Any) -> str:
    """Return as what a match was read, with its year: "Alien (1979)"."""
    name = match.name or match.key
    return f"{name} ({match.year})" if match.year else name


@register.filter
def extra(kind: str) -> str:
    """Return what a file beside the title itself is: Trailer."""
    return str(words.EXTRAS.get(kind, words.EXTRAS["other"]))


@register.simple_tag
def season_name(number: int, name: str) -> str:
    """Return what a season is called; those without a name by their number."""
    return name or (_("Season %d") % number if number else _("Specials"))


@register.filter
def thin(value: int | None) -> str:
    """Return a count with thin spaces: 12 480."""
    return "–" if value is None else f"{value:,}".replace(",", THIN)


@register.filter
def size(value: int | None) -> str:
    """Return bytes in binary units: 4.2 GiB."""
    if value is None:
        return "–"
    amount, step = float(value), 0
    while amount >= 1024 and step < len(UNITS) - 1:
        amount, step = amount / 1024, step + 1
    digits = 0 if step == 0 or amount >= 100 else 1
    return f"{formats.number_format(amount, digits)}{THIN}{UNITS[step]}"


@register.filter
def span(seconds: float | None) -> str:
    """Return a duration in its two largest units: 4 min 10 s."""
    if seconds is None:
        return "–"
    if 0 < seconds < 0.05:
        return f"< {formats.number_format(0.1, 1)} s"
    if seconds < 10:
        return f"{formats.number_format(seconds, 1 if seconds else 0)} s"
    left = round(seconds)
    if left < 60:
        return f"{left} s"
    minutes, rest = divmod(left, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes < 10 and rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else ngettext("%d day", "%d days", hours // 24) % (hours // 24)


@register.simple_tag
def ago(moment: datetime.datetime | None) -> SafeString | str:
    """Return a moment as <time>: relative words, the absolute local time as its title."""
    if moment is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}" data-rel>{}</time>',
        moment.isoformat(timespec="seconds"),
        formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT"),
        relative((moment - timezone.now()).total_seconds()),
    )


@register.simple_tag
def day(date: datetime.date | None) -> SafeString | str:
    """Return a date as <time>, written as everywhere else; nothing where there is none."""
    return "" if date is None else _day(date, get_language())


@lru_cache(maxsize=1_000)
def _day(date: datetime.date, _language: str | None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), formats.date_format(date, "DATE_FORMAT"))


@register.simple_tag
def address(query: Any, **changes: Any) -> str:
    """Return the querystring of a list's query with `changes`; back to page 1 unless told."""
    found: str = query.address(**changes)
    return found


@register.simple_tag
def strip(found: Any) -> SafeString:
    """Return a title's state strip as SVG: one segment an episode, or a season above forty."""
    if not found.segments:
        return mark_safe("")
    if found.segments == ["available"]:  # most films
        return mark_safe(  # noqa: S308  our own words
            f'<i class="strip ok" role=img aria-label="{escape(words.look("episode", "available").word)}"></i>'
        )
    return mark_safe(  # noqa: S308  our own words and numbers
        f'<svg class=strip role=img aria-label="{escape(strip_words(found))}" viewBox="0 0 180 8" '
        f"preserveAspectRatio=none>{_segments(tuple(found.segments))}</svg>"
    )


@register.simple_tag
def strip_words(found: Any) -> str:
    """Return what a strip says in words: "Episodes: 5 available, 2 missing"."""
    said = episode_words(get_language() or "")
    return said[""] % ", ".join(f"{found.counts[name]} {word}" for name, word in said.items() if found.counts.get(name))


@cache
def episode_words(_language: str) -> dict[str, str]:
    """Return the words of a strip in the language of the page, and what stands before them under ""."""
    looks = words.LOOKS["episode"].items()
    return {"": _("Episodes: %s")} | {name: str(look.word).lower() for name, look in looks}


@lru_cache(maxsize=1024)
def _segments(states: tuple[str, ...]) -> SafeString:
    """Return one path a look. Runs of solid segments are one dashed line: 40 of them cost as much as one."""
    gap = 2 if len(states) <= 24 else 1
    width = round((180 - gap * (len(states) - 1)) / len(states), 2)
    runs: dict[str, list[str]] = {}
    start = 0
    for index in range(1, len(states) + 1):
        if index < len(states) and states[index] == states[start]:
            continue
        tone = words.look("episode", states[start]).tone
        runs.setdefault(tone, []).append(_run(tone, start, index - start, width, gap))
        start = index
    dash = f"{width:g} {gap}"
    return mark_safe(  # noqa: S308  numbers and colour names only
        "".join(_path(tone, "".join(parts), dash) for tone, parts in runs.items())
    )


def _run(tone: str, first: int, many: int, width: float, gap: int) -> str:
    left = first * (width + gap)
    if tone not in {"soon", "fail"}:
        return f"M{left:.4g} 4h{many * (width + gap) - gap:.4g}"
    inner = width - 1.5
    boxes = (f"M{left + n * (width + gap) + 0.75:.4g} .75h{inner:.4g}v6.5h-{inner:.4g}z" for n in range(many))
    if tone == "soon":
        return "".join(boxes)
    return "".join(f"{box}l{inner:.4g} 6.5m0-6.5l-{inner:.4g} 6.5" for box in boxes)


def _path(tone: str, shape: str, dash: str) -> str:
    if tone in {"soon", "fail"}:
        return f'<path class="{tone} box" d="{shape}"/>'
    paint = f' stroke="url(#p-{tone})"' if tone in {"want", "stale"} else ""
    return f'<path class="{tone}"{paint} stroke-dasharray="{dash}" d="{shape}"/>'
