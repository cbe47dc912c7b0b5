"""What files and their subtitles say of themselves, decided without a database."""

from __future__ import annotations

import pytest

from scanner.streams import hollow, reading, subtitles
from scanner.streams.facts import Picture
from scanner.streams.languages import tag, three_letters


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("ger", "de"), ("deu", "de"), ("DE", "de"), ("German", "de"), ("deutsch", "de"), ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"), ("zh-hans", "zh-Hans"), ("zh-Hant-TW", "zh-Hant-TW"), ("es-419", "es-419"), ("fil", "fil"),
        ("und", ""), ("", ""), ("xx", ""), ("commentary", ""), ("de-de-de", ""), ("\x00ger", ""), ("ger" * 500, ""),
    ],
)  # fmt: skip
def test_languages_have_one_spelling(said, wanted):
    assert tag(said) == wanted


@pytest.mark.parametrize(("short", "long"), [("de", "ger"), ("fr-CA", "fre"), ("en", "eng"), ("fil", "fil"), ("", "")])
def test_nfos_have_the_codes_of_libraries(short, long):
    assert three_letters(short) == long


@pytest.mark.parametrize(
    ("name", "language", "forced", "hearing"),
    [
        ("Moss (2019).srt", "", False, False),
        ("Moss (2019).de.srt", "de", False, False),
        ("Moss (2019).ger.forced.srt", "de", True, False),
        ("moss (2019).EN.SDH.ass", "en", False, True),
        ("Moss (2019).pt-BR.vtt", "pt-BR", False, False),
        ("Moss (2019).en.hi.srt", "en", False, True),
        ("Moss (2019).hi.srt", "hi", False, False),
        ("Moss (2019)_german.srt", "de", False, False),
        ("Moss (2019).Director's Comments.eng.srt", "en", False, False),
    ],
)
def test_a_subtitle_says_its_language_in_its_name(name, language, forced, hearing):
    (found,) = subtitles.belonging("Moss (2019).mkv", [name, "other.srt", "Moss (2019).mkv", "Moss (2019)x.srt"])

    assert (found.language, found.forced, found.hearing_impaired, found.file) == (language, forced, hearing, name)


def test_of_two_videos_the_longer_name_has_the_subtitle():
    names = ["Moss.en.srt", "Moss - 4K.de.srt", "Moss - 4K.mkv", "Moss.mkv"]

    found = {
        video: [one.language for one in subtitles.belonging(video, names, videos=["Moss.mkv", "Moss - 4K.mkv"])]
        for video in ("Moss.mkv", "Moss - 4K.mkv")
    }

    assert found == {"Moss.mkv": ["en"], "Moss - 4K.mkv": ["de"]}


def test_a_pair_of_files_is_one_subtitle():
    found = subtitles.of_the_only_video(["2_English.idx", "2_English.sub"])

    assert [(one.file, one.codec, one.language) for one in found] == [("2_English.idx", "vobsub", "en")]


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [
        (1920, 1080, "1080p"), (1920, 800, "1080p"), (1440, 1080, "1080p"), (3840, 1600, "2160p"), (1280, 534, "720p"),
        (720, 576, "576p"), (720, 480, "480p"), (640, 360, "SD"), (7680, 4320, "4320p"), (None, None, ""), (0, 5, ""),
    ],
)  # fmt: skip
def test_a_picture_has_a_class(width, height, wanted):
    assert Picture(width=width, height=height).resolution == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, ()),
        ({"transfer_characteristics": "PQ"}, ("HDR10",)),
        ({"HDR_Format": "SMPTE ST 2086", "HDR_Format_Compatibility": "HDR10"}, ("HDR10",)),
        ({"HDR_Format": "SMPTE ST 2094 App 4", "HDR_Format_Compatibility": "HDR10+ Profile B"}, ("HDR10+",)),
        ({"HDR_Format": "Dolby Vision", "transfer_characteristics": "PQ"}, ("Dolby Vision",)),
        (
            {"HDR_Format": "Dolby Vision / SMPTE ST 2086", "HDR_Format_Compatibility": "HDR10 / HDR10"},
            ("Dolby Vision", "HDR10"),
        ),
        (
            {
                "HDR_Format": "Dolby Vision / SMPTE ST 2094 App 4",
                "HDR_Format_Compatibility": "HDR10 / HDR10+ Profile B",
            },
            ("Dolby Vision", "HDR10+"),
        ),
        ({"transfer_characteristics": "HLG"}, ("HLG",)),
        ({"HDR_Format": "Dolby Vision", "HDR_Format_Compatibility": "HLG"}, ("Dolby Vision", "HLG")),
    ],
)
def test_the_kinds_of_hdr_are_told_apart(said, wanted):
    tracks = [{"@type": "General", "Format": "Matroska"}, {"@type": "Video", "Format": "HEVC", **said}]

    assert reading.read(tracks, size=1).picture.hdr == wanted


@pytest.mark.parametrize(
    ("track", "codec", "layout", "atmos"),
    [
        ({"Format": "E-AC-3", "Format_Commercial": "Dolby Digital Plus with Dolby Atmos", "Channels": "6"},
         "eac3", "5.1", True),
        ({"Format": "MLP FBA", "Channels": "8", "ChannelLayout": "L R C LFE Ls Rs Lb Rb"}, "truehd", "7.1", False),
        ({"Format": "DTS", "Format_AdditionalFeatures": "XLL", "Channels": "8 / 6"}, "dtshd_ma", "7.1", False),
        ({"Format": "MPEG Audio", "Format_Profile": "Layer 3", "Channels": "2"}, "mp3", "2.0", False),
        ({"Format": "?\x00", "Channels": "-3"}, "", "", False),
        ({"Channels": "9" * 400}, "", "", False),
    ],
)  # fmt: skip
def test_sound_is_told_as_players_spell_it(track, codec, layout, atmos):
    (sound,) = reading.read([{"@type": "Audio", **track}], size=1).sound

    assert (sound.codec, sound.layout, sound.atmos) == (codec, layout, atmos)


@pytest.mark.parametrize(
    "tracks",
    [[], [{}], [{"@type": "Video"}], [{"@type": "General", "extra": "x", "Duration": "nan"}],
     [{"@type": "General", "Format": ["a"]}], [{"@type": "Text", "Language": {}}] * 500],
)  # fmt: skip
def test_odd_answers_say_nothing(tracks):
    found = reading.read(tracks, size=0)

    assert found.problem
    assert found.duration_s is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "0 bytes"),
        (b"\0" * 70_000, "nothing but zeros"),
        (b"\x1a" * 1_000_000 + b"\0" * 1_500_000, "its middle"),
        (b"\x1a" * 2_000_000 + b"\0" * 100_000, "its end"),
        (b"\x1a" * 2_000_000, ""),
        (b"\x1a" * 100 + b"\0" * 900_000, ""),
    ],
    ids=["empty", "zeros", "half written", "end missing", "whole", "small and padded"],
)
def test_what_was_never_written_shows_at_once(tmp_path, content, word):
    path = tmp_path / "film.mkv"
    path.write_bytes(content)

    problem = hollow.problem(str(path))

    assert word in problem
    assert bool(word) == bool(problem)
