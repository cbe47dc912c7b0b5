"""Walks of libraries, as a person sees them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scanner.models.library import Library


class Scan(models.Model):
    """One walk of one library, or one refresh round (then `library` is empty)."""

    class Mode(models.TextChoices):
        QUICK = "quick", _("Quick")
        DIRS = "dirs", _("Directories")
        REFRESH = "refresh", _("Refresh")
        FULL = "full", _("Full")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        HELD = "held", _("Held")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    library = models.ForeignKey(Library, null=True, blank=True, on_delete=models.CASCADE, related_name="scans")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.QUICK)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    method = models.TextField(blank=True, help_text="Which folders were listed, and why not all.")
    whole = models.BooleanField(default=True, help_text="Every folder was listed.")
    actor = models.CharField(max_length=80, default="mediasync")
    files = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    expected_files = models.PositiveIntegerField(default=0, help_text="Known files when it began: the ETA's total.")
    folders = models.JSONField(default=dict, blank=True, help_text="Counts per top folder.")
    troubles = models.JSONField(default=list, blank=True, help_text="Folders that could not be read, and why.")
    losses = models.JSONField(default=list, blank=True, help_text="Ids of files whose loss is held.")
    losses_confirmed = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    walk_seconds = models.FloatField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # A second press joins the running one; a held one is renewed by later scans.
            models.UniqueConstraint(
                fields=["library"], condition=Q(state__in=["open", "held"]), name="one_open_scan_a_library"
            ),
            models.UniqueConstraint(
                fields=["mode"], condition=Q(library=None, state__in=["open", "held"]), name="one_open_refresh"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="scan_by_time")]

    def __str__(self) -> str:
        return f"{self.mode} scan {self.pk}"
