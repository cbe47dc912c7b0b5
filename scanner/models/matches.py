"""What a folder or a stem is believed to be."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scanner.models.library import Library
from scanner.models.titles import Title


class Match(models.Model):
    """What a show folder, a film folder or a stem is believed to be."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        MATCHED = "matched", _("Matched")
        UNMATCHED = "unmatched", _("Unmatched")
        IGNORED = "ignored", _("Ignored")

    class By(models.TextChoices):
        NAME = "name", _("Name")
        TAG = "tag", _("Id tag")
        NFO = "nfo", "NFO"
        SEARCH = "search", _("Search")
        HAND = "hand", _("By hand")

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="matches")
    key = models.TextField(help_text="The folder, or folder/stem where a folder holds several films.")
    folder = models.TextField(help_text="Where the files beside the media go, relative to the library.")
    stem = models.TextField(blank=True, help_text="Prefix of the files beside the media in a shared folder.")
    kind = models.CharField(max_length=10, choices=Title.Kind)
    name = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True, blank=True)
    ids = models.JSONField(default=dict, blank=True, help_text='Ids found in names: {"tmdb": 603}')
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    by = models.CharField(max_length=10, choices=By, blank=True)
    locked = models.BooleanField(default=False)
    title = models.ForeignKey(Title, null=True, blank=True, on_delete=models.SET_NULL, related_name="matches")
    score = models.FloatField(null=True, blank=True)
    reason = models.TextField(blank=True)
    candidates = models.JSONField(default=list, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last identified.")
    sidecars = models.JSONField(
        default=dict, blank=True, help_text="Files we wrote beside the media: {name: {sha256, bytes}}"
    )
    written_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the files beside its media were last written."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [models.UniqueConstraint(fields=["library", "key"], name="match_once")]
        indexes = [
            # The Unmatched page.
            models.Index(fields=["state", "key"], name="match_by_state"),
            # The reseeds of what is not identified and not written yet; in a tidy library both are empty.
            models.Index(fields=["id"], condition=Q(state="new"), name="match_new"),
            models.Index(
                fields=["library"],
                condition=Q(state="matched", written_at=None) & ~Q(folder=""),
                name="match_not_written",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


# In the words of the partial indexes themselves: a bound parameter would hide that they apply.
NOT_IDENTIFIED = RawSQL("scanner_match.state = 'new'", [], output_field=models.BooleanField())
NOT_WRITTEN = RawSQL(
    "scanner_match.state = 'matched' AND scanner_match.written_at IS NULL AND NOT (scanner_match.folder = '')",
    [],
    output_field=models.BooleanField(),
)


class Leftover(models.Model):
    """A file that we wrote beside media that are not there any more; removed unless it is somebody's by now."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE)
    path = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="As we wrote it.")
    heir = models.ForeignKey(
        Match, null=True, blank=True, on_delete=models.SET_NULL, help_text="Who has the decision that it may hold."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "path"], name="leftover_once")]

    def __str__(self) -> str:
        return self.path
