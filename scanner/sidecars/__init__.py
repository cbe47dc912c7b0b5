"""The files beside the media: what is written into them and what is read out of them (pure; no Django)."""

from scanner.sidecars.document import MatchNote, OwnFile, Sidecar, read_metadata_json, render_metadata_json
from scanner.sidecars.nfo import EpisodeOnDisk, render_episode_nfo, render_movie_nfo, render_tvshow_nfo
from scanner.sidecars.reading import NfoFacts, read_nfo

__all__ = [
    "EpisodeOnDisk",
    "MatchNote",
    "NfoFacts",
    "OwnFile",
    "Sidecar",
    "read_metadata_json",
    "read_nfo",
    "render_episode_nfo",
    "render_metadata_json",
    "render_movie_nfo",
    "render_tvshow_nfo",
]
