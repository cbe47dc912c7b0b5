"""A person wants a title described afresh."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from journal.moves import move
from scanner.models import Title
from scanner.services import matches


def refresh(title: Title, *, actor: str) -> None:
    """Mark `title` as due and queue it before everything else."""
    reason = f"refresh asked by {actor}"
    with transaction.atomic():
        if title.state == Title.State.INDEXED:
            move(title, Title.State.STALE, reason=reason, actor=actor, refresh_at=timezone.now(), etag="")
        matches.refresh([title.pk], actor=actor)
