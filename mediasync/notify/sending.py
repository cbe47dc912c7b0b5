"""What has turned bad or well since the last notice is told, once, to each notifier."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from jobs import queue, running
from jobs.errors import GiveUp, RetryLater
from jobs.models import Priority
from journal.models import Event
from journal.redaction import keep_secret, redact
from mediasync.notify.models import Notifier
from mediasync.notify.shapes import Line, message
from outbound.client import Client, asked_by_a_person
from outbound.sources import SourceSpec, register
from pages.stored import translated

HEALTH = "health.result:"  # the checks write an event whenever one changes
LEVELS = {"warning": ("ok", "warning", "error"), "error": ("ok", "error")}
MOST = 20
SECONDS = 8.0  # a person waits


def look() -> int:
    """Queue a notice for each notifier that has news; returns how many."""
    newest = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    waiting = [one for one in Notifier.objects.filter(enabled=True, told_until__lt=newest) if _news(one)]
    return queue.seed(
        queue.Work(kind="notify.send", key=f"notifier:{one.pk}", priority=Priority.HIGH, reason="something changed")
        for one in waiting
    )


def add(notifier: Notifier) -> None:
    """Save a new notifier; what happened before is not told."""
    notifier.language = get_language() or ""
    notifier.told_until = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    notifier.save()


def send(notifier: Notifier) -> None:
    """Tell the news. Raises what outbound raises; the job tries again then."""
    news = _news(notifier)
    if not news:
        return
    try:
        with override(notifier.language or settings.LANGUAGE_CODE):
            lines = [_line(event) for event in news]
            _post(notifier, _title(lines), lines)
    except (RetryLater, GiveUp) as failure:
        Notifier.objects.filter(pk=notifier.pk).update(last_error=str(failure))
        raise
    with running.ending():
        done = {"told_until": news[-1].pk, "sent_at": timezone.now(), "last_error": ""}
        Notifier.objects.filter(pk=notifier.pk).update(**done)


def try_out(notifier: Notifier) -> str:
    """Send a line in the reader's language, as all are from now on; returns why it did not arrive, "" where it did."""
    Notifier.objects.filter(pk=notifier.pk).update(language=get_language() or "")
    try:
        with asked_by_a_person(within=SECONDS):
            _post(notifier, "mediasync", [Line("ok", _("This is how mediasync tells you when something needs you."))])
    except (RetryLater, GiveUp) as failure:
        Notifier.objects.filter(pk=notifier.pk).update(last_error=str(failure))
        return str(failure)
    Notifier.objects.filter(pk=notifier.pk).update(last_error="", sent_at=timezone.now())
    return ""


def _news(notifier: Notifier) -> list[Event]:
    """The changes to tell, oldest first; a thing that turned bad and well again in between is told as it is now."""
    found = Event.objects.filter(pk__gt=notifier.told_until, subject__startswith=HEALTH).order_by("pk")
    changes = found.filter(new__in=LEVELS[notifier.least]).exclude(old="")
    latest = {event.subject: event for event in changes[:500]}
    return sorted(latest.values(), key=lambda event: event.pk)[-MOST:]


def _line(event: Event) -> Line:
    return Line(event.new, redact(translated(event.reason)), event.at.isoformat(timespec="seconds"))


def _title(lines: Iterable[Line]) -> str:
    wrong = sum(line.level != "ok" for line in lines)
    return _("mediasync needs you") if wrong else _("mediasync is well again")


def _post(notifier: Notifier, title: str, lines: list[Line]) -> None:
    url, document = message(notifier.kind, notifier.url, title, lines)
    keep_secret(urlsplit(notifier.url).path.rpartition("/")[2])
    keep_secret(urlsplit(notifier.url).query.partition("=")[2])
    parts = urlsplit(url)
    spec = SourceSpec(f"notice-{notifier.pk}", f"{parts.scheme}://{parts.netloc}", rules=((5, 10.0), (60, 3600.0)))
    Client(register(spec)).post_json(url, document)


def about(notifier: Notifier) -> str:
    """Return how it does, in a sentence."""
    if notifier.last_error:
        return _("The last notice did not arrive: %s") % translated(notifier.last_error)
    return _("The last notice arrived.") if notifier.sent_at else _("Nothing had to be told yet.")
