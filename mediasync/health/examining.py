"""An examination, as `doctor` does it: all checks, also where the database or the disk does not play along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError
from django.utils.translation import gettext as _

from mediasync.health import fixes, looking, measures, schema
from mediasync.health.checks import CHECKS, Check
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level
from outbound import services, skew, sources
from outbound.models import Source


@dataclass(slots=True)
class Examination:
    """What was found; `facts` is None where the database could not be read."""

    findings: list[Finding]
    facts: Facts | None
    hidden: list[Finding] = field(default_factory=list)


def examine(*, online: bool) -> Examination:
    """Do every check there is, and measure anew what takes long; with `online` every service is asked once."""
    database = schema.look()
    if not database.ok:
        bare = [check for check in CHECKS.values() if check.bare and check.code != "database"]
        return Examination([database, *(one for check in bare for one in _done(check, Facts()))], None)
    asked = list(_ask_services()) if online else []
    facts = Facts()
    facts = Facts(measures.take(facts, deep=True))
    found = [one for check in CHECKS.values() for one in _done(check, facts)]
    told = {finding.key for finding in found if not finding.ok}
    found += [finding for finding in asked if finding.key not in told]
    return Examination(found, facts, [finding for finding in found if looking.is_hidden(finding, facts)])


def _done(check: Check, facts: Facts) -> Iterator[Finding]:
    """Do one check; one that cannot be done says so and stops no other."""
    try:
        yield from list(check.run(facts))
    except (OSError, DatabaseError) as error:
        message = _("This could not be looked at: %s") % " ".join(str(error).split())
        yield Finding(check.code, Level.ERROR, message, _("Put right what it names, then run `./run doctor` again."))


def _ask_services() -> Iterator[Finding]:
    """Ask every service once; what does not answer is told even before its breaker opens."""
    sources.declare_all()
    for name in Source.objects.order_by("name").values_list("name", flat=True):
        if name not in sources.specs:
            continue
        skew.forget(name)
        answers, said = services.test(name)
        if not answers:
            cure = _("See that this machine reaches the internet, then `./run sources test %s`.") % name
            yield Finding("source", Level.WARNING, said, cure, subject=name, name=name)


def mend(found: Examination) -> list[str]:
    """Put right what loses nothing; returns what was done, or why it could not be."""
    codes = dict.fromkeys(finding.code for finding in found.findings if finding.level != Level.OK)
    return [said for code in codes if (said := _mended(code))]


def _mended(code: str) -> str:
    try:
        return fixes.fix(code)
    except OSError as error:
        return _("%(check)s could not be put right: %(why)s") % {"check": code, "why": error.strerror or error}
