"""What a person chooses for all libraries: the metadata key and the language."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jobs import queue
from jobs.models import Priority
from journal.moves import record
from outbound import sources
from scanner.models import Household
from scanner.providers import service, tmdb

SUBJECT = "scanner.household:1"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
KEY = re.compile(r"[0-9a-zA-Z._-]{16,300}")


class NotUnderstood(ValueError):
    """A choice that cannot be right; the text says what would be."""


def clean_key(given: str) -> str:
    """Return a key without what was copied around it. Raises NotUnderstood where it has not the shape of one."""
    key = "".join(given.split())
    if not KEY.fullmatch(key):
        raise NotUnderstood(_("A TMDB key has 32 letters and digits; a read access token begins with eyJ."))
    return key


def choose_key(key: str, *, actor: str) -> None:
    """Use this metadata key from now on, in all processes; empty: none. What waited for one is looked up again."""
    _choose(actor, "a metadata key was chosen" if key else "the metadata key was taken away", tmdb_api_key=key)
    tmdb.service()
    for name in (tmdb.SOURCE, tmdb.IMAGE_SOURCE):
        sources.ready(sources.spec_of(name))
    if key:
        reason = "there is a metadata key now"
        queue.enqueue(queue.Work(kind="scanner.upkeep", key="", priority=Priority.HIGH, reason=reason))


def choose_language(language: str, *, actor: str) -> None:
    """Have titles described in this language ("de-DE"; empty: as the settings say) as they are refreshed.

    Raises NotUnderstood where it is no language tag.
    """
    if language and not LANGUAGE.fullmatch(language):
        raise NotUnderstood(_("“%s” is no language such as en-US, de-DE or fr.") % language[:20])
    _choose(
        actor, f"descriptions are in {language or 'the language of the settings'} from now on", tmdb_language=language
    )


def _choose(actor: str, reason: str, **fields: Any) -> None:
    with transaction.atomic():
        Household.objects.update_or_create(pk=1, defaults=fields)
        record(SUBJECT, reason=reason, actor=actor)
    service.look_again()
