"""Jobs that write the files beside the media."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Match
from scanner.services import write


# Its own pool: behind descriptions that wait for the metadata service no file would ever be written.
@handles("scanner.write", pool="inspect")
def write_beside(key: str) -> None:
    """Write what belongs beside the media of one match ("match:5")."""
    match = Match.objects.select_related("library", "title").filter(pk=key.partition(":")[2]).first()
    if match:
        write.write(match)
