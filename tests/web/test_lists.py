"""What all lists share: remembered filters, picked rows, the theme and language of a person."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from pages import preferences
from pages.models import Preference
from pages.picks import MOST, Picks
from pages.query import ListQuery, one_of


@dataclass(frozen=True, slots=True)
class Birds(ListQuery):
    q: str = ""
    kind: str = one_of(("owl", "wren"))
    nest: int = 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "?"),
        ("kind=owl&q=%20a%20", "?q=a&kind=owl"),
        ("kind=dodo&nest=x&per=7&page=-2", "?"),
        ("per=96&nest=12", "?nest=12&per=96"),
        ("nest=99999999999999999999", "?"),
    ],
)
def test_an_address_says_only_what_was_understood_and_is_no_default(given, said):
    assert Birds.parse(QueryDict(given)).address() == said


def test_a_change_of_filter_starts_at_the_first_page():
    query = Birds.parse(QueryDict("kind=owl&page=3"))

    assert query.address(kind="wren") == "?kind=wren"
    assert query.address(page=4) == "?kind=owl&page=4"


def test_rows_are_picked_by_id_or_all_that_the_filter_finds():
    some = Picks.parse(QueryDict("pick=3&pick=1&pick=x&pick=3&pick=99999999999999999999"))
    many = Picks.parse(QueryDict("&".join(f"pick={n}" for n in range(MOST + 5))))

    assert some.ids == (1, 3)
    assert len(many.ids) == MOST
    assert not Picks.parse(QueryDict(""))
    assert Picks.parse(QueryDict("everything=1"))


def ask(user, path, **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = user
    return request


def test_the_filter_set_on_a_list_is_there_on_the_next_visit(admin_user):
    set_there = ask(admin_user, "/birds/?kind=owl&q=snowy", referer="http://testserver/birds/")
    preferences.remember(set_there, "birds", Birds.parse(set_there.GET))

    again = preferences.Accounts().get_user(admin_user.pk)
    assert preferences.recalled(ask(again, "/birds/"), "birds") == "?kind=owl"
    assert preferences.recalled(ask(again, "/birds/?all"), "birds") == ""


def test_a_link_from_elsewhere_leaves_the_remembered_filter_alone(admin_user):
    from_home = ask(admin_user, "/birds/?kind=owl", referer="http://testserver/")
    preferences.remember(from_home, "birds", Birds.parse(from_home.GET))

    assert not Preference.objects.exists()


def test_the_account_and_its_preferences_are_one_query(admin_user, django_assert_num_queries):
    preferences.prefer(admin_user, theme="dark")

    with django_assert_num_queries(1):
        assert preferences.of(preferences.Accounts().get_user(admin_user.pk)).theme == "dark"


def test_a_theme_goes_with_the_person_to_another_browser(visit, client, django_user_model):
    visit.post("/theme/", {"theme": "dark", "next": "/library/"})
    client.force_login(django_user_model.objects.get())

    assert b'data-theme="dark"' in client.get("/library/").content
