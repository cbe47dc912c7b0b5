"""What nobody can tell is in the Library all the same, under the name of its files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from jobs import drain
from scanner.models import Match, Title
from scanner.services import keeping, matches
from tests.factories import put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
SHOW = "Kitchen Diaries/Season 01/Kitchen Diaries - S01E0{}.mkv"


@pytest.fixture(autouse=True)
def _static(settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else WhiteNoise warns


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / library.name


def work() -> None:
    drain.run_until_idle(threads=0)


def read(library) -> None:
    scan(library)
    work()


def beside(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.suffix in (".nfo", ".json", ".jpg"))


def test_a_film_that_nobody_knows_is_listed_and_says_that_it_needs_somebody(service, library, root, admin_client):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv")
    read(library)
    match = Match.objects.get()

    assert (match.state, str(match.title)) == ("unmatched", "Zebra Picnic (2011)")
    assert (match.title.state, match.title.described_by) == ("indexed", "names")
    for place in ("", "?state=needs", "?view=table", "?q=zebra"):
        page = admin_client.get(reverse("scanner:library") + place).content.decode()
        assert "Zebra Picnic" in page
        assert "Needs you" in page.partition('id="titles"')[2]
    page = admin_client.get(reverse("scanner:title", args=[match.title_id, "zebra-picnic"])).content.decode()
    assert "Pick the right title" in page
    assert reverse("scanner:match", args=[match.pk]) in page
    assert beside(root) == []


def test_a_show_that_nobody_knows_has_its_episodes(service, library, root):
    put(root, SHOW.format(1), SHOW.format(2))
    read(library)

    title = Title.objects.get()
    assert [str(one) for one in title.episodes.filter(files__isnull=False)] == ["S01E01", "S01E02"]

    matches.pick(Match.objects.get(), "show", 201, actor="eve")
    work()

    assert list(Title.objects.values_list("tmdb_id", "described_by")) == [(201, "tmdb")]
    held = Title.objects.get().episodes.filter(files__isnull=False)
    assert [str(one) for one in held] == ["S01E01", "S01E02"]


def test_it_is_asked_for_once(service, library, root):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv", SHOW.format(1))
    read(library)
    asked = len(service.api())

    read(library)

    assert len(service.api()) == asked
    assert not [path for path in service.api() if "search" not in path]


def test_two_folders_of_one_name_stay_two(service, library, root):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv", "4K/Zebra Picnic (2011)/Zebra Picnic (2011).mkv")
    read(library)

    assert [one.matches.count() for one in Title.objects.all()] == [1, 1]


def test_an_nfo_describes_it_and_a_tag_has_tmdb_describe_it(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    read(library)
    (root / "IMG_2031/movie.nfo").write_text("<movie><title>Our Wedding</title></movie>")
    read(library)
    assert list(Title.objects.values_list("name", "described_by")) == [("Our Wedding", "nfo")]

    (root / "IMG_2031/movie.nfo").write_text("<movie><title>Our Wedding</title><tmdbid>107</tmdbid></movie>")
    read(library)

    assert list(Title.objects.values_list("name", "described_by", "tmdb_id")) == [("Moss", "tmdb", 107)]


def test_a_folder_called_otherwise_is_called_so(service, library, root):
    put(root, "Zebra Picnic (2011)/a.mkv")
    read(library)
    (root / "Zebra Picnic (2011)").rename(root / "Giraffe Picnic (2012)")
    read(library)

    assert [str(title) for title in Title.objects.all()] == ["Giraffe Picnic (2012)"]


def test_ignored_it_is_gone_from_the_library(service, library, root):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv")
    read(library)

    matches.ignore(Match.objects.get(), actor="eve")

    assert not Title.objects.exists()


def test_what_an_earlier_release_left_without_a_title_gets_one_without_a_request(service, library, root):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv")
    read(library)
    Match.objects.update(title=None)
    Title.objects.all().delete()
    asked = len(service.api())

    assert keeping.name_unmatched() == 1
    work()

    match = Match.objects.get()
    assert (match.state, str(match.title), match.title.state) == ("unmatched", "Zebra Picnic (2011)", "indexed")
    assert match.title.created_at == match.created_at
    assert (keeping.name_unmatched(), len(service.api())) == (0, asked)


def test_items_say_what_the_name_says(service, library, root, capsys):
    put(root, "Zebra Picnic (2011)/Zebra Picnic (2011).mkv")
    read(library)

    call_command("items", "--json")

    row = json.loads(capsys.readouterr().out)[0]
    assert (row["state"], row["title"], row["year"]) == ("UNMATCHED", "Zebra Picnic", 2011)
