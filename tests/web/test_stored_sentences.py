"""What the database keeps in English is read in German by who reads German."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from jobs.models import Job
from journal.models import Event
from journal.moves import record
from pages.stored import is_known, translated
from scanner import matching
from scanner.models import Match, Scan
from scanner.services import scans
from tests.factories import make_library as make_folder
from tests.factories import put, scan
from tests.scanner.test_matching import candidate
from tests.web.rows import make_match, make_movie

GERMAN = {
    "a sentence without values": ("its description is there", "die Beschreibung ist da"),
    "a value": ("12 titles come close and none is clearly ahead", "12 Titel kommen nahe, und keiner liegt klar vorn"),
    "a value that holds a joint": (
        "“Rise, and fall; again” turned out to be the same and was merged in",
        "„Rise, and fall; again“ war derselbe Titel und wurde hier aufgenommen",
    ),
    "a sentence in a sentence": (
        "TMDB does not know movie 603 any more; it is identified anew",
        "TMDB kennt Film 603 nicht mehr; wird neu zugeordnet",
    ),
    "a list": ("same original name, year off by one", "gleicher Originalname, ein Jahr daneben"),
    "a list of counts": ("3 new, 2 missing", "3 neu, 2 nicht mehr da"),
    "two sentences in a row": (
        "The file is empty: it has 0 bytes. Its folder is not there.",
        "Die Datei ist leer: Sie hat 0 Bytes. Der Ordner ist nicht da.",
    ),
    "a capital and a full stop": ("Its description is there.", "Die Beschreibung ist da."),
    "what the operating system said": (
        "Files beside the media cannot be written: Permission denied",
        "Neben den Medien lassen sich keine Dateien schreiben: Keine Berechtigung",
    ),
    "what a page says too": ("The last backup went wrong: x", "Die letzte Sicherung ist fehlgeschlagen: x"),
    "somebody called like a word of ours": ("ignored by moved", "ignoriert von moved"),
    "things with what is the matter with each": (
        "5 files are broken: a: This is no video: nothing in it can be recognised; b: Its description is there.",
        "5 Dateien sind beschädigt: a: Das ist kein Video: Nichts darin ist zu erkennen; b: Die Beschreibung ist da.",
    ),
    "what nobody knows": ("gone with the wind", "gone with the wind"),
}


@pytest.mark.parametrize(("stored", "german"), GERMAN.values(), ids=GERMAN)
def test_a_stored_sentence_is_read_in_german(stored, german):
    with translation.override("de"):
        assert translated(stored) == german

    with translation.override("en"):
        assert translated(stored) == stored


def test_every_reason_of_a_match_has_a_german_one():
    names = ["Kiln", "The Kiln", "Kiln 2", "Kil n", "Kilm", "Kiln (US)", "The Harbour Lights Rise", "Another"]
    judged = [
        verdict.reason
        for name in names
        for year in (2019, None)
        for verdict in matching.rank(
            name, year, [candidate(other, given) for other in names for given in (2019, 2020, 1950)]
        )
    ]

    with translation.override("de"):
        assert [reason for reason in set(judged) if not is_known(reason)] == []


@pytest.mark.django_db
def test_everything_that_a_scan_writes_down_is_known_in_german(tmp_path):
    put(tmp_path, "Kiln (2019)/Kiln (2019).mkv", "Moss/Season 1/Moss S01E01.mkv")
    library = make_folder(tmp_path)
    scan(library)
    (tmp_path / "Kiln (2019)" / "Kiln (2019).mkv").unlink()
    scan(library)
    scans.start([library], mode=Scan.Mode.FULL, actor="anna")

    kept = {
        *Event.objects.values_list("reason", flat=True),
        *Job.objects.values_list("reason", flat=True),
        *Match.objects.values_list("reason", flat=True),
        *Scan.objects.values_list("reason", flat=True),
    } - {""}
    with translation.override("de"):
        assert [sentence for sentence in kept if not is_known(sentence)] == []


def test_pages_show_the_reasons_in_german(visit, settings):
    title = make_movie("Kiln")
    match = make_match(title, state="unmatched", reason="nothing with this name was found", key="Kiln (2019)")
    record(match, reason="12 titles come close and none is clearly ahead", new="unmatched")

    history = visit.get(reverse("history"), headers={"Accept-Language": "de"}).content.decode()
    why = visit.get(reverse("why", args=["match", match.pk]), headers={"Accept-Language": "de"}).content.decode()

    assert "12 Titel kommen nahe, und keiner liegt klar vorn" in history
    assert "nichts mit diesem Namen wurde gefunden" in why


def test_the_history_keeps_its_english_for_programs(visit):
    record(make_match(make_movie("Kiln")), reason="its description is there")

    page = visit.get(reverse("history-export"), headers={"Accept-Language": "de"})

    assert b"its description is there" in b"".join(page.streaming_content)
