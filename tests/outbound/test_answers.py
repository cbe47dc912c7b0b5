"""What headers say about waiting."""

from __future__ import annotations

import pytest

from outbound.answers import retry_after
from outbound.reading import Reply

DATE = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "17"}, 17),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "99999999999999999999"}, 999_999_999),
        ({"retry-after": "Sun, 01 Mar 2026 12:01:30 GMT", "date": DATE}, 90),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT", "date": DATE}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 99 Mar 2026 12:00:00 GMT"}, None),
    ],
    ids=lambda value: str(value.get("retry-after", "nothing")) if isinstance(value, dict) else "",
)
def test_retry_after_is_read_as_seconds_or_against_the_servers_own_clock(headers, seconds):
    assert retry_after(Reply("http://films.example/", "films.example", 429, "", headers, b"")) == seconds
