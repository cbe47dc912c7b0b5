"""Where notices go."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Notifier(models.Model):
    """An address that is told what turned bad, and what is well again. Its address may hold a secret."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("Webhook (JSON)")
        NTFY = "ntfy", "ntfy"
        GOTIFY = "gotify", "Gotify"
        DISCORD = "discord", "Discord"

    class Least(models.TextChoices):
        WARNING = "warning", _("Warnings and errors")
        ERROR = "error", _("Errors only")

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    url = models.TextField(_("Address"))
    least = models.CharField(_("Tell"), max_length=10, choices=Least, default=Least.WARNING)
    enabled = models.BooleanField(_("Switched on"), default=True)
    language = models.CharField(max_length=12, blank=True, default="", editable=False)  # of whoever added or tried it
    told_until = models.BigIntegerField(default=0, editable=False, help_text="Id of the last event that was told.")
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
