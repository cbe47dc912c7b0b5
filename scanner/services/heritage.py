"""What an earlier database knew: pictures that we placed and a person chose, as metadata.json says.

Until this database has written the metadata.json of a match itself, it believes the one that lies there.
"""

from __future__ import annotations

import os

from scanner import art
from scanner.models import Artwork, Match, Title
from scanner.services import sheets
from scanner.services.notes import Notes, remember
from scanner.sidecars import Sidecar


def take_over(match: Match) -> None:
    """Take what metadata.json says of pictures for true; what is known of them already stays as it is."""
    if sheets.named(match, sheets.DOCUMENT) in match.sidecars:
        return
    found = sheets.kept_document(match)
    if found is None or match.title is None or found.description.kind != match.title.kind:
        return
    if found.sealed:
        _take_notes(match, found)
    if found.description.ids.get("tmdb") == match.title.tmdb_id:
        slots = ((art.slot_of(key), path) for key, path in found.choices.items())
        rows = [_row(match.title, slot, path) for slot, path in slots if slot and art.is_source(path)]
        Artwork.objects.bulk_create(rows, ignore_conflicts=True)


def _take_notes(match: Match, found: Sidecar) -> None:
    ours = {own.file: own for own in (*found.art.values(), *found.stills.values())}
    notes: Notes = {
        name: {"sha256": own.sha256, "bytes": own.bytes, "role": own.key, "source": own.source}
        for name, own in ours.items()
        if name not in match.sidecars and ".." not in name.split("/") and os.path.lexists(sheets.where(match, name))
    }
    if notes:
        remember({match.pk: notes})
        match.sidecars = {**match.sidecars, **notes}


def _row(title: Title, slot: art.Slot, path: str) -> Artwork:
    return Artwork(title=title, role=slot.role, season=slot.season, choice=path)
