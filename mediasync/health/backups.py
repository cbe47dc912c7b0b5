"""Checks of the backups: that there is one, that it is young, that it was tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mediasync.health.facts import Facts
from mediasync.health.finding import Act, Finding, Level, well
from mediasync.templatetags.ui import span
from pages.stored import translated

FIRST_AFTER = dt.timedelta(days=1)
OLD = dt.timedelta(days=3)
CURE, KIND = "./run backup", "mediasync.backup"


def youngest(facts: Facts) -> Iterator[Finding]:
    """Find that there is no backup, or none of the last days."""
    good = _good(facts)
    if not good and _is_new(facts):
        yield well("backup", _("The first backup is made within a day."))
    elif not good:
        message = _(
            "There is no backup: what is known of the library, and every decision in it, would be lost with the disk."
        )
        cure = _("Make one with `%s`; afterwards one is made each night.") % CURE
        yield Finding("backup", Level.WARNING, message, cure, act=_now(facts))
    elif facts.now - good[0].at > OLD:
        age = span((facts.now - good[0].at).total_seconds())
        cure = _("Make one with `%s`, and see that the schedule of the backups is switched on.") % CURE
        yield Finding("backup", Level.WARNING, _("The last good backup is %s old.") % age, cure, act=_now(facts))
    else:
        yield well("backup", _("The last good backup is %s old.") % span((facts.now - good[0].at).total_seconds()))


def failed(facts: Facts) -> Iterator[Finding]:
    """Find that the last try went wrong."""
    last = facts.backups[0] if facts.backups else None
    if last is None or last.ok:
        yield well("backup-failed", _("No backup went wrong."))
        return
    yield Finding(
        "backup-failed",
        Level.WARNING,
        _("The last backup went wrong: %s") % translated(last.message),
        _("Put right what it names, then try with `%s`.") % CURE,
        act=_now(facts),
    )


def verified(facts: Facts) -> Iterator[Finding]:
    """Tell that nobody tried whether the last backup can be restored."""
    good = _good(facts)
    if not good or good[0].verified_at:
        yield well("backup-verified", _("The last backup was restored into a scratch place, and is whole."))
        return
    yield Finding(
        "backup-verified",
        Level.NOTICE,
        _("Nobody has tried yet whether the last backup can be restored."),
        _("Make one with `%s`: it is tried when it is made.") % CURE,
        act=_now(facts),
    )


def _now(facts: Facts) -> Act | None:
    """The button that makes one, where there is a schedule for it."""
    found = [schedule for schedule in facts.schedules if schedule.kind == KIND]
    return Act(_("Back up now"), verb="run", thing=str(found[0].pk)) if found else None


def _good(facts: Facts) -> list[Any]:
    return [backup for backup in facts.backups if backup.ok]


def _is_new(facts: Facts) -> bool:
    """Whether there is nothing of a day ago to be lost."""
    return all(library.created_at > facts.now - FIRST_AFTER for library in facts.libraries)
