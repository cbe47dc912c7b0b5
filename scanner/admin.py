"""The library in the admin: folders, titles and files as facts, scans and refreshes as actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journal.admin import BehindAdmin, FactsAdmin
from scanner.admin_forms import LibraryForm
from scanner.admin_inside import MediaInfoAdmin
from scanner.admin_match import MatchAdmin
from scanner.models import (
    ArtOffer,
    Artwork,
    Episode,
    EpisodeFile,
    Folder,
    FormerTitle,
    Genre,
    Hint,
    Household,
    Leftover,
    Library,
    Match,
    MediaFile,
    MediaInfo,
    Scan,
    Season,
    Title,
    TitleGenre,
    TitleId,
    Watch,
)
from scanner.services import libraries, matches, relook, scans

admin.site.register(Match, MatchAdmin)
admin.site.register(MediaInfo, MediaInfoAdmin)


@admin.register(Library)
class LibraryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Root folders: added here, scanned by an action."""

    form = LibraryForm
    list_display = ("name", "path", "kind", "sidecars", "demo", "problem")
    list_filter = ("kind", "demo")
    search_fields = ("name", "path")
    readonly_fields = ("problem", "demo", "created_at")
    actions = ("rescan", "rescan_fully")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The path is the identity of a library: it is typed once."""
        return (*self.readonly_fields, "path") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Library, form: ModelForm[Library], change: bool) -> None:
        """Save, and read a new folder at once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        actor = request.user.get_username()
        added, _new = libraries.add(obj.path, kind=obj.kind, name=obj.name, actor=actor)
        added.sidecars = obj.sidecars
        added.save(update_fields=["sidecars"])
        obj.pk = added.pk
        scans.start([added], mode=Scan.Mode.QUICK, actor=actor)
        messages.info(request, _("%s is being scanned.") % added)

    def get_deleted_objects(
        self, objs: Iterable[Library], request: HttpRequest
    ) -> tuple[Any, Any, set[str], list[str]]:
        """What goes with them is counted, not listed; the demo is no row to delete, its files are ours."""
        chosen = list(objs)
        demo = _("%s: the button “Remove the demo” on the Library page takes it away with its files.")
        files = MediaFile.objects.filter(library__in=chosen).count()
        counts = {_("libraries"): len(chosen), _("known files (those on disk stay)"): files}
        return [str(one) for one in chosen], counts, set(), [demo % one for one in chosen if one.demo]

    def delete_model(self, request: HttpRequest, obj: Library) -> None:
        """Forget it, with its titles and its work."""
        libraries.remove_soon(obj, actor=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Library]) -> None:
        """Forget each."""
        for library in queryset:
            self.delete_model(request, library)

    @admin.action(description=gettext_lazy("Scan (quick)"))
    def rescan(self, request: HttpRequest, chosen: QuerySet[Library]) -> None:
        """Compare what is on disk with what is known."""
        started = scans.start(chosen, mode=Scan.Mode.QUICK, actor=request.user.get_username())
        messages.success(request, ngettext("%d scan runs.", "%d scans run.", len(started)) % len(started))

    @admin.action(description=gettext_lazy("Scan in full (describes every title afresh)…"))
    def rescan_fully(self, request: HttpRequest, chosen: QuerySet[Library]) -> HttpResponseRedirect:
        """Go to the page that says what it costs, and asks."""
        named = urlencode([("library", library.pk) for library in chosen])
        return HttpResponseRedirect(f"{reverse('scanner:scan-full')}?{named}")


class TitleIdInline(admin.TabularInline):  # type: ignore[type-arg]
    """Ids at other services."""

    model = TitleId
    readonly_fields = ("source", "value")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: they come with the description."""
        return False


@admin.register(Title)
class TitleAdmin(FactsAdmin):
    """Movies and shows; what is wrong here is mended by a pick on the match."""

    list_display = ("name", "year", "kind", "state", "tmdb_id", "described_by", "described_at", "refresh_at")
    list_filter = ("kind", "state", "described_by")
    search_fields = ("sort_name", "name", "original_name", "tmdb_id")
    ordering = ("sort_name", "id")
    exclude = ("details", "etag", "content_sha256")
    inlines = (TitleIdInline,)
    actions = ("mark_for_refresh",)

    @admin.action(description=gettext_lazy("Mark for refresh"))
    def mark_for_refresh(self, request: HttpRequest, chosen: QuerySet[Title]) -> None:
        """Describe them afresh, before everything else."""
        titles = list(chosen.values_list("pk", flat=True))
        matches.refresh(titles, actor=request.user.get_username())
        messages.success(
            request, ngettext("%d title is refreshed next.", "%d titles are refreshed next.", len(titles)) % len(titles)
        )


@admin.register(MediaFile)
class MediaFileAdmin(FactsAdmin):
    """Files on disk."""

    list_display = ("path", "library", "state", "size_bytes", "extra", "missing_since", "last_error")
    list_filter = ("state", "library", "extra")
    list_select_related = ("library",)
    search_fields = ("path",)
    actions = ("look_again",)

    @admin.action(description=gettext_lazy("Look again"))
    def look_again(self, request: HttpRequest, chosen: QuerySet[MediaFile]) -> None:
        """Read them before everything else: what could not be read may be mended."""
        ids = list(chosen.values_list("pk", flat=True))
        looked = relook.look_again(ids, actor=request.user.get_username())
        messages.success(
            request,
            ngettext(
                "%d file is looked at next; the others are the next scan's matter.",
                "%d files are looked at next; the others are the next scan's matter.",
                looked,
            )
            % looked,
        )


@admin.register(Scan)
class ScanAdmin(FactsAdmin):
    """Walks: stopped here, or their losses confirmed."""

    list_display = (
        "id",
        "library",
        "mode",
        "state",
        "files",
        "new",
        "changed",
        "missing",
        "errors",
        "ended_at",
        "reason",
    )
    list_filter = ("state", "mode", "library")
    list_select_related = ("library",)
    exclude = ("folders", "troubles", "losses")
    actions = ("stop", "confirm")

    @admin.action(description=gettext_lazy("Stop"))
    def stop(self, request: HttpRequest, chosen: QuerySet[Scan]) -> None:
        """End the running ones."""
        for scan in chosen.filter(state__in=["open", "held"]):
            scans.stop(scan, actor=request.user.get_username())

    @admin.action(description=gettext_lazy("Confirm the losses that are held"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[Scan]) -> None:
        """Mark the files gone that the held scans have shown."""
        for scan in chosen.filter(state="held"):
            scans.confirm(scan, actor=request.user.get_username())


@admin.register(Episode)
class EpisodeAdmin(FactsAdmin):
    """Episodes as the metadata source describes them."""

    list_display = ("title", "season", "number", "name", "air_date")
    list_select_related = ("title",)
    search_fields = ("name", "title__sort_name")
    exclude = ("details",)


@admin.register(Season)
class SeasonAdmin(FactsAdmin):
    """Seasons as the metadata source describes them."""

    list_display = ("title", "number", "name", "air_date")
    list_select_related = ("title",)
    search_fields = ("title__sort_name",)


@admin.register(Artwork)
class ArtworkAdmin(BehindAdmin):
    """Pictures and where they came from."""

    list_display = ("title", "role", "season", "episode", "source_path", "choice", "own", "size_bytes", "fetched_at")
    list_filter = ("role",)
    list_select_related = ("title",)
    search_fields = ("title__sort_name", "sha256")


@admin.register(ArtOffer)
class ArtOfferAdmin(BehindAdmin):
    """What TMDB offers, as a person asked for it."""

    list_display = ("title", "season", "asked_at")
    list_select_related = ("title",)
    search_fields = ("title__sort_name",)


@admin.register(Folder)
class FolderAdmin(BehindAdmin):
    """Directories as the quick look knows them."""

    list_display = ("path", "library", "mtime_ns")
    list_filter = ("library",)
    list_select_related = ("library",)
    search_fields = ("path",)


@admin.register(Household)
class HouseholdAdmin(BehindAdmin):
    """What was chosen in Settings; the key is not shown."""

    list_display = ("id", "tmdb_language", "updated_at")
    exclude = ("tmdb_api_key",)


@admin.register(Watch)
class WatchAdmin(BehindAdmin):
    """How well each library is watched."""

    list_display = ("library", "node", "watching", "folders", "problem", "last_event_at", "seen_at")
    list_select_related = ("library",)


@admin.register(Hint)
class HintAdmin(BehindAdmin):
    """Folders in which something has happened and nobody has looked yet."""

    list_display = ("path", "library", "deep", "noticed_at", "looks")
    list_select_related = ("library",)
    search_fields = ("path",)


@admin.register(FormerTitle, TitleId, EpisodeFile, Leftover, Genre, TitleGenre)
class LinkAdmin(BehindAdmin):
    """Rows that only join others."""

    list_display = ("__str__",)
