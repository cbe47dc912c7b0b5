"""When a scan will be through: what is ahead of it, how fast it went lately, what the services allow."""

from __future__ import annotations

from dataclasses import dataclass

LEARNED = 10  # things of a kind that must have ended before they say what to expect of the others
BOUND = 0.8  # of the allowed pace; above it the service's limit is what we wait for, below it the machine is
# What the machine takes for a job of a kind, as multiples of a match (measured by `bench eta local`).
A_MATCH_COSTS, A_TITLE_COSTS, A_WRITE_COSTS, A_LOOK_COSTS = 1.0, 2.0, 2.0, 0.6
PICTURES_COST, NO_PICTURES_COST, A_STILL_COSTS = 9.0, 1.2, 0.6
# Requests, as long as nothing was learned: one search; poster, backdrop, logo and landscape; a still an episode.
A_MATCH, PICTURES, STILLS = 1.0, 4.0, 10.0


@dataclass(frozen=True, slots=True)
class Kind:
    """Jobs of one kind: how many of this scan have ended, how many are open, how many a second ended of late."""

    ended: int = 0
    open: int = 0
    lately: float = 0.0

    @property
    def all(self) -> int:
        """How many there were so far."""
        return self.ended + self.open


@dataclass(frozen=True, slots=True)
class Pace:
    """A service's requests a second, `allowed` and of late (None: too few), since the scan began, and its hold."""

    allowed: float
    lately: float | None = None
    sent: int = 0
    held_seconds: float = 0.0

    def expected(self) -> float:
        """Return the pace to reckon with."""
        return min(self.allowed, self.lately or self.allowed)

    def is_the_limit(self) -> bool:
        """Tell whether requests go about as fast as they may."""
        return self.lately is None or self.lately >= BOUND * self.allowed


@dataclass(frozen=True, slots=True)
class Work:
    """A scan after its walk: jobs by kind, and matches still `coming` of files that are not stored yet.

    `a_show` is how many stills a show has (None: not known yet), `stills_done` how many were looked at.

    `metadata` and `images`: None where they are not asked. `due_seconds`: until the last job is due.
    """

    matches: Kind = Kind()
    titles: Kind = Kind()
    pictures: Kind = Kind()
    writes: Kind = Kind()
    looks: Kind = Kind()
    stills: Kind = Kind()
    a_show: float | None = None
    stills_done: float = 0.0
    coming: float = 0.0
    metadata: Pace | None = None
    images: Pace | None = None
    due_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many jobs of each kind are open or will follow from those that are."""

    matches: float
    titles: float
    pictures: float
    writes: float
    looks: float
    stills: float

    @property
    def jobs(self) -> float:
        """All of them."""
        return self.matches + self.titles + self.pictures + self.writes + self.looks + self.stills


def ahead(work: Work) -> Ahead:
    """Reckon what follows: a match leads to a title and a closer look, a title to its pictures and files."""
    matches = work.matches.open + work.coming
    new_titles = matches * _share(work.titles.all, work.matches.ended)
    titles = work.titles.open + new_titles
    new_pictures = titles * _share(work.pictures.all, work.titles.ended)
    writes_a_title = 1 if work.images is None else 2  # files beside the media name their pictures
    pictures = work.pictures.open + new_pictures
    writes = work.writes.open + titles * writes_a_title
    shows = work.stills.all / work.titles.ended if work.titles.ended else 0.0
    stills = work.stills.open + titles * min(1.0, shows)
    return Ahead(matches, titles, pictures, writes, work.looks.open + matches, stills)


def stills_left(work: Work, left: Ahead) -> float:
    """Return how many stills are ahead, those that the jobs at work have brought left out."""
    a_show = STILLS if work.a_show is None else work.a_show
    under_way = work.stills_done - work.stills.ended * a_show
    return max(0.0, left.stills * a_show - max(0.0, under_way))


def seconds_left(work: Work) -> float | None:
    """Return the seconds until nothing is left; None where nothing can be said yet."""
    left = ahead(work)
    if left.jobs <= 0:
        return 0.0
    machine = _working(work, left)
    if work.metadata is None:
        seconds = machine
    else:
        seconds = _asking(work, left, work.metadata)
        if machine is not None and not work.metadata.is_the_limit():
            seconds = max(seconds, machine)
    if work.looks.lately:  # beside all else, in a pool of their own: on a slow disk they may be last
        seconds = max(seconds or 0.0, left.looks / work.looks.lately)
    return None if seconds is None else max(seconds, work.due_seconds)


def _working(work: Work, left: Ahead) -> float | None:
    """Return the seconds that this machine takes for it all; a kind of job costs a multiple of another."""
    pictures = PICTURES_COST if work.images else NO_PICTURES_COST
    stills = A_STILL_COSTS * (STILLS if work.a_show is None else work.a_show)
    costs = (A_MATCH_COSTS, A_TITLE_COSTS, pictures, A_WRITE_COSTS, A_LOOK_COSTS, stills)
    kinds = (work.matches, work.titles, work.pictures, work.writes, work.looks, work.stills)
    numbers = (left.matches, left.titles, left.pictures, left.writes, left.looks, left.stills)
    pace = sum(cost * kind.lately for cost, kind in zip(costs, kinds, strict=True))
    return sum(cost * number for cost, number in zip(costs, numbers, strict=True)) / pace if pace else None


def _asking(work: Work, left: Ahead, metadata: Pace) -> float:
    """Return the seconds that requests take: first all matches, then titles, and their pictures beside them."""
    a_match = A_MATCH
    if work.matches.ended >= LEARNED:
        a_match = min(2.0, max(0.0, (metadata.sent - work.titles.ended) / work.matches.ended))
    first = left.matches * a_match / metadata.expected()
    titles = left.titles / metadata.expected()
    pictures = 0.0
    if work.images is not None:
        share = 1.0  # of the pictures that there may be, how many were really asked for
        if work.pictures.ended >= LEARNED:
            share = min(1.5, work.images.sent / (PICTURES * work.pictures.ended + work.stills_done))
        wanted = (left.pictures * PICTURES + stills_left(work, left)) * share
        busy = (
            work.pictures.open + work.stills.open >= LEARNED
        )  # else their pace is that of the titles, and says nothing
        pace = work.images.expected() if busy else work.images.allowed
        pictures = wanted / pace + work.images.held_seconds
    return first + max(titles, pictures) + (metadata.held_seconds if left.matches + left.titles else 0.0)


def _share(found: int, ended: int) -> float:
    """Return how many of the next kind one of this kind leads to: one, until enough have ended to tell."""
    return min(1.0, found / ended) if ended >= LEARNED else 1.0


@dataclass(frozen=True, slots=True)
class Steps:
    """How far a stretch of known length is: `done` of `total` after so many `seconds`."""

    done: float
    total: float
    seconds: float

    def seconds_left(self) -> float | None:
        """Return the seconds to go at the pace so far; None until a fiftieth is done."""
        if self.done <= 0 or self.done < self.total * 0.02 or self.seconds <= 0:
            return None
        return max(0.0, self.total - self.done) * self.seconds / self.done
