"""Looking after everything: what the checks find, what is kept of it, and what history remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone, translation

from jobs import running
from journal.moves import move, record
from mediasync.health import measures
from mediasync.health.checks import CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level
from mediasync.health.models import Result

NOT_KEPT = frozenset({"workers"})  # without a worker nobody would write it down


def findings(facts: Facts | None = None, *, dear: bool = False) -> list[Finding]:
    """Return what every check finds, in their order; with `dear` also those that take long."""
    seen = facts or Facts()
    return [finding for check in CHECKS.values() if dear or not check.dear for finding in check.run(seen)]


def is_hidden(finding: Finding, facts: Facts) -> bool:
    """Return whether somebody hid it, and it has not changed since."""
    row = facts.results.get(finding.key)
    return row is not None and bool(row.hidden_as) and row.hidden_as == finding.level


def look(*, deep: bool) -> int:
    """Measure what is due, write down what has changed, and return how many checks are not well."""
    before = Facts()
    with translation.override("en"):  # what is written down is English, whoever reads it
        fresh = measures.take(before, deep=deep)
        facts = Facts(fresh)
        amiss = {finding.key: finding for finding in findings(facts) if finding.level != Level.OK}
    with running.ending():
        _keep(fresh)
        rows = {(row.code, row.subject): row for row in Result.objects.all()}
        _settle(amiss, rows)
        _forget_strangers(facts, rows)
    return sum(not finding.ok for finding in amiss.values())


def _keep(fresh: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    now = timezone.now()
    Result.objects.bulk_create(
        [
            Result(code=code, subject=subject[:120], facts=dict(found), measured_at=now)
            for (code, subject), found in sorted(fresh.items())
        ],
        update_conflicts=True,
        unique_fields=["code", "subject"],
        update_fields=["facts", "measured_at"],
    )


def _settle(amiss: Mapping[tuple[str, str], Finding], rows: Mapping[tuple[str, str], Result]) -> None:
    """Move each row to what was found; what is not found any more is well again."""
    for key, finding in amiss.items():
        if finding.code in NOT_KEPT:
            continue
        row = rows.get(key) or Result.objects.create(code=finding.code, subject=finding.subject[:120])
        _find(row, finding)
    for key, row in rows.items():
        if key not in amiss and row.state != Level.OK:
            _become(row, Level.OK, f"It is well again. Before: {row.reason}", {"check": row.code})


def _find(row: Result, finding: Finding) -> None:
    if row.state != finding.level:
        facts = {"check": finding.code, "name": finding.name, "cure": finding.cure}
        _become(row, finding.level, finding.message, facts)


def _become(row: Result, level: str, reason: str, facts: dict[str, Any]) -> None:
    move(row, level, reason=reason, facts=facts, since=timezone.now(), hidden_as="", hidden_by="")


def _forget_strangers(facts: Facts, rows: Mapping[tuple[str, str], Result]) -> None:
    """Delete what was measured of libraries and services that are gone."""
    known = {str(library.pk) for library in facts.libraries}
    named = {source.pk for source in facts.sources}
    gone = [
        row.pk
        for (code, subject), row in rows.items()
        if (code == "library-folder" and subject not in known) or (code == "clock" and subject not in named)
    ]
    if gone:
        Result.objects.filter(pk__in=gone).delete()


def found(code: str, subject: str) -> Finding | None:
    """Return what a check finds of a subject just now, in English, as it is written down; None where it is well."""
    with translation.override("en"):
        told = [one for one in CHECKS[code].run(Facts()) if one.subject == subject and one.level != Level.OK]
    return told[0] if told else None


def hide(finding: Finding, *, actor: str) -> None:
    """Keep a finding out of sight of the household until it changes."""
    row, _new = Result.objects.get_or_create(code=finding.code, subject=finding.subject[:120])
    with running.ending():
        _find(row, finding)  # the next look finds nothing new in it, which would show it again
        Result.objects.filter(pk=row.pk).update(hidden_as=finding.level, hidden_by=actor)
        record(row, reason="hidden until it changes", facts={"check": row.code}, actor=actor)


def show(code: str, subject: str, *, actor: str) -> bool:
    """Bring a hidden finding back into sight; False where it was not hidden."""
    row = Result.objects.filter(code=code, subject=subject).exclude(hidden_as="").first()
    if row is None:
        return False
    with running.ending():
        Result.objects.filter(pk=row.pk).update(hidden_as="", hidden_by="")
        record(row, reason="shown again", facts={"check": code}, actor=actor)
    return True


def remembered() -> list[Result]:
    """Return what was not well when everything was last looked after, the worst first; nothing hidden. One query."""
    wrong = Result.objects.filter(state__in=(Level.ERROR, Level.WARNING)).exclude(hidden_as=F("state"))
    return list(wrong.order_by("state", "code", "subject"))  # "error" comes before "warning"


def amiss(found: Iterable[Finding], facts: Facts) -> list[Finding]:
    """Return what a person should look at, the worst first: no notices, nothing hidden."""
    wrong = [finding for finding in found if not finding.ok and not is_hidden(finding, facts)]
    return sorted(wrong, key=lambda finding: finding.level.rank)
