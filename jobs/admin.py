"""The queue in the admin, with what a person does to it by hand."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jobs import queue, schedules
from jobs.models import Drain, Hold, Job, Pool, Priority, Schedule
from journal.admin import FactsAdmin


@admin.register(Job)
class JobAdmin(FactsAdmin):
    """Jobs: read, retried, cancelled, moved up and down; never typed over."""

    list_display = ("kind", "key", "state", "reason", "attempts", "due_at", "priority", "pool")
    list_filter = ("state", "pool", "priority", "kind", "error_class", "alone")
    search_fields = ("key", "origin", "last_error", "reason")
    actions = ("retry", "cancel", "first", "last", "release_lease")

    @admin.action(description=gettext_lazy("Retry now"))
    def retry(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Make them due now; failed ones live again."""
        self._say(request, queue.retry(chosen, actor=request.user.get_username()))

    @admin.action(description=gettext_lazy("Cancel"))
    def cancel(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """End them undone; a running one sees it within two seconds."""
        self._say(request, queue.cancel(chosen, actor=request.user.get_username()))

    @admin.action(description=gettext_lazy("Priority: before everything"))
    def first(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Put them before all others."""
        self._say(request, queue.prioritise(chosen, Priority.CRITICAL, actor=request.user.get_username()))

    @admin.action(description=gettext_lazy("Priority: after everything"))
    def last(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Put them behind all others."""
        self._say(request, queue.prioritise(chosen, Priority.VERY_LOW, actor=request.user.get_username()))

    @admin.action(description=gettext_lazy("Release lease"))
    def release_lease(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        """Take them from the worker that has them; it notices and stops."""
        queue.release_lease(chosen, actor=request.user.get_username())
        self._say(request, len(chosen))

    def _say(self, request: HttpRequest, many: int) -> None:
        messages.success(request, ngettext("%d job has changed.", "%d jobs have changed.", many) % many)


@admin.register(Pool)
class PoolAdmin(FactsAdmin):
    """Bulkheads: the limit is typed, pause and resume are actions."""

    list_display = ("name", "limit", "paused_at", "paused_reason")
    editable = ("limit",)
    actions = ("pause", "resume")

    def save_model(self, request: HttpRequest, obj: Pool, form: ModelForm[Pool], change: bool) -> None:
        """Set the limit through the queue: it holds at once."""
        queue.set_limit(obj.pk, obj.limit, actor=request.user.get_username())

    @admin.action(description=gettext_lazy("Pause"))
    def pause(self, request: HttpRequest, chosen: QuerySet[Pool]) -> None:
        """Nothing more is claimed from them; what runs is finished."""
        actor = request.user.get_username()
        for pool in chosen:
            queue.pause(pool.pk, f"paused by {actor}", actor=actor)
        messages.success(
            request,
            ngettext("%d pool is paused.", "%d pools are paused.", len(chosen)) % len(chosen)
            + " "
            + _("What runs is finished first."),
        )

    @admin.action(description=gettext_lazy("Resume"))
    def resume(self, request: HttpRequest, chosen: QuerySet[Pool]) -> None:
        """Work goes on."""
        for pool in chosen:
            queue.resume(pool.pk, actor=request.user.get_username())
        messages.success(request, ngettext("%d pool goes on.", "%d pools go on.", len(chosen)) % len(chosen))


@admin.register(Hold)
class HoldAdmin(FactsAdmin):
    """Sources out of reach, whose jobs wait."""

    list_display = ("source", "until", "reason")
    actions = ("lift",)

    @admin.action(description=gettext_lazy("Lift the hold"))
    def lift(self, request: HttpRequest, chosen: QuerySet[Hold]) -> None:
        """Let the jobs that wait for the source be claimed again."""
        many = len(chosen)
        for hold in chosen:
            queue.unhold(hold.pk)
        messages.success(request, ngettext("%d hold is lifted.", "%d holds are lifted.", many) % many)


@admin.register(Schedule)
class ScheduleAdmin(FactsAdmin):
    """Work that comes back by itself."""

    list_display = ("name", "kind", "every_s", "daily_at", "enabled", "next_run_at", "last_run_at", "last_error")
    list_filter = ("enabled",)
    editable = ("every_s", "daily_at", "enabled", "priority")
    actions = ("run_now",)

    def save_model(self, request: HttpRequest, obj: Schedule, form: ModelForm[Schedule], change: bool) -> None:
        """Give it its new times and plan the next run by them; a time of day goes before an interval."""
        every_s = None if obj.daily_at else obj.every_s
        Schedule.objects.filter(pk=obj.pk).update(priority=obj.priority)
        actor = request.user.get_username()
        schedules.change(obj, actor=actor, every_s=every_s, daily_at=obj.daily_at, enabled=obj.enabled)

    @admin.action(description=gettext_lazy("Run now"))
    def run_now(self, request: HttpRequest, chosen: QuerySet[Schedule]) -> None:
        """Queue their work before everything else; the next runs stay where they are."""
        for schedule in chosen:
            schedules.run_now(schedule, actor=request.user.get_username())
        messages.success(request, ngettext("%d run is queued.", "%d runs are queued.", len(chosen)) % len(chosen))


@admin.register(Drain)
class DrainAdmin(FactsAdmin):
    """Live worker processes by their heartbeat."""

    list_display = ("name", "node", "pid", "started_at", "beat_at", "done", "errors", "memory_bytes")
    list_filter = ("node",)
