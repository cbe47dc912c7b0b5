"""Without a metadata key the files themselves say what they can."""

from __future__ import annotations

import secrets

from jobs.models import Job
from scanner.models import Episode, Match, Title, TitleId
from tests.factories import make_title
from tests.jobs_in_tests import run_job


def describe(title, **options) -> Job:
    job = run_job("scanner.title", f"title:{title.pk}", **options)
    if Title.objects.filter(pk=title.pk).exists():
        title.refresh_from_db()
    return job


def test_without_a_key_names_will_do(no_key, film):
    match = film("Moss (2019)", tmdb_id=107)

    describe(match.title)

    assert no_key.asked == []
    assert (match.title.state, match.title.described_by, match.title.name) == ("indexed", "names", "Moss")
    assert match.title.refresh_at is None


def test_without_a_key_an_nfo_tells(no_key, film, folder):
    match = film("Moss (2019)")
    (folder(match) / "movie.nfo").write_text(
        "<movie><title>Moss &amp; Stone</title><plot>Grows.</plot><year>2018</year><genre>Nature</genre>"
        "<mpaa>U</mpaa><uniqueid type='imdb'>tt0000107</uniqueid><director>U. Tern</director></movie>"
    )

    describe(match.title)

    title = match.title
    assert (title.name, title.described_by, title.overview) == ("Moss & Stone", "nfo", "Grows.")
    assert (title.genres, title.certification, title.year) == (["Nature"], "U", 2018)
    assert TitleId.objects.get().value == "tt0000107"


def test_a_name_of_any_length_is_kept_short_enough_for_lists_and_indexes(no_key, film, folder):
    match = film("Moss (2019)")
    words = secrets.token_hex(2_500)  # of a kind that no index can make smaller
    (folder(match) / "movie.nfo").write_text(
        f"<movie><title>{words}</title><originaltitle>{words}</originaltitle></movie>"
    )

    describe(match.title)

    title = match.title
    assert (title.name, title.original_name, title.sort_name) == (words[:300],) * 3
    assert title.state == "indexed"


def test_without_a_key_the_metadata_json_of_another_day_tells_most(service, film, settings, folder):
    match = film(tmdb_id=107)
    describe(match.title)
    run_job("scanner.write", f"match:{match.pk}")
    Match.objects.update(title=None, sidecars={})
    Title.objects.all().delete()
    settings.TMDB = type(settings.TMDB)(
        **{**{n: getattr(settings.TMDB, n) for n in settings.TMDB.__slots__}, "api_key": ""}
    )
    again = make_title("Moss")
    Match.objects.update(title=again)

    describe(again)

    assert (again.described_by, again.runtime_min) == ("nfo", 83)
    assert again.overview.startswith("Nothing happens in a forest")


def test_without_a_key_episodes_come_from_names_and_their_nfos(no_key, show, folder):
    match = show("The Night Post", {"Season 01/a S01E01.mkv": (1, [1]), "Season 01/b S01E02.mkv": (1, [2])})
    (folder(match) / "Season 01/a S01E01.nfo").write_text(
        "<episodedetails><title>Dead Letters</title><season>1</season><episode>1</episode>"
        "<aired>2018-09-14</aired></episodedetails>"
    )

    describe(match.title)

    assert list(Episode.objects.values_list("season", "number", "name")) == [(1, 1, "Dead Letters"), (1, 2, "")]
    assert match.files.exclude(episodes=None).count() == 2


def test_a_broken_nfo_beside_a_film_stops_nothing(no_key, film, folder):
    match = film("Moss (2019)")
    (folder(match) / "movie.nfo").write_bytes(b"\xdb\xb2\xb1\x00<movie><title>")

    describe(match.title)

    assert match.title.state == "indexed"
