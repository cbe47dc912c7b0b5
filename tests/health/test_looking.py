"""What is kept of the checks: what was measured, since when it is so, what history remembers, what is hidden."""

from __future__ import annotations

import json
import time
from email.utils import formatdate

import pytest
from django.core.management import call_command
from django.utils import translation

from jobs import queue, schedules
from jobs.models import Job, Schedule
from journal.models import Event
from mediasync.health import disks, looking, measures
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from mediasync.health.models import Result
from outbound import skew
from scanner.models import Library
from scanner.services import libraries
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


def events(code: str) -> list[tuple[str, str, str]]:
    row = Result.objects.filter(code=code).first()
    told = Event.objects.filter(subject=f"health.result:{row.pk}").order_by("pk")
    return list(told.values_list("old", "new", "reason"))


def test_history_remembers_when_a_check_went_red_and_when_it_was_well_again(world):
    run_job("health.look", "")
    queue.pause("artwork", "paused by ben", actor="ben")
    run_job("health.look", "")
    run_job("health.look", "")
    remembered = [(row.code, row.state) for row in looking.remembered()]
    queue.resume("artwork", actor="ben")
    run_job("health.look", "")

    assert remembered == [("pool-paused", "warning")]
    told = events("pool-paused")
    assert [(old, new) for old, new, _why in told] == [("ok", "warning"), ("warning", "ok")]
    assert told[0][2].startswith("The pool “Artwork” rests (paused by ben)")
    assert told[1][2] == f"It is well again. Before: {told[0][2]}"


def test_what_is_written_down_is_english_whoever_looks(world):
    queue.pause("artwork", "x", actor="ben")

    with translation.override("de"):
        looking.look(deep=False)

    assert events("pool-paused")[0][2].endswith("its work waits.")


def test_the_disk_is_woken_once_a_day_only(world, monkeypatch):
    wrote = []
    monkeypatch.setattr(disks, "_write_problem", lambda path: wrote.append(path) or "")

    looking.look(deep=False)
    Result.objects.update(measured_at=None)
    looking.look(deep=False)
    looking.look(deep=True)

    assert len(wrote) == 2  # the first time, and when somebody asked for everything


def test_nothing_is_left_in_the_library_by_the_look(world):
    before = sorted(path.name for path in world.root.iterdir())

    looking.look(deep=True)

    assert sorted(path.name for path in world.root.iterdir()) == before


def test_a_library_is_looked_at_as_soon_as_it_is_there(world):
    looking.look(deep=False)
    other = world.root.with_name("shows")
    other.mkdir()
    libraries.add(str(other))

    looking.look(deep=False)

    assert Result.objects.filter(code="library-folder").count() == 2


def test_what_was_measured_of_a_library_goes_with_it(world):
    looking.look(deep=False)
    libraries.remove(world.library, actor="anna")

    looking.look(deep=False)

    assert not Library.with_removed.exists()
    assert not Result.objects.filter(code="library-folder").exists()


def test_what_was_measured_lately_is_not_measured_again(world, monkeypatch):
    looking.look(deep=True)
    taken = measures.take(Facts(), deep=False)
    Result.objects.update(measured_at=None)

    assert {code for code, _subject in taken} <= {"clock"}
    assert {code for code, _subject in measures.take(Facts(), deep=False)} >= {"library-folder", "database-check"}


def test_what_is_hidden_shows_again_when_it_changes(world):
    queue.pause("artwork", "x", actor="ben")
    [found] = [one for one in looking.findings() if not one.ok]
    looking.hide(found, actor="anna")
    hidden = looking.is_hidden(found, Facts())
    queue.resume("artwork", actor="ben")
    looking.look(deep=False)
    Result.objects.filter(code="pool-paused").update(state="warning")  # as it stood when it was hidden
    looking.look(deep=False)
    queue.pause("artwork", "again", actor="ben")

    assert hidden
    assert not looking.is_hidden(next(one for one in looking.findings() if one.code == "pool-paused"), Facts())


def test_what_is_hidden_is_neither_amiss_nor_an_error_of_status(world, capsys):
    queue.pause("artwork", "x", actor="ben")
    [found] = [one for one in looking.findings() if not one.ok]
    looking.hide(found, actor="anna")
    looking.look(deep=False)
    facts = Facts()

    call_command("status", "--json")  # would end with 1
    told = {one["check"]: one for one in json.loads(capsys.readouterr().out)["health"]}

    assert looking.amiss(looking.findings(facts), facts) == []
    assert looking.remembered() == []
    assert (told["pool-paused"]["ok"], told["pool-paused"]["hidden"]) == (False, True)


def test_status_keeps_its_shape(world, capsys):
    call_command("status", "--json")

    for one in json.loads(capsys.readouterr().out)["health"]:
        assert {"check", "ok", "message", "cure"} <= set(one)
        assert "`" not in one["cure"] + one["message"]


def test_it_is_looked_after_every_five_minutes(world):
    schedules.ensure()
    Schedule.objects.exclude(name="health checks").delete()

    schedules.take_due()

    assert Job.objects.get(kind="health.look").key == ""


def test_doctor_tells_chapter_by_chapter_and_ends_with_1_where_something_is_wrong(world, capsys):
    call_command("doctor")  # only a notice
    well = capsys.readouterr().out
    queue.pause("artwork", "x", actor="ben")
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    told = capsys.readouterr().out

    assert well.endswith("1 notice\n")
    assert ended.value.code == 1
    assert "▲ Paused pools (Artwork): The pool “Artwork” rests" in told
    assert "    → Resume it here, or with ./run queue resume artwork." in told


def test_doctor_measures_what_pages_only_remember(world):
    looking.look(deep=False)
    world.root.rename(world.root.with_name("away"))

    with pytest.raises(SystemExit):
        call_command("doctor", "--json")

    assert not Result.objects.filter(code="library-folder", state=Level.ERROR).exists()  # it writes nothing


def test_the_clock_of_a_service_is_read_between_question_and_answer():
    sent = time.time()
    for off, about in ((0, 0), (-3_600, 3_600), (3_600, -3_600)):
        skew.forget("x")
        skew.note("x", {"date": formatdate(sent + off, usegmt=True)}, sent_at=sent)
        assert abs(skew.ahead()["x"] - about) <= 2
    skew.forget("x")
    skew.note("x", {"date": "yesterday"}, sent_at=sent)
    skew._ahead.clear()
