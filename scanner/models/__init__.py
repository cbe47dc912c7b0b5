"""The library: roots, files, what they are believed to be, and the titles they belong to."""

from scanner.models.files import NOT_INDEXED, NOT_INSPECTED, EpisodeFile, MediaFile, MediaFileQuerySet
from scanner.models.genres import Genre, TitleGenre
from scanner.models.household import Household
from scanner.models.insides import BROKEN, INFO_FIELDS, MediaInfo
from scanner.models.library import Folder, Library
from scanner.models.matches import NOT_IDENTIFIED, NOT_WRITTEN, Leftover, Match
from scanner.models.scans import Scan
from scanner.models.titles import (
    NOT_DESCRIBED,
    NOT_PICTURED,
    ArtOffer,
    Artwork,
    Episode,
    FormerTitle,
    Season,
    Title,
    TitleId,
)
from scanner.models.watching import Hint, Watch

__all__ = [
    "BROKEN",
    "INFO_FIELDS",
    "NOT_DESCRIBED",
    "NOT_IDENTIFIED",
    "NOT_INDEXED",
    "NOT_INSPECTED",
    "NOT_PICTURED",
    "NOT_WRITTEN",
    "ArtOffer",
    "Artwork",
    "Episode",
    "EpisodeFile",
    "Folder",
    "FormerTitle",
    "Genre",
    "Hint",
    "Household",
    "Leftover",
    "Library",
    "Match",
    "MediaFile",
    "MediaFileQuerySet",
    "MediaInfo",
    "Scan",
    "Season",
    "Title",
    "TitleGenre",
    "TitleId",
    "Watch",
]
