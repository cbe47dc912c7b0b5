"""What a title can be answered with besides itself: each part is read once, however many titles there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from ninja import Schema
from pydantic import Field

from jobs.models import IS_OPEN, Job
from mediasync.api import jobs, matches
from mediasync.api.events import EventRow, latest
from mediasync.api.jobs import JobRow
from mediasync.api.matches import FileRow, MatchRow
from mediasync.api.shapes import looks_like
from mediasync.api.why import Considered, Input, Step
from scanner.about import KINDS
from scanner.models import Episode, Match, MediaFile, Season
from scanner.strips import with_state

WORDS = ("seasons", "files", "matches", "events", "why")
EVENTS, JOBS = 10, 20
STATES = ("available", "changed", "missing", "upcoming", "gone", "error", "ignored")


class SeasonRow(Schema):
    """A season and how many of its episodes are in which state; 0 holds the specials."""

    number: int
    name: str
    overview: str
    air_date: date | None
    episodes: int
    available: int
    changed: int
    missing: int
    upcoming: int
    gone: int
    error: int
    ignored: int

    model_config = looks_like(
        {
            "number": 1,
            "name": "Season 1",
            "overview": "",
            "air_date": "2019-03-01",
            "episodes": 10,
            "available": 9,
            "changed": 0,
            "missing": 1,
            "upcoming": 0,
            "gone": 0,
            "error": 0,
            "ignored": 0,
        }
    )


class WhyInShort(Schema):
    """Why a title is as it is: what led there last, what happens next and when, and its open jobs.

    One title by itself says all: the rule, what it was decided from, what was considered, and each step.
    """

    state: str
    rule: str
    next: str
    next_at: datetime | None
    jobs: list[JobRow]
    scope: str | None = None
    inputs: list[Input] | None = None
    considered: list[Considered] | None = None
    steps: list[Step] | None = None
    events: list[EventRow] | None = None


class Parts(Schema):
    """What `include` adds."""

    seasons: list[SeasonRow] | None = Field(None, description="With include=seasons.")
    files: list[FileRow] | None = Field(None, description="With include=files: the first 200.")
    matches: list[MatchRow] | None = Field(None, description="With include=matches.")
    events: list[EventRow] | None = Field(None, description="With include=events: the last 10 of it and its matches.")
    why: WhyInShort | None = Field(None, description="With include=why.")


def add(rows: list[dict[str, Any]], include: str) -> None:
    """Add what was asked for to each title, in place."""
    asked, ids = set(include.split(",")) - {""}, [row["id"] for row in rows]
    if not asked or not ids:
        return
    owners = _owners(ids) if asked & {"events", "why"} else {}
    parts: dict[str, dict[int, Any]] = {}
    if "seasons" in asked:
        parts["seasons"] = seasons(ids)
    if "files" in asked:
        files = MediaFile.objects.filter(match__title__in=ids, library__removed_at=None)
        parts["files"] = matches.first_files(files, "match__title")
    if "matches" in asked:
        parts["matches"] = _matches(ids)
    events = _events(ids, owners) if asked & {"events", "why"} else {}
    if "events" in asked:
        parts["events"] = events
    open_ = _jobs(ids, owners) if "why" in asked else {}
    for row in rows:
        row |= {name: found.get(row["id"], []) for name, found in parts.items()}
        if "why" in asked:
            row["why"] = _why(row["state"], events.get(row["id"], []), open_.get(row["id"], []))


def seasons(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the seasons of each show, the specials last: two queries."""
    known: dict[tuple[int, int], dict[str, Any]] = {}
    for row in Season.objects.filter(title__in=ids).values("title_id", "number", "name", "overview", "air_date"):
        known[row["title_id"], row["number"]] = {**_empty(row["number"]), **row}
    counted = with_state(Episode.objects.filter(title__in=ids)).order_by()
    for title, number, state, many in counted.values_list("title_id", "season", "shown_state").annotate(n=Count("pk")):
        season = known.setdefault((title, number), _empty(number))
        season[state] += many
        season["episodes"] += many
    found: dict[int, list[dict[str, Any]]] = {}
    for title, number in sorted(known, key=lambda place: (place[0], place[1] == 0, place[1])):
        found.setdefault(title, []).append(known[title, number])
    return found


def _empty(number: int) -> dict[str, Any]:
    told = {"number": number, "name": "", "overview": "", "air_date": None, "episodes": 0}
    return told | dict.fromkeys(STATES, 0)


def _owners(ids: Collection[int]) -> dict[int, int]:
    """Return the title of each match."""
    return dict(Match.objects.filter(title__in=ids).values_list("pk", "title_id"))


def _matches(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in matches.rows(matches.known().filter(title__in=ids).order_by("library__name", "key")):
        found.setdefault(row["title_id"], []).append(row)
    return found


def _events(ids: Iterable[int], owners: dict[int, int]) -> dict[int, list[dict[str, Any]]]:
    """Return the last events of each title and its matches."""
    whose = {f"scanner.title:{pk}": pk for pk in ids} | {f"scanner.match:{pk}": title for pk, title in owners.items()}
    found: dict[int, list[dict[str, Any]]] = {}
    for subject, events in latest(whose, EVENTS).items():
        found.setdefault(whose[subject], []).extend(events)
    return {pk: sorted(events, key=lambda event: -event["id"])[:EVENTS] for pk, events in found.items()}


def _jobs(ids: Iterable[int], owners: dict[int, int]) -> dict[int, list[dict[str, Any]]]:
    """Return the open jobs about each title and its matches."""
    whose = {f"title:{pk}": pk for pk in ids} | {f"match:{pk}": title for pk, title in owners.items()}
    open_ = Job.objects.filter(IS_OPEN, kind__in=KINDS, key__in=list(whose)).order_by("rank", "pk")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in jobs.rows(open_):
        found.setdefault(whose[row["key"]], []).append(row)
    return found


def _why(state: str, events: list[dict[str, Any]], open_: list[dict[str, Any]]) -> dict[str, Any]:
    first = open_[0] if open_ else None
    return {
        "state": state,
        "rule": events[0]["reason"] if events else "",
        "next": first["why"] if first else "",
        "next_at": first["next_at"] if first else None,
        "jobs": open_[:JOBS],
    }
