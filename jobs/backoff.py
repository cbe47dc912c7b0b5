"""How long to wait before the next attempt."""

from __future__ import annotations

import random
from collections.abc import Callable

JITTER = 0.2


def delay(attempt: int, *, base: float, cap: float, chance: Callable[[], float] = random.random) -> float:
    """Return the seconds before another try after `attempt` failed ones: base · 2^n ± 20 %, at most `cap`.

    The jitter keeps what failed together from coming back together.
    """
    exponent = min(max(attempt, 1) - 1, 40)
    spread = 1 - JITTER + 2 * JITTER * chance()
    return min(cap, base * 2.0**exponent * spread)
