"""The Logs page: what all processes said, for staff. Read from the end of the files; the database is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from mediasync.logs import lines, reading
from mediasync.logs.reading import Entry, Wanted
from pages import live
from pages.query import ListQuery, one_of
from terminal.output import plain

LEVELS = {"warning": _("Warnings and errors"), "error": _("Errors")}
PROCESSES = {
    "web": _("Web server"),
    "worker": _("Workers"),
    "cluster": _("Cluster"),
    "watcher": _("Watcher"),
    "supervisor": _("Supervisor"),
    "alone": _("Work apart"),
}
SHORT, FOLLOWED = 400, 20  # characters of a message in the list; rows of the part that is polled


@dataclass(frozen=True, slots=True)
class LogQuery(ListQuery):
    """Which lines, from where; `follow` is only while somebody switched it on."""

    per: int = 96
    q: str = ""
    level: str = one_of(LEVELS)
    process: str = one_of(PROCESSES)
    before: str = ""
    follow: str = one_of(("1",))

    sizes: ClassVar[tuple[int, ...]] = (48, 96, 240)

    @property
    def wanted(self) -> Wanted:
        """The lines that are asked for."""
        return Wanted(self.level.upper(), self.q, self.process)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the list shows it."""

    entry: Entry
    message: str
    is_cut: bool
    gist: str
    trace: str


@require_safe
@never_cache
@vary_on_headers("HX-Request-Type")
def logs(request: HttpRequest) -> HttpResponse:
    """Show the newest lines, or those before a place; what is followed answers 304 while nothing was logged."""
    _staff_only(request)
    query = LogQuery.parse(request.GET)
    following = bool(query.follow) and not query.before
    revision = live.revision_of(reading.mark(_folder()), query)
    if live.holds(request, revision):
        return HttpResponseNotModified()
    most = FOLLOWED if following else query.per
    found = reading.find(_folder(), query.wanted, before=query.before, most=most)
    context: dict[str, Any] = {
        "section": "system",
        "query": query,
        "rows": [_row(entry, folded=not following) for entry in found.entries],
        "found": found,
        "following": following,
        "levels": LEVELS.items(),
        "processes": PROCESSES.items(),
        "revision": revision,
        "download": query.address(before="", follow="", per=96),
    }
    return live.show(request, "mediasync/logs.html", "live", context)


@require_safe
@never_cache
def log_line(request: HttpRequest, cursor: str) -> HttpResponse:
    """Show one line with all of its traceback."""
    _staff_only(request)
    entry = reading.entry(_folder(), cursor)
    if entry is None:
        raise Http404
    context = {"section": "system", "line": entry.line, "message": clean(entry.line.message)}
    return render(request, "mediasync/log_line.html", {**context, "trace": clean(entry.line.traceback)})


@require_safe
@never_cache
def logs_download(request: HttpRequest) -> StreamingHttpResponse:
    """Send all lines that the filters let through as text, oldest first."""
    _staff_only(request)
    text = reading.all_text(_folder(), LogQuery.parse(request.GET).wanted)
    response = StreamingHttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"mediasync-{timezone.localtime():%Y%m%d-%H%M}.log"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def clean(text: str) -> str:
    """Return text of others with its line ends, and without what a screen would obey."""
    return "\n".join(map(plain, text.splitlines()))


def _row(entry: Entry, *, folded: bool) -> Row:
    line = entry.line
    message = clean(line.message[: SHORT + 1])
    cut = len(line.message) > SHORT
    trace = clean(line.traceback[-lines.MOST_TRACE :]) if folded else ""
    return Row(entry, message[:SHORT] + ("…" if cut else ""), cut, clean(line.gist[:SHORT]), trace)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "logs"


def _staff_only(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied
