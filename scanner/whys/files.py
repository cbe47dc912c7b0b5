"""Why a file or an episode is there, gone, or waited for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Event
from journal.moves import subject_of
from pages.stored import translated
from pages.why import Considered, Why
from scanner.inspection import shown_state, told
from scanner.models import Episode, EpisodeFile, Match, MediaFile
from scanner.services.keeping import KEPT_MISSING
from scanner.strips import with_state
from scanner.whys.steps import EVENTS, MOST, address_of, filled, steps_of, when, why_here


def of_file(pk: int) -> tuple[MediaFile, Why] | None:
    """Return a file and why it is shown as it is."""
    files = MediaFile.objects.with_shown_state().select_related("match__title", "match__library", "library", "info")
    file: Any = files.filter(pk=pk).first()
    if file is None:
        return None
    missing = file.state == MediaFile.State.MISSING
    subjects = [subject_of(file), *([subject_of(file.match)] if file.match else [])]
    return file, Why(
        state=("file", shown_state(file, file.shown_state)),
        rule=_file_rule(file),
        next=_file_next(file),
        next_at=file.missing_since + KEPT_MISSING if missing and file.missing_since else None,
        inputs=_file_inputs(file),
        considered=[Considered(file.match.key, why_here(file.match), taken=True, address=address_of(file.match))]
        if file.match
        else (),
        steps=steps_of([f"match:{file.match_id}"]) if file.match_id else (),
        events=list(Event.objects.filter(subject__in=subjects)[:EVENTS]),
    )


def of_episode(pk: int) -> tuple[Episode, Why] | None:
    """Return an episode and why it is there, missing or awaited."""
    episode: Any = with_state(Episode.objects.filter(pk=pk)).select_related("title").first()
    if episode is None:
        return None
    links = EpisodeFile.objects.filter(episode=pk).select_related("file").order_by("file__path")[:MOST]
    files = [link.file for link in links]
    return episode, Why(
        state=("episode", episode.shown_state),
        rule=_episode_rule(episode, files),
        next=_episode_next(episode),
        inputs=filled(
            [
                (_("Show"), episode.title),
                (_("Episode"), str(episode)),
                (_("Aired"), formats.date_format(episode.air_date) if episode.air_date else _("no date known")),
            ]
        ),
        considered=[
            Considered(
                file.path,
                _file_word(file),
                taken=file.state != "missing",
                address=reverse("why", args=["file", file.pk]),
            )
            for file in files
        ],
        events=list(Event.objects.filter(subject=subject_of(episode.title))[:EVENTS]),
    )


def _file_rule(file: Any) -> str:
    if file.state == MediaFile.State.MISSING:
        return _("A whole scan did not find it any more, nor anywhere else by its content.")
    if file.state == MediaFile.State.ERROR:
        return str(translated(file.last_error) or _("It could not be read."))
    if file.state == MediaFile.State.CHANGED:
        return _("Its size or date differs from what was known.")
    if shown_state(file, file.state) == "damaged":
        return str(translated(file.info.problem))
    if file.match is None:
        return _("It belongs to no title yet.")
    if file.match.state == Match.State.UNMATCHED:
        return _("No title is known for its folder.")
    if file.match.state == Match.State.IGNORED:
        return _("Its folder is left alone, as a person asked.")
    if file.extra:
        return _("By its name it is an extra (%s), and no episode or movie of its own.") % str(file.extra)
    return _("It belongs to %s by the folder it lies in.") % str(file.match.title or file.match.key)


def _file_next(file: Any) -> str:
    if file.state == MediaFile.State.MISSING:
        return _("It comes back as itself when it is found again; else it is forgotten")
    if file.state == MediaFile.State.ERROR:
        return _("The next scan has it looked at again.")
    if file.state == MediaFile.State.CHANGED:
        return _("It is looked at closer; metadata is asked for only if it turns out to be something else.")
    if file.shown_state == "unmatched":
        return _("It waits until its folder has a title.")
    return _("Nothing, until it changes.")


def _file_inputs(file: Any) -> list[tuple[str, Any]]:
    return filled(
        [
            (_("Path"), file.path),
            (_("Library"), file.library.name),
            (_("Season read"), file.season),
            (_("Episodes read"), ", ".join(map(str, file.episode_numbers))),
            (_("Date read"), file.air_date and formats.date_format(file.air_date)),
            (_("Version"), file.version),
            (_("Part"), file.part),
            (_("Extra"), file.extra),
            (_("Inside"), _inside(file)),
            (_("First seen"), when(file.first_seen_at)),
            (_("Gone since"), when(file.missing_since)),
        ]
    )


def _inside(file: Any) -> str:
    """Say what a look into the file found, or why there is nothing to be said."""
    info = getattr(file, "info", None)
    if info:
        return str(info.problem or told(info).line)
    if file.inspected_at is None:
        return _("nobody has looked into it yet")
    return "" if file.library.demo else _("nobody can look into it: MediaInfo's library is missing on this machine")


def _episode_rule(episode: Any, files: Sequence[MediaFile]) -> str:
    there = sum(file.state != MediaFile.State.MISSING for file in files)
    if there:
        return ngettext("%d file holds it.", "%d files hold it.", there) % there
    if files:
        return _("The file that held it is gone from disk.")
    if episode.shown_state == "upcoming":
        return _("It has not aired yet.")
    return _("It has aired, and no file of it is known.")


def _episode_next(episode: Any) -> str:
    said = {
        "upcoming": _("Nothing, until it airs."),
        "missing": _("As soon as a file of it lies in the folder, it is available."),
        "gone": _("It is available again when the file is back."),
    }
    return said.get(episode.shown_state, _("Nothing, until its file changes."))


def _file_word(file: MediaFile) -> str:
    return _("gone from disk") if file.state == MediaFile.State.MISSING else _("on disk")
