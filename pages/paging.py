"""Numbered pages of a list: which one, and which links stand beneath it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """Page `number` of `count` items at `per` a page; a page too far on is the last one."""

    number: int
    per: int
    count: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.count // self.per))

    @property
    def here(self) -> int:
        """The number of this page, brought into range."""
        return min(max(1, self.number), self.last)

    @property
    def slice(self) -> slice:
        """What to cut from the list."""
        return slice((self.here - 1) * self.per, self.here * self.per)

    @property
    def first_item(self) -> int:
        """The first item shown, counted from 1."""
        return (self.here - 1) * self.per + 1 if self.count else 0

    @property
    def last_item(self) -> int:
        """The last item shown."""
        return min(self.here * self.per, self.count)

    @property
    def links(self) -> list[int | None]:
        """The page numbers to link: the ends and those around this one; None is a gap."""
        wanted = {1, 2, self.last, *range(self.here - 1, self.here + 2)}
        shown: list[int | None] = []
        for number in sorted(wanted & set(range(1, self.last + 1))):
            if shown and shown[-1] is not None and number > shown[-1] + 1:
                shown.append(None)
            shown.append(number)
        return shown
