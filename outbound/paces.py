"""How fast a source may be asked, and how fast it was asked of late: what forecasts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jobs.models import Hold
from outbound import budget, pacing
from outbound.models import Grant, Source
from outbound.sources import specs

LATELY_S, WINDOWS = 15.0, 3  # seconds, and windows of the longest rule: bursts and pauses even out
FEWEST, SHORTEST_S = 8, 2.0  # requests and seconds from which a pace can be told


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second allowed to background work, and of late; how many since then; seconds it is held."""

    allowed: float
    lately: float | None
    sent: int
    held_seconds: float


def measure(name: str, *, since: datetime) -> Measured | None:
    """Return the paces of a source, by its row or as it was declared; None where there is no rule."""
    source = Source.objects.filter(pk=name).first()
    rules = budget.rules_of(source) if source else _declared(name)
    if not rules:
        return None
    moment = budget.now()
    taken = Grant.objects.filter(source=name).order_by("-taken_at")
    lately = max(LATELY_S, WINDOWS * max(rule.seconds for rule in rules))
    stamps = list(
        taken.filter(taken_at__gt=moment.budget - min(lately, budget.KEPT)).values_list("taken_at", flat=True)
    )
    elapsed = (moment.wall - since).total_seconds()
    remembered = min(elapsed, budget.KEPT)  # grants from before are gone: what is left stands for them too
    held = Hold.objects.filter(source=name).values_list("until", flat=True).first()
    return Measured(
        allowed=min(pacing.background_pace(rule) for rule in rules),
        lately=_pace(stamps),
        sent=round(taken.filter(taken_at__gte=moment.budget - remembered).count() * elapsed / remembered)
        if remembered > 0
        else 0,
        held_seconds=max(0.0, (held - moment.wall).total_seconds()) if held else 0.0,
    )


def _declared(name: str) -> list[pacing.Rule]:
    spec = specs.get(name)
    return [pacing.Rule(requests, seconds) for requests, seconds in spec.rules] if spec else []


def _pace(stamps: list[float]) -> float | None:
    """Return requests a second between the newest and the oldest of these; None where they are too few."""
    span = stamps[0] - stamps[-1] if len(stamps) >= FEWEST else 0.0
    return (len(stamps) - 1) / span if span >= SHORTEST_S else None
