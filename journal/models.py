"""The one memory behind every "why"."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Something happened to a thing; never changed afterwards.

    `subject` is "<app>.<model>:<id>", lower case, such as "scanner.title:17"; a change of a whole
    set is one event whose subject is the set ("scanner.scan:12").
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    subject = models.CharField(max_length=120)
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    facts = models.JSONField(default=dict, blank=True)
    actor = models.CharField(max_length=80, default="mediasync")

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The history of one thing on its page, newest first.
            models.Index(fields=["subject", "-id"], name="event_of_subject"),
            # Pruning, and the History page by day.
            models.Index(fields=["at"], name="event_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"
