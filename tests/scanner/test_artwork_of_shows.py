"""Pictures of shows: posters of seasons in the show's folder, stills beside the videos."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image

from jobs import drain
from jobs.models import Job, Priority
from scanner import art, gallery
from scanner.demo import pictures as drawn
from scanner.models import NOT_PICTURED, Artwork, Episode, Library, Match, MediaFile, Title
from scanner.services import art_roles, episodes, lost_pictures, reseeding, thumbnails
from tests.factories import make_file, put
from tests.jobs_in_tests import run_job

OWN = drawn.backdrop("mine", width=400)


@pytest.fixture
def post(service, show):
    """A described show of three videos, one with two episodes; nothing asked so far."""
    videos = {"Season 01/a.mkv": (1, [1]), "Season 01/b.mkv": (1, [2, 3]), "Specials/c.mkv": (0, [1])}
    match = show("The Night Post", videos, tmdb_id=201)
    run_job("scanner.title", f"title:{match.title_id}")
    service.forget()
    return match


def bring(match, kind="stills") -> Job:
    job = run_job(f"scanner.{kind}", f"title:{match.title_id}")
    match.refresh_from_db(from_queryset=Match.objects.select_related("title"))
    return job


def beside(where) -> list[str]:
    return sorted(str(path.relative_to(where)) for path in where.rglob("*.*") if path.suffix in {".jpg", ".png"})


def test_posters_of_the_seasons_on_disk_lie_in_the_shows_folder(service, post, folder):
    bring(post, "artwork")

    assert beside(folder(post)) == [
        "clearlogo.png",
        "fanart.jpg",
        "landscape.jpg",
        "poster.jpg",
        "season-specials-poster.jpg",
        "season01-poster.jpg",
    ]
    assert set(gallery.season_posters(post.title)) == {0, 1}
    assert not [path for path in service.asked if "season2" in path]


def test_each_video_has_a_still_and_each_episode_one_on_the_web(service, post, folder, django_assert_num_queries):
    bring(post)

    assert beside(folder(post)) == ["Season 01/a-thumb.jpg", "Season 01/b-thumb.jpg", "Specials/c-thumb.jpg"]
    assert [path.rpartition("-")[2] for path in service.pictures()] == ["s0e1.jpg", "s1e1.jpg", "s1e2.jpg", "s1e3.jpg"]
    with django_assert_num_queries(1):
        shown = gallery.stills(post.title, 1)
    assert {number: (still.small.width, still.large.height) for number, still in shown.items()} == dict.fromkeys(
        (1, 2, 3), (185, 169)
    )


def test_a_second_run_asks_for_no_still(service, post):
    bring(post)
    service.forget()

    bring(post)

    assert service.asked == []


def test_stills_let_other_pictures_go_first(post):
    waiting = dict(
        Job.objects.filter(state="ready", kind__in=("scanner.artwork", "scanner.stills")).values_list(
            "kind", "priority"
        )
    )

    assert waiting["scanner.stills"] == Priority.LOW > waiting["scanner.artwork"]


def test_a_renamed_video_has_its_still_under_its_new_name_without_a_request(service, post, folder):
    bring(post)
    drain.run_until_idle(threads=0)
    service.forget()
    where = folder(post) / "Season 01"
    before = (where / "a-thumb.jpg").read_bytes()
    (where / "a.mkv").rename(where / "z.mkv")
    MediaFile.objects.filter(path__endswith="a.mkv").update(path="The Night Post/Season 01/z.mkv")

    bring(post)
    drain.run_until_idle(threads=0)

    assert (where / "z-thumb.jpg").read_bytes() == before
    assert not (where / "a-thumb.jpg").exists()
    assert service.pictures() == []


def test_the_still_of_a_video_that_is_missing_stays_until_it_is_forgotten(service, post, folder):
    bring(post)
    MediaFile.objects.filter(path__endswith="a.mkv").update(state="missing")

    bring(post)
    drain.run_until_idle(threads=0)

    assert (folder(post) / "Season 01/a-thumb.jpg").exists()


def test_after_the_database_was_lost_stills_and_seasons_are_ours_and_not_fetched_again(service, post, folder):
    bring(post)
    bring(post, "artwork")
    run_job("scanner.write", f"match:{post.pk}")
    assert len(json.loads((folder(post) / "metadata.json").read_bytes())["stills"]) == 3
    Match.objects.update(sidecars={})
    Artwork.objects.all().delete()
    service.forget()

    bring(post, "artwork")
    bring(post)

    assert [path for path in service.asked if "s1e3" not in path] == []  # the second of its video lay nowhere
    assert not Artwork.objects.exclude(own="").exists()
    assert set(gallery.season_posters(post.title)) == {0, 1}


def test_stills_that_are_off_are_not_fetched_and_come_when_they_are_switched_on(service, post, folder, library):
    Library.objects.update(art_roles=["poster"])

    bring(post)
    assert service.asked == []
    library.refresh_from_db()
    art_roles.change(library, ["poster", "still", "nonsense"], actor="eve")
    drain.run_until_idle(threads=0)

    library.refresh_from_db()
    assert library.art_roles == ["poster", "still"]
    assert (folder(post) / "Season 01/a-thumb.jpg").exists()
    assert not (folder(post) / "season01-poster.jpg").exists()  # the web has it all the same
    assert set(gallery.season_posters(post.title)) == {0, 1}


def test_a_still_that_is_no_picture_keeps_none_of_the_others_back(service, post, folder):
    service.fail("s1e1", body=b"<html>", content_type="image/jpeg")

    job = bring(post)

    assert job.state != Job.State.DONE
    assert beside(folder(post)) == ["Season 01/b-thumb.jpg", "Specials/c-thumb.jpg"]
    service.heal()
    service.forget()
    bring(post)
    assert [path.rpartition("-")[2] for path in service.pictures()] == ["s1e1.jpg"]


def test_stills_cut_off_are_taken_up_where_they_stopped(service, post, folder, library):
    for number in range(10, 50):
        put(folder(post), f"Season 01/e{number}.mkv")
        make_file(library, f"{post.folder}/Season 01/e{number}.mkv", match=post, season=1, episode_numbers=[number])
        make_episode(post.title, number)
    episodes.link(post)
    service.fail("s1e45", status=503)

    bring(post)

    reached = len(beside(folder(post) / "Season 01"))
    service.heal()
    service.forget()
    bring(post)
    assert reached == 37  # all before the one that failed
    assert len(beside(folder(post) / "Season 01")) == 42
    assert len(service.pictures()) == 5


def make_episode(title, number) -> None:
    Episode.objects.create(title=title, season=1, number=number, still_path=f"/s201-s1e{number}.jpg")


def test_a_match_that_turns_out_to_be_a_film_loses_the_shows_pictures(service, post, folder, film):
    bring(post)
    bring(post, "artwork")
    other = film("Moss (2019)", tmdb_id=107)
    Match.objects.filter(pk=post.pk).update(title=other.title, kind="movie")

    run_job("scanner.title", f"title:{other.title_id}")
    drain.run_until_idle(threads=0)

    assert beside(folder(post)) == ["clearlogo.png", "fanart.jpg", "landscape.jpg", "poster.jpg"]


def test_a_persons_still_is_that_of_all_episodes_of_its_video(service, post, folder):
    (folder(post) / "Season 01/b-thumb.jpg").write_bytes(OWN)

    bring(post)

    assert (folder(post) / "Season 01/b-thumb.jpg").read_bytes() == OWN
    assert {still.own for number, still in gallery.stills(post.title, 1).items() if number > 1} == {
        "Season 01/b-thumb.jpg"
    }
    assert not [path for path in service.asked if "s1e2" in path or "s1e3" in path]


def test_films_of_one_collection_share_its_pictures(service, film):
    first, second = film("Button (1988)", tmdb_id=105), film("Buttons (1991)", tmdb_id=106)
    for match in (first, second):
        run_job("scanner.title", f"title:{match.title_id}")
        run_job("scanner.artwork", f"title:{match.title_id}")

    shown = [gallery.art_of(match.title)["collection"].sha for match in (first, second)]
    assert shown[0] == shown[1] != ""
    assert service.counts()["/t/p/w780/c9001-poster.jpg"] == 1


def test_a_logo_keeps_what_is_transparent_in_it(service, post, settings):
    bring(post, "artwork")

    logo = gallery.art_of(post.title)["logo"]
    with Image.open(settings.ARTWORK_DIR / logo.sha[:2] / f"{logo.sha}-300.webp") as image:
        assert image.mode == "RGBA"
        assert image.size == (logo.small.width, logo.small.height)


def test_titles_known_before_an_upgrade_get_the_new_kinds_of_pictures_by_themselves_and_once(
    service, post, monkeypatch
):
    Job.objects.all().delete()
    Title.objects.update(poster="f" * 64, pictured=0)
    monkeypatch.setattr(reseeding, "PICTURED_MOST", 1)

    works = [work for work in reseeding.reseed() if work.kind in ("scanner.artwork", "scanner.stills")]
    for work in works:
        run_job(work.kind, work.key)
    again = [work for work in reseeding.reseed() if work.kind in ("scanner.artwork", "scanner.stills")]

    assert [(work.kind, work.priority) for work in works] == [
        ("scanner.artwork", Priority.VERY_LOW),
        ("scanner.stills", Priority.VERY_LOW),
    ]
    assert again == []
    assert {"logo", "season", "still"} <= set(Artwork.objects.exclude(shown="").values_list("role", flat=True))


def test_the_index_of_what_is_not_pictured_is_of_this_edition():
    assert NOT_PICTURED.sql.endswith(f"pictured < {art.EDITION}")


def test_copies_for_the_web_that_were_lost_come_back_from_beside_the_media(service, post, settings):
    bring(post, "artwork")
    bring(post, "stills")
    shown = list(Artwork.objects.exclude(shown="").values_list("shown", "role"))
    shutil.rmtree(settings.ARTWORK_DIR)
    Job.objects.all().delete()
    service.forget()

    run_job("scanner.pictures", "all")
    for job in Job.objects.filter(kind__in=("scanner.artwork", "scanner.stills")):
        run_job(job.kind, job.key)

    assert all(thumbnails.are_there(sha, role=role) for sha, role in shown)
    assert service.api() == []
    assert service.pictures() == ["/t/p/w300/s201-s1e3.jpg"]  # the one that lies beside no video
    assert lost_pictures.bring_back() == 0


def test_stills_whose_job_was_lost_are_brought(service, post, library):
    bring(post, "artwork")
    Job.objects.all().delete()

    assert lost_pictures.bring_back() == 1
    assert Job.objects.filter(kind="scanner.stills", key=f"title:{post.title_id}").exists()

    Job.objects.all().delete()
    bring(post, "stills")
    assert lost_pictures.bring_back() == 0

    Artwork.objects.filter(role="still").delete()
    Library.objects.update(art_roles=["poster"])
    assert lost_pictures.bring_back() == 0
