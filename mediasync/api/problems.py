"""Everything that goes wrong is answered as a problem document (RFC 9457)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
URN = "urn:mediasync:problem:"


class Problem(Exception):
    """What a request came to, other than an answer: `slug` is the kind for programs, `detail` the sentence."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.detail = status, slug, detail
        self.errors, self.headers = list(errors), dict(headers or {})


def answer(request: HttpRequest, problem: Problem) -> JsonResponse:
    """Return the answer that tells a problem."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    told = document(problem, request.path)
    return JsonResponse(told, status=problem.status, content_type=MEDIA_TYPE, headers=headers)


def document(problem: Problem, instance: str) -> dict[str, Any]:
    """Return the document of a problem."""
    told: dict[str, Any] = {
        "type": URN + problem.slug,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
    }
    return told | ({"errors": problem.errors} if problem.errors else {})


def missing(what: str) -> Problem:
    """There is no such thing (any more)."""
    return Problem(404, "not-found", f"There is no {what}.")


def moved_on(detail: str) -> Problem:
    """The thing is not in the state any more in which this could be done."""
    return Problem(409, "moved-on", detail)


def invalid(place: str, field: str, message: str) -> Problem:
    """One value cannot be right: `place` is query, path or body."""
    error = {"in": place, "field": field, "message": message}
    return Problem(422, "invalid", f"{field}: {message}", errors=[error])


def busy(detail: str, seconds: float) -> Problem:
    """Something out there cannot be asked just now."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(max(1, math.ceil(seconds)))})


def no_database() -> Problem:
    """The database is away, or cannot be written."""
    return busy("The database does not answer just now.", 5)


def is_for(request: HttpRequest) -> bool:
    """Return whether a program asks: errors outside the API's own views are told its way too."""
    return request.path.startswith(PREFIX)
