"""Titles, seasons, episodes and files."""

from __future__ import annotations

import pytest

from jobs.models import Job
from journal.moves import record
from scanner.models import Episode, FormerTitle, MediaInfo, Season, TitleId
from scanner.services import genres
from tests.web.rows import add_season, make_file, make_job, make_library, make_match, make_movie, make_show, make_title

pytestmark = pytest.mark.django_db


def names(answer):
    return [row["name"] for row in answer.json()["items"]]


def test_lists_are_filtered_as_on_the_library_page(reader):
    films = make_library()
    kiln = make_movie("Kiln", year=2021, genres=["Drama", "Komödie"])
    genres.shelve({kiln.pk: kiln.genres})
    make_show("Signal to Noise", missing=1)
    make_title("Stale One", state="stale", year=1999)

    assert names(reader.get("/titles")) == ["Kiln", "Signal to Noise", "Stale One"]
    assert names(reader.get("/titles", q="kîln")) == ["Kiln"]
    assert names(reader.get("/titles", type="show")) == ["Signal to Noise"]
    assert names(reader.get("/titles", state="stale")) == ["Stale One"]
    assert names(reader.get("/titles", state="missing")) == ["Signal to Noise"]
    assert names(reader.get("/titles", year=1999)) == ["Stale One"]
    assert names(reader.get("/titles", genre="Komödie")) == names(reader.get("/titles", genre="Drama")) == ["Kiln"]
    assert names(reader.get("/titles", genre="Dram")) == []
    assert names(reader.get("/titles", library=films.pk)) == ["Kiln", "Signal to Noise"]


def test_a_row_is_brief_and_says_more_when_asked(reader):
    show = make_show("Signal to Noise", owned=2, missing=1, upcoming=1)
    record(show, reason="described by TMDB")
    make_job(f"title:{show.pk}", reason="its refresh is due")

    brief = reader.get("/titles").json()["items"][0]
    more = reader.get("/titles", include="seasons,files,matches,events,why").json()["items"][0]

    assert not {"seasons", "files", "matches", "events", "why"} & set(brief)
    assert (brief["state"], brief["kind"]) == ("INDEXED", "show")
    assert [(s["number"], s["episodes"], s["available"], s["missing"]) for s in more["seasons"]] == [(1, 4, 2, 1)]
    assert len(more["files"]) == 2
    assert more["matches"][0]["title"] == "Signal to Noise"
    assert more["events"][0]["reason"] == "described by TMDB"
    assert (more["why"]["rule"], more["why"]["next"]) == ("described by TMDB", "its refresh is due")


def test_a_title_carries_its_description_and_its_ids(reader):
    title = make_movie("Kiln", tmdb_id=603, overview="Clay.", runtime_min=95)
    TitleId.objects.create(title=title, source="imdb", value="tt1")

    told = reader.get(f"/titles/{title.pk}").json()

    assert (told["overview"], told["runtime_seconds"]) == ("Clay.", 5700)
    assert told["ids"] == {"tmdb": "603", "imdb": "tt1"}


def test_a_merged_title_leads_to_the_one_that_stayed(reader):
    title = make_movie()
    FormerTitle.objects.create(former_id=9_000, title=title)

    answer = reader.get("/titles/9000?include=why")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/api/v1/titles/{title.pk}?include=why")


def test_a_refresh_is_one_job_however_often_it_is_asked(actor):
    title = make_movie()

    answers = [actor.post(f"/titles/{title.pk}/refresh") for _time in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Job.objects.get().priority == 0
    title.refresh_from_db()
    assert title.state == "stale"


def test_several_are_refreshed_and_those_that_are_gone_are_left_out(actor):
    titles = [make_movie("A"), make_movie("B")]

    told = actor.post("/titles/refresh", {"ids": [*(title.pk for title in titles), 4711]})

    assert (told.status_code, told.json()) == (202, {"titles": 2})
    assert actor.post("/titles/4711/refresh").status_code == 404
    assert actor.post("/titles/refresh", {"ids": [True]}).status_code == 422


def test_seasons_count_their_episodes_and_the_specials_come_last(reader):
    show = make_show(owned=1)
    match = show.matches.get()
    add_season(show, match, owned=1, season=0)
    add_season(show, match, owned=0, missing=2, season=2)
    Season.objects.create(title=show, number=3, name="Announced")

    seasons = reader.get(f"/titles/{show.pk}/seasons").json()

    assert [season["number"] for season in seasons] == [1, 2, 3, 0]
    assert reader.get(f"/titles/{show.pk}/seasons/2").json()["missing"] == 2
    assert reader.get(f"/titles/{show.pk}/seasons/9").status_code == 404
    assert reader.get("/titles/4711/seasons").status_code == 404


def test_episodes_have_a_state_and_their_files(reader):
    show = make_show(owned=1, missing=1, upcoming=1)

    told = reader.get(f"/titles/{show.pk}/episodes", include="files").json()

    assert [(row["number"], row["state"]) for row in told["items"]] == [
        (1, "AVAILABLE"),
        (2, "MISSING"),
        (3, "UPCOMING"),
    ]
    assert [len(row["files"]) for row in told["items"]] == [1, 0, 0]
    assert reader.get(f"/titles/{show.pk}/episodes", season=2).json()["items"] == []


def test_an_episode_that_is_not_wanted_is_told_as_ignored(reader):
    show = make_show(owned=1, missing=1)
    Episode.objects.filter(number=2).update(wish="ignored")

    episodes = reader.get(f"/titles/{show.pk}/episodes")
    seasons = reader.get(f"/titles/{show.pk}/seasons")

    assert [row["state"] for row in episodes.json()["items"]] == ["AVAILABLE", "IGNORED"]
    assert (seasons.json()[0]["ignored"], seasons.json()[0]["missing"]) == (1, 0)
    assert reader.get("/titles", include="seasons").status_code == 200


def test_what_is_inside_a_file_is_told_when_asked(reader):
    file = make_file(make_match())
    other = make_file(make_match())
    facts = {"duration_s": 61.5, "width": 1920, "height": 1080, "resolution": "1080p", "video_codec": "hevc"}
    MediaInfo.objects.create(file=file, hdr="HDR10, HLG", audio_languages=" en de ", **facts)

    told = {row["id"]: row for row in reader.get("/items", include="media").json()["items"]}

    media = told[file.pk]["media"]
    assert (media["duration_seconds"], media["resolution"], media["hdr"]) == (61.5, "1080p", ["HDR10", "HLG"])
    assert (media["audio_languages"], media["problem"]) == (["en", "de"], None)
    assert told[other.pk]["media"]["duration_seconds"] is None
    assert "media" not in reader.get("/items").json()["items"][0]
    assert reader.get(f"/items/{file.pk}", include="media").json()["media"] == media


def test_files_are_told_as_by_the_command(reader):
    movie = make_movie("Kiln", tmdb_id=603)
    lost = make_file(make_match(state="unmatched", key="Lost"), "Lost/lost.mkv")
    gone = make_file(movie.matches.get(), "gone.mkv", state="missing")

    told = {row["path"]: row for row in reader.get("/items").json()["items"]}

    kiln = next(row for row in told.values() if row["state"] == "INDEXED")
    assert (kiln["title"], kiln["ids"]["tmdb"], kiln["library"]) == ("Kiln", 603, "Films")
    assert told["/media/films/Lost/lost.mkv"]["state"] == "UNMATCHED"
    assert [row["id"] for row in reader.get("/items", state="UNMATCHED").json()["items"]] == [lost.pk]
    assert [row["id"] for row in reader.get("/items", state="MISSING").json()["items"]] == [gone.pk]
    assert len(reader.get("/items", title=movie.pk).json()["items"]) == 2
    assert [row["id"] for row in reader.get("/items", q="LOST").json()["items"]] == [lost.pk]
    assert reader.get(f"/items/{lost.pk}").json()["size_bytes"] == 2**31


def test_a_file_with_a_date_no_calendar_knows_is_told_without_it(reader):
    file = make_file(make_match(), mtime_ns=2**63 - 1)
    odd = make_file(make_match(), mtime_ns=-(2**62))

    assert reader.get(f"/items/{file.pk}").status_code == reader.get(f"/items/{odd.pk}").status_code == 200


def test_what_a_removed_library_leaves_is_not_shown(reader):
    match = make_match(make_title())
    file = make_file(match)
    type(match.library).with_removed.update(removed_at="2026-01-01T00:00:00Z")

    assert reader.get("/items").json()["items"] == reader.get("/matches").json()["items"] == []
    assert reader.get(f"/items/{file.pk}").status_code == reader.get(f"/matches/{match.pk}").status_code == 404


def test_a_title_that_waits_for_a_person_says_so_as_its_page_does(reader):
    title = make_title("Kiln", state="indexed")
    make_match(title, state="unmatched")
    make_movie("Other")

    listed = {row["name"]: row["state"] for row in reader.get("/titles", include="why").json()["items"]}
    alone = reader.get(f"/titles/{title.pk}", include="why").json()
    why = reader.get(f"/why/title/{title.pk}").json()

    assert listed == {"Kiln": "NEEDS", "Other": "INDEXED"}
    assert (alone["state"], alone["why"]["state"], why["state"]) == ("NEEDS", "NEEDS", "needs")
    assert why["next"] == "It waits for you: pick the right title."
    assert [row["name"] for row in reader.get("/titles", state="needs").json()["items"]] == ["Kiln"]
    assert reader.get("/statistics/states").json()["titles"] == {"NEEDS": 1, "INDEXED": 1}


def test_a_title_of_which_nothing_is_left_on_disk_says_so_as_its_card_does(reader):
    gone, unreadable, half = make_title("Gone"), make_title("Unreadable"), make_title("Half")
    make_file(make_match(gone), "g.mkv", state="missing")
    make_file(make_match(unreadable), "u.mkv", state="error")
    match = make_match(half)
    make_file(match, "h1.mkv", state="missing")
    make_file(match, "h2.mkv")

    told = {row["name"]: row["state"] for row in reader.get("/titles").json()["items"]}

    assert told == {"Gone": "GONE", "Unreadable": "NEEDS", "Half": "INDEXED"}
    assert reader.get("/statistics/states").json()["titles"] == {"GONE": 1, "NEEDS": 1, "INDEXED": 1}


def test_titles_are_narrowed_by_decade_range_and_letter_as_at_the_library(reader):
    for name, year in (("Anchor", 1979), ("Bell", 1980), ("Bridge", 1989), ("7 Doors", 1990)):
        make_movie(name, year=year)

    def names(**asked):
        return [row["name"] for row in reader.get("/titles", **asked).json()["items"]]

    assert names(year="1980s") == ["Bell", "Bridge"]
    assert names(year="1979-1980") == ["Anchor", "Bell"]
    assert names(year="1990") == ["7 Doors"]
    assert names(letter="b") == ["Bell", "Bridge"]
    assert names(letter="0") == ["7 Doors"]
    assert [reader.get("/titles", year=odd).status_code for odd in ("80s", "1980-", "x")] == [422] * 3
    assert reader.get("/titles", letter="aa").status_code == 422


def test_broken_files_are_found_among_all(reader):
    broken, well, unknown = (make_file(make_match(), f"{name}.mkv") for name in ("a", "b", "c"))
    MediaInfo.objects.create(file=broken, problem="It ends in the middle.")
    MediaInfo.objects.create(file=well)

    def ids(**asked):
        return [row["id"] for row in reader.get("/items", **asked).json()["items"]]

    assert ids(damaged="true") == [broken.pk]
    assert ids(damaged="false") == [well.pk, unknown.pk]
    assert reader.get("/items", damaged="true", include="media").json()["items"][0]["media"]["problem"]
