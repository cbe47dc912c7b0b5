"""German: every word of the pages has one, and a person gets the language they chose."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone, translation

from mediasync.templatetags import ui
from pages import preferences
from tests import catalogue
from tests.web.rows import make_movie, make_show


def test_every_text_is_translated():
    known = catalogue.catalogue("de")
    missing = [message.id for message in catalogue.words() if message.id and not _is_translated(known, message)]

    assert missing == []  # python -m tests.catalogue adds what is new


def _is_translated(known, message) -> bool:
    found = known.get(message.id, message.context)
    texts = found.string if found and isinstance(found.string, tuple) else (found.string,) if found else ("",)
    return all(texts) and not found.fuzzy


def test_translations_keep_the_places_of_values():
    wrong = [
        (message.id, [str(error) for error in message.check()])
        for message in catalogue.catalogue("de")
        if message.id and message.check()
    ]

    assert wrong == []


def test_what_the_program_reads_is_the_catalogue_as_it_stands():
    path = catalogue.LOCALE / "de" / "LC_MESSAGES" / "django.mo"

    assert path.read_bytes() == catalogue.compiled(catalogue.catalogue("de"))


@pytest.mark.parametrize("chosen", ["by the browser", "in Settings"])
def test_pages_speak_german_where_it_was_chosen(visit, anna, chosen):
    make_movie("Kiln")
    make_show(owned=1, missing=1)
    headers = {"Accept-Language": "de-DE,de;q=0.9"} if chosen == "by the browser" else {}
    if chosen == "in Settings":
        preferences.prefer(anna, language="de")

    page = visit.get("/library/", headers=headers).content.decode()

    assert '<html lang="de"' in page
    assert "Bibliothek" in page
    assert "Kiln" in page


@pytest.mark.parametrize(
    ("hours", "said"), [(25, "vor 1 Tag"), (75, "vor 3 Tagen"), (-75, "in 3 Tagen"), (24 * 95, "vor 3 Monaten")]
)
def test_german_bends_its_days(hours, said):
    with translation.override("de"):
        assert said in ui.ago(timezone.now() - datetime.timedelta(hours=hours, seconds=-hours))


def test_what_is_wrong_with_a_folder_is_said_in_the_language_of_the_page(visit):
    answer = visit.post("/setup/folders/", {"path": "/nowhere"}, headers={"Accept-Language": "de"})

    assert "/nowhere gibt es nicht." in answer.content.decode()


def test_by_what_a_title_was_found_is_german_too(visit):
    title = make_movie()
    title.matches.update(by="search")

    html = visit.get(f"/library/{title.pk}-kiln/", headers={"Accept-Language": "de"}).content.decode()

    assert "durch eine Suche" in html
    assert "von search" not in html
