"""How long ago something was, and when it will be, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

STEPS = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"))
DAY, MONTH = 86_400, 86_400 * 30


def relative(seconds: float) -> str:
    """Return how long ago or ahead a moment is, shortly; app.js keeps it true on a page that is left open."""
    away = abs(seconds)
    if away < 5:
        return _("now")
    for limit, unit, name in STEPS:
        if away < limit:
            amount = f"{int(away // unit)} {name}"
            return _("in %s") % amount if seconds > 0 else _("%s ago") % amount
    amount = _long(int(away))
    return _("in %s") % amount if seconds > 0 else _("%s ago") % amount


def _long(seconds: int) -> str:
    """Return days, months or years as they stand behind "ago" and "in"."""
    if seconds < 2 * MONTH:
        return npgettext("ago", "%d d", "%d d", seconds // DAY) % (seconds // DAY)
    months = seconds // MONTH
    if months < 24:
        return ngettext("%d month", "%d months", months) % months
    return npgettext("ago", "%d y", "%d y", months // 12) % (months // 12)
