"""Whatever a name is: nothing is raised, nothing takes long, and fast path and guessit agree."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from guessit import guessit
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.filenames import Guess, fold, parse
from scanner.filenames.fast import read_tidy
from scanner.filenames.folders import Around
from scanner.filenames.unusual import tame

PIECES = st.sampled_from(
    (
        *("S01E02", "1x02", "E03", "-", ".", "_", " ", "(", ")", "[", "]", "2019", "01", "123", "1080p", "x264", "aka"),
        *(
            "German",
            "第",
            "集",
            "é",
            "{tmdb-1}",
            "~",
            "&",
            "1-99",
            "0001-9999",
            "E01-E99",
            "Part 2",
            "Season",
            "/",
            ".mkv",
        ),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=255), st.lists(PIECES, max_size=40).map("".join)))
def test_no_name_raises(name):
    guess = parse(name)

    assert guess is None or len(guess.episodes) <= 2000


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_titles_of_any_script_fold(one, other):
    assert fold(f"{one} {other}".upper().lower()) is not None


HOSTILE = {
    "digits": "1" * 255,
    "brackets": "(" * 255,
    "dots": "." * 255,
    "wide": "漢" * 85,
    "combining": "e\u0301" * 85,
    "repeated marks": "S01E01-E02 " * 23,
    "languages": "German.French." * 18,
    "long range": "Show S01E0001-E9999.mkv",
    "range into a resolution": "Show S01E02-1080.mkv",
    "range by x": "Show 1x02-720.mkv",
    "range across words": "1x02-Season-DL-123-",
    "range behind a range": "3D-'-fr-E01-E99-1234-Disc-320kbps",
    "range behind glued digits": "Vol015.1]_33DE030001-9999[Group]frWEB-DLTheitaE01-E99(2019es !NFaka~ S01E01.mkv",
    "glued range": "Show0001-99992x264.avi",
    "range across an episode's word": "show-Temporada-Folge 185-Episode 2038-Extras.ts",
    "range into brackets": "E86008-[2048]-show-v25-第31171話-Vol.mkv",
    "range of counted episodes": "第68489話-7-24-第2027話-of- - 1-62x52737.mkv",
    "range in words": "Episode 999 - ) - to - 3385 of 1944.mkv",
    "range over five digits": "20x1930-x264-Folge 22632-HDTV-Saison 99- - 99-show-(1987)-part-HDTV",
    "range behind a size": "12p 第49集 第22話 cd2046 30-25 to 1934x1938 a and S01E0001-E9999 of 1x02.mkv",
    "range into a season by x": "第52集.to.2001x1936.&",
    "repeated long piece": "x" + ")[imd\u0663510]S5-S99" * 12,
    "escaped bytes": "\\xdb\\x90\\x81\\xfd{:B\\x9c\\xf5x\\x84" * 6,
    "look-alike letters": "Show Part \u017fix 3 \u017fep 2020 (\u0131mdb-tt1234567) HDTV-tra\u0131ler.mkv",
    "look-alike number": "Show.Part.\u017fix.720p.HDTV.mkv",
    "look-alike month": "Show 3 \u017fep 2020.mkv",
    "lone surrogate": "Show \udcff S01E02.mkv",
    "zero byte": "Show\x00S01E02.mkv",
    "very deep": "a/" * 5000 + "Show S01E02.mkv",
    "far too long": "x" * 10_000 + ".mkv",
    "only an extension": ".mkv",
    "nothing": "",
    "slashes": "////",
}


def wild_names(count: int) -> Iterator[str]:
    """Yield names put together at random, the same in every run: marks, numbers, brackets, odd characters."""
    chance = random.Random(7)
    numbers = (0, 1, 7, 24, 99, 100, 264, 999, 1080, 1999, 2019, 2047, 4096, 99999, 12345678)
    marked = (
        "S{}E{}",
        "{}x{}",
        "E{}",
        "Season {}",
        "Folge {}",
        "第{}話",
        "{}-{}",
        "{} of {}",
        "[{}]",
        "({})",
        "v{}",
        "{}p",
    )
    words = (
        "Show",
        "the",
        "aka",
        "to",
        "BDMV",
        "Extras",
        "trailer",
        "x264",
        "\x00",
        "\udcff",
        "\\xe9",
        "漢",
        "e\u0301",
        "\t",
    )
    for _ in range(count):
        pieces = [
            chance.choice(marked).format(*chance.choices(numbers, k=2))
            if chance.random() < 0.6
            else chance.choice(words)
            for _ in range(chance.randint(1, 14))
        ]
        folder = chance.choice(("", "", "Season 2/", "Show (2010)/", "Extras/", "24/"))
        yield folder + chance.choice((" ", ".", "_", "-", " - ", "")).join(pieces) + chance.choice(("", ".mkv"))


def faults(guess: Guess) -> list[str]:
    """Return what is impossible about a guess."""
    json.dumps(guess.as_dict())
    sound = {
        "episodes": list(guess.episodes) == sorted(set(guess.episodes)) and all(each >= 0 for each in guess.episodes),
        "count": len(guess.episodes) <= 2000,
        "season": guess.season is None or 0 <= guess.season < 200 or 1900 <= guess.season < 2100,
        "seasons": list(guess.seasons) == sorted(set(guess.seasons)),
        "year": guess.year is None or 1800 <= guess.year < 2100,
        "title": guess.title is None or (guess.title == guess.title.strip() != "" and guess.title.isprintable()),
        "film": guess.kind != "movie" or (guess.title is not None and not guess.episodes),
    }
    return [name for name, ok in sound.items() if not ok]


def test_every_guess_is_sound():
    guesses = {name: parse(name) for name in wild_names(200)}

    assert {name: found for name, guess in guesses.items() if guess and (found := faults(guess))} == {}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_name_takes_long(name):
    parse("Warm (x) [y] up 12 foo.mkv")

    started = time.process_time()
    parse(name)

    assert time.process_time() - started < 0.1


def test_guessit_sees_a_tame_path():
    assert len(tame("folder/" * 100 + "x 1-9999 " * 50 + ".mkv")) < 200
    assert "9999" not in tame("Show 1-9999.mkv")
    assert tame("E01-E99-1234 a") == "E01-12 a"
    assert tame("Folge 185-Episode 2038") == "Folge 18-Episode 20"
    assert tame("E86-[2048]") == "E86-[20]"
    assert tame("Show/Film.Name.1999.1080p.mkv") == "Show/Film.Name.1999.1080p.mkv"


def test_guessit_is_loaded_only_when_asked():
    code = "import sys, scanner.filenames as f; f.parse('Show S01E02.mkv'); sys.exit('guessit' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


AGREED = [
    "Harbour Lights - S02E07 - The Tide.mkv",
    "Harbour.Lights.S02E07.1080p.WEB-DL.x264-GRP.mkv",
    "Harbour Lights (2011) - S02E07.mkv",
    "Harbour.Lights.2011.S02E07.720p.mkv",
    "Harbour Lights S01E01E02.mkv",
    "Harbour Lights S01E01-E03.mkv",
    "Paper Moonrise (1999).mkv",
    "Paper Moonrise 2 (1999) [1080p].mkv",
    "Agent 47 (2015).mkv",
]


@pytest.mark.parametrize("name", AGREED)
def test_fast_path_and_guessit_agree(name):
    guess = read_tidy(name.removesuffix(".mkv"), Around(), {})
    other = guessit(name)

    episodes = other.get("episode", [])
    assert guess is not None
    assert (guess.title, guess.year, guess.season) == (other["title"], other.get("year"), other.get("season"))
    assert list(guess.episodes) == (episodes if isinstance(episodes, list) else [episodes])


ODD = {
    "number as title and episode": "Show - 05 (2016).mkv",
    "two names": "Name AKA Other S01E02.mkv",
    "brackets in front": "[Group] Show S01E02.mkv",
    "across seasons": "Show S03E26-S04E01.mkv",
    "two years": "Film (1998) (1999).mkv",
    "falling range": "Show S01E05-02.mkv",
}


@pytest.mark.parametrize("name", ODD.values(), ids=ODD.keys())
def test_the_fast_path_leaves_odd_names_alone(name):
    assert read_tidy(name.removesuffix(".mkv"), Around(), {}) is None
