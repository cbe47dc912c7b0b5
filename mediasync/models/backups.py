"""What is remembered of backups."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Backup(models.Model):
    """One attempt at a backup. The files in the folder are the truth; rows say how it went."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=30)
    file = models.TextField(blank=True, help_text="Empty where none was made.")
    bytes = models.BigIntegerField(default=0)
    pictures_bytes = models.BigIntegerField(default=0, help_text="Of these, pictures that people uploaded.")
    verified_at = models.DateTimeField(null=True, blank=True, help_text="When it was restored into a scratch place.")
    ok = models.BooleanField(default=False)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=~models.Q(file=""), name="one_row_per_backup_file"),
        ]

    def __str__(self) -> str:
        return self.file or f"backup that failed at {self.at:%Y-%m-%d %H:%M}"
