"""What a person prefers, kept with the account."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preference(models.Model):
    """How one person wants the pages, and the filters last used on each list."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preference"
    )
    theme = models.CharField(max_length=10, blank=True, help_text="light, dark, or as the system has it.")
    language = models.CharField(max_length=10, blank=True, help_text="Empty: the language of the browser.")
    shortcuts = models.BooleanField(default=True, help_text="Whether single keys lead to pages.")
    lists = models.JSONField(default=dict, blank=True, help_text='Last used filters: {"library": "type=movie"}')

    def __str__(self) -> str:
        return f"preferences of {self.user}"
