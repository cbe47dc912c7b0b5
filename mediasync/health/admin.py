"""What is kept of the checks, in the admin."""

from __future__ import annotations

from django.contrib import admin

from journal.admin import FactsAdmin
from mediasync.health.models import Result


@admin.register(Result)
class ResultAdmin(FactsAdmin):
    """How each check stood when it was last looked at; read only, since the next look writes it anew."""

    list_display = ("code", "subject", "state", "reason", "since", "measured_at", "hidden_as", "hidden_by")
    list_filter = ("state", "code")
    search_fields = ("code", "subject", "reason")
