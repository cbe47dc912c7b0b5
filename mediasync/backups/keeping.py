"""Which backups are kept: pure decisions about names and days, and the removal that follows."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import tzinfo
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from mediasync.backups import place
from mediasync.backups.place import Lying

log = logging.getLogger(__name__)

KEEP_BEFORE = 3  # of those made before an upgrade, and before a restore


def surplus(
    found: Sequence[Lying], *, daily: int, weekly: int, zone: tzinfo, good: Collection[Path] | None = None
) -> list[Lying]:
    """Return the backups that have had their time, newest first given.

    Kept are the newest of each of the last `daily` days that have one and of the last `weekly` weeks; three
    of each kind made before something, and the first of each of the last three upgrades: one that was cut off and
    tried again saves what is half done too; all that a person made; and the newest of which is known that it is good.
    """
    dailies = [one for one in found if one.kind == place.DAILY]
    kept = {one.path for one in found if one.kind == place.BY_HAND}
    kept |= _first_of_each(dailies, daily, lambda one: one.at.astimezone(zone).date())
    kept |= _first_of_each(dailies, weekly, lambda one: one.at.astimezone(zone).isocalendar()[:2])
    for kind in (place.BEFORE_RESTORE, place.BEFORE_UPGRADE):
        kept |= {one.path for one in [one for one in found if one.kind == kind][:KEEP_BEFORE]}
    upgrades = {one.path.name.partition("-to-")[2]: one.path for one in found if one.kind == place.BEFORE_UPGRADE}
    kept |= set(list(upgrades.values())[:KEEP_BEFORE])  # newest version first, of each its oldest
    last_good = next((one.path for one in found if good is None or one.path in good), None)
    return [one for one in found if one.path not in kept and one.path != last_good]


def _first_of_each(found: Iterable[Lying], most: int, period: object) -> set[Path]:
    first: dict[object, Path] = {}
    for one in found:
        first.setdefault(period(one), one.path)  # type: ignore[operator]
    return set(list(first.values())[:most])


def prune(good: Collection[Path] | None = None) -> list[Path]:
    """Remove the backups that have had their time from our folder; returns which."""
    zone = timezone.get_default_timezone()
    removed = []
    keep = {"daily": settings.BACKUP_KEEP_DAILY, "weekly": settings.BACKUP_KEEP_WEEKLY}
    for one in surplus(place.lying(), **keep, zone=zone, good=good):
        try:
            one.path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("The backup %s cannot be removed: %s", one.path, error.strerror)
        else:
            removed.append(one.path)
    return removed
