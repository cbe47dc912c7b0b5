"""Why a thing is as it is: what the pages say of it, as a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from mediasync import whys
from mediasync.api import problems
from mediasync.api.door import reads
from mediasync.api.events import EventRow
from mediasync.api.paging import Word
from mediasync.api.shapes import looks_like
from pages import why as pages

router = Router(tags=["why"])
Scope = Literal["title", "match", "file", "episode", "job", "source"]
EXAMPLE = {
    "scope": "match",
    "state": "unmatched",
    "rule": "The best candidate fits 74 of 100; below 86 nothing is taken.",
    "next": "It waits for you.",
    "next_at": None,
    "inputs": [{"name": "Name read", "value": "Harbour Light"}],
    "considered": [
        {"what": "Harbour Lights (2021)", "reason": "fits 74 of 100: other name", "taken": False, "address": ""}
    ],
    "steps": [],
    "events": [],
}


class Input(Schema):
    """Something that was known when it was decided."""

    name: str
    value: str


class Considered(Schema):
    """Something that was weighed, and why it was taken or refused."""

    what: str
    reason: str
    taken: bool
    address: str


class Step(Schema):
    """A job that is under way or due for it."""

    state: str
    what: str
    why: str
    at: datetime | None
    address: str


class Why(Schema):
    """The state, the rule that led there, what it was decided from, and what happens next and when."""

    scope: str = Field(description="What `state` is a state of: circuit of a source, health, job, title, …")
    state: str
    rule: str
    next: str
    next_at: datetime | None
    inputs: list[Input]
    considered: list[Considered]
    steps: list[Step]
    events: list[EventRow]

    model_config = looks_like(EXAMPLE)


@reads(router, "/why/{scope}/{key}", Why)
def get_why(request: HttpRequest, scope: Path[Scope], key: Path[Word]) -> Any:
    """Say why a thing is as it is.

    Of a title, match, file, episode or job by its id, of a source by its name: what its page says, in English.
    """
    found = whys.answer_of(scope, key)
    if found is None:
        raise problems.missing(f"{scope} “{key}”")
    return document(found[1])


def document(why: pages.Why) -> dict[str, Any]:
    """Return an answer as it is sent."""
    scope, state = why.state
    return {
        "scope": scope,
        "state": state,
        "rule": why.rule,
        "next": why.next,
        "next_at": why.next_at,
        "inputs": [{"name": name, "value": str(value)} for name, value in why.inputs],
        "considered": [{name: getattr(one, name) for name in Considered.model_fields} for one in why.considered],
        "steps": [
            {"state": one.state[1], **{name: getattr(one, name) for name in Step.model_fields if name != "state"}}
            for one in why.steps
        ],
        "events": [{name: getattr(event, name) for name in EventRow.model_fields} for event in why.events],
    }
