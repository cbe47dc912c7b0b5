"""The queue's tables. What is shown as running are the leases, nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    """Who asked: smaller goes first."""

    CRITICAL = 0, _("Critical: a person asked")
    HIGH = 1, _("High: new")
    MEDIUM = 2, _("Medium: changed")
    LOW = 3, _("Low: stale")
    VERY_LOW = 4, _("Very low: full refresh")


class Pool(models.Model):
    """A bulkhead: at most `limit` leases at once over all nodes (and what a person asked for)."""

    # fmt: off
    LIMITS = {
        "scan": 2, "metadata": 8, "refresh": 1, "artwork": 4, "files": 2, "inspect": 2, "transfer": 4, "guide": 2,
        "upkeep": 1,
    }
    # fmt: on

    name = models.CharField(max_length=20, primary_key=True)
    limit = models.PositiveSmallIntegerField(default=4)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Something is to be done about a thing."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        LEASED = "leased", _("Leased")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.READY, State.LEASED, State.FAILED)

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    pool = models.CharField(max_length=20)
    needs = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    rank = models.FloatField(default=0, help_text="Due time plus patience, seconds of the epoch.")
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    again = models.BooleanField(default=False, help_text="A change came while it ran.")
    alone = models.BooleanField(default=False, help_text="Runs next in a process of its own.")
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    leased_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    error_class = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True, help_text="The sentence a person reads.")
    done_units = models.BigIntegerField(null=True, blank=True)
    total_units = models.BigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    speed = models.FloatField(null=True, blank=True, help_text="Units a second.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # 200 episodes make one job; the reseed does not revive what waits for a person.
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["ready", "leased", "failed"]),
                name="one_open_job",
            ),
        ]
        indexes = [
            # The claim: the first of a pool by rank; what cannot be claimed is passed over inside the index.
            models.Index(
                fields=["pool", "rank", "due_at", "needs", "alone"], condition=Q(state="ready"), name="job_claim"
            ),
            # The look: is anything due in a pool, of a source that is not held? Asked five times a second.
            models.Index(fields=["pool", "needs", "due_at"], condition=Q(alone=False, state="ready"), name="job_look"),
            # Is there a job to run alone? Asked every second, answered no almost always.
            models.Index(fields=["due_at"], condition=Q(alone=True, state="ready"), name="job_alone"),
            # Counting a pool's leases, reaping and extending them.
            models.Index(fields=["pool", "leased_until"], condition=Q(state="leased"), name="job_leases"),
            # The progress of a scan, counted every other second, and its stop: what it caused, ended or not.
            models.Index(fields=["origin", "kind", "state"], name="job_of_origin"),
            # Pruning of what has ended, newest first in the history.
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="job_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


# In the words of the partial index itself: a bound parameter would hide that it applies.
IS_OPEN = RawSQL("state IN ('ready', 'leased', 'failed')", [], output_field=models.BooleanField())


class Hold(models.Model):
    """A whole source is out of reach: jobs that need it are not claimed until then."""

    source = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()
    reason = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class Drain(models.Model):
    """A live worker process, by its own heartbeat."""

    class Role(models.TextChoices):
        WORKER = "worker", _("Worker of the cluster")
        FOREGROUND = "foreground", _("A command in the foreground")
        ALONE = "alone", _("One job at a time, apart from all others")

    name = models.CharField(max_length=60, primary_key=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.WORKER)
    ticket = models.CharField(max_length=40, blank=True, help_text="The ticket that started it.")
    node = models.CharField(max_length=80)
    pid = models.PositiveIntegerField()
    pid_started = models.FloatField(help_text="Start of the process, seconds since the machine started.")
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)
    done = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    memory_bytes = models.BigIntegerField(default=0)
    version = models.CharField(max_length=40, blank=True, help_text="Of the code that it runs.")
    blind_to = models.JSONField(default=list, blank=True, help_text="Pools whose jobs need what this node cannot see.")

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """Work that comes back by itself: every `every_s` seconds, or daily at a local time."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    every_s = models.PositiveIntegerField(null=True, blank=True)
    daily_at = models.TimeField(null=True, blank=True, help_text="Local time of the household.")
    enabled = models.BooleanField(default=True)
    next_run_at = models.DateTimeField(default=timezone.now)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_s__isnull=False) | Q(daily_at__isnull=False), name="schedule_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name
