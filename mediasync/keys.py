"""API keys: making one, which is shown once, taking it back, and knowing whose a key is."""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.moves import record
from mediasync.models import ApiKey

Scope = ApiKey.Scope
RANK = {scope: place for place, scope in enumerate(Scope.values)}
LETTERS = "abcdefghijkmnopqrstuvwxyz23456789"
FORM = re.compile(r"msk_([a-z0-9]{8})_([a-z0-9]{40})")  # journal.redaction knows it too
USED_EVERY = timedelta(minutes=1)
DOUBLE = timedelta(seconds=5)  # between the clicks of one double click
NOBODYS = hashlib.sha256(b"nobody's").hexdigest()
LONGEST_NAME = 60


class BadKey(ValueError):
    """A key that cannot be made; the text says why."""


def create(
    name: str, *, scope: str = Scope.READ, actor: str, user: Any = None, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key and return its row and the key itself, which nobody can be shown again.

    Raises `BadKey` where the name, the scope or the date cannot be.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadKey(_("Give the key a name of 1 to %d letters.") % LONGEST_NAME)
    if scope not in Scope.values:
        raise BadKey(_("The scope is one of: %s.") % ", ".join(Scope.values))
    if expires_at is not None and expires_at <= timezone.now():
        raise BadKey(_("The key would have expired already."))
    prefix = _letters(8)
    full = f"msk_{prefix}_{_letters(40)}"
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name,
            prefix=prefix,
            sha256=_hash(full),
            scope=scope,
            user=user,
            created_by=actor,
            expires_at=expires_at,
        )
        record(key, reason=f"made by {actor}", facts={"name": name, "scope": scope, "prefix": prefix}, actor=actor)
    return key, full


def revoke(key: ApiKey, *, actor: str) -> bool:
    """Take a key back, at once and for good; False where that has been done before."""
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return False
        record(key, reason=f"revoked by {actor}", actor=actor)
    key.refresh_from_db(fields=["revoked_at"])
    return True


def forget_double(key: ApiKey, *, actor: str) -> None:
    """Take back what the first of two clicks made: its key was never shown, so nobody can know it."""
    twins = ApiKey.objects.filter(name=key.name, created_by=actor, revoked_at=None, last_used_at=None, pk__lt=key.pk)
    for twin in twins.filter(created_at__gt=timezone.now() - DOUBLE):
        revoke(twin, actor=actor)


def known(user: Any = None) -> QuerySet[ApiKey]:
    """Return the keys, newest first; those of one account where it is given."""
    keys = ApiKey.objects.select_related("user").order_by("-id")
    return keys.filter(user=user) if user else keys


def found(full: str) -> ApiKey | None:
    """Return the row of a key that opens something now; every other text is answered in the same way and time."""
    shape = FORM.fullmatch(full)
    row = ApiKey.objects.select_related("user").filter(prefix=shape[1]).first() if shape else None
    same = secrets.compare_digest(row.sha256 if row else NOBODYS, _hash(full))
    return row if row and same and row.valid(timezone.now()) else None


def used(key: ApiKey) -> None:
    """Remember that a key was used, once a minute; a database that cannot be written now stops nobody."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
        with suppress(OperationalError):
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def rights(person: Any) -> str:
    """Return the scope of what the pages let an account do."""
    return Scope.ADMIN if person.is_staff else Scope.ACT


def reach(key: ApiKey) -> str:
    """Return the scope that counts: no key may do more than the account it belongs to."""
    return key.scope if key.user is None else min(key.scope, rights(key.user), key=RANK.__getitem__)


def includes(scope: str, wanted: str) -> bool:
    """Return whether who has `scope` may do what asks for `wanted`."""
    return RANK[scope] >= RANK[wanted]


def _letters(many: int) -> str:
    return "".join(secrets.choice(LETTERS) for _place in range(many))


def _hash(full: str) -> str:
    return hashlib.sha256(full.encode("utf-8", "surrogatepass")).hexdigest()
