"""Events in the admin, and the base of all pages that show facts rather than forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from journal.models import Event

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


class FactsAdmin(Base):
    """Shows rows that the program writes: nothing is added, typed over or deleted; actions do what is to be done."""

    show_full_result_count = False
    list_per_page = 50
    editable: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Every column but the editable ones."""
        left_out = {*self.editable, *(self.exclude or ())}
        names = [field.name for field in self.model._meta.fields if field.name not in left_out]
        return [*names, *(name for name in self.readonly_fields if name not in names)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: the program adds these rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: others speak of them, and the program removes what has had its time."""
        return False


class BehindAdmin(FactsAdmin):
    """Rows that only the program needs: reached from others and by their address, not listed on the front page."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Nothing to offer on the front page."""
        return {}


@admin.register(Event)
class EventAdmin(FactsAdmin):
    """What happened and why; never changed, never deleted by hand."""

    list_display = ("at", "subject", "old", "new", "reason", "actor")
    list_filter = ("actor", "new")
    search_fields = ("subject", "reason")
    date_hierarchy = "at"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False
