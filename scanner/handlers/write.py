"""Jobs that write the files beside the media."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Library, Match
from scanner.services import leftovers, write


# Its own pool: behind descriptions that wait for the metadata service, or behind looks into files on a slow disk,
# no file would ever be written.
@handles("scanner.write", pool="files")
def write_beside(key: str) -> None:
    """Write what belongs beside the media of one match ("match:5")."""
    found = Match.objects.select_related("library", "title").filter(pk=key.partition(":")[2])
    match = found.filter(library__removed_at=None).first()
    if match:
        write.write(match)


@handles("scanner.tidy", pool="files")
def tidy_beside(key: str) -> None:
    """Remove what we wrote in one library ("library:3") and belongs to nothing any more."""
    library = Library.objects.filter(pk=key.partition(":")[2]).first()
    if library:
        leftovers.tidy(library)
