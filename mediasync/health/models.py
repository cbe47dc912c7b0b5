"""What is kept of the checks between two looks."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from mediasync.health.finding import Level


class Result(models.Model):
    """How a check stood when it was last looked at, what was measured for it, and whether somebody hid it.

    `facts` are what took long to measure; what they mean is said anew, in the reader's language, each time.
    """

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=Level, default=Level.OK)
    reason = models.TextField(blank=True, help_text="What it said when it came to this state.")
    since = models.DateTimeField(default=timezone.now, help_text="Since when it is so.")
    facts = models.JSONField(default=dict, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    hidden_as = models.CharField(
        max_length=10, blank=True, help_text="The level that somebody hid; another shows again."
    )
    hidden_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "subject"], name="health_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}".strip()
