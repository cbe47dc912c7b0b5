"""Signed out in the middle of something: a sentence, the sign-in page, and back to where it was."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = {"Referer": "http://testserver/library/?q=kiln"}
BACK = "/login/?next=/library/%3Fq%3Dkiln"


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_is_told_to_go_there_itself(method):
    answer = getattr(Client(), method)("/queue/act/", headers={**PAGE, "HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, BACK)


def test_pages_are_compressed_and_pictures_are_not(visit, artwork_dir):
    sha = "a" * 64
    (artwork_dir / "aa").mkdir()
    (artwork_dir / "aa" / f"{sha}-342.webp").write_bytes(b"RIFF" * 500)

    page = visit.get("/library/", headers={"Accept-Encoding": "gzip"})
    picture = visit.get(f"/artwork/{sha}-342.webp", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"
    assert (picture.status_code, picture.headers.get("Content-Encoding")) == (200, None)
    picture.close()
