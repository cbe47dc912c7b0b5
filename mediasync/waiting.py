"""What jobs wait for, in words for the terminal: a paused pool, a source that rests, workers that do not run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from jobs import clock
from jobs.models import Drain, Job
from jobs.presence import SILENT_S
from jobs.resting import resting
from jobs.words import pool_word
from mediasync.templatetags.ui import span
from outbound.models import Source

MOST = 500  # keys looked at


@dataclass(frozen=True, slots=True)
class Rests:
    """What is not worked on now: names of paused pools, and until when which sources rest."""

    pools: Collection[str]
    sources: Mapping[str, datetime]
    refused: Collection[str]  # sources that do not accept our key


def rests() -> Rests:
    """Return what rests at this moment."""
    now = resting()
    return Rests(
        now.pools,
        {source: until for source, (until, _why) in now.holds.items()},
        set(Source.objects.exclude(settings_key="").values_list("pk", flat=True)),
    )


def next_try(row: Mapping[str, Any], resting: Rests) -> str:
    """Return when a job runs next; nothing for one that runs, has ended, or needs a person."""
    if row["state"] != Job.State.READY:
        return ""
    if row["pool"] in resting.pools:
        return "when its pool is resumed"
    if row["needs"] in resting.refused:
        return "when the key is corrected"
    due = max(row["due_at"], resting.sources.get(row["needs"], row["due_at"]))
    seconds = (due - clock.now()).total_seconds()
    return f"in {span(seconds)}" if seconds >= 1 else "now"


def sentences(chosen: Sequence[tuple[int, str, str]]) -> list[str]:
    """Return why these jobs (id, kind, key) do not run at once, and what helps; nothing where they do."""
    resting = rests()
    keys = [key for _pk, _kind, key in chosen[:MOST]]
    ready = Job.objects.filter(key__in=keys, kind__in={kind for _pk, kind, _key in chosen}, state=Job.State.READY)
    found = list(ready.values_list("pool", "needs").annotate(number=Count("pk")))
    pools = {pool for pool, _needs, _number in found} & set(resting.pools)
    sources = {needs for pool, needs, _number in found if pool not in pools} & set(resting.sources)
    told = [
        f"The pool “{pool_word(pool)}” is paused: what waits there runs when you resume it: ./run queue resume {pool}."
        for pool in sorted(pools)
    ]
    told += [_of_source(name, resting) for name in sorted(sources)]
    if found and not Drain.objects.filter(beat_at__gt=clock.now() - timedelta(seconds=SILENT_S)).exists():
        told.append("Nothing works on the queue at present: start mediasync with ./run.")
    return told


def _of_source(name: str, resting: Rests) -> str:
    if name in resting.refused:
        return f"{name} does not accept our key: what needs it runs when the key is corrected (./run status says how)."
    left = span((resting.sources[name] - clock.now()).total_seconds())
    return (
        f"{name} is resting: what needs it runs when that answers again, in {left}; "
        f"./run sources reset {name} tries at once."
    )
