"""The one memory behind every "why"."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils import timezone


class Event(models.Model):
    """Something happened to a thing; never changed afterwards.

    `subject` is "<app>.<model>:<id>", lower case, such as "scanner.title:17"; a change of a whole
    set is one event whose subject is the set ("scanner.scan:12"). `name` is what the thing was called
    then, for the day when it is gone; `about` is the subject without its id.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    subject = models.CharField(max_length=120)
    about = models.GeneratedField(
        expression=Substr("subject", 1, StrIndex(Concat(F("subject"), Value(":")), Value(":")) - 1),
        output_field=models.CharField(max_length=120),
        db_persist=True,
    )
    name = models.TextField(blank=True, default="")
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
            # The History page, whole or by day, by kind of thing and by actor: each in its order. Pruning too.
            models.Index(fields=["at", "id"], name="event_by_time"),
            models.Index(fields=["about", "at", "id"], name="event_by_kind"),
            models.Index(fields=["actor", "at", "id"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"
