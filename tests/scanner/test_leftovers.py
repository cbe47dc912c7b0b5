"""Files of ours go where their match goes; what is left behind is removed, if it is still ours."""

from __future__ import annotations

import json
import shutil

import pytest

from jobs import drain
from scanner.models import Leftover, Match, MediaFile
from scanner.services import keeping, leftovers, matches
from tests.factories import make_library, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

OURS = ["clearlogo.png", "fanart.jpg", "landscape.jpg", "metadata.json", "movie.nfo", "poster.jpg"]
NIGHT = "The Night Post (2018)/Season 01/The Night Post - S01E0{}.mkv"


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / "films"


def work() -> None:
    drain.run_until_idle(threads=0)


def described(*libraries) -> None:
    for library in libraries:
        scan(library)
        work()


def beside(folder) -> list[str]:
    """What lies in a folder but for the videos."""
    found = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.endswith(".mkv"))


def test_a_second_film_in_a_folder_takes_the_first_ones_files_to_its_own_name(service, library, root):
    put(root, "All/Moss (2019).mkv")
    described(library)
    assert beside(root / "All") == OURS
    put(root, "All/1893 (2016).mkv")

    described(library)

    assert [name for name in beside(root / "All") if name.startswith("Moss")] == [
        "Moss (2019)-clearlogo.png",
        "Moss (2019)-fanart.jpg",
        "Moss (2019)-landscape.jpg",
        "Moss (2019)-poster.jpg",
        "Moss (2019).metadata.json",
        "Moss (2019).nfo",
    ]
    assert not [name for name in beside(root / "All") if not name.startswith(("Moss", "1893"))]
    assert not Leftover.objects.exists()


def test_files_that_a_person_made_or_changed_stay(service, library, root):
    put(root, "All/Moss (2019).mkv")
    described(library)
    (root / "All/fanart.jpg").write_bytes(b"mine")
    (root / "All/movie.nfo").write_bytes((root / "All/movie.nfo").read_bytes().replace(b"Moss", b"Moos"))
    (root / "All/notes.txt").write_text("mine")
    put(root, "All/1893 (2016).mkv")

    described(library)

    plain = [name for name in beside(root / "All") if not name.startswith(("Moss", "1893"))]
    assert plain == ["fanart.jpg", "movie.nfo", "notes.txt"]


def test_a_film_that_moves_to_another_folder_leaves_nothing_of_ours_behind(service, library, root):
    put(root, "Old/Moss (2019).mkv", "Old/keep.txt")
    described(library)
    (root / "Moss (2019)").mkdir()
    (root / "Old/Moss (2019).mkv").rename(root / "Moss (2019)/Moss (2019).mkv")
    service.asked.clear()

    described(library)

    assert beside(root / "Old") == ["keep.txt"]
    assert beside(root / "Moss (2019)") == OURS
    assert not [path for path in service.asked if path.startswith("/3/")]


def test_a_folder_that_is_renamed_takes_its_files_along_untouched(service, library, root):
    put(root, "Old/Moss (2019).mkv")
    described(library)
    before = {name: (root / "Old" / name).stat().st_ino for name in beside(root / "Old")}
    (root / "Old").rename(root / "New")

    described(library)

    assert {name: (root / "New" / name).stat().st_ino for name in beside(root / "New")} == before


def picked(library, root) -> None:
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    matches.pick(Match.objects.get(), "movie", 107, actor="eve")
    work()


def locked(document) -> bool:
    return json.loads(document.read_text())["match"]["locked"]


def test_a_pick_goes_along_before_its_old_document_goes(service, library, root):
    picked(library, root)
    (root / "Elsewhere").mkdir()
    (root / "IMG_2031/IMG_2031.mkv").rename(root / "Elsewhere/IMG_2031.mkv")
    scan(library)

    leftovers.tidy(library)
    assert locked(root / "IMG_2031/metadata.json")
    assert not (root / "IMG_2031/movie.nfo").exists()
    work()

    assert locked(root / "Elsewhere/metadata.json")
    assert beside(root / "IMG_2031") == []


def test_a_decision_that_another_folder_brought_to_the_old_place_stays(service, library, root):
    picked(library, root)
    brought = (root / "IMG_2031/metadata.json").read_bytes()
    matches.pick(Match.objects.get(), "movie", 106, actor="eve")
    work()
    (root / "IMG_2031").rename(root / "Elsewhere")
    (root / "IMG_2031").mkdir()
    (root / "IMG_2031/metadata.json").write_bytes(brought)  # its film is still being copied

    described(library)

    assert (root / "IMG_2031/metadata.json").read_bytes() == brought
    assert not Leftover.objects.exists()


def test_a_pick_in_a_folder_that_becomes_shared_is_kept_under_the_films_name(service, library, root):
    picked(library, root)
    put(root, "IMG_2031/1893 (2016).mkv")

    described(library)

    assert locked(root / "IMG_2031/IMG_2031.metadata.json")
    assert not (root / "IMG_2031/metadata.json").exists()


def test_an_ignored_film_stays_ignored_when_its_folder_becomes_shared(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    matches.ignore(Match.objects.get(), actor="eve")
    work()
    put(root, "IMG_2031/1893 (2016).mkv")

    described(library)

    assert MediaFile.objects.get(path="IMG_2031/IMG_2031.mkv").match.state == "ignored"
    assert json.loads((root / "IMG_2031/IMG_2031.metadata.json").read_text())["match"]["ignored"]
    assert not (root / "IMG_2031/metadata.json").exists()


def test_a_pick_that_cannot_be_written_at_its_new_place_stays_where_it_is(service, library, root):
    picked(library, root)
    (root / "IMG_2031/IMG_2031.mkv").rename(root / "IMG_2031.mkv")

    described(library)

    assert beside(root / "IMG_2031") == ["metadata.json"]
    assert not Leftover.objects.exists()


def test_a_renamed_episode_gets_its_nfo_under_its_new_name_only(service, library, root):
    put(root, NIGHT.format(1), NIGHT.format(2))
    described(library)
    (root / NIGHT.format(1)).rename(root / "The Night Post (2018)/Season 01/S01E01.mkv")

    described(library)

    assert beside(root / "The Night Post (2018)/Season 01") == [
        "S01E01-thumb.jpg",
        "S01E01.nfo",
        "The Night Post - S01E02-thumb.jpg",
        "The Night Post - S01E02.nfo",
    ]
    assert [path for path in service.pictures() if "s1e1" in path] == ["/t/p/w300/s201-s1e1.jpg"]


def test_a_renamed_film_of_a_shared_folder_takes_its_files_along(service, library, root):
    put(root, "All/Moss (2019).mkv", "All/1893 (2016).mkv")
    described(library)
    (root / "All/Moss (2019).mkv").rename(root / "All/Moss.2019.1080p.mkv")

    described(library)

    assert [name for name in beside(root / "All") if name.startswith("Moss")] == [
        "Moss.2019.1080p-clearlogo.png",
        "Moss.2019.1080p-fanart.jpg",
        "Moss.2019.1080p-landscape.jpg",
        "Moss.2019.1080p-poster.jpg",
        "Moss.2019.1080p.metadata.json",
        "Moss.2019.1080p.nfo",
    ]


def test_another_version_beside_a_film_renames_nothing(service, library, root):
    put(root, "All/Moss (2019).mkv", "All/1893 (2016).mkv")
    described(library)
    before = beside(root / "All")
    put(root, "All/Moss (2019) - 4K.mkv")

    described(library)

    assert beside(root / "All") == before


def test_a_film_that_moves_to_another_library_takes_its_files_along(service, library, root, tmp_path):
    put(root, "Moss (2019)/Moss (2019).mkv", "1893 (2016)/1893 (2016).mkv")
    (tmp_path / "other").mkdir()
    other = make_library(tmp_path / "other")
    described(library)
    (tmp_path / "other/Moss").mkdir()
    shutil.move(root / "Moss (2019)/Moss (2019).mkv", tmp_path / "other/Moss/Moss (2019).mkv")

    described(other)

    assert beside(root / "Moss (2019)") == []
    assert "movie.nfo" in beside(tmp_path / "other/Moss")
    assert "movie.nfo" in beside(root / "1893 (2016)")


def test_what_lay_beside_a_film_that_is_forgotten_goes(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv", "1893 (2016)/1893 (2016).mkv")
    described(library)
    (root / "Moss (2019)/Moss (2019).mkv").unlink()
    described(library)
    assert "movie.nfo" in beside(root / "Moss (2019)")
    MediaFile.objects.filter(state="missing").update(missing_since="2020-01-01T00:00Z")

    keeping.forget_long_missing()
    work()

    assert beside(root / "Moss (2019)") == []
    assert "movie.nfo" in beside(root / "1893 (2016)")


def test_the_pick_of_a_film_that_is_forgotten_stays_for_the_day_it_comes_back(service, library, root):
    picked(library, root)
    put(root, "1893 (2016)/1893 (2016).mkv")
    (root / "IMG_2031/IMG_2031.mkv").unlink()
    described(library)
    MediaFile.objects.filter(state="missing").update(missing_since="2020-01-01T00:00Z")

    keeping.forget_long_missing()
    work()

    assert beside(root / "IMG_2031") == ["metadata.json"]
    assert not Match.objects.filter(folder="IMG_2031").exists()


def test_what_lay_beside_an_episode_that_is_forgotten_goes(service, library, root):
    put(root, *(NIGHT.format(number) for number in (1, 2, 3, 4, 5, 6)))
    described(library)
    (root / NIGHT.format(1)).unlink()
    described(library)
    MediaFile.objects.filter(state="missing").update(missing_since="2020-01-01T00:00Z")

    keeping.forget_long_missing()
    work()

    season = beside(root / "The Night Post (2018)/Season 01")
    assert season == [
        f"The Night Post - S01E0{number}{what}" for number in (2, 3, 4, 5, 6) for what in ("-thumb.jpg", ".nfo")
    ]


def test_an_ignored_film_keeps_only_the_note_that_it_is(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)

    matches.ignore(Match.objects.get(), actor="eve")
    work()

    assert beside(root / "Moss (2019)") == ["metadata.json"]


def test_after_a_pick_the_pictures_of_the_wrong_film_go(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    bare = {"id": 4242, "title": "Moss", "release_date": "2019-05-01", "poster_path": None, "backdrop_path": None}
    service.fail("/movie/4242", body=json.dumps(bare).encode(), content_type="application/json")

    matches.pick(Match.objects.get(), "movie", 4242, actor="eve")
    work()

    assert beside(root / "Moss (2019)") == ["metadata.json", "movie.nfo"]
    assert not Leftover.objects.exists()
