"""The one answer to "why is this as it is": state, rule, inputs, what was considered, what happens next."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Considered:
    """Something that was weighed: `taken` says whether it was chosen, `reason` why or why not."""

    what: str
    reason: str
    taken: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Shown by `pages/why.html`. All texts are plain sentences for people, in the language of the page.

    `state` is the scope and word for the state tag, such as ("job", "waiting"); `rule` the sentence that led there;
    `inputs` what it was decided from, as (name, value); `next` what happens now, at `next_at` if that is known;
    `events` rows of the journal, newest first.
    """

    state: tuple[str, str]
    rule: str
    next: str
    next_at: datetime.datetime | None = None
    inputs: Sequence[tuple[str, Any]] = ()
    considered: Sequence[Considered] = ()
    events: Sequence[Any] = field(default=())
