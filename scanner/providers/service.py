"""Which metadata service is asked, with which key and in which language: the settings, then what a person chose."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from journal.redaction import keep_secret
from pages import moment
from scanner.models import Household


@dataclass(frozen=True, slots=True)
class _Kept:
    at: float
    chosen: Household


_kept: list[_Kept] = []


def current() -> Any:
    """Return the service as it is set at this moment, in the shape of the setting TMDB.

    A key of the environment or of `.env` goes before one typed into Settings; that goes before the
    demo's service. Workers see a change within seconds (HOUSEHOLD_SECONDS), pages at once.
    """
    given, chosen = settings.TMDB, _chosen()
    if chosen.tmdb_api_key and (given.demo or not given.api_key):
        given = with_key(chosen.tmdb_api_key)
    if chosen.tmdb_language:
        given = replace(given, language=chosen.tmdb_language)
    return given


def with_key(key: str) -> Any:
    """Return the service that a person's key is for: never the demo's, which knows no key but its own."""
    return replace(settings.TMDB_WITHOUT_DEMO, api_key=key)


def key_is_given() -> bool:
    """Return whether the key comes from the environment or `.env`, where Settings cannot change it."""
    return bool(settings.TMDB.api_key) and not settings.TMDB.demo


def look_again() -> None:
    """See what was chosen just now."""
    _kept.clear()


def _chosen() -> Household:
    now, kept = time.monotonic(), _kept[-1:]
    if kept and now - kept[0].at < settings.HOUSEHOLD_SECONDS and moment.holds(kept[0].at):
        return kept[0].chosen
    try:
        found = Household.as_chosen()
    except DatabaseError:  # the tables are not there yet, or the database is away: as the settings say
        return Household(pk=1)
    keep_secret(found.tmdb_api_key)
    _kept[:] = [_Kept(now, found)]
    return found
