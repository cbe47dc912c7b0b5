"""Findings as documents for scripts, and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediasync.health import looking
from mediasync.health.checks import CHAPTERS, CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level
from terminal.output import plain

MARKS = {Level.OK: ("✓", "32"), Level.NOTICE: ("•", "36"), Level.WARNING: ("▲", "33"), Level.ERROR: ("✗", "31")}


def document(finding: Finding, facts: Facts | None) -> dict[str, Any]:
    """Return a finding as `status --json` and `doctor --json` show it."""
    return {
        "check": finding.code,
        "ok": finding.ok,
        "message": finding.message,
        "cure": unquoted(finding.cure),
        "level": str(finding.level),
        "subject": finding.subject,
        "name": finding.name,
        "seen_at": finding.seen_at,
        "hidden": facts is not None and looking.is_hidden(finding, facts),
    }


def unquoted(text: str) -> str:
    """Return a sentence without the marks of the commands in it."""
    return text.replace("`", "")


def lines(findings: Iterable[Finding], hidden: Iterable[Finding], *, colour: bool) -> Iterator[str]:
    """Return what is told on a terminal: chapter by chapter, what is amiss with its cure."""
    told, out_of_sight = list(findings), set(map(id, hidden))
    for chapter in CHAPTERS:
        codes = [check.code for check in chapter.checks]
        mine = sorted(
            (one for one in told if one.code in codes), key=lambda one: (one.level.rank, codes.index(one.code))
        )
        if not mine:
            continue
        yield _strong(str(chapter.title), colour=colour)
        amiss = [one for one in mine if one.level != Level.OK]
        for finding in amiss:
            yield from _lines_of(finding, hidden=id(finding) in out_of_sight, colour=colour)
        well = len(mine) - len(amiss)
        if well:
            said = ngettext("%d check is well", "%d checks are well", well) % well
            yield f"  {_mark(Level.OK, colour=colour)} {said}"


def _lines_of(finding: Finding, *, hidden: bool, colour: bool) -> Iterator[str]:
    title = str(CHECKS[finding.code].title)
    about = f"{title} ({finding.name})" if finding.name else title
    aside = f" [{_('hidden')}]" if hidden else ""
    yield f"  {_mark(finding.level, colour=colour)} {plain(about)}{aside}: {plain(unquoted(finding.message))}"
    if finding.cure:
        yield f"    → {plain(unquoted(finding.cure))}"


def summary(findings: Iterable[Finding]) -> str:
    """Return the last line: how many checks there were, and how many are not well."""
    told = list(findings)
    wrong, notices = sum(not one.ok for one in told), sum(one.level == Level.NOTICE for one in told)
    parts = [ngettext("%d check", "%d checks", len(told)) % len(told)]
    parts.append(ngettext("%d needs you", "%d need you", wrong) % wrong if wrong else _("nothing is wrong"))
    if notices:
        parts.append(ngettext("%d notice", "%d notices", notices) % notices)
    return " · ".join(parts)


def counted(findings: Iterable[Finding]) -> Mapping[str, int]:
    """Return how many findings there are of each level."""
    found = dict.fromkeys(map(str, Level), 0)
    for finding in findings:
        found[str(finding.level)] += 1
    return found


def _mark(level: Level, *, colour: bool) -> str:
    mark, code = MARKS[level]
    return f"\x1b[{code}m{mark}\x1b[0m" if colour else mark


def _strong(text: str, *, colour: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colour else text
