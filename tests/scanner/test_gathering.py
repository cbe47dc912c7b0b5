"""When what the watcher heard is told: once it is quiet, ever more rarely where it never is."""

from __future__ import annotations

import itertools

import pytest

from scanner.watching.gathering import MANY, MOST, Gathering


def test_little_is_told_once_it_is_quiet_for_a_moment():
    gathering = Gathering()
    gathering.add(["a"], [], now=100.0)
    gathering.add(["b"], [], now=100.3)

    assert gathering.due_at() == pytest.approx(100.7)
    assert gathering.take() == (["a", "b"], [], False)
    assert gathering.due_at() is None


def test_more_than_fifty_folders_are_anywhere_and_told_once_it_is_really_quiet():
    gathering = Gathering()
    for number in range(MOST + 1):
        gathering.add([f"Film {number}"], [], now=100.0)

    assert gathering.due_at() == pytest.approx(102.0)
    assert gathering.take() == ([], [], True)


def test_many_files_in_one_folder_wait_for_quiet_too():
    gathering = Gathering()
    for _file in range(MANY + 1):
        gathering.add(["Season 01"], [], now=100.0)

    assert gathering.due_at() == pytest.approx(102.0)
    assert gathering.take() == (["Season 01"], [], False)


def test_where_it_never_gets_quiet_it_is_told_ever_more_rarely():
    gathering = Gathering()
    told = []
    for tenth in range(3_000):
        now = 100 + tenth / 10
        gathering.add(["Season 01"], [], now=now)
        if now >= gathering.due_at():
            told.append(now)
            gathering.take()

    assert len(told) <= 12
    gaps = [round(later - earlier) for earlier, later in itertools.pairwise(told)]
    assert gaps == sorted(gaps)
