"""The one guarded `move()` between states, and `record()` for what changes no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from journal.models import Event

SYSTEM = "mediasync"
LONGEST_NAME = 300


def subject_of(thing: models.Model) -> str:
    """Return the name under which events speak of a row: "scanner.title:17"."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def move(
    thing: models.Model,
    to: str,
    *,
    reason: str,
    facts: dict[str, Any] | None = None,
    actor: str = SYSTEM,
    still: Mapping[str, Any] | None = None,
    **fields: Any,
) -> bool:
    """Change `thing.state` to `to` if the row is still in the state we read, and write the event.

    `still` names more columns that must be as they were, for decisions that rest on them.

    `fields` are saved in the same guarded update, and the reason too where the row keeps its last
    one (a field named `reason`). Returns False, changing nothing, when another
    was quicker; `thing` then still carries what was read. State and event are one transaction.
    """
    old = thing.state  # type: ignore[attr-defined]
    if any(field.name == "reason" for field in thing._meta.concrete_fields):
        fields["reason"] = reason
    with transaction.atomic():
        same = type(thing)._default_manager.filter(pk=thing.pk, state=old, **(still or {}))
        if not same.update(state=to, **fields):
            return False
        record(thing, reason=reason, old=old, new=to, facts=facts, actor=actor)
    for name, value in {"state": to, **fields}.items():
        setattr(thing, name, value)
    return True


def record(
    subject: str | models.Model,
    *,
    reason: str,
    old: str = "",
    new: str = "",
    facts: dict[str, Any] | None = None,
    actor: str = SYSTEM,
) -> Event:
    """Write one event about a thing or a set; belongs in the transaction of the change it tells."""
    return Event.objects.create(
        subject=subject if isinstance(subject, str) else subject_of(subject),
        name="" if isinstance(subject, str) else str(subject)[:LONGEST_NAME],
        old=old,
        new=new,
        reason=reason,
        facts=facts or {},
        actor=actor,
    )
