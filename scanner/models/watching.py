"""What watching the libraries tells: where something happened, and how well each of them is watched."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from scanner.models.library import Library


class Hint(models.Model):
    """Something has happened in a folder, or (`deep`) anywhere below it; kept until somebody has looked."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE)
    path = models.TextField()
    deep = models.BooleanField(default=False)
    noticed_at = models.DateTimeField(default=timezone.now)
    begun = models.BooleanField(default=False, help_text="A look has begun to store what it saw.")
    looks = models.PositiveIntegerField(default=0, help_text="Looks so far that left it open.")

    def __str__(self) -> str:
        return self.path


class Watch(models.Model):
    """How a node watches a library: what is not watched is found by timed scans alone."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="watches")
    node = models.CharField(max_length=80)
    watching = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True, help_text="Since when it is watched without a gap.")
    folders = models.PositiveIntegerField(default=0, help_text="Folders watched.")
    limit = models.PositiveIntegerField(default=0, help_text="Folders that this user may watch in all.")
    problem = models.TextField(blank=True, help_text="Why it is not watched, or not all of it.")
    cure = models.TextField(blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now, help_text="The watcher's last sign of life.")

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["library", "node"], name="one_watch_a_node")]

    def __str__(self) -> str:
        return f"{self.library_id} at {self.node}"
