"""The files beside the media: what is written into them and what is read out of them (pure; no Django)."""

from scanner.sidecars.document import (
    MANUAL,
    MatchNote,
    OwnFile,
    Pictures,
    Sidecar,
    may_replace_document,
    read_metadata_json,
    render_metadata_json,
    says_the_same,
)
from scanner.sidecars.foreign import read_foreign_document
from scanner.sidecars.nfo import EpisodeOnDisk, render_episode_nfo, render_movie_nfo, render_tvshow_nfo
from scanner.sidecars.plexmatch import PlexMatch, read_plexmatch
from scanner.sidecars.reading import NfoFacts, read_nfo, read_season_nfo
from scanner.sidecars.seal import is_sealed

__all__ = [
    "MANUAL",
    "EpisodeOnDisk",
    "MatchNote",
    "NfoFacts",
    "OwnFile",
    "Pictures",
    "PlexMatch",
    "Sidecar",
    "is_sealed",
    "may_replace_document",
    "read_foreign_document",
    "read_metadata_json",
    "read_nfo",
    "read_plexmatch",
    "read_season_nfo",
    "render_episode_nfo",
    "render_metadata_json",
    "render_movie_nfo",
    "render_tvshow_nfo",
    "says_the_same",
]
