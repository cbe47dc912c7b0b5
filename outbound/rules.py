"""The rules of a budget as a person writes them: "35/10" is 35 requests in any 10 seconds; several with spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from journal.moves import record
from outbound.models import Source

RULE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6}(?:\.\d{1,3})?)")
MOST = 5


class NotARule(ValueError):
    """Text that is no rule; the message says what one looks like."""


def parse(text: str) -> list[list[float]]:
    """Return [[requests, seconds], …]. Raises NotARule."""
    parts = re.split(r"[\s,;]+", re.sub(r"\s*/\s*", "/", text.strip()))
    found = [RULE.fullmatch(part) for part in parts if part]
    if not found or len(found) > MOST or not all(found):
        raise NotARule(_("Write requests/seconds, such as 35/10; several rules with a space between them."))
    rules = [[int(rule[1]), float(rule[2])] for rule in found if rule]
    if any(requests < 1 or seconds <= 0 for requests, seconds in rules):
        raise NotARule(_("A rule needs at least one request and more than no time."))
    return rules


def said(rules: Sequence[Sequence[float]]) -> str:
    """Return rules as `parse` reads them."""
    return " ".join(f"{requests:g}/{seconds:g}" for requests, seconds in rules)


def change(source: Source, rules: list[list[float]], *, actor: str) -> None:
    """Let a source keep to these rules at once; they stay until the setting that declared others changes."""
    with transaction.atomic():
        row = Source.objects.locked(source.name)
        if row.rules == rules:
            return
        before, row.rules = said(row.rules), rules
        row.save(update_fields=["rules", "updated_at"])
        record(row, reason=f"the limit was changed from {before} to {said(rules)}", actor=actor)
