"""When a description is looked at again (pure)."""

from __future__ import annotations

import datetime as dt

# Age of the release in days, and how long its description stays good. TMDB's terms allow no
# caching beyond six months, so the longest leaves room for a month of failed refreshes.
_STEPS = ((30, 3), (180, 14), (365, 30), (5 * 365, 90))
_LONGEST = 150


def refresh_after(released_on: dt.date | None, now: dt.datetime) -> dt.timedelta:
    """Return how long a description made at `now` stays good, by the age of the release.

    What is not out yet changes like a new release; without a date, a month.
    """
    if released_on is None:
        return dt.timedelta(days=30)
    age = (now.date() - released_on).days
    return dt.timedelta(days=next((days for limit, days in _STEPS if age < limit), _LONGEST))
