"""What a check says: how bad it is, what is the matter, what would cure it, and what can be done about it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How much a finding matters to the household."""

    OK = "ok", _("Well")
    NOTICE = "notice", _("Notice")
    WARNING = "warning", _("Warning")
    ERROR = "error", _("Needs you")

    @property
    def rank(self) -> int:
        """The worst comes first."""
        return RANKS[self]


RANKS = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTICE: 2, Level.OK: 3}


@dataclass(frozen=True, slots=True)
class Act:
    """What a page offers beside a finding: `verb` is one of `acts.ACTS`, done to `thing`; or a page at `url`."""

    label: str
    verb: str = ""
    thing: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `cure` is empty where nothing is to be done; commands in it stand between backticks.

    `subject` tells findings of one check apart and stays the same while the matter does; `name` is
    what a person calls it. `seen_at` is when it was measured, None where that was just now.
    """

    code: str
    level: Level
    message: str
    cure: str = ""
    subject: str = ""
    name: str = ""
    act: Act | None = None
    seen_at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; a notice is only worth knowing."""
        return self.level in (Level.OK, Level.NOTICE)

    @property
    def key(self) -> tuple[str, str]:
        """What the finding is kept under."""
        return self.code, self.subject


def well(code: str, message: str, *, seen_at: datetime | None = None) -> Finding:
    """Return that a check found nothing."""
    return Finding(code, Level.OK, message, seen_at=seen_at)
