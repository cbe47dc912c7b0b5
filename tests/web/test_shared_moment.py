"""What pages share of one moment: never older than said, never after an action, never another person's."""

from __future__ import annotations

import os

import pytest

from jobs.models import Job
from pages import moment
from tests.web.rows import make_job

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _moments_last(settings):
    settings.WIRE_SECONDS = 3600
    moment.ended()


def test_one_look_is_enough_for_many_pages():
    looks = []

    for _page in range(3):
        moment.shared("a list", lambda: looks.append(1))

    assert len(looks) == 1


def test_an_action_in_another_web_process_ends_the_moment_here():
    before = moment.shared("a list", lambda: "before")
    child = os.fork()
    if not child:
        moment.ended()
        os._exit(0)
    os.waitpid(child, 0)

    assert (before, moment.shared("a list", lambda: "after")) == ("before", "after")


def test_what_is_kept_does_not_grow_without_end():
    for number in range(10 * moment.MOST):
        moment.shared(number, lambda: "a list")

    assert len(moment._kept) <= moment.MOST


def test_the_queue_is_fresh_for_whoever_has_just_acted(visit):
    job = make_job("title:1", state="failed")
    assert "when you say so" in visit.get("/queue/", headers=PART).content.decode()

    visit.post(f"/queue/{job.pk}/retry/")

    assert "when you say so" not in visit.get("/queue/", headers=PART).content.decode()


def test_a_list_that_is_shared_shows_nobody_buttons_that_are_not_his(visit, visit_as_guest):
    make_job("title:1", state="failed")

    seen = [one.get("/queue/", headers=PART).content.decode() for one in (visit, visit_as_guest)]

    assert ["Retry" in html for html in seen] == [True, False]


def test_pollers_of_one_moment_share_the_look_and_the_words(visit, django_assert_num_queries):
    make_job("title:1")
    first = visit.get("/queue/", headers=PART)
    Job.objects.all().delete()

    with django_assert_num_queries(2):  # who it is
        second = visit.get("/queue/", headers=PART)

    assert first.content == second.content
