"""Finding titles by genre: the list is a JSON column, which each database looks into in its own way."""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

LOOK = "EXISTS (SELECT 1 FROM json_each(scanner_title.genres) AS g WHERE g.value = %s)"


def of_genre(genre: str) -> Q:
    """Return the condition of titles that have this very genre."""
    if connection.vendor == "sqlite":
        return Q(RawSQL(LOOK, [genre], output_field=BooleanField()))  # noqa: S611  bound
    return Q(genres__contains=[genre])
