"""Pages of lists: nothing twice, nothing left out, whatever comes and goes; no more queries for more rows."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.moves import record
from scanner.models import Title
from tests.web.rows import make_file, make_job, make_match, make_movie, make_show, make_title

pytestmark = pytest.mark.django_db
SORTS = ("name", "added", "year", "rating")


def names(pages):
    return [row["name"] for page in pages for row in page["items"]]


def make_titles(many: int, **fields) -> None:
    began = timezone.now()
    Title.objects.bulk_create(
        Title(
            kind="movie" if n % 3 else "show",
            state="indexed",
            name=f"Title {n:05}",
            sort_name=f"title {n // 2:05}",  # namesakes
            year=None if n % 7 == 0 else 1950 + n % 70,
            rating=None if n % 5 == 0 else n % 11,
            created_at=began + datetime.timedelta(seconds=n // 3),
            **fields,
        )
        for n in range(many)
    )


@pytest.mark.parametrize("sort", SORTS)
def test_all_rows_come_once_and_in_order_with_namesakes_and_unknown_years(reader, sort):
    make_titles(53)

    whole = names(reader.pages("/titles", sort=sort, limit=200))
    pieces = names(reader.pages("/titles", sort=sort, limit=7))

    assert len(set(pieces)) == 53
    assert pieces == whole


@pytest.mark.parametrize("sort", SORTS)
def test_nothing_is_left_out_or_told_twice_while_rows_come_and_go(reader, sort):
    make_titles(40)
    seen, there = [], set(Title.objects.values_list("name", flat=True))

    for number, page in enumerate(reader.pages("/titles", sort=sort, limit=6)):
        told = [row["name"] for row in page["items"]]
        seen += told
        Title.objects.filter(name=told[-1]).delete()  # the very row the cursor stands at
        there.discard(told[-1])
        make_title(f"Aaa {number}", rating=99, year=2199)

    kept = [name for name in seen if not name.startswith("Aaa")]
    assert len(seen) == len(set(seen))
    assert there <= set(kept)


def test_a_page_says_where_the_next_one_is(reader):
    make_titles(3)

    page = reader.get("/titles", limit=1, type="movie")

    link = page.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    assert names([reader.client.get(link).json()]) == ["Title 00002"]
    assert page.json()["total"] == 2


@pytest.mark.parametrize("cursor", ["nonsense", "a:b", "W10:x", "."])
def test_a_cursor_that_is_none_is_named(reader, cursor):
    answer = reader.get("/titles", cursor=cursor)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


def test_a_cursor_of_other_filters_is_refused(reader):
    make_titles(5)
    cursor = reader.get("/titles", limit=2).json()["next"]

    assert reader.get("/titles", limit=4, cursor=cursor).status_code == 200
    assert reader.get("/titles", type="movie", cursor=cursor).status_code == 422
    assert reader.get("/titles", sort="year", cursor=cursor).status_code == 422
    assert reader.get("/events", cursor=cursor).status_code == 422


def test_long_names_of_any_script_fit_into_a_cursor(reader):
    for number in range(4):
        make_title("映画" * 250 + str(number))

    assert len(names(reader.pages("/titles", limit=1))) == 4


@pytest.mark.parametrize(
    "address",
    [
        "/titles?include=seasons,files,matches,events,why",
        "/titles?sort=added",
        "/matches?include=candidates,files,events",
        "/items",
        "/jobs",
        "/events",
    ],
)
@pytest.mark.repeats
def test_lists_cost_the_same_queries_for_20_and_for_200_rows(reader, address):
    make = [make_movie, make_show]

    def queries(many: int) -> int:
        for number in range(many):
            title = make[number % 2](f"Title {number} of {many}")
            make_job(f"title:{title.pk}")
            record(title, reason="described")
            make_file(make_match(state="unmatched"))
        with CaptureQueriesContext(connection) as seen:
            found = reader.get(f"{address}{'&' if '?' in address else '?'}limit=200").json()["items"]
        assert len(found) >= min(many, 200)
        return len(seen)

    reader.get("/pools")  # the key is marked as used
    assert queries(20) == queries(200)


def test_a_list_of_ten_thousand_titles_is_read_with_few_queries_wherever_one_is(reader, django_assert_max_num_queries):
    make_titles(10_000)
    reader.get("/pools")
    pages = reader.pages("/titles", limit=200)

    seen = 0
    for _page in range(3):
        with django_assert_max_num_queries(4):  # the key, the titles, their number
            seen += len(next(pages)["items"])

    assert seen == 600
