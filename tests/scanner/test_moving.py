"""A file that changed its place stays itself, whatever happens in between."""

from __future__ import annotations

import shutil

import pytest

from jobs.errors import Interrupted
from scanner.models import Match, MediaFile
from scanner.services import intake, scanning, scans
from tests.factories import make_title, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Iron Lantern (2007)/Iron Lantern (2007).mkv"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "films"


def stopped(*_args, **_options):
    raise Interrupted("the job was told to stop")


def test_a_scan_stopped_in_the_middle_of_a_move_is_completed_by_the_next(root, library, monkeypatch):
    put(root, FILM)
    scan(library)
    title = make_title()
    Match.objects.update(title=title, state="matched")
    (root / "Elsewhere").mkdir()
    shutil.move(root / "The Quiet Orchard (2019)", root / "Elsewhere")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "place_again", stopped)
        begun = scans.start([library])[0]
        with pytest.raises(Interrupted):
            scanning.run(begun)
    scans.stop(begun, actor="eve")
    scan(library)

    file = MediaFile.objects.select_related("match").get()
    assert (file.path, file.match.folder) == (f"Elsewhere/{FILM}", "Elsewhere/The Quiet Orchard (2019)")
    assert file.match.title == title


def test_a_scan_stopped_while_a_folder_becomes_shared_is_completed_by_the_next(root, library, monkeypatch):
    put(root, "Films/The Quiet Orchard (2019).mkv")
    scan(library)
    put(root, "Films/Iron Lantern (2007).mkv")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_settle_others", stopped)
        with pytest.raises(Interrupted):
            scan(library)
    scan(library)

    keys = set(MediaFile.objects.values_list("match__key", flat=True))
    assert keys == {"Films/the quiet orchard (2019)", "Films/iron lantern (2007)"}
