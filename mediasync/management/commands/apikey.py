"""`apikey create|list|revoke`: the keys with which programs use the API."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mediasync import keys
from mediasync.keys import Scope
from mediasync.models import ApiKey
from terminal import person
from terminal.output import Printer

LONGEST_DAYS = 36_500


class Command(BaseCommand):
    """API keys by hand."""

    help = "Make, list or revoke keys of the API. A key is shown once, when it is made."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a key and show it, this once")
        create.add_argument("name", help="what uses it")
        create.add_argument("--scope", choices=Scope.values, default=Scope.READ)
        create.add_argument("--days", type=int, help="how long it opens anything; else until it is revoked")
        listing = actions.add_parser("list", help="list the keys")
        revoke = actions.add_parser("revoke", help="take a key back, for good")
        revoke.add_argument("key", help="its number, or how it begins")
        for each in (create, listing, revoke):
            each.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Do it and say what was done."""
        printer = Printer(self.stdout, as_json=options["as_json"])
        done: str | None = getattr(self, f"_{options['action']}")(printer, options)
        return done

    def _create(self, printer: Printer, options: dict[str, Any]) -> str | None:
        days = options["days"]
        if days is not None and not 0 < days <= LONGEST_DAYS:
            raise CommandError(f"--days is a number from 1 to {LONGEST_DAYS}.", returncode=2)
        expires_at = timezone.now() + timedelta(days=days) if days else None
        try:
            row, full = keys.create(options["name"], scope=options["scope"], actor=person.name(), expires_at=expires_at)
        except keys.BadKey as error:
            raise CommandError(str(error), returncode=2) from error
        if printer.document({**_facts(row), "key": full}):
            return None
        return f"{full}\nKeep it now: it is not shown again. It may: {row.get_scope_display().lower()}."

    def _list(self, printer: Printer, _options: dict[str, Any]) -> str | None:
        found = list(keys.known())
        if printer.document([_facts(key) for key in found]):
            return None
        rows = [
            (str(key.pk), key.name, f"msk_{key.prefix}_…", key.scope, key.standing, _day(key.last_used_at))
            for key in found
        ]
        printer.table(("#", "name", "key", "scope", "is", "last used"), rows)
        return None if rows else "No key yet: ./run apikey create NAME"

    def _revoke(self, printer: Printer, options: dict[str, Any]) -> str | None:
        key = _named(options["key"])
        fresh = keys.revoke(key, actor=person.name())
        if printer.document(_facts(key)):
            return None
        return f"“{key.name}” {'opens nothing any more' if fresh else 'was revoked before'}."


def _named(given: str) -> ApiKey:
    """Return the key that is meant: by its number, its prefix, or its beginning as it is listed."""
    wanted = given.removeprefix("msk_")[:8]
    found = [key for key in keys.known() if given == str(key.pk) or wanted == key.prefix]
    if not found:
        raise CommandError("There is no such key. ./run apikey list shows them.", returncode=2)
    return found[0]


def _facts(key: ApiKey) -> dict[str, Any]:
    told = ("id", "name", "prefix", "scope", "standing", "created_by", "created_at", "last_used_at", "expires_at")
    return {name: getattr(key, name) for name in told} | {"user": key.user.get_username() if key.user else None}


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
