"""Notifiers in the admin; their addresses hold secrets and are not shown."""

from __future__ import annotations

from django.contrib import admin

from journal.admin import FactsAdmin
from mediasync.notify.models import Notifier


@admin.register(Notifier)
class NotifierAdmin(FactsAdmin):
    """Who is told what."""

    list_display = ("name", "kind", "least", "enabled", "sent_at", "last_error")
    search_fields = ("name",)
    exclude = ("url",)
