"""Files beside the media: the right ones, only ours, and not again without need."""

from __future__ import annotations

import json
import os

import pytest

from jobs.models import Job
from journal.models import Event
from scanner.models import Library, Match
from scanner.sidecars import is_sealed, read_metadata_json, read_nfo
from tests.jobs_in_tests import run_job

NIGHT_POST = {"Season 01/The Night Post S01E01-E02.mkv": (1, [1, 2]), "Specials/The Night Post S00E01.mkv": (0, [1])}


def described(match):
    run_job("scanner.title", f"title:{match.title_id}")
    return match


def write(match, **options) -> Job:
    job = run_job("scanner.write", f"match:{match.pk}", **options)
    match.refresh_from_db()
    return job


def names(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_film_in_a_folder_of_its_own(service, film, folder):
    match = described(film(tmdb_id=107))

    write(match)

    assert names(folder(match)) == ["Moss (2019).mkv", "metadata.json", "movie.nfo"]
    assert read_nfo((folder(match) / "movie.nfo").read_bytes()).ids["tmdb"] == 107
    document = json.loads((folder(match) / "metadata.json").read_bytes())
    assert (document["title"], document["match"]["by"]) == ("Moss", "search")
    assert document["nfo"]["file"] == "movie.nfo"
    assert [file["name"] for file in document["files"]] == ["Moss (2019).mkv"]


def test_a_film_in_a_shared_folder(service, film, folder):
    match = described(film("shelf/1893 (2016)", tmdb_id=108, folder="shelf", stem="1893 (2016)"))

    write(match)

    assert names(folder(match)) == ["1893 (2016).metadata.json", "1893 (2016).mkv", "1893 (2016).nfo"]


def test_nothing_is_written_into_a_librarys_root(service, film, tmp_path):
    match = described(film("1893 (2016)", tmdb_id=108, folder="", stem="1893 (2016)"))

    write(match)

    assert names(tmp_path / "films") == ["1893 (2016).mkv"]


def test_a_show_and_its_episodes(service, show, folder):
    match = described(show("The Night Post", NIGHT_POST, tmdb_id=201))

    write(match)

    assert [name for name in names(folder(match)) if not name.endswith(".mkv")] == [
        "Season 01/The Night Post S01E01-E02.nfo",
        "Specials/The Night Post S00E01.nfo",
        "metadata.json",
        "tvshow.nfo",
    ]
    both = read_nfo((folder(match) / "Season 01/The Night Post S01E01-E02.nfo").read_bytes())
    assert [(one.season, one.episode, one.title) for one in both.episodes] == [
        (1, 1, "Dead Letters"),
        (1, 2, "Insufficient Address"),
    ]
    assert both.writers == ("Ines Quill",)
    seasons = json.loads((folder(match) / "metadata.json").read_bytes())["seasons"]
    assert [(season["number"], len(season["episodes"] or ())) for season in seasons] == [(0, 2), (1, 6), (2, 0)]


def test_writing_again_moves_no_date(service, film, folder):
    match = described(film(tmdb_id=107))
    write(match)
    for path in folder(match).iterdir():
        os.utime(path, (1, 1))

    write(match)

    assert {path.stat().st_mtime for path in folder(match).iterdir()} == {1}


def test_a_later_fetch_that_brings_nothing_new_moves_no_date(service, film, folder):
    match = described(film(tmdb_id=107))
    write(match)
    os.utime(folder(match) / "metadata.json", (1, 1))
    match.title.details["fetched_at"] = "2030-01-01T00:00:00Z"
    match.title.save(update_fields=["details"])

    write(match)

    assert (folder(match) / "metadata.json").stat().st_mtime == 1


def test_a_changed_description_changes_our_files(service, film, folder):
    match = described(film(tmdb_id=107))
    write(match)
    details = match.title.details
    match.title.refresh_from_db()
    match.title.details = match.title.details | {"overview": "It grew."}
    match.title.save(update_fields=["details"])

    write(match)

    assert details is not match.title.details
    assert read_nfo((folder(match) / "movie.nfo").read_bytes()).plot == "It grew."


FOREIGN = {
    "a person's NFO": ("movie.nfo", b"<movie><title>Mine</title></movie>"),
    "a scene's NFO": ("movie.nfo", b"\xdb\xb2 GROUP \xb2\xdb"),
    "another program's document": ("metadata.json", b'{"title": "Mine"}'),
}


@pytest.mark.parametrize(("name", "body"), FOREIGN.values(), ids=FOREIGN)
def test_somebody_elses_file_stays(service, film, folder, name, body):
    match = described(film(tmdb_id=107))
    (folder(match) / name).write_bytes(body)

    write(match)
    write(match)

    assert (folder(match) / name).read_bytes() == body
    assert Event.objects.filter(reason__contains="somebody's own files were left alone").count() == 1


@pytest.mark.parametrize("name", ["movie.nfo", "metadata.json"])
def test_a_file_of_ours_that_a_person_changed_is_theirs(service, film, folder, name):
    match = described(film(tmdb_id=107))
    write(match)
    theirs = (folder(match) / name).read_bytes().replace(b"Moss", b"Moos")
    (folder(match) / name).write_bytes(theirs)

    write(match)

    assert (folder(match) / name).read_bytes() == theirs


def test_our_files_are_known_as_ours_after_the_database_was_lost(service, film, folder):
    match = described(film(tmdb_id=107))
    write(match)
    before = {path.name: path.read_bytes() for path in folder(match).iterdir()}
    Match.objects.update(sidecars={}, locked=True)

    write(match)

    assert (folder(match) / "movie.nfo").read_bytes() == before["movie.nfo"]
    assert read_metadata_json((folder(match) / "metadata.json").read_bytes()).locked


def test_a_cut_document_of_ours_is_written_anew(service, film, folder):
    match = described(film(tmdb_id=107))
    write(match)
    document = folder(match) / "metadata.json"
    document.write_bytes(document.read_bytes()[:200])

    write(match)

    assert read_metadata_json(document.read_bytes()).sealed


def test_a_persons_nfo_under_the_videos_name_keeps_ours_away(service, film, folder):
    match = described(film(tmdb_id=107))
    (folder(match) / "Moss (2019).nfo").write_text("<movie><title>Mine</title></movie>")

    write(match)

    assert not (folder(match) / "movie.nfo").exists()


def test_scene_art_under_the_videos_name_does_not(service, film, folder):
    match = described(film(tmdb_id=107))
    (folder(match) / "Moss (2019).nfo").write_bytes(b"\xdb\xb2 GROUP \xb2\xdb")

    write(match)

    assert is_sealed((folder(match) / "movie.nfo").read_bytes())


def test_a_pick_a_lock_and_an_ignore_are_kept(service, film, folder):
    match = described(film(tmdb_id=107, by="hand", locked=True))

    write(match)
    picked = read_metadata_json((folder(match) / "metadata.json").read_bytes())
    Match.objects.update(state="ignored", title=None)
    write(match)
    ignored = read_metadata_json((folder(match) / "metadata.json").read_bytes())

    assert (picked.match_by, picked.locked, picked.ignored, picked.description.ids["tmdb"]) == (
        "hand",
        True,
        False,
        107,
    )
    assert ignored.ignored


def test_names_alone_make_no_nfo(no_key, film, folder):
    match = described(film("Moss (2019)"))

    write(match)

    assert names(folder(match)) == ["Moss (2019).mkv", "metadata.json"]


@pytest.mark.parametrize("sidecars", ["off", "artwork"])
def test_a_library_may_do_without(service, film, folder, library, sidecars):
    Library.objects.update(sidecars=sidecars)
    match = described(film(tmdb_id=107))

    write(match)

    assert names(folder(match)) == ["Moss (2019).mkv"]


def test_a_name_that_is_not_utf8_gets_its_files(service, film, folder, library):
    raw = os.fsdecode(b"M\xf6ss (2019)")
    match = described(film("M\\xf6ss (2019)", tmdb_id=107))
    (folder(match).parent / raw).mkdir()

    write(match)

    assert (folder(match).parent / raw / "movie.nfo").exists()
