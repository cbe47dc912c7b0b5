"""Checks of the remote services: breakers, keys, walls, rules, and whose clock is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediasync.health.facts import Facts
from mediasync.health.finding import Act, Finding, Level, well
from mediasync.standing import standing
from mediasync.templatetags.ui import span
from outbound.errors import Blocked
from outbound.models import Source
from pages.stored import translated
from scanner.providers import tmdb
from scanner.providers.service import key_is_given

KEYS = {tmdb.SOURCE: "TMDB_API_KEY"}  # source -> the setting that holds its credentials
MOST_SKEW_S = 120


def resting(facts: Facts) -> Iterator[Finding]:
    """Find services that rest: they failed, or asked us to wait."""
    tired = [source for source in facts.sources if _word(source, facts) in {"open", "due", "paused", "half_open"}]
    tired = [source for source in tired if not _blocked(source, facts)]
    if not tired:
        yield well("source", _("Every service that was asked answers."))
    for source in tired:
        _circuit, until, why = standing(source, facts.now)
        left = (until - facts.now).total_seconds() if until else 0.0
        told = {"name": source.pk, "why": translated(why or source.last_error) or _("it failed several times in a row")}
        at_once = {"name": source.pk, "time": span(left) if left > 0 else ""}
        cure = (
            _("It is tried again by itself, in %(time)s; `./run sources reset %(name)s` tries at once.")
            if left > 0
            else _("It is being tried again; `./run sources reset %(name)s` tries at once.")
        )
        yield Finding(
            "source",
            Level.WARNING,
            _("%(name)s is resting: %(why)s") % told,
            cure % at_once,
            subject=source.pk,
            name=source.pk,
            act=Act(_("Test now"), verb="test", thing=source.pk),
        )


def walls(facts: Facts) -> Iterator[Finding]:
    """Find services that take us for a robot, and are right."""
    blocked = [source for source in facts.sources if _blocked(source, facts)]
    if not blocked:
        yield well("source-blocked", _("No service turns us away."))
    for source in blocked:
        yield Finding(
            "source-blocked",
            Level.ERROR,
            _("%(name)s turns us away: %(why)s Nothing is asked of it meanwhile.")
            % {"name": source.pk, "why": translated(source.paused_reason)},
            _("When its site opens in a browser on this network again, try with `./run sources reset %s`.") % source.pk,
            subject=source.pk,
            name=source.pk,
            act=Act(_("Reset"), verb="reset", thing=source.pk),
        )


def keys(facts: Facts) -> Iterator[Finding]:
    """Find services that refuse our key."""
    refused = [source for source in facts.sources if _word(source, facts) == "no_key"]
    if not refused:
        yield well("source-key", _("No key is refused."))
    for source in refused:
        yield Finding(
            "source-key",
            Level.ERROR,
            _("%(name)s does not accept our key, so nothing is asked: %(why)s")
            % {"name": source.pk, "why": translated(source.paused_reason)},
            _key_cure(source.pk),
            subject=source.pk,
            name=source.pk,
            act=Act(_("Test now"), verb="test", thing=source.pk),
        )


def rules(facts: Facts) -> Iterator[Finding]:
    """Find services whose budget lets nothing through, or everything."""
    wrong = [source for source in facts.sources if not _sensible(source.rules)]
    if not wrong:
        yield well("source-budget", _("Every service has a budget."))
    for source in wrong:
        shut = any(float(requests) <= 0 for requests, _seconds in _pairs(source.rules))
        yield Finding(
            "source-budget",
            Level.WARNING,
            (
                _("The budget of %s lets no request through.")
                if shut
                else _("%s has no budget: it may be asked too much.")
            )
            % source.pk,
            _("Give it a limit under Settings, Sources, such as 35/10: 35 requests in 10 seconds."),
            subject=source.pk,
            name=source.pk,
            act=Act(_("Change it"), url=reverse("settings-sources")),
        )


def metadata_key(facts: Facts) -> Iterator[Finding]:
    """Tell that there is no key: then titles come from names alone."""
    has_key = key_is_given() or bool(facts.counts.get("key"))
    if has_key or not any(not library.demo for library in facts.libraries):
        yield well("metadata-key", _("Titles are described by TMDB."))
        return
    yield Finding(
        "metadata-key",
        Level.NOTICE,
        _("There is no key for TMDB: titles come from file names and NFOs, without plots, pictures and episode names."),
        _("Ask TMDB for a free key and put it in under Settings, Metadata."),
        act=Act(_("Put it in"), url=reverse("settings-metadata")),
    )


def notices(facts: Facts) -> Iterator[Finding]:
    """Find notices that do not arrive: nobody would hear of the next trouble."""
    many = facts.counts.get("notices", 0)
    if not many:
        yield well("notices", _("Notices arrive, where any are wanted."))
        return
    said = ngettext(
        "The last notice of %d notifier did not arrive: you would not hear of the next trouble.",
        "The last notices of %d notifiers did not arrive: you would not hear of the next trouble.",
        many,
    )
    yield Finding(
        "notices",
        Level.WARNING,
        said % many,
        _("See under Settings, Notices what was answered, correct the address and try it out there."),
        act=Act(_("Notices"), url=reverse("settings-notices")),
    )


def clocks(facts: Facts) -> Iterator[Finding]:
    """Find that our clock differs from that of the services."""
    off = []
    for source in facts.sources:
        ahead = facts.measured("clock", source.pk).get("ahead_s")
        if ahead is not None and abs(ahead) > MOST_SKEW_S:
            off.append((source, float(ahead)))
    if not off:
        yield well("clock", _("Our clock agrees with the services we ask."))
    for source, ahead in off:
        told = {"time": span(abs(ahead)), "name": source.pk}
        yield Finding(
            "clock",
            Level.WARNING,
            (
                _("This machine's clock is %(time)s ahead of that of %(name)s.")
                if ahead > 0
                else _("This machine's clock is %(time)s behind that of %(name)s.")
            )
            % told
            + " "
            + _("Air dates and schedules are off, and certificates may be refused."),
            _("Let the machine keep its clock: `timedatectl set-ntp true`, then test again."),
            subject=source.pk,
            name=source.pk,
            act=Act(_("Test now"), verb="test", thing=source.pk),
            seen_at=facts.measured_at("clock", source.pk),
        )


def _word(source: Source, facts: Facts) -> str:
    return standing(source, facts.now)[0]


def _blocked(source: Source, facts: Facts) -> bool:
    paused = source.paused_until is not None and source.paused_until > facts.now
    return paused and source.paused_as == Blocked.__name__


def _sensible(found: object) -> bool:
    pairs = _pairs(found)
    return bool(pairs) and all(requests > 0 and seconds > 0 for requests, seconds in pairs)


def _pairs(found: object) -> list[tuple[float, float]]:
    try:
        return [(float(requests), float(seconds)) for requests, seconds in found]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return []


def _env_file() -> Path:
    return Path(settings.DATA_DIR) / ".env"


def _key_cure(name: str) -> str:
    """Say where the key lives and what picks it up; one of the environment or `.env` goes before Settings."""
    setting = KEYS.get(name, "")
    if not setting:
        return _("Correct its key, then `./run sources reset %s`.") % name
    if not key_is_given():
        return _("Put the right key in under Settings, Metadata; no job is lost.")
    told = {"setting": setting, "place": _env_file()}
    return (
        _(
            "Put the right `%(setting)s=…` into %(place)s, or where else you set it, and restart mediasync; "
            "no job is lost."
        )
        % told
    )
