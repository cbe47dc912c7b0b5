"""What is inside files, in the admin: facts only, with a filter for those that are broken."""

from __future__ import annotations

from django.contrib import admin

from journal.admin import FactsAdmin


class MediaInfoAdmin(FactsAdmin):
    """What MediaInfo found."""

    list_display = ("file", "container", "resolution", "video_codec", "hdr", "audio_languages", "problem", "looked_at")
    list_filter = (("problem", admin.EmptyFieldListFilter), "resolution", "hdr", "video_codec")
    list_select_related = ("file",)
    search_fields = ("file__path", "problem")
