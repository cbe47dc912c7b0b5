"""Looking into files: real videos, broken ones, and those that bring down who looks."""

from __future__ import annotations

import json
import os
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from jobs import running
from jobs.models import Job
from journal.models import Event
from scanner import inspection
from scanner.models import MediaFile, MediaInfo
from scanner.services import inspect, relook, reseeding
from scanner.sidecars import is_sealed
from scanner.streams import helper
from scanner.whys.files import of_file
from tests import videos
from tests.factories import LONG_AGO, make_file, make_match, make_title, put
from tests.jobs_in_tests import lease_job, run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.fixture
def shelf(library, tmp_path):
    """A function that puts one file with this content into a film's folder and looks into it."""
    match = make_match(library, "Moss (2019)", title=make_title("Moss", state="indexed"), state="matched")

    def look(content: bytes, name="Moss (2019).mkv") -> MediaInfo:
        where = tmp_path / library.name / "Moss (2019)" / name
        where.parent.mkdir(exist_ok=True)
        where.write_bytes(content)
        os.utime(where, (LONG_AGO, LONG_AGO))
        path = f"Moss (2019)/{name}"
        file = MediaFile.objects.filter(path=path).first() or make_file(library, path, match=match, state="indexed")
        MediaFile.objects.filter(pk=file.pk).update(size_bytes=len(content), inspected_at=None)
        run_job("scanner.inspect", f"match:{match.pk}")
        return MediaInfo.objects.get(file=file)

    return look


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A function that has a program of its own take the place of the one that looks into files."""
    helper.end_all()

    def use(program: str) -> None:
        script = tmp_path / "stand_in.py"
        script.write_text("import os, signal, sys, time, json\n" + program)
        monkeypatch.setattr(helper, "command", lambda: (sys.executable, "-I", "-S", str(script)))

    yield use
    helper.end_all()


@pytest.mark.ffmpeg
@pytest.mark.parametrize("name", ["Moss (2019).mkv", "Moss (2019).mp4"])
def test_a_video_tells_picture_sound_and_subtitles(shelf, name):
    info = shelf(videos.film(f"film{name[-4:]}", size="1280x720"), name)

    assert (info.resolution, info.video_codec, info.width, info.height) == ("720p", "h264", 1280, 720)
    assert (info.bit_depth, info.frame_rate, info.hdr, info.problem) == (8, 25.0, "", "")
    assert round(info.duration_s) == 2
    assert (info.audio_languages, info.subtitle_languages) == (" de en ", " pt en ")
    first, second = info.inside().sound
    assert (first.codec, first.layout, second.codec, second.layout) == ("ac3", "5.1", "aac", "2.0")
    assert inspection.told(info).line == "720p · H.264 · de, en · 5.1 · 2 s"


@pytest.mark.ffmpeg
@pytest.mark.parametrize("hdr", ["HDR10", "HLG"])
def test_hdr_is_seen(shelf, hdr):
    info = shelf(videos.film(f"{hdr}.mkv", hdr=hdr, tracks=False))

    assert (info.hdr, info.bit_depth, info.video_codec) == (hdr, 10, "hevc")


@pytest.mark.ffmpeg
def test_subtitles_beside_a_film_count(shelf, library, tmp_path):
    folder = tmp_path / library.name / "Moss (2019)"
    put(folder, "Moss (2019).de.forced.srt", "Subs/2_French.srt", "notes.txt")

    info = shelf(videos.film("film.mkv", size="1280x720"))

    assert info.subtitle_languages == " pt en de fr "
    beside = [(one.language, one.forced, one.file) for one in info.inside().subtitles if one.file]
    assert beside == [("de", True, "Moss (2019).de.forced.srt"), ("fr", False, "Subs/2_French.srt")]


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: b"", "0 bytes"),
        (lambda: b"\0" * 5_000, "nothing but zeros"),
        (lambda: b"This is a text.\n" * 400, "nothing in it can be recognised"),
        (lambda: videos.film("film.mkv", size="1280x720")[:90_000], "cut off: 90.0 kB of"),
        (lambda: videos.film("film.mp4", size="1280x720")[:90_000], "index (moov)"),
        (lambda: videos.film("film.avi", size="320x180", tracks=False)[:20_000], "cut off"),
    ],
    ids=["empty", "zeros", "text", "half a matroska", "half an mp4", "half an avi"],
)
def test_a_broken_file_is_named_once_and_not_looked_at_again(shelf, make, word):
    info = shelf(make())

    assert word in info.problem
    assert [found.pk for found in inspection.broken()] == [info.pk]
    told = Event.objects.get(reason__startswith="1 file is broken: ")
    assert told.facts["files"] == [info.file.path]
    assert not told.reason.endswith(".")
    assert MediaFile.objects.get().state == "indexed"
    assert Job.objects.get(kind="scanner.inspect").state == "done"
    assert not [work for work in reseeding.reseed() if work.kind == "scanner.inspect"]


@pytest.mark.ffmpeg
def test_a_broken_file_that_was_replaced_is_well_again(shelf):
    shelf(b"")
    MediaFile.objects.update(state="changed")

    info = shelf(videos.film("film.mkv", size="1280x720"))

    assert (info.problem, info.resolution) == ("", "720p")
    assert MediaFile.objects.get().state == "indexed"
    assert not inspection.broken()


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("sys.stdin.readline(); os.kill(os.getpid(), signal.SIGSEGV)", "brought down"),
        ("sys.stdin.readline(); os.kill(os.getpid(), signal.SIGALRM)", "given up"),
        ("sys.stdin.readline(); time.sleep(60)", "given up"),
        ("sys.stdin.readline()\nwhile True: sys.stdout.write('x' * 65536)", "given up"),
    ],
    ids=["a crash", "its own alarm", "a hang", "an answer without end"],
)
def test_a_file_that_kills_who_looks_is_broken_and_holds_up_nothing(shelf, stand_in, monkeypatch, program, word):
    monkeypatch.setattr(helper, "LIMIT_S", 0.5)
    stand_in(program)

    info = shelf(b"\x1aE\xdf\xa3" * 500)

    assert word in info.problem
    assert MediaFile.objects.get().fingerprint


def test_one_that_left_just_now_is_replaced(shelf, stand_in):
    stand_in("""
import pathlib
mark = pathlib.Path(__file__ + ".seen")
sys.stdin.readline()
if not mark.exists():
    mark.touch()
    sys.exit(0)
print(json.dumps({"tracks": [{"@type": "General", "Format": "Matroska"},
                             {"@type": "Video", "Format": "AVC", "Width": "1920", "Height": "800"}]}), flush=True)
""")

    info = shelf(b"\x1aE\xdf\xa3" * 500)

    assert (info.problem, info.resolution) == ("", "1080p")


@pytest.mark.parametrize("by", ["SIGTERM", "SIGKILL"])
def test_who_is_stopped_from_outside_says_nothing_of_the_file(library, tmp_path, stand_in, by):
    stand_in(f"sys.stdin.readline(); os.kill(os.getpid(), signal.{by}); time.sleep(60)")
    match = make_match(library, "Moss (2019)")
    put(tmp_path / library.name, "Moss (2019)/Moss.mkv")
    make_file(library, "Moss (2019)/Moss.mkv", match=match)

    job = run_job("scanner.inspect", f"match:{match.pk}")

    assert (job.state, job.error_class) == ("ready", "RetryLater")
    assert MediaFile.objects.unread().exists()
    assert not MediaInfo.objects.exists()


def test_without_the_library_files_are_not_called_broken(library, tmp_path, stand_in):
    stand_in("sys.exit(3)")
    match = make_match(library, "Moss (2019)")
    put(tmp_path / library.name, "Moss (2019)/Moss.mkv")
    make_file(library, "Moss (2019)/Moss.mkv", match=match)

    job = run_job("scanner.inspect", f"match:{match.pk}")

    assert job.state == "done"
    assert MediaFile.objects.get().fingerprint
    assert not MediaInfo.objects.exists()


def test_once_the_library_is_there_what_nobody_could_look_into_is_looked_into(library, tmp_path, monkeypatch, stand_in):
    with monkeypatch.context() as patch:
        patch.setattr(helper, "command", lambda: (sys.executable, "-c", "import sys; sys.exit(3)"))
        match = make_match(library, "Moss (2019)")
        put(tmp_path / library.name, "Moss (2019)/Moss.mkv")
        file = make_file(library, "Moss (2019)/Moss.mkv", match=match)
        run_job("scanner.inspect", f"match:{match.pk}")
        still_missing = inspect.catch_up()
        said = dict(of_file(file.pk)[1].inputs)["Inside"]
    stand_in("sys.exit(0)")

    caught_up = inspect.catch_up()

    assert (still_missing, caught_up) == (0, 1)
    assert "MediaInfo's library is missing" in said
    assert MediaFile.objects.unread().exists()


def test_the_demo_and_links_are_not_called_broken(library, tmp_path):
    match = make_match(library, "Moss (2019)")
    put(tmp_path / library.name, "Moss (2019)/Moss.strm", "Moss (2019)/Moss.mkv")
    make_file(library, "Moss (2019)/Moss.strm", match=match)
    run_job("scanner.inspect", f"match:{match.pk}")
    library.demo = True
    library.save(update_fields=["demo"])
    make_file(library, "Moss (2019)/Moss.mkv", match=match)
    run_job("scanner.inspect", f"match:{match.pk}")

    assert [(info.container, info.problem) for info in MediaInfo.objects.all()] == [("strm", "")]
    assert not MediaFile.objects.filter(inspected_at=None).exists()


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    ("place", "name", "container"),
    [("BDMV/STREAM/00001.m2ts", "BDMV", "Blu-ray folder"), ("VIDEO_TS/VTS_01_1.VOB", "VIDEO_TS", "DVD folder")],
)
def test_a_disc_is_told_by_its_longest_stream(library, tmp_path, place, name, container):
    match = make_match(library, "Moss (2019)")
    where = tmp_path / library.name / "Moss (2019)" / place
    where.parent.mkdir(parents=True)
    where.write_bytes(videos.film("disc.ts", size="1280x720", tracks=False))
    (where.parent / f"00000{where.suffix}").write_bytes(b"menu")
    make_file(library, f"Moss (2019)/{name}", match=match)

    run_job("scanner.inspect", f"match:{match.pk}")

    info = MediaInfo.objects.get()
    assert (info.container, info.resolution, info.problem) == (container, "720p", "")


def test_files_from_before_are_looked_into_little_by_little(library):
    for number in range(reseeding.INSPECTED_MOST + 30):
        match = make_match(library, f"Film {number}")
        make_file(library, f"Film {number}/a.mkv", match=match, state="indexed", fingerprint="f" * 32)

    works = [work for work in reseeding.reseed() if work.kind == "scanner.inspect"]

    assert len(works) == reseeding.INSPECTED_MOST
    assert {work.priority for work in works} == {4}


def test_a_person_may_have_a_broken_file_looked_at_again(shelf):
    file = shelf(b"").file

    relook.look_again([file.pk], actor="ada")

    assert MediaFile.objects.unread().filter(pk=file.pk).exists()
    assert Job.objects.get(kind="scanner.inspect", state="ready").priority == 0


@pytest.mark.ffmpeg
def test_nfo_and_metadata_json_tell_it_and_are_not_written_over_and_over(service, film, folder):
    match = film("Moss (2019)", tmdb_id=107)
    (folder(match) / "Moss (2019).mkv").write_bytes(videos.film("film.mkv", size="1280x720"))
    run_job("scanner.title", f"title:{match.title_id}")
    run_job("scanner.write", f"match:{match.pk}")
    Job.objects.all().delete()
    with queue_of(match, origin="scan:1"):
        inspect.inspect(match)
    write = Job.objects.get(kind="scanner.write")
    run_job("scanner.write", f"match:{match.pk}")
    nfo, document = folder(match) / "movie.nfo", folder(match) / "metadata.json"
    first = [(path.read_bytes(), path.stat().st_mtime_ns) for path in (nfo, document)]

    run_job("scanner.write", f"match:{match.pk}")

    assert write.reason == "what is inside its files is known"
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in (nfo, document)] == first
    assert is_sealed(first[0][0])
    assert b"<durationinseconds>2</durationinseconds>" in first[0][0]
    assert b"<language>ger</language>" in first[0][0]
    assert json.loads(first[1][0])["files"][0]["inside"]["audio"][1]["language"] == "en"


def queue_of(match, *, origin):
    """A job of this cause, bound to the thread."""
    found = lease_job("scanner.inspect", f"match:{match.pk}")
    object.__setattr__(found.claim, "origin", origin)
    return running.bound(found)


@pytest.mark.ffmpeg
def test_items_say_what_is_inside(shelf):
    shelf(videos.film("film.mkv", size="1280x720"))
    out = StringIO()

    call_command("items", "--json", stdout=out)

    (row,) = json.loads(out.getvalue())
    assert (row["width"], row["height"], row["video_codec"], row["audio_languages"]) == (
        1280,
        720,
        "h264",
        ["de", "en"],
    )
    assert (round(row["duration"]), row["hdr"], row["problem"]) == (2, [], None)


def test_items_know_nothing_of_what_nobody_looked_into(library):
    make_file(library, "a.mkv", match=make_match(library, "a"))
    make_title("No file")
    out = StringIO()

    call_command("items", "--json", stdout=out)

    assert [(row["duration"], row["audio_languages"]) for row in json.loads(out.getvalue())] == [(None, []), (None, [])]


@pytest.mark.ffmpeg
def test_lists_of_files_are_told_in_one_query(shelf, django_assert_num_queries):
    shelf(videos.film("film.mkv", size="1280x720"))
    files = list(MediaFile.objects.all())

    with django_assert_num_queries(1):
        told = inspection.infos(files)

    assert told[files[0].pk].sound == ["de · Dolby Digital · 5.1", "en · AAC · 2.0"]
