"""Which function does the jobs of a kind, and under which rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jobs.errors import GiveUp

Handler = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of a kind: seconds for `limit`, `base` and `cap`; `attempts` before `failed`.

    `on_failed(key, reason)` marks the thing in the transaction in which its job comes to rest.
    """

    name: str
    pool: str
    run: Handler
    needs: str = ""
    limit: float = 300
    base: float = 60
    cap: float = 86_400
    attempts: int = 5
    on_failed: Callable[[str, str], None] | None = None


kinds: dict[str, Kind] = {}


def handles(
    name: str,
    *,
    pool: str,
    needs: str = "",
    limit: float = 300,
    base: float = 60,
    cap: float = 86_400,
    attempts: int = 5,
    on_failed: Callable[[str, str], None] | None = None,
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of the kind `name`.

    `needs` names the outbound source without which the job cannot be done. Raises ValueError
    where a kind is registered twice.
    """

    def register(run: Handler) -> Handler:
        if name in kinds:
            raise ValueError(f"two handlers for {name}")
        kinds[name] = Kind(name, pool, run, needs, limit, base, cap, attempts, on_failed)
        return run

    return register


def rules_of(name: str) -> Kind:
    """Return the kind's rules; a kind nobody handles here (an older row) fails with a sentence."""
    return kinds.get(name) or Kind(name, "upkeep", _unknown(name))


def _unknown(name: str) -> Handler:
    def refuse(key: str) -> None:
        raise GiveUp(f"This version of mediasync knows no work called {name}.")

    return refuse
