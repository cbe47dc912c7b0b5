"""Files on disk, and the episodes that they hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scanner.models.library import Library
from scanner.models.matches import Match
from scanner.models.titles import Episode, Title


class MediaFileQuerySet(QuerySet["MediaFile"]):
    """Adjectives of files."""

    def unread(self) -> MediaFileQuerySet:
        """Files that want a closer look: nobody has had one, another content, or not readable the last time."""
        unseen = Q(fingerprint="") | Q(inspected_at=None)
        return self.filter(unseen | Q(state__in=("changed", "error"))).exclude(state="missing")

    def with_shown_state(self, *, title: Title | None = None) -> MediaFileQuerySet:
        """Annotate `shown_state`: what a person sees of a file (DESIGN §4, one expression).

        `title`: the one that they all belong to, where it is known.
        """
        own = ("missing", "error", "changed")
        states = Title.objects.filter(pk=OuterRef("match__title_id")).values("state")
        title_state = Value(title.state) if title else Subquery(states[:1])
        return self.annotate(
            shown_state=Case(
                When(state__in=own, then=F("state")),
                When(match__state="unmatched", then=Value("unmatched")),
                When(match__state="ignored", then=Value("indexed")),  # nothing is left to be done
                default=Coalesce(title_state, Value("new")),
            )
        )


class MediaFile(models.Model):
    """A file on disk, by library and relative path."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        INDEXED = "indexed", _("Indexed")
        CHANGED = "changed", _("Changed")
        MISSING = "missing", _("Missing")
        ERROR = "error", _("Error")

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="files")
    match = models.ForeignKey(Match, null=True, blank=True, on_delete=models.SET_NULL, related_name="files")
    path = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    device = models.BigIntegerField(default=0)
    inode = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True, editable=False)
    season = models.IntegerField(null=True, blank=True)
    episode_numbers = models.JSONField(default=list, blank=True)
    air_date = models.DateField(null=True, blank=True)
    version = models.CharField(max_length=120, blank=True, help_text="Edition or quality that tells versions apart.")
    part = models.PositiveSmallIntegerField(null=True, blank=True)
    extra = models.CharField(max_length=20, blank=True, help_text="trailer, sample, … or empty.")
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)
    missing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    episodes = models.ManyToManyField(Episode, through="EpisodeFile", related_name="files")

    objects = MediaFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "path"], name="file_once")]
        indexes = [
            # Moves: a new file with the inode of one that is gone.
            models.Index(fields=["inode"], name="file_by_inode"),
            # What the state filters and the clean-up of MISSING read; tidy files are not in it.
            models.Index(fields=["state", "library"], condition=~Q(state="indexed"), name="file_not_indexed"),
            # The reseed of files that nobody has looked into; in a tidy library none.
            models.Index(fields=["id"], condition=Q(inspected_at=None), name="file_not_inspected"),
        ]

    def __str__(self) -> str:
        return self.path


class EpisodeFile(models.Model):
    """A file holds an episode."""

    file = models.ForeignKey(MediaFile, on_delete=models.CASCADE)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "episode"], name="episode_of_file_once")]

    def __str__(self) -> str:
        return f"{self.file_id} holds {self.episode_id}"


# In the words of the partial indexes themselves: a bound parameter would hide that they apply.
NOT_INDEXED = RawSQL("NOT (scanner_mediafile.state = 'indexed')", [], output_field=models.BooleanField())
NOT_INSPECTED = RawSQL("scanner_mediafile.inspected_at IS NULL", [], output_field=models.BooleanField())
