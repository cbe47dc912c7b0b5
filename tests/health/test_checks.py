"""Each check turns red when its matter is there, and well again when its cure is done as it says."""

from __future__ import annotations

import pytest

from mediasync.health import looking
from mediasync.health.checks import CHECKS
from mediasync.health.finding import Level
from tests.health import of_database, of_library, of_machine, of_safety, of_sources, of_work

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
CASES = [case for part in (of_work, of_library, of_sources, of_database, of_safety, of_machine) for case in part.CASES]
ELSEWHERE = {"database", "database-check", "database-wal", "database-lock"}  # about a file: test_database.py


def test_every_check_has_a_case():
    assert {code for code, _how in CASES} | ELSEWHERE == set(CHECKS)


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_a_household_in_which_all_is_well_hears_nothing(world, code):
    expected = Level.NOTICE if code == "time-zone" else Level.OK  # tests live in UTC

    assert world.worst(code).level == expected


@pytest.mark.parametrize(("code", "how"), CASES, ids=lambda part: part if isinstance(part, str) else part.__name__)
def test_it_turns_red_and_names_a_cure(world, code, how):
    trouble = how(world)
    level = next(trouble)

    found = world.worst(code)

    assert found.level == level
    assert found.message
    assert found.cure
    trouble.close()


@pytest.mark.parametrize(("code", "how"), CASES, ids=lambda part: part if isinstance(part, str) else part.__name__)
def test_its_cure_works(world, code, how):
    trouble = how(world)
    next(trouble)

    for _step in trouble:  # what follows the yield is what the cure says
        pass

    assert world.worst(code).level == Level.OK


def test_no_page_asks_the_network_or_the_disk_of_a_library_for_it(world, django_assert_max_num_queries):
    world.root.rename(world.root.with_name("away"))

    with django_assert_max_num_queries(10):
        found = looking.findings()

    assert "library-folder" in {finding.code for finding in found if finding.ok}
