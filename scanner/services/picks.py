"""Which pictures a title is to have: what a person chose, else what the description names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scanner import art
from scanner.art import Slot
from scanner.description import ArtPick
from scanner.models import Artwork, Episode, Match, Season, Title
from scanner.providers import tmdb


@dataclass(frozen=True, slots=True)
class Wishes:
    """The pictures wanted for a title. `asked`: whether TMDB can be asked; `rows`: what is known of each slot."""

    asked: bool
    rows: Mapping[Slot, Artwork]
    found: Mapping[Slot, ArtPick]
    switches: frozenset[str]  # what the libraries of the title want beside their media, or want shown

    def pick(self, slot: Slot) -> ArtPick | None:
        """Return the picture wanted for a slot, None where there is none or nobody may be asked for it."""
        row = self.rows.get(slot)
        if row and row.choice:
            chosen = self.asked or row.choice.startswith(art.UPLOAD)
            return ArtPick(row.choice, art.ROLES[slot.role].size) if chosen else None
        return self.found.get(slot) if self.asked else None

    def shows(self, slot: Slot) -> bool:
        """Say whether the web wants the picture, whatever lies beside the media."""
        row = self.rows.get(slot)
        return slot.role in art.SHOWN or art.switch_of(slot) in self.switches or bool(row and row.choice)


def of_title(title: Title, matches: Iterable[Match], *, stills: bool = False) -> Wishes:
    """Return the wishes for a title and its seasons, or for the stills of its episodes."""
    libraries = [match.library for match in matches]
    asked = title.described_by == Title.DescribedBy.TMDB
    asked = asked and tmdb.configured(demo=any(library.demo for library in libraries))
    rows = Artwork.objects.filter(title=title)
    rows = rows.filter(role=art.STILL) if stills else rows.exclude(role=art.STILL)
    return Wishes(
        asked,
        {row.slot: row for row in rows},
        _stills(title) if stills else _pictures(title),
        frozenset(switch for library in libraries for switch in library.art_roles),
    )


def _pictures(title: Title) -> dict[Slot, ArtPick]:
    details: Any = title.details
    named = details.get("art") if isinstance(details.get("art"), dict) else {}
    found = {Slot(role): ArtPick.from_json(row) for role, row in named.items() if isinstance(row, dict)}
    collection = details.get("collection") if isinstance(details.get("collection"), dict) else {}
    for role, name in zip(art.OF_A_COLLECTION, ("poster_path", "backdrop_path"), strict=True):
        found[Slot(role)] = ArtPick(str(collection.get(name) or ""), art.ROLES[role].size)
    if title.kind == Title.Kind.SHOW:
        for number, path in Season.objects.filter(title=title).values_list("number", "poster_path"):
            found[Slot(art.SEASON, number)] = ArtPick(path, art.ROLES[art.SEASON].size)
    return {slot: pick for slot, pick in found.items() if slot.role in art.ROLES and art.is_source(pick.tmdb_path)}


def _stills(title: Title) -> dict[Slot, ArtPick]:
    rows = Episode.objects.filter(title=title).exclude(still_path="").values_list("season", "number", "still_path")
    size = art.ROLES[art.STILL].size
    return {
        Slot(art.STILL, season, number): ArtPick(path, size) for season, number, path in rows if art.is_source(path)
    }
