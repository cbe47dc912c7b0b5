"""What the household chose for all its libraries, on the Settings pages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Household(models.Model):
    """One row. What the environment or `.env` gives goes before it; empty means: as given there, or the default."""

    tmdb_api_key = models.CharField(max_length=300, blank=True, help_text="v3 key or v4 token.")
    tmdb_language = models.CharField(max_length=12, blank=True, help_text="Such as de-DE; empty: the setting.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_household")]

    def __str__(self) -> str:
        return "household"

    @classmethod
    def as_chosen(cls) -> Household:
        """Return the row, or the defaults where nobody has chosen anything yet (unsaved)."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
