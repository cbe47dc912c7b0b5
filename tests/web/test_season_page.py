"""The Season page: every episode with its state and why, and what a person says of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.models import Event
from scanner.models import Episode, FormerTitle, Season, Title
from scanner.services import titles
from tests.web.rows import add_season, make_match, make_movie, make_show, make_title

FRAME, PAGE = 5, 5


def make_seasons(*numbers: int, **fields) -> Title:
    title = make_show("Signal to Noise", owned=2, missing=1, upcoming=1)
    for number in numbers:
        Season.objects.create(title=title, number=number, **fields)
    return title


def where(title: Title, number: int = 1) -> str:
    return f"/library/{title.pk}-signal-to-noise/s{number}/"


def ids(*numbers: int) -> list[int]:
    return list(Episode.objects.filter(season=1, number__in=numbers).values_list("pk", flat=True))


def wishes() -> dict[int, str]:
    return dict(Episode.objects.exclude(wish="").values_list("number", "wish"))


def say(visit, title: Title, verb: str, *numbers: int, **fields):
    return visit.post(f"/library/{title.pk}/s1/{verb}/", {"pick": ids(*numbers), **fields})


def test_each_episode_says_why_it_is_not_here(visit):
    title = make_seasons(1)
    Episode.objects.filter(number=2).update(air_date=None)

    html = visit.get(where(title)).content.decode()

    assert "It aired on 1 Jan 2001, and no file of it is in the library." in html
    assert "It airs on" in html
    assert "Folder 0/0.mkv" in html


def test_its_neighbours_are_a_click_away_specials_last(visit):
    title = make_seasons(0, 1, 2)

    first, last = (visit.get(where(title, number)).content.decode() for number in (1, 0))

    assert f'rel="next" href="{where(title, 2)}"' in first
    assert 'rel="prev"' not in first
    assert f'rel="prev" href="{where(title, 2)}"' in last
    assert ">Specials</h1>" in last


def test_the_title_leads_here(visit):
    title = make_seasons(1, 2)

    html = visit.get(f"/library/{title.pk}-signal-to-noise/").content.decode()

    assert f'href="{where(title, 2)}"' in html


def test_episodes_are_ignored_wanted_and_left_alone_again(visit):
    title = make_seasons(1)

    say(visit, title, "ignore", 3, 4)
    say(visit, title, "want", 4)
    answer = say(visit, title, "reset", 3)

    assert answer.status_code == 303
    assert wishes() == {4: "wanted"}
    assert [event.reason for event in Event.objects.all()] == [
        "1 episode is left to the rule that what is aired is wanted, says anna",
        "1 episode is wanted, says anna",
        "2 episodes are ignored, says anna",
    ]


def test_an_ignored_episode_looks_and_says_so(visit):
    title = make_seasons(1)
    say(visit, title, "ignore", 3)

    html = visit.get(where(title)).content.decode()

    assert "You said that it is not wanted." in html
    assert "1 ignored" in html


def test_the_whole_season_is_said_at_once(visit):
    title = make_seasons(1)
    add_season(title, title.matches.get(), owned=0, missing=1, season=2)

    say(visit, title, "ignore", everything="1")

    assert Episode.objects.filter(wish="ignored", season=1).count() == 4
    assert Episode.objects.filter(wish="", season=2).count() == 1


def test_a_change_is_taken_back_to_what_was_before(visit):
    title = make_seasons(1)
    say(visit, title, "want", 3)
    said = say(visit, title, "ignore", 3, 4)
    page = visit.get(said.headers["Location"]).content.decode()
    undo = page.split(f'action="/library/{title.pk}/s1/undo/')[1].split('"')[0]

    visit.post(f"/library/{title.pk}/s1/undo/{undo}")

    assert wishes() == {3: "wanted"}


def test_taking_back_leaves_what_somebody_has_changed_since(visit):
    title = make_seasons(1)
    say(visit, title, "ignore", 3, 4)
    event = Event.objects.get()
    say(visit, title, "want", 4)

    visit.post(f"/library/{title.pk}/s1/undo/{event.pk}/")
    answer = visit.post(f"/library/{title.pk}/s1/undo/{event.pk}/", follow=True)

    assert wishes() == {4: "wanted"}
    assert "There is nothing to take back any more." in answer.content.decode()


def test_an_event_of_something_else_is_not_taken_back(visit):
    title, other = make_seasons(1), make_movie("Kiln")
    say(visit, title, "ignore", 3)

    visit.post(f"/library/{other.pk}/s1/undo/{Event.objects.get().pk}/")

    assert wishes() == {3: "ignored"}


def test_a_double_click_changes_nothing_and_says_so(visit):
    title = make_seasons(1)
    say(visit, title, "ignore", 3)

    answer = say(visit, title, "ignore", 3)

    assert "That was so already." in visit.get(answer.headers["Location"]).content.decode()
    assert Event.objects.count() == 1


def test_episodes_of_other_shows_are_not_touched(visit):
    title, other = make_seasons(1), make_show("Other", owned=0, missing=1)

    visit.post(f"/library/{title.pk}/s1/ignore/", {"pick": [other.episodes.get().pk, "x", "99999999999"]})

    assert wishes() == {}


@pytest.mark.parametrize("path", ["s9/", "s99999999999999999999/", "s-1/"])
def test_a_season_that_does_not_exist_is_not_found(visit, path):
    title = make_seasons(1)

    assert visit.get(f"/library/{title.pk}-signal-to-noise/{path}").status_code == 404


def test_a_season_that_nobody_has_described_has_a_page_too(visit):
    title = make_show("Signal to Noise", owned=1)

    assert "Part 1.1" in visit.get(where(title)).content.decode()


def test_a_wrong_slug_and_a_merged_title_lead_to_the_right_place(visit):
    title = make_seasons(1)
    FormerTitle.objects.create(former_id=title.pk + 1000, title=title)

    assert visit.get(f"/library/{title.pk}-x/s1/").headers["Location"] == where(title)
    assert visit.get(f"/library/{title.pk + 1000}-x/s1/").headers["Location"] == where(title)


def test_hostile_names_are_text(visit):
    title = make_seasons(1, name="<script>alert(1)</script>", overview="<img src=x onerror=alert(2)>" + "x" * 5000)
    Episode.objects.update(name="<script>alert(3)</script>\u202e")

    html = visit.get(where(title)).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_queries_are_the_same_for_20_and_400_episodes(visit):
    counts = []
    for many in (20, 400):
        title = make_title(f"Show {many}", kind="show")
        Season.objects.create(title=title, number=1)
        add_season(title, make_match(title), owned=many // 2, missing=many // 2)
        with CaptureQueriesContext(connection) as seen:
            visit.get(f"/library/{title.pk}-show-{many}/s1/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_a_season_longer_than_a_page_has_pages_and_stays_within_its_weight(visit):
    title = make_title("Signal to Noise", kind="show")
    Season.objects.create(title=title, number=1)
    add_season(title, make_match(title), owned=130)

    first, second = visit.get(where(title)), visit.get(f"{where(title)}?page=2")

    assert len(first.context["sheet"].lines) == 60
    assert len(second.context["sheet"].lines) == 60
    assert len(first.content) < 44_000


def test_a_wish_survives_the_merge_of_two_titles(db):
    goes, stays = make_show("Signal", owned=0, missing=2), make_show("Signal", owned=0, missing=2)
    goes.episodes.filter(number=1).update(wish="ignored")
    goes.episodes.filter(number=2).update(wish="ignored")
    stays.episodes.filter(number=2).update(wish="wanted")

    titles.merge(goes, into=stays)

    assert dict(stays.episodes.values_list("number", "wish")) == {1: "ignored", 2: "wanted"}
