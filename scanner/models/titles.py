"""Movies and shows as a metadata source describes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scanner.art import EDITION, NONE, OF_A_COLLECTION, Slot


class Title(models.Model):
    """A movie or a show. Without a `tmdb_id` it is described from names and NFOs."""

    class Kind(models.TextChoices):
        MOVIE = "movie", _("Movie")
        SHOW = "show", _("Show")

    class State(models.TextChoices):
        NEW = "new", _("New")
        INDEXED = "indexed", _("Indexed")
        STALE = "stale", _("Stale")
        ERROR = "error", _("Error")

    class DescribedBy(models.TextChoices):
        NAMES = "names", _("File names")
        NFO = "nfo", _("NFO files")
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
    pictured = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Which kinds of pictures were looked for: those of this edition."
    )
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
            # The reseed of what is not described yet or STALE; in a tidy library few are.
            models.Index(fields=["state"], condition=~Q(state="indexed"), name="title_not_indexed"),
            # The reseed of pictures that nobody has looked for; a new edition needs a migration of this index.
            models.Index(
                fields=["id"],
                condition=Q(state="indexed", described_by="tmdb", pictured__lt=EDITION),
                name="title_not_pictured",
            ),
            # What grows STALE now.
            models.Index(fields=["refresh_at"], condition=Q(refresh_at__isnull=False), name="title_refresh_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})" if self.year else self.name


# In the words of the partial indexes themselves: a bound parameter would hide that they apply.
NOT_DESCRIBED = RawSQL("NOT (scanner_title.state = 'indexed')", [], output_field=models.BooleanField())
NOT_PICTURED = RawSQL(
    "scanner_title.state = 'indexed' AND scanner_title.described_by = 'tmdb' AND scanner_title.pictured < 1",
    [],
    output_field=models.BooleanField(),
)


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

    class Wish(models.TextChoices):
        WANTED = "wanted", _("Wanted")
        IGNORED = "ignored", _("Ignored")

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
    wish = models.CharField(max_length=10, choices=Wish, blank=True, help_text="What a person said of it, if anything.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "season", "number"], name="episode_once")]
        ordering = ["season", "number"]
        indexes = [
            # Which aired episodes are not there: the filter by state of the Library page, Home's next days.
            models.Index(fields=["air_date", "season", "title", "wish"], name="episode_by_air_date"),
        ]

    def __str__(self) -> str:
        return f"S{self.season:02}E{self.number:02}"


class Artwork(models.Model):
    """A picture of a title, a season or an episode: where it came from, and what the web shows of it."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="artwork")
    role = models.CharField(max_length=20, help_text="poster, fanart, logo, landscape, banner, season, still, …")
    season = models.IntegerField(default=NONE, help_text="-1: of the title itself")
    episode = models.IntegerField(default=NONE, help_text="-1: of the title or the season")
    source_path = models.CharField(max_length=200, blank=True, help_text="Path at the image service.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file as we place it; empty: not there.")
    size_bytes = models.PositiveIntegerField(default=0)
    choice = models.CharField(max_length=200, blank=True, help_text="The picture that a person chose; locked.")
    own = models.TextField(blank=True, help_text="Somebody's own file beside the media, which is shown instead.")
    shown = models.CharField(max_length=64, blank=True, help_text="Hash that the copies for the web are named by.")
    width = models.PositiveIntegerField(default=0, help_text="Of what is shown, in its full size.")
    height = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Also serves what a title's page shows, and the stills of one season.
            models.UniqueConstraint(fields=["title", "season", "role", "episode"], name="one_picture_per_slot"),
        ]
        indexes = [
            # A film of the same collection has its picture already.
            models.Index(fields=["source_path"], condition=Q(role__in=OF_A_COLLECTION), name="art_of_collection"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} of {self.title_id}"

    @property
    def slot(self) -> Slot:
        """Its place among the pictures of the title."""
        return Slot(self.role, self.season, self.episode)

    @property
    def locked(self) -> bool:
        """Whether a person chose it."""
        return bool(self.choice)


class ArtOffer(models.Model):
    """What TMDB offers for a title or a season, as it was asked for by a person; forgotten after days."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="art_offers")
    season = models.IntegerField(default=NONE)
    pictures = models.JSONField(default=dict, help_text="{role: [{path, language, width, height, score, votes}]}")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "season"], name="one_offer_per_season")]

    def __str__(self) -> str:
        return f"offers for {self.title_id}"
