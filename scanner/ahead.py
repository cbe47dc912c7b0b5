"""What of a walk is still ahead: its folders in a good order, and about how much that is (pure)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.ignoring import Rules

MOST_PARTS = 50  # top folders that are reckoned with one by one; more are alike
SAMPLE = 30  # folders
A_FOLDER = 50.0  # files: on a disk slow enough for anybody to wait, opening folders is what takes the time

Found = tuple[str, str, Rules]  # a folder: its path for `os`, its stored path, what is to be left alone in it


@dataclass(slots=True, eq=False)
class Level:
    """What was seen of the folders at one depth below one part of a library, to reckon with the rest."""

    folders: int = 0
    videos: int = 0
    children: int = 0
    below: Level | None = None

    def deeper(self) -> Level:
        """Return the level of their subfolders."""
        if self.below is None:
            self.below = Level()
        return self.below

    def cost(self) -> float:
        """Return what a folder here takes with all below it, in files."""
        if not self.folders:
            return A_FOLDER
        below = self.below.cost() if self.below and self.children else 0.0
        return A_FOLDER + (self.videos + self.children * below) / self.folders

    def ahead(self) -> float:
        """Return what the folders still ahead below here take; those at this level are all done or counted above."""
        if self.below is None:
            return 0.0
        return max(0, self.children - self.below.folders) * self.below.cost() + self.below.ahead()


Step = tuple[str, str, Rules, Level]  # a folder ahead, and the level it counts for


class Ahead:
    """The folders that a walk has still to open; at first those that it begins with."""

    def __init__(self, begin: Sequence[Found]) -> None:
        top = Level(children=len(begin))
        self.parts: list[Level] = [top]
        self.steps: deque[Step] = deque((*found, top.deeper()) for found in begin)

    def __bool__(self) -> bool:
        return bool(self.steps)

    def take(self) -> Step:
        """Return the next folder."""
        return self.steps.pop()

    def put(self, found: Sequence[Found], level: Level, *, at: str) -> None:
        """Have the folders below `at` walked next; of each top folder first a sample, so that all parts show early."""
        if not at and len(found) <= MOST_PARTS:
            self.parts = [Level(children=1) for _folder in found]
            self.steps.extend((*step, part.deeper()) for step, part in zip(found, self.parts, strict=True))
            return
        level.children += len(found)
        steps = [(*step, level.deeper()) for step in found]
        sample = len(steps) if "/" in at or not at else SAMPLE
        self.steps.extend(steps[:sample])
        self.steps.extendleft(steps[sample:])

    def put_aside(self, found: Found) -> None:
        """Have a folder walked that nothing is reckoned by."""
        self.steps.append((*found, Level()))

    def share(self, folders: int, files: int) -> float:
        """Return about how much of the walk is done, from 0 to 1, after so many folders and files."""
        done = A_FOLDER * folders + files
        return done / (done + sum(part.ahead() for part in self.parts))
