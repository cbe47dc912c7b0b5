"""Addresses of the library's pages."""

from __future__ import annotations

from django.urls import path, re_path

from scanner.views import match, picks, pictures, scans, season, title, unmatched
from scanner.views.artwork import artwork
from scanner.views.library import hide_key_notice, library, library_news

app_name = "scanner"
urlpatterns = [
    path("library/", library, name="library"),
    path("library/news/", library_news, name="library-news"),
    path("library/many/<slug:verb>/", picks.library_act, name="library-act"),
    path("library/key/seen/", hide_key_notice, name="key-seen"),
    path("library/<int:pk>-<str:slug>/", title.title, name="title"),
    path("library/<int:pk>-<str:slug>/s<int:number>/", season.season, name="season"),
    path("library/<int:pk>/s<int:number>/undo/<int:event>/", season.season_undo, name="season-undo"),
    path("library/<int:pk>/s<int:number>/<slug:verb>/", season.season_wish, name="season-wish"),
    path("library/<int:pk>/", title.title),
    path("library/<int:pk>/about/", title.title_about, name="title-about"),
    path("library/<int:pk>/refresh/", title.title_refresh, name="title-refresh"),
    path("files/<int:pk>/look/", title.file_look, name="file-look"),
    path("library/<int:pk>-<str:slug>/artwork/", pictures.title_pictures, name="pictures"),
    path("library/<int:pk>/artwork/now/", pictures.pictures_now, name="pictures-now"),
    path("library/<int:pk>/artwork/ask/", pictures.pictures_ask, name="pictures-ask"),
    path("library/<int:pk>/artwork/choose/", pictures.pictures_choose, name="pictures-choose"),
    path("library/<int:pk>/artwork/release/", pictures.pictures_release, name="pictures-release"),
    path("library/<int:pk>/artwork/upload/", pictures.pictures_upload, name="pictures-upload"),
    path("library/<int:pk>/artwork/preview/<str:name>", pictures.pictures_preview, name="pictures-preview"),
    path("matches/<int:pk>/lock/", title.match_lock, {"verb": "lock"}, name="match-lock"),
    path("matches/<int:pk>/unlock/", title.match_lock, {"verb": "unlock"}, name="match-unlock"),
    path("matches/<int:pk>/", match.match, name="match"),
    path("matches/<int:pk>/search/", match.match_search, name="match-search"),
    path("matches/<int:pk>/do/", match.match_do, name="match-do"),
    path("matches/<int:pk>/undo/<int:event>/", match.match_undo, name="match-undo"),
    path("unmatched/", unmatched.unmatched, name="unmatched"),
    path("unmatched/do/", unmatched.unmatched_do, name="unmatched-do"),
    path("unmatched/undo/<int:event>/", unmatched.unmatched_undo, name="unmatched-undo"),
    path("scans/", scans.scan_list, name="scan-list"),
    path("scans/start/", scans.scan_start, name="scan-start"),
    path("scans/full/", scans.scan_full, name="scan-full"),
    path("scans/<int:pk>/", scans.scan, name="scan"),
    path("scans/<int:pk>/stop/", scans.scan_stop, name="scan-stop"),
    path("scans/<int:pk>/confirm/", scans.scan_confirm, name="scan-confirm"),
    re_path(r"^artwork/(?P<sha>[0-9a-f]{64})-(?P<width>\d{2,4})\.webp$", artwork, name="artwork"),
]
