"""The roots, and what the quick look needs to know of their folders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scanner.art import SWITCHES


def all_art_roles() -> list[str]:
    """Return what a library begins with: every picture that there is."""
    return list(SWITCHES)


class LibraryManager(models.Manager["Library"]):
    """Libraries that nobody has removed."""

    def get_queryset(self) -> models.QuerySet[Library]:
        """Leave out those that are on their way out."""
        return super().get_queryset().filter(removed_at=None)


class Library(models.Model):
    """A root folder. `kind` is a prior for what its names mean, not a rule."""

    class Kind(models.TextChoices):
        MOVIES = "movies", _("Movies")
        SHOWS = "shows", _("Shows")
        MIXED = "mixed", _("Mixed")

    class Sidecars(models.TextChoices):
        ALL = "all", _("Metadata, NFO and artwork")
        ARTWORK = "artwork", _("Artwork only")
        OFF = "off", _("Nothing")

    path = models.TextField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MIXED)
    sidecars = models.CharField(max_length=10, choices=Sidecars, default=Sidecars.ALL)
    art_roles = models.JSONField(
        default=all_art_roles, blank=True, help_text="Which pictures are fetched and put beside the media."
    )
    demo = models.BooleanField(default=False)
    problem = models.TextField(blank=True, help_text="Why the folder cannot be read or written, if so.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LibraryManager()
    with_removed = models.Manager["Library"]()

    class Meta:
        verbose_name_plural = "libraries"
        ordering = ["name"]
        constraints = [
            # A folder may be added again while what was known of it is still being forgotten.
            models.UniqueConstraint(fields=["path"], condition=Q(removed_at=None), name="library_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Folder(models.Model):
    """What the quick look needs to know of a directory."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE)
    path = models.TextField()
    mtime_ns = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "path"], name="folder_once")]

    def __str__(self) -> str:
        return self.path
