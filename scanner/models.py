"""The library: roots, files, what they are believed to be, and the titles they belong to."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone


class Library(models.Model):
    """A root folder. `kind` is a prior for what its names mean, not a rule."""

    class Kind(models.TextChoices):
        MOVIES = "movies", "Movies"
        SHOWS = "shows", "Shows"
        MIXED = "mixed", "Mixed"

    class Sidecars(models.TextChoices):
        ALL = "all", "Metadata, NFO and artwork"
        ARTWORK = "artwork", "Artwork only"
        OFF = "off", "Nothing"

    path = models.TextField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MIXED)
    sidecars = models.CharField(max_length=10, choices=Sidecars, default=Sidecars.ALL)
    demo = models.BooleanField(default=False)
    problem = models.TextField(blank=True, help_text="Why the folder cannot be read or written, if so.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "libraries"
        ordering = ["name"]

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


class Title(models.Model):
    """A movie or a show. Without a `tmdb_id` it is described from names and NFOs."""

    class Kind(models.TextChoices):
        MOVIE = "movie", "Movie"
        SHOW = "show", "Show"

    class State(models.TextChoices):
        NEW = "new", "New"
        INDEXED = "indexed", "Indexed"
        STALE = "stale", "Stale"
        ERROR = "error", "Error"

    class DescribedBy(models.TextChoices):
        NAMES = "names", "File names"
        NFO = "nfo", "NFO files"
        TMDB = "tmdb", "TMDB"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    tmdb_id = models.BigIntegerField(null=True, blank=True)
    name = models.TextField()
    sort_name = models.TextField(help_text="Folded, without a leading article: what lists sort and search by.")
    original_name = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True, blank=True)
    overview = models.TextField(blank=True)
    tagline = models.TextField(blank=True)
    released_on = models.DateField(null=True, blank=True)
    runtime_min = models.PositiveSmallIntegerField(null=True, blank=True)
    certification = models.CharField(max_length=20, blank=True)
    rating = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=40, blank=True)
    genres = models.JSONField(default=list, blank=True)
    details = models.JSONField(
        default=dict, blank=True, help_text="The description as in metadata.json: cast, crew, keywords, collection, …"
    )
    described_by = models.CharField(max_length=10, choices=DescribedBy, default=DescribedBy.NAMES)
    described_at = models.DateTimeField(null=True, blank=True)
    refresh_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=120, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    poster = models.CharField(max_length=64, blank=True, help_text="Hash of the WebP thumbnails in the data directory.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "tmdb_id"], condition=Q(tmdb_id__isnull=False), name="one_title_per_tmdb_id"
            ),
        ]
        indexes = [
            # The Library page: by name, by date added; filtered by state.
            models.Index(fields=["sort_name", "id", "original_name"], name="title_by_name"),
            models.Index(fields=["kind", "sort_name", "id"], name="title_by_kind"),
            models.Index(fields=["-created_at", "-id"], name="title_by_added"),
            models.Index(fields=["-year", "sort_name", "id"], name="title_by_year"),
            models.Index(fields=["-rating", "sort_name", "id"], name="title_by_rating"),
            models.Index(fields=["state", "sort_name"], name="title_by_state"),
            # The reseed of refreshes and what is not described yet.
            models.Index(fields=["refresh_at"], condition=Q(refresh_at__isnull=False), name="title_refresh_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})" if self.year else self.name


class FormerTitle(models.Model):
    """An address that was merged into another title and now redirects there."""

    former_id = models.BigIntegerField(primary_key=True)
    title = models.ForeignKey(Title, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"{self.former_id} is now {self.title_id}"


class TitleId(models.Model):
    """An id at another service: imdb, tvdb, wikidata, …"""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="other_ids")
    source = models.CharField(max_length=20)
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "source"], name="one_id_per_source")]
        indexes = [
            # Finding a title by a foreign id.
            models.Index(fields=["source", "value"], name="title_by_foreign_id"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.value}"


class Season(models.Model):
    """A season as the metadata source describes it; 0 holds the specials."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField()
    name = models.TextField(blank=True)
    overview = models.TextField(blank=True)
    air_date = models.DateField(null=True, blank=True)
    poster_path = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "number"], name="season_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"season {self.number}"


class Episode(models.Model):
    """An episode; (title, season, number) is its address. `details`: crew, guests, ratings."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="episodes")
    season = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    name = models.TextField(blank=True)
    overview = models.TextField(blank=True)
    air_date = models.DateField(null=True, blank=True)
    runtime_min = models.PositiveSmallIntegerField(null=True, blank=True)
    still_path = models.CharField(max_length=200, blank=True)
    tmdb_id = models.BigIntegerField(null=True, blank=True)
    type = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "season", "number"], name="episode_once")]
        ordering = ["season", "number"]
        indexes = [
            # Which aired episodes are not there: the filter by state of the Library page.
            models.Index(fields=["air_date", "season", "title"], name="episode_by_air_date"),
        ]

    def __str__(self) -> str:
        return f"S{self.season:02}E{self.number:02}"


class Match(models.Model):
    """What a show folder, a film folder or a stem is believed to be."""

    class State(models.TextChoices):
        NEW = "new", "New"
        MATCHED = "matched", "Matched"
        UNMATCHED = "unmatched", "Unmatched"
        IGNORED = "ignored", "Ignored"

    class By(models.TextChoices):
        NAME = "name", "Name"
        TAG = "tag", "Id tag"
        NFO = "nfo", "NFO"
        SEARCH = "search", "Search"
        HAND = "hand", "By hand"

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
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [models.UniqueConstraint(fields=["library", "key"], name="match_once")]
        indexes = [
            # The Unmatched page, and the reseed of what is not identified yet.
            models.Index(fields=["state", "key"], name="match_by_state"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class MediaFileQuerySet(QuerySet["MediaFile"]):
    """Adjectives of files."""

    def unread(self) -> MediaFileQuerySet:
        """Files that want a closer look: no fingerprint yet, another content, or not readable the last time."""
        return self.filter(Q(fingerprint="") | Q(state__in=("changed", "error"))).exclude(state="missing")

    def with_shown_state(self) -> MediaFileQuerySet:
        """Annotate `shown_state`: what a person sees of a file (DESIGN §4, one expression)."""
        own = ("missing", "error", "changed")
        title_state = Subquery(Title.objects.filter(pk=OuterRef("match__title_id")).values("state")[:1])
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
        NEW = "new", "New"
        INDEXED = "indexed", "Indexed"
        CHANGED = "changed", "Changed"
        MISSING = "missing", "Missing"
        ERROR = "error", "Error"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="files")
    match = models.ForeignKey(Match, null=True, blank=True, on_delete=models.SET_NULL, related_name="files")
    path = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    device = models.BigIntegerField(default=0)
    inode = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
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
            models.Index(fields=["state"], condition=~Q(state="indexed"), name="file_not_indexed"),
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


class Scan(models.Model):
    """One walk of one library, or one refresh round (then `library` is empty)."""

    class Mode(models.TextChoices):
        QUICK = "quick", "Quick"
        DIRS = "dirs", "Directories"
        REFRESH = "refresh", "Refresh"
        FULL = "full", "Full"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        HELD = "held", "Held"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    library = models.ForeignKey(Library, null=True, blank=True, on_delete=models.CASCADE, related_name="scans")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.QUICK)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=80, default="mediasync")
    files = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    expected_files = models.PositiveIntegerField(default=0, help_text="Known files when it began: the ETA's total.")
    folders = models.JSONField(default=dict, blank=True, help_text="Counts per top folder.")
    troubles = models.JSONField(default=list, blank=True, help_text="Folders that could not be read, and why.")
    losses = models.JSONField(default=list, blank=True, help_text="Ids of files whose loss is held.")
    losses_confirmed = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    walk_seconds = models.FloatField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # A second press joins the running one; a held one is renewed by later scans.
            models.UniqueConstraint(
                fields=["library"], condition=Q(state__in=["open", "held"]), name="one_open_scan_a_library"
            ),
            models.UniqueConstraint(
                fields=["mode"], condition=Q(library=None, state__in=["open", "held"]), name="one_open_refresh"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="scan_by_time")]

    def __str__(self) -> str:
        return f"{self.mode} scan {self.pk}"


class Artwork(models.Model):
    """A picture of a title: where it came from and where it lies. `file`: beside which match."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="artwork")
    role = models.CharField(max_length=20, help_text="poster, fanart")
    source_path = models.CharField(max_length=200, blank=True, help_text="Path at the image service.")
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "role"], name="one_picture_per_role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.title_id}"
