"""How far a backup is: bytes gone through, of about so many."""

from __future__ import annotations

from jobs import running


class Progress:
    """Counts bytes; within a job it beats, and raises `Interrupted` where the job is to stop."""

    def __init__(self, total: int = 0) -> None:
        self.done, self.total = 0, total

    def expect(self, size: int) -> None:
        """Know the size of what is gone through several times."""
        self.total = size

    def __call__(self, size: int) -> None:
        """Be so many bytes further."""
        self.done += size
        running.beat(done=min(self.done, self.total), total=self.total, unit="bytes")
        running.check()
