"""What the workers of all processes must agree on about each remote service."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SourceQuerySet(models.QuerySet["Source"]):
    """Reads that are repeated for every request, on purpose: the row is what workers agree on."""

    def fresh(self, name: str) -> Source:
        """Return the row as it is now; raises Source.DoesNotExist."""
        found = self.filter(pk=name).first()
        if found is None:
            raise Source.DoesNotExist(name)
        return found

    def locked(self, name: str) -> Source:
        """Return the row, locked until the transaction ends; raises Source.DoesNotExist."""
        return self.select_for_update().fresh(name)


class Source(models.Model):
    """A remote service: its budget's rules, its breaker and what last went wrong.

    The row's lock orders everything: whoever takes a grant or changes pause or circuit holds it.
    """

    class Circuit(models.TextChoices):
        CLOSED = "closed", _("Closed")
        OPEN = "open", _("Open")
        HALF_OPEN = "half_open", _("Half-open")

    name = models.CharField(max_length=60, primary_key=True)
    base_url = models.TextField(blank=True)
    rules = models.JSONField(default=list, help_text="[[requests, seconds], …], such as [[35, 10]]")
    declared_rules = models.JSONField(
        default=list, help_text="The rules the settings gave last: while they stay, a change by hand holds."
    )
    circuit = models.CharField(max_length=10, choices=Circuit, default=Circuit.CLOSED)
    failures = models.PositiveIntegerField(default=0, help_text="Consecutive failures that count.")
    opened_times = models.PositiveIntegerField(default=0, help_text="Openings since the last closing.")
    open_until = models.DateTimeField(null=True, blank=True)
    probe_by = models.CharField(max_length=80, blank=True)
    probe_until = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text="Retry-After and walls.")
    paused_reason = models.TextField(blank=True)
    paused_as = models.CharField(max_length=20, blank=True, help_text="Class of the failure that paused it.")
    urgent_until = models.FloatField(default=0, help_text="A person waits: background takes nothing (budget's clock).")
    epoch = models.PositiveIntegerField(default=0, help_text="Raised by each change of circuit.")
    settings_key = models.CharField(max_length=64, blank=True, help_text="Hash of the credentials refused last.")
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True, help_text="When a person last tested it.")
    tested_well = models.BooleanField(default=False)
    tested_said = models.TextField(blank=True, help_text="What the test found.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = SourceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """One request: the latest moment at which it can have reached the server (budget's clock)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    arrived_by = models.FloatField()
    taken_at = models.FloatField()
    clock = models.CharField(max_length=40, help_text="Boot id of the clock, or 'database'.")

    class Meta:
        indexes = [
            # Room in a rule: grants that may have arrived within its window.
            models.Index(fields=["source", "arrived_by"], name="grant_window"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.arrived_by:.3f}"


class SourceHour(models.Model):
    """Counters per source and hour, written in batches."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    hour = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    successes = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=dict, help_text="{error class: count}")
    retries = models.PositiveIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0, help_text="Time between grant and last byte.")
    wait_seconds = models.FloatField(default=0, help_text="Time waited for the budget.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "hour"], name="one_row_per_source_and_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.hour:%Y-%m-%d %H}h"
