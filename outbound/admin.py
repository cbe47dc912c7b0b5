"""Sources in the admin: what each is allowed, what last went wrong, and the reset of its breaker."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from journal.admin import BehindAdmin, FactsAdmin
from outbound import services
from outbound.models import Grant, Source, SourceHour


@admin.register(Source)
class SourceAdmin(FactsAdmin):
    """Remote services with budget and breaker."""

    list_display = ("name", "circuit", "failures", "open_until", "paused_until", "last_error_at", "last_error")
    list_filter = ("circuit",)
    search_fields = ("name", "base_url", "last_error")
    actions = ("reset_breaker",)

    @admin.action(description=gettext_lazy("Reset breaker and pause"))
    def reset_breaker(self, request: HttpRequest, chosen: QuerySet[Source]) -> None:
        """Close the breaker and lift pauses; the next request tells whether the source is well."""
        for source in chosen:
            services.reset(source, actor=request.user.get_username())
        messages.success(request, ngettext("%d source is reset.", "%d sources are reset.", len(chosen)) % len(chosen))


@admin.register(SourceHour)
class SourceHourAdmin(FactsAdmin):
    """Counters per source and hour."""

    list_display = ("source", "hour", "attempts", "successes", "retries", "bytes", "failures")
    list_filter = ("source",)
    list_select_related = ("source",)
    date_hierarchy = "hour"


@admin.register(Grant)
class GrantAdmin(BehindAdmin):
    """Requests of the last moments, as the budget counts them."""

    list_display = ("source", "arrived_by", "clock")
    list_filter = ("source",)
    list_select_related = ("source",)
