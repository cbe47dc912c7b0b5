"""Keeping the genres of titles as rows that can be searched; many titles in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.models import Genre, TitleGenre

LONGEST, MOST = 60, 30
ROWS = 500


def shelve(wanted: Mapping[int, Any]) -> None:
    """Let each title (by its id) stand under exactly these genres; what is no list of words counts as none.

    Belongs in the transaction that keeps the description.
    """
    named = {title: names_of(given) for title, given in wanted.items()}
    ids = _ids({name for names in named.values() for name in names})
    rows = {(ids[name], title) for title, names in named.items() for name in names}
    there = {
        (genre, title): pk
        for pk, genre, title in TitleGenre.objects.filter(title__in=list(named)).values_list("pk", "genre", "title")
    }
    gone = [pk for row, pk in there.items() if row not in rows]
    if gone:
        TitleGenre.objects.filter(pk__in=gone).delete()
    new = [TitleGenre(genre_id=genre, title_id=title) for genre, title in sorted(rows - there.keys())]
    TitleGenre.objects.bulk_create(new, batch_size=ROWS, ignore_conflicts=True)


def names_of(given: Any) -> list[str]:
    """Return the names of genres in a description, which comes from outside."""
    found = given if isinstance(given, list) else []
    words = (" ".join(word.replace("\0", "").split())[:LONGEST] for word in found if isinstance(word, str))
    return list(dict.fromkeys(filter(None, words)))[:MOST]


def _ids(names: set[str]) -> dict[str, int]:
    known = dict(Genre.objects.filter(name__in=names).values_list("name", "pk")) if names else {}
    missing = names - known.keys()
    if missing:
        Genre.objects.bulk_create([Genre(name=name) for name in sorted(missing)], ignore_conflicts=True)
        known |= dict(Genre.objects.filter(name__in=missing).values_list("name", "pk"))
    return known
