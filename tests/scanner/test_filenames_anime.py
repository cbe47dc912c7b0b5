"""Fansub names: absolute numbers, batches, two scripts, specials."""

from __future__ import annotations

import pytest

from scanner.filenames import parse

NAMES = {
    "plain": ("[Group] Blue Kite - 05 [1080p].mkv", "Blue Kite", None, (5,)),
    "underscores": ("[Group]_Blue_Kite_-_05_[720p][ABCDEF12].mkv", "Blue Kite", None, (5,)),
    "dots": ("[Group].Blue.Kite.-.05.[1080p].mkv", "Blue Kite", None, (5,)),
    "version": ("[Group] Blue Kite - 05v2 [ABCDEF12].mkv", "Blue Kite", None, (5,)),
    "no dash": ("[Group] Blue Kite 105 [1080p].mkv", "Blue Kite", None, (105,)),
    "padded in the middle": ("[Group] Blue Kite 05 Over the Hill [1080p].mkv", "Blue Kite", None, (5,)),
    "number in brackets": ("[Group] Blue Kite [05][1080p].mkv", "Blue Kite", None, (5,)),
    "number in front": ("[Group] 05 - Blue Kite [1080p].mkv", "Blue Kite", None, (5,)),
    "Ep": ("[Group] Blue Kite Ep05 [1080p].mkv", "Blue Kite", None, (5,)),
    "season": ("[Group] Blue Kite S2 - 05 [1080p].mkv", "Blue Kite", 2, (5,)),
    "season in words": ("[Group] Blue Kite Season 2 - 05 (1080p).mkv", "Blue Kite", 2, (5,)),
    "title ends in a number": ("[Group] Kite 100 - 07 [1080p].mkv", "Kite 100", None, (7,)),
    "name after the number": ("[Group] Blue Kite - 11 - 511 Steps [ABCDEF12].mkv", "Blue Kite", None, (11,)),
    "absolute in brackets too": ("[Group] Blue Kite (2014) - 017 (115) [1080p].mkv", "Blue Kite", None, (17,)),
    "range": ("[Group] Blue Kite - 01~04 [1080p].mkv", "Blue Kite", None, (1, 2, 3, 4)),
    "padded range": ("[Group] Blue Kite 01 - 04 [Batch].mkv", "Blue Kite", None, (1, 2, 3, 4)),
    "no group": ("Blue Kite - 031 - The Wind [Group].mkv", "Blue Kite", None, (31,)),
    "Chinese brackets": ("【字幕组】[蓝风筝_Blue Kite][05][1080P][MP4].mkv", "Blue Kite", None, (5,)),
    "Chinese only": ("[字幕组][蓝风筝][第05话][1080P][MP4].mkv", "蓝风筝", None, (5,)),
    "year in brackets": ("[Group][蓝风筝][Blue Kite][2019][05][1080p].mkv", "Blue Kite", None, (5,)),
    "a pair beats the absolute number": ("[Group] Blue Kite 214 10x14.mkv", "Blue Kite", 10, (14,)),
    "ordinal season": ("[Group] Blue Kite 2nd Season - 05 [1080p].mkv", "Blue Kite", 2, (5,)),
    "season in brackets": ("[Group] Blue Kite (Season 2) - 05 [1080p].mkv", "Blue Kite", 2, (5,)),
    "season and year": ("[Group] Blue Kite S2 (2019) - 05 (720p).mkv", "Blue Kite", 2, (5,)),
    "season and the name of its part": ("[Group] Blue Kite - S03 - The Wind - 05 [1080p].mkv", "Blue Kite", 3, (5,)),
    "half an episode": ("[Group] Blue Kite - 05b [1080p].mkv", "Blue Kite", None, (5,)),
    "number in round brackets": ("[Group] Blue Kite (5).mkv", "Blue Kite", None, (5,)),
    "brackets in the title": ("[Group] Blue [Red] Kite - 05 [ABCDEF12].mkv", "Blue [Red] Kite", None, (5,)),
    "resolution without p": ("[Group] Blue Kite - 05 [720].mkv", "Blue Kite", None, (5,)),
    "source behind the number": ("[Group]_Blue_Kite_05.dvd(h.264)_[ABCDEF12].mkv", "Blue Kite", None, (5,)),
    "dots and spaces": ("[Group] Blue.Kite.-.005v2.-. [480P].mkv", "Blue Kite", None, (5,)),
    "Japanese number": ("[Group] Blue Kite 第05話 [1080p].mkv", "Blue Kite", None, (5,)),
    "season and number in brackets": ("Blue Kite - 29 [S2-05] [480p].mkv", "Blue Kite", 2, (5,)),
    "special number": ("[Group] Blue Kite - 07.5 (S00E01) [1080p].mkv", "Blue Kite", 0, (1,)),
}


@pytest.mark.parametrize(("path", "title", "season", "episodes"), NAMES.values(), ids=NAMES.keys())
def test_fansub_names_are_read(path, title, season, episodes):
    guess = parse(path)

    assert (guess.kind, guess.title, guess.season, guess.episodes) == ("episode", title, season, episodes)


def test_absolute_numbers_beside_a_pair_are_kept():
    guess = parse("Blue Kite - 313-315 - s16e03-05.mkv")

    assert (guess.title, guess.episodes, guess.absolute) == ("Blue Kite", (3, 4, 5), (313, 314, 315))


def test_a_fansub_film_has_no_number():
    guess = parse("[Group] Kite 1.11 - You Are (Not) Late v2 (1080p BD FLAC) [ABCDEF12].mkv")

    assert (guess.kind, guess.title, guess.episodes) == ("movie", "Kite 1.11 - You Are (Not) Late", ())
