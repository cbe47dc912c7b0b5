"""The keys with which programs use the API."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key of one program. The key itself is not kept: only its beginning, to tell it by, and its hash."""

    class Scope(models.TextChoices):
        """What a key may do, as the pages let members and staff; each includes the ones before it."""

        READ = "read", _("Look at everything")
        ACT = "act", _("Look, scan and refresh, as every member may")
        ADMIN = "admin", _("Everything that staff may")

    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8, unique=True, help_text="The beginning of the key, shown to tell it by.")
    sha256 = models.CharField(max_length=64, help_text="Hash of the whole key.")
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.READ)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="api_keys",
        help_text="Whose key it is; without an account it is the household's.",
    )
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def valid(self, now: datetime) -> bool:
        """Return whether it opens anything at `now`."""
        alive = self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
        return alive and (self.user is None or self.user.is_active)

    @property
    def standing(self) -> str:
        """One word for lists: active, revoked, expired or inactive (its account is)."""
        if self.revoked_at:
            return "revoked"
        if self.expires_at and self.expires_at <= timezone.now():
            return "expired"
        return "active" if self.valid(timezone.now()) else "inactive"
