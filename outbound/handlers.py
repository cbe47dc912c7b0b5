"""The test of a source as a job, where a person has all of them tested at once."""

from __future__ import annotations

from jobs.registry import handles
from outbound import services


@handles(services.TEST, pool="upkeep")
def test_source(key: str) -> None:
    """Test one source ("source:tmdb"); what it found is told on the source's row."""
    services.test(key.partition(":")[2])
