"""Who asks: a program with a key, or a person with a session."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.utils import check_csrf

from mediasync import keys
from mediasync.api.problems import Problem
from mediasync.api.throttle import wrong_keys
from mediasync.keys import Scope

SHOWN = 12  # letters by which wrong keys are told apart: "msk_" and the prefix
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mediasync"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `actor` is the name in the history."""

    actor: str
    scope: str


class Way(ABC):
    """One way to say who one is; `scope` is what the operation asks for. Nothing said: the next way is tried."""

    openapi_security_schema: dict[str, str]

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Return who asks. Raises Problem where that is wrong or not enough."""
        caller = self.caller(request)
        if caller:
            _reaches(caller, self.scope)
        return caller

    @abstractmethod
    def caller(self, request: HttpRequest) -> Caller | None:
        """Return who asks, if they say so in this way."""


class ApiKeyHeader(Way):
    """`X-Api-Key: msk_…`."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "A key from Settings, or from `./run apikey create NAME`.",
    }

    def caller(self, request: HttpRequest) -> Caller | None:
        """Return whose key it is."""
        full = request.headers.get("X-Api-Key")
        return None if full is None else _of_key(request, full)


class BearerToken(Way):
    """`Authorization: Bearer msk_…`."""

    openapi_security_schema = {"type": "http", "scheme": "bearer", "description": "The same key as a bearer token."}

    def caller(self, request: HttpRequest) -> Caller | None:
        """Return whose key it is."""
        scheme, _space, full = request.headers.get("Authorization", "").partition(" ")
        return _of_key(request, full.strip()) if scheme.lower() == "bearer" else None


class Session(Way):
    """The session of a person who is signed in: they may what the pages let them do. Changes carry the CSRF token."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": "mediasync_session",
        "description": "For pages of mediasync itself: `act` for members, `admin` for staff. Changes need X-CSRFToken.",
    }

    def caller(self, request: HttpRequest) -> Caller | None:
        """Return who is signed in."""
        person: Any = request.user
        if not person.is_authenticated:
            return None
        if check_csrf(request):
            raise Problem(403, "csrf", "The CSRF token is missing or wrong: send it as the header X-CSRFToken.")
        return Caller(person.get_username()[:80], keys.rights(person))


WAYS = {scope: (ApiKeyHeader(scope), BearerToken(scope), Session(scope)) for scope in Scope.values}


def actor_of(request: HttpRequest) -> str:
    """Return the name under which the history keeps what this request does."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # ninja keeps it there
    return caller.actor


def needs(request: HttpRequest, scope: str) -> None:
    """Raise Problem where who asks may less than `scope`: for operations that ask for more with some values."""
    _reaches(request.auth, scope)  # type: ignore[attr-defined]  # ninja keeps it there


def nobody() -> Problem:
    """Nothing was said about who asks."""
    return Problem(401, "unauthorized", "Send a key as X-Api-Key, or sign in.", headers=CHALLENGE)


def _reaches(caller: Caller, scope: str) -> None:
    if not keys.includes(caller.scope, scope):
        raise Problem(403, "forbidden", f"This needs the scope “{scope}”; you have “{caller.scope}”.")


def _of_key(request: HttpRequest, full: str) -> Caller:
    """Return whose key it is; a wrong, revoked or expired one is answered alike."""
    address, beginning = request.META.get("REMOTE_ADDR", ""), full[:SHOWN]
    _refuse_for(wrong_keys.wait(address, beginning))
    key = keys.found(full)
    if key is None:
        _refuse_for(wrong_keys.wrong(address, beginning))
        raise Problem(401, "unauthorized", "This key opens nothing (any more).", headers=CHALLENGE)
    keys.used(key)
    return Caller(f"{key.name} (API key)", keys.reach(key))


def _refuse_for(seconds: float) -> None:
    if seconds > 0:
        wait = math.ceil(seconds)
        headers = {"Retry-After": str(wait)}
        raise Problem(429, "too-many-wrong-keys", f"Too many wrong keys. Try again in {wait} s.", headers=headers)
