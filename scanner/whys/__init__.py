"""Why a title, a match, a file or an episode is as it is; each answer in at most eight queries."""

from scanner.whys.files import of_episode, of_file
from scanner.whys.matches import doubt, of_match
from scanner.whys.titles import of_title

__all__ = ["doubt", "of_episode", "of_file", "of_match", "of_title"]
