"""The jobs of notices."""

from __future__ import annotations

from jobs.registry import handles
from mediasync.notify import sending
from mediasync.notify.models import Notifier


@handles("notify.look", pool="upkeep")
def look_for_news(_key: str) -> None:
    """Queue what has to be told."""
    sending.look()


@handles("notify.send", pool="upkeep")
def send_notice(key: str) -> None:
    """Tell one notifier ("notifier:3") what is new."""
    found = Notifier.objects.filter(pk=key.partition(":")[2], enabled=True).first()
    if found:
        sending.send(found)
