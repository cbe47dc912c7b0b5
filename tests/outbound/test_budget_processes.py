"""The promise itself: real processes, some killed, and a server that counts."""

from __future__ import annotations

import pytest

from benches.budget import crowd, scratch

QUICK = (0.01, 0.15)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def environment(request):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with scratch(url) as made:
        yield made


@pytest.mark.processes
def test_no_window_sees_more_than_the_rules_allow_even_with_kills(environment):
    found = crowd(environment, seconds=9, rules=((10, 2.0), (4, 0.5)), kill_every=2.0, latency=QUICK, processes=4)

    assert found.killed >= 3
    assert len(found.arrivals) >= 10
    assert found.most_in(2.0) <= 10
    assert found.most_in(0.5) <= 4
