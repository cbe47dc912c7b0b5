"""Every state of the code with the word, the colour and the shape a person sees (UI.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Look:
    """What a person sees of a state: `tone` is a colour token, `shape` a symbol of the sprite."""

    word: _StrPromise
    tone: str
    shape: str
    term: str = ""  # the technical one, for the title attribute


AVAILABLE = Look(_("Available"), "ok", "circle")
UPCOMING = Look(_("Upcoming"), "soon", "ring")
QUEUED = Look(_("Queued"), "soon", "ring")
MISSING = Look(_("Missing"), "want", "triangle")
WAITING = Look(_("Waiting to retry"), "want", "triangle")
VERIFYING = Look(_("Verifying"), "accent", "wedge")
RUNNING = Look(_("Running"), "accent", "wedge")
SCANNING = Look(_("Scanning"), "accent", "wedge")
FAILED = Look(_("Failed"), "fail", "cross")
NEEDS_YOU = Look(_("Needs you"), "fail", "cross")
STALE = Look(_("Description due"), "stale", "clock", "stale")
GONE = Look(_("Gone"), "off", "bar")
PAUSED = Look(_("Paused"), "off", "bar")
IGNORED = Look(_("Ignored"), "off", "bar")
DONE = Look(_("Done"), "ok", "circle")
STOPPED = Look(_("Stopped"), "off", "bar")
CANCELLED = Look(_("Cancelled"), "off", "bar")
UNKNOWN = Look(_("Unknown"), "off", "bar")

LOOKS: dict[str, dict[str, Look]] = {
    # Title.State, and what its files add to it on a card.
    "title": {"new": QUEUED, "indexed": AVAILABLE, "stale": STALE, "error": NEEDS_YOU, "needs": NEEDS_YOU},
    # MediaFile's shown state (DESIGN §4: one expression over file, match and title).
    "file": {
        "new": QUEUED,
        "indexed": AVAILABLE,
        "stale": STALE,
        "changed": VERIFYING,
        "missing": GONE,
        "unmatched": NEEDS_YOU,
        "error": NEEDS_YOU,
        "damaged": Look(_("Looks broken"), "want", "triangle"),
    },
    # What the state strip and the episode tables say.
    "episode": {
        "available": AVAILABLE,
        "upcoming": UPCOMING,
        "queued": QUEUED,
        "missing": MISSING,
        "changed": VERIFYING,
        "error": NEEDS_YOU,
        "gone": GONE,
        "ignored": IGNORED,
    },
    "match": {"new": QUEUED, "matched": Look(_("Matched"), "ok", "circle"), "unmatched": NEEDS_YOU, "ignored": IGNORED},
    "job": {
        "ready": QUEUED,
        "waiting": WAITING,
        "held": Look(_("Source resting"), "want", "triangle"),
        "paused": PAUSED,
        "leased": RUNNING,
        "done": DONE,
        "failed": NEEDS_YOU,
        "cancelled": CANCELLED,
    },
    "scan": {
        "open": SCANNING,
        "held": NEEDS_YOU,
        "done": DONE,
        "stopped": STOPPED,
        "failed": FAILED,
    },
    "health": {
        "ok": Look(_("Well"), "ok", "circle"),
        "notice": Look(_("Notice"), "soon", "ring"),
        "warning": Look(_("Warning"), "want", "triangle"),
        "error": NEEDS_YOU,
    },
    "worker": {
        "busy": Look(_("Working"), "accent", "wedge"),
        "idle": Look(_("Waiting for work"), "ok", "circle"),
        "silent": Look(_("Silent"), "fail", "cross"),
    },
    "log": {
        "DEBUG": Look(_("Detail"), "off", "bar"),
        "INFO": Look(_("Note"), "off", "ring"),
        "WARNING": Look(_("Warning"), "want", "triangle"),
        "ERROR": Look(_("Error"), "fail", "cross"),
        "CRITICAL": Look(_("Crash"), "fail", "cross"),
    },
    "why": {"taken": Look(_("Taken"), "ok", "circle"), "refused": Look(_("Refused"), "off", "bar")},
    "circuit": {
        # What people call it; the breaker's own word is the term.
        "closed": Look(_("answers"), "ok", "circle", "circuit closed"),
        "half_open": Look(_("trying again"), "want", "half", "circuit half-open"),
        "open": Look(_("resting"), "fail", "cross", "circuit open"),
        "due": Look(_("about to try again"), "want", "half", "circuit open, the next request is a trial"),
        "paused": Look(_("resting"), "off", "bar", "paused, as the source asked"),
        "keyless": Look(_("no key"), "off", "bar", "no credentials are set"),
        "no_key": Look(_("key refused"), "want", "triangle", "credentials missing or refused"),
    },
}

# Why a title is in the state it is in, where a line has no room for more.
REASONS: dict[str, _StrPromise] = {
    "new": _("waits for its description"),
    "stale": _("waits for its description"),
    "error": _("describing it failed"),
}

# What lies beside a title, in Jellyfin's vocabulary.
EXTRAS: dict[str, _StrPromise] = {
    "trailer": _("Trailer"),
    "sample": _("Sample"),
    "scene": _("Scene"),
    "clip": _("Clip"),
    "interview": _("Interview"),
    "behindthescenes": _("Behind the scenes"),
    "deletedscene": _("Deleted scene"),
    "featurette": _("Featurette"),
    "short": _("Short"),
    "themevideo": _("Theme video"),
    "themesong": _("Theme song"),
    "other": _("Extra"),
}

# By what a match has its title; each is a whole phrase, since languages bend such words.
BY: dict[str, _StrPromise] = {
    "name": _("by its name"),
    "tag": _("by an id in a name"),
    "nfo": _("by an NFO"),
    "search": _("by a search"),
    "hand": _("by hand"),
}

# What went wrong with a request, by the error's class; a count stands before it.
FAILURES: dict[str, _StrPromise] = {
    "Transient": _("not answered"),
    "Stalled": _("broken off"),
    "RateLimited": _("asked to slow down"),
    "CircuitOpen": _("not sent while it rested"),
    "Blocked": _("turned away"),
    "NotConfigured": _("key refused or missing"),
    "NotFound": _("not found there"),
    "Rejected": _("not accepted"),
    "Forbidden": _("not allowed to be asked"),
    "BadContent": _("not understood"),
}

# How far a title is, by TMDB's word for it; what is said of every film that is out goes without saying.
STATUSES: dict[str, _StrPromise | str] = {
    "Released": "",
    "Ended": _("has ended"),
    "Canceled": _("cancelled by its makers"),
    "Returning Series": _("goes on"),
    "In Production": _("in production"),
    "Post Production": _("in production"),
    "Planned": _("planned"),
    "Rumored": _("rumoured"),
    "Pilot": _("pilot only"),
}

# What a job of a kind does, for people.
KINDS: dict[str, _StrPromise] = {
    "mediasync.backup": _("Back up"),
    "scanner.walk": _("Scan"),
    "scanner.scan_all": _("Scan every folder"),
    "scanner.look": _("Look at what has just changed"),
    "scanner.look_again": _("Scan again"),
    "scanner.refresh": _("Refresh round"),
    "scanner.inspect": _("Look closer"),
    "scanner.upkeep": _("Tidy up"),
    "scanner.pictures": _("Look for lost pictures"),
    "scanner.forget": _("Forget a library"),
    "scanner.match": _("Identify"),
    "scanner.title": _("Describe"),
    "scanner.refresh_title": _("Refresh"),
    "scanner.write": _("Write files beside the media"),
    "scanner.artwork": _("Fetch artwork"),
    "scanner.many": _("Change many titles"),
    "scanner.fetch": _("Fetch the pictures of a library"),
    "scanner.stills": _("Fetch stills of episodes"),
    "scanner.tidy": _("Remove files left over"),
    "outbound.test": _("Test a source"),
    "scanner.refresh_all": _("Refresh what is due"),
    "jobs.reseed": _("Look for lost work"),
    "jobs.prune": _("Forget what is over"),
    "health.look": _("Look after everything"),
    "health.source": _("Test a service"),
    "notify.look": _("Look for news"),
    "notify.send": _("Send a notice"),
}


def look(scope: str, state: str) -> Look:
    """Return how `state` of `scope` ("title", "file", "job", …) is shown; unknown ones say so."""
    return LOOKS.get(scope, {}).get(state, UNKNOWN)


def status_word(status: str) -> str:
    """Return how far a title is: "goes on"."""
    return str(STATUSES.get(status, status))
