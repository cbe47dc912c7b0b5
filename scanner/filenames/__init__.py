"""What a path says: title, year, season, episodes, ids, extras (pure; no Django, no disk)."""

from scanner.filenames.extras import EXTRAS_FOLDERS
from scanner.filenames.folders import folder_guess, season_of_folder
from scanner.filenames.folding import LONGEST_NAME, fold, slug, sort_name
from scanner.filenames.guess import Guess
from scanner.filenames.media import VIDEO_EXTENSIONS, is_ignored_name, is_video
from scanner.filenames.parsing import parse, parse_dict

__all__ = [
    "EXTRAS_FOLDERS",
    "LONGEST_NAME",
    "VIDEO_EXTENSIONS",
    "Guess",
    "fold",
    "folder_guess",
    "is_ignored_name",
    "is_video",
    "parse",
    "parse_dict",
    "season_of_folder",
    "slug",
    "sort_name",
]
