"""What happens in the library while its page is open: what is being read, and what has come since; three queries."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.db.models import Count, Exists, Q
from django.utils import timezone

from jobs.models import IS_OPEN, Job
from scanner.models import Title

WALK, LOOK, DESCRIBE, PICTURES = "scanner.walk", "scanner.match", "scanner.title", "scanner.artwork"
KINDS = (WALK, LOOK, DESCRIBE, PICTURES)
UNDER_WAY = (Job.State.READY, Job.State.LEASED)
LONGEST = datetime.timedelta(days=1)
FILL_EVERY_S = 8  # a page that fills before one's eyes is loaded no more often


@dataclass(frozen=True, slots=True)
class News:
    """`walking`: folders are looked through; `left`: titles to be described; the others count since `since`."""

    since: int
    walking: bool
    left: int
    done: int
    pictures_left: int
    made: int
    fresh: int
    poll: str

    @property
    def total(self) -> int:
        """How many descriptions there were to make since the page was opened."""
        return self.done + self.left

    @property
    def revision(self) -> str:
        """Changes whenever the line would read differently."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def fills(found: News) -> bool:
    """Return whether a page with room left should be loaded anew: there are more titles, and it has stood a while."""
    return bool(found.made) and timezone.now().timestamp() - found.since >= FILL_EVERY_S


def under_way() -> Exists:
    """Return the condition that something is being read or described at all."""
    return Exists(Job.objects.filter(IS_OPEN, kind__in=KINDS, state__in=UNDER_WAY))


def since(moment: int) -> News:
    """Return what is under way, and what has come since `moment` (seconds of the epoch; a day ago at most)."""
    now = timezone.now()
    begin = max(datetime.datetime.fromtimestamp(moment, datetime.UTC), now - LONGEST)
    left, moving = _under_way()
    ended = Job.objects.filter(ended_at__gte=begin, state=Job.State.DONE, kind__in=(DESCRIBE, PICTURES)).order_by()
    done = dict(ended.values_list("kind").annotate(n=Count("pk")))
    made = Title.objects.filter(created_at__gte=begin).order_by().count()
    return News(
        since=moment,
        walking=left.get(WALK, 0) > 0,
        left=left.get(LOOK, 0) + left.get(DESCRIBE, 0),
        done=done.get(DESCRIBE, 0),
        pictures_left=left.get(PICTURES, 0),
        made=made,
        fresh=max(made, done.get(DESCRIBE, 0), done.get(PICTURES, 0)),
        poll="" if not left else "2s" if moving else "15s",
    )


def _under_way() -> tuple[dict[str, int], bool]:
    """How many jobs of each kind are open, and whether any of them runs or is due."""
    moving = Q(state=Job.State.LEASED) | Q(state=Job.State.READY, due_at__lte=timezone.now())
    open_ = Job.objects.filter(IS_OPEN, kind__in=KINDS, state__in=UNDER_WAY).order_by()
    found = list(open_.values_list("kind").annotate(n=Count("pk"), moving=Count("pk", filter=moving)))
    return {kind: many for kind, many, _moving in found}, any(moving for _kind, _many, moving in found)
