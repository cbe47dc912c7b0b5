"""The library: roots, files, what they are believed to be, and the titles they belong to."""

from scanner.models.files import NOT_INDEXED, EpisodeFile, MediaFile, MediaFileQuerySet
from scanner.models.library import Folder, Library
from scanner.models.matches import NOT_IDENTIFIED, NOT_WRITTEN, Leftover, Match
from scanner.models.scans import Scan
from scanner.models.titles import NO_POSTER, NOT_DESCRIBED, Artwork, Episode, FormerTitle, Season, Title, TitleId
from scanner.models.watching import Hint, Watch

__all__ = [
    "NOT_DESCRIBED",
    "NOT_IDENTIFIED",
    "NOT_INDEXED",
    "NOT_WRITTEN",
    "NO_POSTER",
    "Artwork",
    "Episode",
    "EpisodeFile",
    "Folder",
    "FormerTitle",
    "Hint",
    "Leftover",
    "Library",
    "Match",
    "MediaFile",
    "MediaFileQuerySet",
    "Scan",
    "Season",
    "Title",
    "TitleId",
    "Watch",
]
